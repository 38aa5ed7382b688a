"""One meeting of a council, and all that is done about it."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.councils.capabilities import READ, RUN
from comity.councils.forms import (
    AgendaForm,
    AttendanceForm,
    CallOffForm,
    DecisionForm,
    FollowUpForm,
    MeetingForm,
    MinutesForm,
)
from comity.councils.models import Council, CouncilMeeting, Decision
from comity.councils.services import meetings as services
from comity.councils.services import topics
from comity.councils.services.meetings import AGENDA, DECISIONS
from comity.editing.answering import FormPage, act, answer, drop, keep
from comity.office.services import day_of, today
from comity.people.access import Request, requires, row_or_404
from comity.ui.components.days import day


def _found(request: Request, pk: int) -> CouncilMeeting:
    return row_or_404(request, CouncilMeeting, pk, "council__facilitator")


def _page(found: CouncilMeeting, heading: str, **more: Any) -> FormPage:
    council = found.council
    crumbs = [(_("Councils"), reverse("councils:list")), (str(council), council.get_absolute_url())]
    if found.pk:
        crumbs.append((day(found.on), found.get_absolute_url()))
    return FormPage(heading, crumbs=crumbs, **more)


@requires(READ, "GET")
def meeting(request: Request, pk: int) -> HttpResponse:
    found = _found(request, pk)
    seats, attendance = (
        services.seats_of(found),
        list(found.attendance.select_related("seat__person", "seat__partner")),
    )
    now, quorum = today(), services.quorum(found.council, seats, attendance)
    decisions = found.decisions.select_related("follow_up__owner")
    may_run = request.user.can(RUN)
    open_ = may_run and not (found.called_off_at or found.minutes_at)
    context = {
        "meeting": found,
        "council": found.council,
        "agenda": found.agenda.all(),
        "agenda_form": AgendaForm(auto_id="agenda_%s"),
        "attendance": attendance,
        "quorum": quorum,
        "quorum_words": services.quorum_words(quorum),
        "decisions": [(row, row.follow_up and row.follow_up.ring(now)) for row in decisions],
        "notice": _notice(found),
        "kept_as": found.kept_as.standing(),
        "has_come": found.on <= now,
        "may_run": may_run,
        "live": topics.of_meeting(found, request.user),
        "may_change": open_,
        "may_move": open_ and not attendance,
        "uninvited": services.uninvited(found, seats) if open_ and found.on >= now else 0,
    }
    return render(request, "councils/meeting.html", context)


def _notice(found: CouncilMeeting) -> tuple[str, bool] | None:
    """What is to be said of its notice, and whether that is a warning; nothing where the law does not apply."""
    if not found.council.open_meetings or (found.called_off_at and not found.notice_at):
        return None
    needed, given = found.council.notice_days, found.notice_at and day_of(found.notice_at)
    days = ngettext("%(days)s day of notice is needed.", "%(days)s days of notice are needed.", needed)
    days %= {"days": needed}
    by = services.notice_by(found)
    if given is None:
        until = (
            _("Give notice by %(day)s.") if today() <= by else _("Notice should have been given by %(day)s.")
        )
        return f"{days} {until % {'day': day(by)}}", today() > by
    said = _("Notice was given on %(day)s.") % {"day": day(given)}
    return (f"{said} {days}" + ("" if given <= by else " " + _("It came too late.")), given > by)


@requires(RUN)
def plan(request: Request, pk: int) -> HttpResponse:
    council = row_or_404(request, Council, pk)
    form = MeetingForm(request.POST or None)
    page = _page(
        CouncilMeeting(council=council),
        _("When does %(name)s meet?") % {"name": council},
        lead=_("Every member with an email address gets an invitation."),
        submit=_("Plan it and invite"),
    )
    return answer(
        request,
        form,
        lambda: services.plan(council, form.values, by=request.user),
        page=page,
        told=_("Planned."),
    )


@requires(RUN)
def change(request: Request, pk: int) -> HttpResponse:
    found = _found(request, pk)
    form = MeetingForm(request.POST or None, instance=found)
    lead = _("Whoever was invited is told of the change.")
    page = _page(found, _("When and where does %(name)s meet?") % {"name": found}, lead=lead)
    return answer(
        request,
        form,
        lambda: services.move(found, form.values, by=request.user, seen=form.seen),
        page=page,
        told=_("Saved."),
    )


@requires(RUN)
def call_off(request: Request, pk: int) -> HttpResponse:
    found = _found(request, pk)
    form = CallOffForm(request.POST or None)
    page = _page(found, _("Call this meeting off?"), submit=_("Call it off"), danger=True)
    return answer(
        request,
        form,
        lambda: services.call_off(found, by=request.user, **form.cleaned_data),
        page=page,
        told=_("Called off. Whoever was invited is told."),
    )


@requires(RUN, "POST")
def invite(request: Request, pk: int) -> HttpResponse:
    found = _found(request, pk)

    def told(count: int) -> str:
        return ngettext("%(count)s person invited.", "%(count)s people invited.", count) % {"count": count}

    return act(request, lambda: services.invite(found), told=told, to=found)


@requires(RUN, "POST")
def notice(request: Request, pk: int) -> HttpResponse:
    found = _found(request, pk)
    give = partial(services.give_notice, found, by=request.user)
    return act(request, give, told=_("Notice is given: everybody can read of the meeting."), refused_to=found)


def _agenda(found: CouncilMeeting) -> str:
    return f"{found.get_absolute_url()}#agenda"


@requires(RUN)
def add_item(request: Request, pk: int) -> HttpResponse:
    found = _found(request, pk)
    form = AgendaForm(request.POST or None)
    page = _page(found, _("What is on the agenda?"))
    return keep(request, AGENDA, form, page, to=_agenda(found), meeting=found)


@requires(RUN)
def item(request: Request, pk: int, item: int) -> HttpResponse:
    """Change one, or take it off the agenda."""
    found = _found(request, pk)
    row = get_object_or_404(found.agenda, pk=item)
    page = _page(found, _("Change this item"), remove=reverse("councils:remove_item", args=[pk, item]))
    return keep(request, AGENDA, AgendaForm(request.POST or None, instance=row), page, to=_agenda(found))


@requires(RUN, "POST")
def move_item(request: Request, pk: int, item: int) -> HttpResponse:
    """One place up, or down."""
    found = _found(request, pk)
    row = get_object_or_404(found.agenda, pk=item)
    up = request.POST.get("way") == "up"
    return act(request, lambda: services.reorder(row, up=up, by=request.user), to=_agenda(found))


@requires(RUN)
def remove_item(request: Request, pk: int, item: int) -> HttpResponse:
    found = _found(request, pk)
    row = get_object_or_404(found.agenda, pk=item)
    return drop(request, AGENDA, row, crumbs=_page(found, "").crumbs)


@requires(RUN)
def attendance(request: Request, pk: int) -> HttpResponse:
    found = _found(request, pk)
    seats = services.seats_of(found)
    form = AttendanceForm(request.POST or None, seats=seats, kept=list(found.attendance.all()))
    page = _page(found, _("Who was there?"), lead=_("A seat counts as there with whoever stood in."))
    return answer(
        request,
        form,
        lambda: services.record_attendance(found, form.said, by=request.user),
        page=page,
        told=_("Saved."),
        to=found,
    )


@requires(RUN)
def minutes(request: Request, pk: int) -> HttpResponse:
    found = _found(request, pk)
    form = MinutesForm(request.POST or None, instance=found)
    lead = _("A draft, which only our office reads until it is given out.")
    page = _page(found, _("Minutes"), lead=lead, submit=_("Keep the draft"), draft=f"minutes-{pk}")
    return answer(
        request,
        form,
        lambda: services.write_minutes(found, form.values, by=request.user, seen=form.seen),
        page=page,
        told=_("Saved."),
    )


@requires(RUN, "POST")
def give_out(request: Request, pk: int) -> HttpResponse:
    found = _found(request, pk)
    give = partial(services.give_out, found, by=request.user)
    return act(request, give, told=_("The minutes are given out."), refused_to=found)


@requires(RUN)
def decide(request: Request, pk: int) -> HttpResponse:
    found = _found(request, pk)
    form = DecisionForm(request.POST or None)
    return keep(request, DECISIONS, form, _page(found, _("What was decided?")), meeting=found)


def _decision(request: Request, pk: int, decision: int) -> tuple[CouncilMeeting, Decision]:
    found = _found(request, pk)
    return found, get_object_or_404(found.decisions, pk=decision)


@requires(RUN)
def edit_decision(request: Request, pk: int, decision: int) -> HttpResponse:
    found, row = _decision(request, pk, decision)
    page = _page(
        found, _("What was decided?"), remove=reverse("councils:remove_decision", args=[pk, decision])
    )
    return keep(request, DECISIONS, DecisionForm(request.POST or None, instance=row), page)


@requires(RUN)
def remove_decision(request: Request, pk: int, decision: int) -> HttpResponse:
    found, row = _decision(request, pk, decision)
    return drop(request, DECISIONS, row, crumbs=_page(found, "").crumbs)


@requires(RUN)
def follow_up(request: Request, pk: int, decision: int) -> HttpResponse:
    """Who does what the council decided, by when."""
    found, row = _decision(request, pk, decision)
    first = {"title": row.text[:200], "owner": request.user.pk}
    form = FollowUpForm(request.POST or None, user=request.user, initial=first)
    page = _page(found, _("What do we do about it?"), lead=row.text, submit=_("Make it a follow-up"))
    return answer(
        request,
        form,
        lambda: services.follow_up(row, by=request.user, **form.cleaned_data),
        page=page,
        told=_("It is a follow-up now."),
        to=found,
    )
