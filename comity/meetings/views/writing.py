"""Writing a visit down, and mending it."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.editing.answering import FormPage, answer
from comity.followups.models import FollowUp
from comity.meetings import services
from comity.meetings.capabilities import LOG
from comity.meetings.forms import visits as forms
from comity.meetings.forms.visits import MetForm
from comity.meetings.models import Meeting, PlannedVisit
from comity.office import services as office
from comity.partners.models import Assignment, Partner
from comity.partners.pickers import PARTNER_TODAY
from comity.people.access import Request, requires
from comity.ui.components.days import day
from comity.ui.pickers import as_key

QUICK = 12  # partners offered at once

Row = TypeVar("Row", bound=models.Model)


@requires(LOG)
def log(request: Request) -> HttpResponse:
    """With whom? Then, with `?partner=`, as it was planned with `?plan=`, or because of `?follow_up=`, the rest on one page."""
    plan = row_asked(request, "plan", PlannedVisit.objects.visible_to(request.user).planned())
    about = row_asked(request, "follow_up", FollowUp.objects.visible_to(request.user))
    first = about.partner if about and about.partner else partner_asked(request)
    partners = list(plan.partners.order_by("sort_name", "pk")) if plan else [first] if first else []
    if not partners:
        return ask_whom(request, heading=_("Who did you meet?"))
    form = forms.VisitForm(request.POST or None, user=request.user, partners=partners, plan=plan, about=about)
    begin_with_kind(request, form)
    promises, meetings = _promises(request, partners), reverse("meetings:list")
    page = FormPage(
        _("You met %(name)s") % {"name": partners[0]},
        f"{_('Log a visit')}: {partners[0]}",
        _("Only how and when are required, and both are already filled in."),
        crumbs=[(_("Meetings"), meetings), (_("Log a visit"), reverse("meetings:log"))],
        submit=_("Write it down"),
        back=meetings,
        draft=f"visit-{partners[0].pk}",
    )
    context = {"page": page, "promises": promises, "plan": plan, "about": about}

    def save() -> Meeting:
        said = {"by": request.user, "promises": forms.promised(promises), "plan": plan, **form.values}
        if "join" in request.POST:
            return services.join_visit(as_key(request.POST["join"]), **said)
        try:
            return services.log_visit(once="apart" not in request.POST, **said)
        except services.AlreadyLoggedError as error:
            context["same"] = error.meeting
            raise

    return answer(
        request,
        form,
        save,
        page="meetings/visit.html",
        context=context,
        also=[promises],
        sent=_sent(request),
        told=_("Saved."),
    )


def row_asked(request: Request, name: str, rows: QuerySet[Row]) -> Row | None:
    """The row whose key the address gives under this name; None for none, or one out of reach."""
    key = request.GET.get(name, "")
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return None
    return rows.filter(pk=int(key)).first()


def begin_with_kind(request: Request, form: MetForm) -> None:
    """Other rooms lead here for a meeting of their own kind."""
    if (kind := request.GET.get("kind", "")) in Meeting.Kind.values:
        form.initial["kind"] = kind


def partner_asked(request: Request) -> Partner | None:
    """The partner whose key the address gives."""
    found: Partner | None = PARTNER_TODAY.one(request.user, request.GET.get("partner"))
    return found


def ask_whom(request: Request, *, heading: str) -> HttpResponse:
    """The first question: those this person looks after, or any other by name."""
    asked = "partner" in request.GET
    form = forms.WhomForm(request.GET if asked else None, user=request.user)
    if asked and form.is_valid():
        return redirect(f"{request.path}?partner={form.cleaned_data['partner'].pk}")
    looked_after = Assignment.objects.on(office.today()).filter(user=request.user).values("partner")
    quick = (
        PARTNER_TODAY.rows(request.user)
        .filter(pk__in=looked_after)
        .order_by("last_met_on", "sort_name")[:QUICK]
    )
    context = {"form": form, "quick": quick, "heading": heading}
    return render(request, "meetings/whom.html", context, status=422 if request.method == "POST" else 200)


def _sent(request: Request) -> bool:
    """Whether the form was sent to be kept, rather than for one more line."""
    return request.method == "POST" and "more" not in request.POST


def _promises(request: Request, partners: list[Partner]) -> Any:
    """The lines for promises to some partners; a button adds more of them without scripts."""
    data = None
    if request.method == "POST":
        data = request.POST.copy()
        known = data.get("promise-TOTAL_FORMS", "")
        if "more" in data:
            count = int(known) if known.isascii() and known.isdigit() and len(known) < 3 else forms.PROMISES
            data["promise-TOTAL_FORMS"] = str(min(count + 1, forms.MOST_PROMISES))
    initial: Any = [{}] * forms.PROMISES if data is None else None
    return forms.PromiseFormSet(data, initial=initial, prefix="promise", form_kwargs={"partners": partners})


def _way(meeting: Meeting) -> list[tuple[str, str]]:
    """The way back from a form about a meeting."""
    return [(_("Meetings"), reverse("meetings:list")), (str(meeting), meeting.get_absolute_url())]


@requires(LOG)
def edit(request: Request, pk: int) -> HttpResponse:
    """Mend what is written."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user).standing(), pk=pk)
    partners, said = list(meeting.partners.all()), _("Edit the text")
    form = forms.VisitForm(request.POST or None, user=request.user, partners=partners, instance=meeting)
    lead = f"{meeting}, {day(meeting.held_on)}"
    draft = f"visit-edit-{pk}"
    page = FormPage(said, f"{said}: {meeting}", lead, crumbs=_way(meeting), submit=_("Save"), draft=draft)
    promises = _promises(request, partners)
    return answer(
        request,
        form,
        lambda: services.edit_visit(
            pk, form.values, by=request.user, seen=form.seen, promises=forms.promised(promises)
        ),
        page="meetings/visit.html",
        context={"page": page, "promises": promises},
        also=[promises],
        sent=_sent(request),
        told=_("Saved."),
    )


@requires(LOG)
def withdraw(request: Request, pk: int) -> HttpResponse:
    """It did not take place after all."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user), pk=pk)
    form = forms.WithdrawForm(request.POST or None)
    return answer(
        request,
        form,
        lambda: services.withdraw_visit(pk, by=request.user, **form.cleaned_data),
        page=FormPage(
            _("Withdraw the meeting"),
            lead=_("The meeting is kept but no longer counts. Its promises stay as they are."),
            crumbs=_way(meeting),
            submit=_("Withdraw it"),
        ),
        told=_("Meeting withdrawn."),
        to="meetings:list",
    )
