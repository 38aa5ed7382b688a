"""The list of patterns, one of them, and what is done with it; and what the night proposed."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.editing.answering import FormPage, act, answer, keep
from comity.imports.pages import list_page
from comity.meetings.views.reading import rings
from comity.office.services import today
from comity.patterns import tables
from comity.patterns.capabilities import READ, WORK
from comity.patterns.forms import MergeForm, PatternForm, TakeForm
from comity.patterns.growth import growth
from comity.patterns.models import Item, Pattern, Proposal
from comity.patterns.services import judging
from comity.patterns.services.judging import PATTERNS
from comity.people.access import Request, requires, row_or_404
from comity.stakeholders.forms import StepForm

MOST = 100  # items on the page of a pattern


def _page(heading: str, *rows: Any, **more: Any) -> FormPage:
    crumbs = [
        (_("Patterns"), reverse("patterns:list")),
        *((str(row), row.get_absolute_url()) for row in rows),
    ]
    return FormPage(heading, crumbs=crumbs, **more)


@requires(READ, "GET")
def listing(request: Request) -> HttpResponseBase:
    acts = [
        (_("What the night proposed"), reverse("patterns:proposals"), WORK),
        (_("Rotations"), reverse("patterns:rotations"), READ),
    ]
    lead = _("The same problem, said by several. What solves it for one may solve it for all.")
    return list_page(request, tables.patterns_table(request), _("Patterns"), lead=lead, acts=acts)


@requires(READ, "GET")
def pattern(request: Request, pk: int) -> HttpResponse:
    rows = Pattern.objects.visible_to(request.user).counted(today())
    found = get_object_or_404(rows.select_related("owner", "service", "merged_into"), pk=pk)
    if found.merged_into:
        return redirect(found.merged_into)
    items = Item.objects.visible_to(request.user).filter(pattern=found).standing()
    said = list(items.values_list("follow_up__heard_on", "follow_up__partner"))
    shown = items.select_related("follow_up__partner", "follow_up__owner").defer("vector")
    context = {
        "pattern": found,
        "items": [
            (item, item.follow_up.ring(today()))
            for item in shown.order_by("-follow_up__heard_at", "-pk")[:MOST]
        ],
        "more": max(0, len(said) - MOST),
        "growth": growth(said, today()) if said else None,
        "joint": rings(judging.joint_actions(found), today()),
        "may_work": request.user.can(WORK),
    }
    return render(request, "patterns/pattern.html", context)


@requires(WORK)
def edit(request: Request, pk: int) -> HttpResponse:
    found = row_or_404(request, Pattern, pk)
    form = PatternForm(request.POST or None, user=request.user, instance=found)
    return keep(request, PATTERNS, form, _page(_("Change %(name)s") % {"name": found}, found))


@requires(WORK)
def merge(request: Request, pk: int) -> HttpResponse:
    found = row_or_404(request, Pattern, pk)
    form = MergeForm(request.POST or None, user=request.user)
    lead = _("All its items and joint actions go there, and so does its address. This cannot be undone.")
    return answer(
        request,
        form,
        lambda: judging.merge(pk, form.cleaned_data["into"], by=request.user),
        page=_page(_("Merge %(name)s") % {"name": found}, found, lead=lead, submit=_("Merge")),
        told=_("Merged."),
        to=lambda merged: merged.merged_into,
    )


@requires(WORK)
def joint(request: Request, pk: int) -> HttpResponse:
    """One thing to do about all of it."""
    found = row_or_404(request, Pattern, pk)
    form = StepForm(request.POST or None, user=request.user, initial={"owner": found.owner or request.user})
    lead = _(
        "It becomes a follow-up of our office. Each of those who said it is told by their own follow-up."
    )
    return answer(
        request,
        form,
        lambda: judging.act_on(found, by=request.user, **form.cleaned_data),
        page=_page(
            _("What do we do about “%(name)s”?") % {"name": found}, found, lead=lead, draft=f"joint-{pk}"
        ),
        told=_("Planned."),
        to=found,
    )


@requires(WORK, "POST")
def leave(request: Request, pk: int) -> HttpResponse:
    """Take an item out of its pattern."""
    item = get_object_or_404(Item.objects.visible_to(request.user).select_related("pattern"), pk=pk)
    back = item.pattern.get_absolute_url() if item.pattern else reverse("patterns:list")
    return act(
        request,
        lambda: judging.leave(pk, by=request.user),
        told=_("Taken out."),
        to=lambda left: left or reverse("patterns:list"),
        undo=lambda left: reverse("patterns:put_back", args=[left.pk, pk]) if left else "",
        refused_to=back,
    )


@requires(WORK, "POST")
def put_back(request: Request, pk: int, item: int) -> HttpResponse:
    """Undo that an item was taken out."""
    found = get_object_or_404(Pattern.objects.visible_to(request.user).standing(), pk=pk)
    return act(request, lambda: judging.put_into(found, [item], by=request.user), told=_("Undone."), to=found)


@requires(WORK, "GET")
def proposals(request: Request) -> HttpResponseBase:
    lead = _("Every night, all that was said is compared. Those that most of them said come first.")
    table = tables.proposals_table(request)
    crumbs = [(_("Patterns"), reverse("patterns:list"))]
    return list_page(request, table, _("Proposed patterns"), lead=lead, crumbs=crumbs)


@requires(WORK)
def proposal(request: Request, pk: int) -> HttpResponse:
    """What was proposed, to be taken: all of it, or some."""
    found = get_object_or_404(Proposal.objects.visible_to(request.user).open(), pk=pk)
    form = TakeForm(request.POST or None, proposal=found)
    return answer(
        request,
        form,
        lambda: judging.take(found, by=request.user, **form.cleaned_data),
        page="patterns/proposal.html",
        context={"proposal": found},
        told=_("It is a pattern now."),
    )


@requires(WORK, "POST")
def dismiss(request: Request, pk: int) -> HttpResponse:
    found = row_or_404(request, Proposal, pk)
    return act(
        request,
        lambda: judging.dismiss(found, by=request.user),
        told=_("Dismissed. It comes back only once most of it is new."),
        to=reverse("patterns:proposals"),
        undo=lambda _done: reverse("patterns:restore", args=[pk]),
    )


@requires(WORK, "POST")
def restore(request: Request, pk: int) -> HttpResponse:
    found = row_or_404(request, Proposal, pk)
    return act(request, lambda: judging.restore(found, by=request.user), told=_("Undone."), to=found)
