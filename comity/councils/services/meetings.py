"""One meeting of a council: planned, called off, announced, held, its minutes given out, and what it decided."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.audit import services as audit
from comity.core.councils.quorum import Quorum
from comity.core.errors import DomainError
from comity.councils.models import AgendaItem, Attendance, Council, CouncilMeeting, Decision, Seat
from comity.councils.services import inviting
from comity.editing.changing import change
from comity.editing.keeping import Keeping
from comity.editing.values import Values
from comity.followups.models import FollowUp
from comity.followups.services import raise_follow_up
from comity.meetings.models import Meeting
from comity.meetings.services import visits
from comity.office.services import today
from comity.people.models import User

CALL_OFF, NOTICE = "councils.call_off", "councils.give_notice"
ATTENDANCE, WRITE, GIVE_OUT = "councils.attendance", "councils.write_minutes", "councils.give_out_minutes"
DECISION = "council_decision"  # the kind of follow-up that comes of one
LONGEST_AHEAD = timedelta(days=730)
How, MetHow = Attendance.How, Meeting.How
Said = Mapping[int, tuple[str, str]]  # by the key of a seat: how it was there, and who stood in


def check_meeting(meeting: CouncilMeeting) -> None:
    """Still to be held, and on a day on which the council is there. Raises DomainError."""
    _refuse_over(meeting)
    council = meeting.council
    meeting.place = meeting.place.strip()
    if meeting.pk and meeting.attendance.exists():
        raise DomainError(_("This meeting was held. Its day and place stay as they were."))
    if meeting.on < council.begun_on or (council.ends_on and meeting.on >= council.ends_on):
        raise DomainError(_("The council does not meet on this day: it had not begun, or has ended."), "on")
    if meeting.on > today() + LONGEST_AHEAD:
        raise DomainError(_("Choose a day within the next two years."), "on")


def check_item(item: AgendaItem) -> None:
    """Put last, on an agenda that is still open. Raises DomainError."""
    _refuse_over(item.meeting)
    item.title = " ".join(item.title.split())
    if item._state.adding:
        last = item.meeting.agenda.order_by("-place").values_list("place", flat=True).first()
        item.place = 1 + (last or 0)


def check_decision(decision: Decision) -> None:
    """Of a meeting whose day has come, before its minutes stand. Raises DomainError."""
    _refuse_over(decision.meeting)
    _refuse_future(decision.meeting)


def check_drop(decision: Decision) -> None:
    """Raises DomainError where it has to stay."""
    _refuse_over(decision.meeting)
    if decision.follow_up_id:
        raise DomainError(_("There is a follow-up of this decision, so it stays."))


MEETINGS = Keeping(CouncilMeeting, gettext_lazy("a council meeting"), check_meeting)
AGENDA = Keeping(
    AgendaItem, gettext_lazy("an agenda item"), check_item, check_drop=lambda row: _refuse_over(row.meeting)
)
DECISIONS = Keeping(Decision, gettext_lazy("a decision"), check_decision, check_drop=check_drop)


@transaction.atomic
def reorder(item: AgendaItem, *, up: bool, by: User) -> None:
    """Let it change places with the one before it, or after; nothing at either end. Raises DomainError."""
    items = list(item.meeting.agenda.select_for_update())
    at = items.index(item)
    other = at - 1 if up else at + 1
    if not 0 <= other < len(items):
        return
    items[at], items[other] = items[other], items[at]
    for place, row in enumerate(items, start=1):
        if row.place != place:
            AGENDA.mend(row, {"place": place}, by=by)


def _refuse_over(meeting: CouncilMeeting) -> None:
    if meeting.called_off_at:
        raise DomainError(_("This meeting was called off."))
    if meeting.minutes_at:
        raise DomainError(_("The minutes stand. Correct them in those of the next meeting."))


def _refuse_future(meeting: CouncilMeeting) -> None:
    if meeting.on > today():
        raise DomainError(_("This meeting is still to come."))


@transaction.atomic
def plan(council: Council, values: Values, *, by: User) -> CouncilMeeting:
    """Plan a meeting, and invite the members. Raises DomainError."""
    meeting = MEETINGS.enter({**values, "council": council}, by=by)
    inviting.invite(meeting)
    return meeting


@transaction.atomic
def move(meeting: CouncilMeeting, values: Values, *, by: User, seen: Values | None) -> CouncilMeeting:
    """Change when and where; whoever was invited is told. Raises ConflictError, DomainError."""
    before = CouncilMeeting.objects.values_list(*inviting.TOLD).get(pk=meeting.pk)
    moved = MEETINGS.mend(meeting, values, by=by, seen=seen)
    if before != CouncilMeeting.objects.values_list(*inviting.TOLD).get(pk=meeting.pk):
        inviting.invite(moved, moved=True)
    return moved


@transaction.atomic
def invite(meeting: CouncilMeeting) -> int:
    """Invite whoever came to have a seat since; how many. Raises DomainError."""
    _refuse_over(meeting)
    return inviting.invite(meeting)


@transaction.atomic
def call_off(meeting: CouncilMeeting, *, reason: str, by: User) -> CouncilMeeting:
    """It will not take place; everybody who may read it reads why. Raises DomainError."""

    def check(row: CouncilMeeting) -> None:
        if not reason.strip():
            raise DomainError(_("Say why it is called off."), "reason")
        before = CouncilMeeting.objects.get(pk=row.pk)
        _refuse_over(before)
        if before.attendance.exists():
            raise DomainError(_("This meeting was held."))

    values = {"called_off_at": timezone.now(), "called_off_reason": reason.strip()}
    row = _change(meeting, values, by, CALL_OFF, check)
    inviting.invite(row)
    return row


def _change(
    meeting: CouncilMeeting, values: Values, by: User, action: str, check: Any, seen: Values | None = None
) -> CouncilMeeting:
    rows = CouncilMeeting.objects.all()
    return change(rows, meeting.pk, values, by=by, action=action, seen=seen, check=check).row


def notice_by(meeting: CouncilMeeting) -> date:
    """The last day on which its notice is in time."""
    return meeting.on - timedelta(days=meeting.council.notice_days)


def give_notice(meeting: CouncilMeeting, *, by: User) -> CouncilMeeting:
    """Let everybody read of it, once and for all; also where it is late, which the page then says. Raises DomainError."""

    def check(row: CouncilMeeting) -> None:
        if not row.council.open_meetings:
            raise DomainError(_("The open-meetings law does not apply here."))
        _refuse_over(row)
        if CouncilMeeting.objects.filter(pk=row.pk).exclude(notice_at=None).exists():
            raise DomainError(_("Notice has been given already."))

    return _change(meeting, {"notice_at": timezone.now()}, by, NOTICE, check)


def seats_of(meeting: CouncilMeeting) -> list[Seat]:
    """Those that were filled on its day."""
    rows = Seat.objects.filter(council=meeting.council_id).on(meeting.on).filled()
    return list(rows.select_related("person", "partner"))


def uninvited(meeting: CouncilMeeting, seats: list[Seat]) -> int:
    """How many of them have an address and no invitation."""
    invited = set(meeting.invited.values_list("pk", flat=True))
    return sum(1 for seat in seats if seat.person and seat.person.email and seat.person_id not in invited)


@transaction.atomic
def record_attendance(meeting: CouncilMeeting, said: Said, *, by: User) -> None:
    """Write down who was there, seat by seat, and keep the meeting among those with their partners. Raises DomainError.

    A seat counts as there with whoever stood in for its person, who is then named.
    """
    meeting = CouncilMeeting.objects.select_for_update().get(pk=meeting.pk)
    _refuse_over(meeting)
    _refuse_future(meeting)
    seats = {seat.pk: seat for seat in seats_of(meeting)}
    rows = [
        Attendance(meeting=meeting, seat=seats[pk], how=how, stood_in=stood_in.strip())
        for pk, (how, stood_in) in said.items()
        if pk in seats
    ]
    if not any(row.how in Attendance.COUNTED for row in rows):
        raise DomainError(_("Nobody was there? Then call the meeting off, and say why."))
    meeting.attendance.all().delete()
    Attendance.objects.bulk_create(rows)
    audit.record(by=by, action=ATTENDANCE, target=meeting, after={str(row.seat): row.how for row in rows})
    there = [row for row in rows if row.how == How.THERE]
    came = {row.seat.partner_id for row in there}
    there += [row for row in rows if row.how == How.REMOTE and row.seat.partner_id in came]
    called_in = [row for row in rows if row.how == How.REMOTE and row not in there]
    for how, some in ((MetHow.GROUP, there), (MetHow.VIDEO, called_in)):
        _keep(meeting, how, some, by=by)


def _keep(meeting: CouncilMeeting, how: str, rows: list[Attendance], *, by: User) -> None:
    """The same as a meeting with some partners, so that their timeline and the day they were last seen know it."""
    kept = meeting.kept_as.standing().filter(how=how).first()
    if not rows:
        if kept:
            visits.withdraw_visit(kept.pk, reason=_("The list of who was there was corrected."), by=by)
        return
    values: dict[str, Any] = {
        "partners": list({row.seat.partner_id: row.seat.partner for row in rows}.values()),
        "theirs": [row.seat.person for row in rows if not row.stood_in],
        "others": ", ".join(row.stood_in for row in rows if row.stood_in)[:300],
    }
    if kept:
        visits.edit_visit(kept.pk, values, by=by)
        return
    values |= {"held_on": meeting.on, "held_at": meeting.begins_at, "place": meeting.place, "how": how}
    ours = [meeting.council.facilitator]
    title = str(meeting.council)
    meeting.kept_as.add(visits.log_visit(by=by, ours=ours, title=title, office_only=False, **values))


def quorum(council: Council, seats: list[Seat], attendance: list[Attendance]) -> Quorum:
    """Whether those who were there could decide; of the seats as they were when attendance was taken."""
    there = sum(1 for row in attendance if row.how in Attendance.COUNTED)
    return Quorum(there, len(attendance or seats), council.quorum_percent)


def quorum_words(quorum: Quorum) -> str:
    """The quorum with its arithmetic."""
    said = {"there": quorum.there, "filled": quorum.filled, "needed": quorum.needed}
    if quorum.reached:
        return _("%(there)s of %(filled)s filled seats; %(needed)s needed: there is a quorum.") % said
    return _("%(there)s of %(filled)s filled seats; %(needed)s needed: there is no quorum.") % said


def write_minutes(
    meeting: CouncilMeeting, values: Values, *, by: User, seen: Values | None
) -> CouncilMeeting:
    """Keep a draft, which only the office reads. Raises ConflictError, DomainError."""

    def check(row: CouncilMeeting) -> None:
        _refuse_over(row)
        _refuse_future(row)

    return _change(meeting, values, by, WRITE, check, seen)


@transaction.atomic
def give_out(meeting: CouncilMeeting, *, by: User) -> CouncilMeeting:
    """From now on everybody who may read the meeting reads its minutes, and they stand. Raises DomainError."""

    def check(row: CouncilMeeting) -> None:
        _refuse_over(CouncilMeeting.objects.get(pk=row.pk))
        if not row.minutes.strip():
            raise DomainError(_("Write the minutes first."))
        if not row.attendance.exists():
            raise DomainError(_("Say first who was there."))

    row = _change(meeting, {"minutes_at": timezone.now()}, by, GIVE_OUT, check)
    for kept in row.kept_as.standing():
        visits.edit_visit(kept.pk, {"said": row.minutes}, by=by)
    return row


@transaction.atomic
def follow_up(decision: Decision, *, title: str, said: str, owner: User, due_on: date, by: User) -> FollowUp:
    """What there is to do about a decision. Raises DomainError."""
    decision = Decision.objects.select_for_update().select_related("meeting__council").get(pk=decision.pk)
    if decision.follow_up_id:
        raise DomainError(_("This decision already has a follow-up."))
    made = raise_follow_up(
        kind=DECISION,
        partner=None,
        title=title,
        said=said,
        by=by,
        owner=owner,
        due_on=due_on,
        source_id=str(decision.meeting_id),
        source_label=f"{decision.meeting.council}, {date_format(decision.meeting.on, 'M j, Y')}",
    )
    decision.follow_up = made
    decision.save(update_fields=["follow_up"])
    return made
