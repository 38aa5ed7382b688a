"""One stakeholder: read, entered, changed, moved on the grid, taken off it, and what is planned about them."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.editing.answering import FormPage, answer, confirm, keep
from comity.meetings.views.reading import rings
from comity.office.services import today
from comity.partners.models import Partner
from comity.people.access import Request, requires, row_or_404
from comity.stakeholders import services
from comity.stakeholders.capabilities import EDIT, READ
from comity.stakeholders.forms import MoveForm, StakeholderForm, StepForm
from comity.stakeholders.grid import history
from comity.stakeholders.models import Initiative, Stakeholder
from comity.stakeholders.services import STAKEHOLDERS
from comity.stakeholders.tables import last_contact, stance_sign


def map_url(of: Partner | Initiative) -> str:
    """The page of a map."""
    if isinstance(of, Initiative):
        return of.get_absolute_url()
    return reverse("stakeholders:of_partner", args=[of.pk])


def _found(request: Request, pk: int) -> Stakeholder:
    rows = Stakeholder.objects.visible_to(request.user).with_last_contact()
    return get_object_or_404(rows.select_related("person", "partner", "initiative"), pk=pk)


@requires(READ, "GET")
def stakeholder(request: Request, pk: int) -> HttpResponse:
    found = _found(request, pk)
    seen = Stakeholder.objects.visible_to(request.user).on(today()).select_related("person")
    context = {
        "found": found,
        "map_url": map_url(found.map),
        "stance": stance_sign(found),
        "last_contact": last_contact(found),
        "influences": seen.filter(listens_to=found),
        "listens_to": seen.filter(influences=found),
        "ratings": list(history(found)),
        "steps": rings(services.steps_about([pk], by=request.user), today()),
        "may_edit": request.user.can(EDIT),
    }
    return render(request, "stakeholders/stakeholder.html", context)


@requires(EDIT)
def add_to_partner(request: Request, pk: int) -> HttpResponse:
    return _add(request, row_or_404(request, Partner, pk))


@requires(EDIT)
def add_to_initiative(request: Request, pk: int) -> HttpResponse:
    return _add(request, row_or_404(request, Initiative, pk))


def _add(request: Request, of: Partner | Initiative) -> HttpResponse:
    form = StakeholderForm(request.POST or None, user=request.user, of=of, day=today())
    page = FormPage(
        _("Who has a say in %(name)s?") % {"name": of},
        crumbs=[(str(of), map_url(of))],
        draft="stakeholder-new",
    )
    known: dict[str, Any] = {"initiative": of} if isinstance(of, Initiative) else {}
    if "partner" not in form.fields:
        known["partner"] = of.partners.get() if isinstance(of, Initiative) else of
    return keep(request, STAKEHOLDERS, form, page, **known)


@requires(EDIT)
def edit(request: Request, pk: int) -> HttpResponse:
    found = _found(request, pk)
    form = StakeholderForm(request.POST or None, user=request.user, of=found.map, day=today(), instance=found)
    page = _page(found, _("How do you see %(name)s?") % {"name": found.person})
    return keep(request, STAKEHOLDERS, form, page)


@requires(EDIT)
def move(request: Request, pk: int) -> HttpResponse:
    """To another square of the grid, from there or with two numbers; *Undo* sends back what its address says."""
    found = _found(request, pk)
    said = request.POST if "influence" in request.POST else request.GET
    form = MoveForm(said if request.method == "POST" else None, instance=found)
    was = {"influence": found.influence, "interest": found.interest}

    def undo(moved: Stakeholder) -> str:
        seen = {"seen_before": MoveForm(instance=moved).initial["seen_before"]}
        return f"{request.path}?{urlencode({**was, **seen})}"

    return answer(
        request,
        form,
        lambda: STAKEHOLDERS.save(form, by=request.user),
        page=_page(found, _("Where on the grid is %(name)s?") % {"name": found.person}),
        told=_("%(name)s moved.") % {"name": found.person},
        to=f"{map_url(found.map)}#s{pk}",
        undo=undo,
    )


@requires(EDIT)
def remove(request: Request, pk: int) -> HttpResponse:
    found = _found(request, pk)
    page = _page(
        found,
        _("Take %(name)s off the map?") % {"name": found.person},
        _("Only for somebody who was never meant to be on it. Their ratings go, too."),
        submit=_("Take off the map"),
        danger=True,
    )
    drop = partial(services.remove_stakeholder, found, by=request.user)
    return confirm(request, page, drop, told=_("Removed."), to=map_url(found.map))


@requires(EDIT)
def plan(request: Request, pk: int) -> HttpResponse:
    """What to do next about somebody: a follow-up with an owner and a day."""
    found = _found(request, pk)
    form = StepForm(request.POST or None, user=request.user, initial={"owner": request.user.pk})
    page = _page(
        found,
        _("What do we do about %(name)s?") % {"name": found.person},
        _("It becomes a follow-up. Everyone in our office can read it, and nobody else."),
        submit=_("Plan it"),
        draft=f"step-{pk}",
    )
    return answer(
        request,
        form,
        lambda: services.plan_step(found, by=request.user, **form.cleaned_data),
        page=page,
        told=_("Planned."),
        to=found,
    )


def _page(found: Stakeholder, heading: str, lead: str = "", **more: Any) -> FormPage:
    crumbs = [(str(found.map), map_url(found.map)), (str(found.person), found.get_absolute_url())]
    return FormPage(heading, lead=lead, crumbs=crumbs, **more)
