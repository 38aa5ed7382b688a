"""One meeting: written down, mended, withdrawn; and whom the office has not seen for too long.

What was promised becomes a follow-up in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.editing.changing import change, create
from comity.editing.values import Values
from comity.followups.models import FollowUp
from comity.followups.services import raise_follow_up
from comity.meetings.models import PROMISE, THEIR_PROMISE, Meeting, PlannedVisit
from comity.meetings.services import planned_visits
from comity.office import services as office
from comity.office.models import VisitTier
from comity.partners.models import Partner, Person
from comity.people.models import User

LOG = "meetings.log"
EDIT = "meetings.edit"
WITHDRAW = "meetings.withdraw"


@dataclass(frozen=True)
class Promised:
    """One promise made in a meeting.

    partner  to whom, or whose; may be left out where only one was there
    owner    who keeps it, or sees to it; whoever writes it down, unless said otherwise
    due_on   the office's days for an ordinary follow-up, unless said otherwise
    by_them  they promised it to us
    """

    title: str
    due_on: date | None = None
    owner: User | None = None
    partner: Partner | None = None
    by_them: bool = False


class AlreadyLoggedError(DomainError):
    """Somebody wrote down the same visit: to be joined, unless it was another one."""

    def __init__(self, meeting: Meeting, by: User) -> None:
        said = _(
            "%(name)s already wrote down a meeting like this. Join it, or keep yours as another meeting."
        )
        if meeting.written_by == by:
            said = _(
                "You already wrote down a meeting like this. Join it, or keep this one as another meeting."
            )
        super().__init__(said % {"name": meeting.written_by})
        self.meeting = meeting


@transaction.atomic
def log_visit(
    *,
    partners: Sequence[Partner],
    by: User,
    held_on: date,
    ours: Iterable[User] = (),
    theirs: Iterable[Person] = (),
    about: Iterable[FollowUp] | None = None,
    promises: Iterable[Promised] = (),
    plan: PlannedVisit | None = None,
    once: bool = False,
    **facts: Any,
) -> Meeting:
    """Write down a meeting that took place. Whoever writes it was there, unless `ours` says who was.

    plan   as which it was planned, if it was; it counts as held then, and it is of its kind
    about  the follow-ups because of which they met; those of the plan, unless it is said
    once   not where somebody wrote down the same visit: one of that day, with one of these partners and these people
    facts  as in `Meeting`: kind, how, held_at, title, place, others, said, office_only, notes, mood

    Raises AlreadyLoggedError, DomainError.
    """
    if about is None:
        about = plan.follow_ups.all() if plan else ()
    if plan is not None:
        facts.setdefault("kind", plan.kind)
    values = {
        **facts,
        "held_on": held_on,
        "partners": list(partners),
        "ours": list(ours) or [by],
        "theirs": list(theirs),
        "about": list(about),
    }
    _refuse(values)
    if once:
        # Who writes down the same visit at this moment waits, and then sees ours.
        list(
            Partner.objects.select_for_update(no_key=True)
            .filter(pk__in=[each.pk for each in partners])
            .order_by("pk")
        )
        same = Meeting.objects.same_visit(partners, held_on, values["ours"], values["theirs"])
        if (found := same.select_related("written_by").first()) is not None:
            raise AlreadyLoggedError(found, by)

    def check(meeting: Meeting) -> None:
        meeting.written_by = by
        _tidy(meeting)

    meeting = create(Meeting, values, by=by, action=LOG, check=check, partner_id=partners[0].pk)
    if plan is not None:
        planned_visits.hold(plan, meeting)
    keep_last_met(partner.pk for partner in partners)
    promise(meeting, promises, by=by)
    return meeting


def promise(meeting: Meeting, promises: Iterable[Promised], *, by: User) -> list[FollowUp]:
    """A follow-up for each promise, owned from the start. Both sides see what we promised: it was said to their face.

    What they promised is for us to see to.
    """
    promises = list(promises)
    if not promises:
        return []
    partners = list(meeting.partners.all())
    people = list(meeting.theirs.all())
    kept = []
    for promised in promises:
        partner = promised.partner or (partners[0] if len(partners) == 1 else None)
        if partner is None:
            raise DomainError(_("Say who “%(title)s” was promised to.") % {"title": promised.title})
        kept.append(
            raise_follow_up(
                kind=THEIR_PROMISE if promised.by_them else PROMISE,
                office_only=promised.by_them,
                partner=partner,
                title=promised.title,
                by=by,
                source_id=str(meeting.pk),
                source_label=f"{meeting}, {date_format(meeting.held_on, 'M j, Y')}",
                raised_by=people[0] if len(people) == 1 else None,
                owner=promised.owner or by,
                due_on=promised.due_on,
            )
        )
    return kept


@transaction.atomic
def edit_visit(
    meeting_id: int,
    values: Values,
    *,
    by: User,
    seen: Values | None = None,
    promises: Iterable[Promised] = (),
) -> Meeting:
    """Mend what is written of a meeting, and add promises that were forgotten. Raises ConflictError, DomainError."""
    _refuse(values)
    met = Partner.objects.filter(meetings=meeting_id)
    touched = {partner.pk for partner in [*met, *values.get("partners", [])]}

    def check(meeting: Meeting) -> None:
        if meeting.withdrawn_at:
            raise DomainError(_("This meeting was withdrawn."))
        _tidy(meeting)

    first = next((partner.pk for partner in values.get("partners", met)), None)
    rows = Meeting.objects.all()
    meeting = change(
        rows, meeting_id, values, by=by, action=EDIT, seen=seen, check=check, partner_id=first
    ).row
    keep_last_met(touched)
    promise(meeting, promises, by=by)
    return meeting


@transaction.atomic
def join_visit(
    meeting_id: int | None,
    *,
    by: User,
    ours: Iterable[User],
    promises: Iterable[Promised] = (),
    plan: PlannedVisit | None = None,
    **facts: Any,
) -> Meeting:
    """Add what somebody else who was there writes of a meeting; the arguments are those of `log_visit`.

    What was said is added where no more people read it than were to; else to the notes of the office. What can be said
    but once (when, how, where) stays as it stands there.

    Raises DomainError.
    """
    meeting = Meeting.objects.standing().select_for_update().filter(pk=meeting_id or 0).first()
    if meeting is None:
        raise DomainError(_("This meeting no longer stands. Keep yours as another meeting."))
    there = {"ours": ours, **{name: facts.get(name, ()) for name in ("partners", "theirs", "about")}}
    values: Values = {name: {*getattr(meeting, name).all(), *more} for name, more in there.items()}
    where = "said" if meeting.office_only or not facts.get("office_only", True) else "notes"
    for name, words in ((where, facts.get("said", "")), ("notes", facts.get("notes", ""))):
        if words.strip():
            known = values.get(name, getattr(meeting, name))
            values[name] = f"{known}\n\n{by}: {words.strip()}".strip()
    values["mood"] = meeting.mood or facts.get("mood", "")
    meeting = edit_visit(meeting.pk, values, by=by, promises=promises)
    if plan is not None and not PlannedVisit.objects.filter(meeting=meeting).exists():
        planned_visits.hold(plan, meeting)
    return meeting


@transaction.atomic
def withdraw_visit(meeting_id: int, *, reason: str, by: User) -> Meeting:
    """It did not take place, or stands twice. It is kept, but counts nowhere; its promises stay as they are."""
    if not reason.strip():
        raise DomainError(_("Say why it is withdrawn."))
    if Meeting.objects.select_for_update().filter(pk=meeting_id).exclude(withdrawn_at=None).exists():
        raise DomainError(_("This meeting is already withdrawn."))
    touched = list(Partner.objects.filter(meetings=meeting_id).values_list("pk", flat=True))
    values = {"withdrawn_at": timezone.now(), "withdrawn_reason": reason.strip()}
    first = touched[0] if touched else None
    meeting = change(Meeting.objects.all(), meeting_id, values, by=by, action=WITHDRAW, partner_id=first).row
    planned_visits.let_go(meeting)
    keep_last_met(touched)
    return meeting


def keep_last_met(partner_ids: Iterable[int]) -> None:
    """Set the day each partner was last met face to face, in one statement."""
    seen = Meeting.objects.face_to_face().filter(partners=OuterRef("pk")).order_by()
    met = seen.values("partners").annotate(last=Max("held_on"))
    Partner.objects.filter(pk__in=list(partner_ids)).update(last_met_on=Subquery(met.values("last")[:1]))


def too_long_ago(today: date) -> Q:
    """The condition on a partner that it was never met, or not within the days of its tier. Asks for the tiers."""
    overdue = Q(pk__in=[])
    for tier in VisitTier.objects.all():
        since = today - timedelta(days=tier.every_days)
        overdue |= Q(tier=tier) & (Q(last_met_on=None) | Q(last_met_on__lt=since))
    return overdue


def _refuse(values: Values) -> None:
    if "partners" in values and not values["partners"]:
        raise DomainError(_("Say who the meeting was with."))
    if "held_on" in values and values["held_on"] > office.today():
        later = _("Choose today or an earlier day. A meeting that is still to come is a planned visit.")
        raise DomainError(later, "held_on")
    if any(not user.is_office for user in values.get("ours", [])):
        raise DomainError(_("Only our office’s people can be listed as being there for our office."))


def _tidy(meeting: Meeting) -> None:
    for name in ("title", "place", "others", "said", "notes"):
        setattr(meeting, name, getattr(meeting, name).replace("\0", "").strip())
