"""One meeting: written down, mended, withdrawn. What was promised becomes a follow-up in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.db import models, transaction
from django.db.models import Max, OuterRef, Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.followups.models import FollowUp
from comity.followups.services import raise_follow_up
from comity.meetings.models import PROMISE, Meeting, Plan
from comity.meetings.services import plans
from comity.meetings.services.conflicts import refuse_conflict
from comity.office import services as office
from comity.partners.models import Partner, Person
from comity.people.models import User

LOG = "meetings.log"
EDIT = "meetings.edit"
WITHDRAW = "meetings.withdraw"
PLAIN = ("title", "how", "held_on", "held_at", "place", "others", "said", "office_only")


@dataclass(frozen=True)
class Promised:
    """One promise made in a meeting.

    partner  to whom; may be left out where only one was there
    owner    who keeps it; whoever writes it down, unless said otherwise
    due_on   the office's days for an ordinary follow-up, unless said otherwise
    """

    title: str
    due_on: date | None = None
    owner: User | None = None
    partner: Partner | None = None


@transaction.atomic
def log_visit(
    *,
    partners: Sequence[Partner],
    by: User,
    held_on: date,
    how: str = Meeting.How.IN_PERSON,
    held_at: time | None = None,
    title: str = "",
    place: str = "",
    ours: Iterable[User] = (),
    theirs: Iterable[Person] = (),
    others: str = "",
    said: str = "",
    office_only: bool = True,
    promises: Iterable[Promised] = (),
    plan: Plan | None = None,
    about: Iterable[FollowUp] | None = None,
) -> Meeting:
    """Write down a meeting that took place. Whoever writes it was there, unless `ours` says who was.

    plan   as which it was planned, if it was; it counts as held then
    about  the follow-ups because of which they met; those of the plan, unless it is said

    Raises DomainError.
    """
    _refuse(partners, held_on, ours)
    meeting = Meeting.objects.create(
        title=title.strip(),
        how=Meeting.How(how),
        held_on=held_on,
        held_at=held_at,
        place=place.strip(),
        others=others.strip(),
        said=said.replace("\0", "").strip(),
        office_only=office_only,
        written_by=by,
    )
    if about is None:
        about = plan.follow_ups.all() if plan else ()
    there: dict[str, list[Any]] = {
        "partners": list(partners),
        "ours": list(ours) or [by],
        "theirs": list(theirs),
        "about": list(about),
    }
    for name, everyone in there.items():
        getattr(meeting, name).add(*everyone)
    audit.record(
        by=by,
        action=LOG,
        target=meeting,
        after=_plain(meeting, there),
        partner_id=partners[0].pk,
    )
    if plan is not None:
        plans.hold(plan, meeting)
    keep_last_met(partner.pk for partner in partners)
    promise(meeting, promises, by=by)
    return meeting


def promise(meeting: Meeting, promises: Iterable[Promised], *, by: User) -> list[FollowUp]:
    """A follow-up for each promise, owned from the start. Both sides see it: it was said to their face."""
    promises = list(promises)
    if not promises:
        return []
    partners = list(meeting.partners.all())
    people = list(meeting.theirs.all())
    kept = []
    for promised in promises:
        partner = promised.partner or (partners[0] if len(partners) == 1 else None)
        if partner is None:
            raise DomainError(_("Say to whom “%(title)s” was promised.") % {"title": promised.title})
        kept.append(
            raise_follow_up(
                kind=PROMISE,
                partner=partner,
                title=promised.title,
                by=by,
                source_id=str(meeting.pk),
                source_label=_label(meeting),
                raised_by=people[0] if len(people) == 1 else None,
                owner=promised.owner or by,
                due_on=promised.due_on,
            )
        )
    return kept


@transaction.atomic
def edit_visit(
    meeting_id: int,
    *,
    by: User,
    partners: Sequence[Partner],
    ours: Iterable[User],
    theirs: Iterable[Person],
    about: Iterable[FollowUp] | None = None,
    version: int | None = None,
    promises: Iterable[Promised] = (),
    **fields: Any,
) -> Meeting:
    """Mend what is written of a meeting, and add promises that were forgotten.

    about  the follow-ups because of which they met; as they were, unless it is said

    Raises ConflictError, DomainError.
    """
    meeting = Meeting.objects.select_for_update().get(pk=meeting_id)
    refuse_conflict(meeting, version, EDIT)
    if meeting.withdrawn_at:
        raise DomainError(_("This meeting was withdrawn."))
    _refuse(partners, fields["held_on"], ours)
    before = _plain(meeting)
    touched = {partner.pk for partner in meeting.partners.all()} | {partner.pk for partner in partners}
    for name in PLAIN:
        setattr(meeting, name, fields[name])
    meeting.version += 1
    meeting.save(update_fields=[*PLAIN, "version"])
    meeting.partners.set(partners)
    meeting.ours.set(list(ours) or [by])
    meeting.theirs.set(theirs)
    if about is not None:
        meeting.about.set(about)
    after = _plain(meeting)
    changed = [name for name in after if after[name] != before[name]]
    audit.record(
        by=by,
        action=EDIT,
        target=meeting,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
        partner_id=partners[0].pk,
    )
    keep_last_met(touched)
    promise(meeting, promises, by=by)
    return meeting


@transaction.atomic
def withdraw_visit(meeting_id: int, *, reason: str, by: User) -> Meeting:
    """It did not take place, or stands twice. It is kept, but counts nowhere; its promises stay as they are."""
    meeting = Meeting.objects.select_for_update().get(pk=meeting_id)
    if meeting.withdrawn_at:
        raise DomainError(_("This meeting was withdrawn already."))
    if not reason.strip():
        raise DomainError(_("Say why it is withdrawn."))
    meeting.withdrawn_at, meeting.withdrawn_reason = timezone.now(), reason.strip()
    meeting.version += 1
    meeting.save(update_fields=["withdrawn_at", "withdrawn_reason", "version"])
    plans.let_go(meeting)
    touched = [partner.pk for partner in meeting.partners.all()]
    audit.record(
        by=by,
        action=WITHDRAW,
        target=meeting,
        before={"version": meeting.version - 1},
        after={"reason": meeting.withdrawn_reason, "version": meeting.version},
        partner_id=touched[0] if touched else None,
    )
    keep_last_met(touched)
    return meeting


def keep_last_met(partner_ids: Iterable[int]) -> None:
    """Set the day each partner was last met face to face, in one statement."""
    met = (
        Meeting.objects.face_to_face()
        .filter(partners=OuterRef("pk"))
        .order_by()
        .values("partners")
        .annotate(last=Max("held_on"))
    )
    Partner.objects.filter(pk__in=list(partner_ids)).update(last_met_on=Subquery(met.values("last")[:1]))


def _refuse(partners: Sequence[Partner], held_on: date, ours: Iterable[User]) -> None:
    if not partners:
        raise DomainError(_("Say with whom it was."))
    if held_on > office.today():
        raise DomainError(_("It has not taken place yet: choose today or a day before."))
    if any(not user.is_office for user in ours):
        raise DomainError(_("Only our own people can have been there for our office."))


def _label(meeting: Meeting) -> str:
    day = date_format(meeting.held_on, "M j, Y")
    return f"{meeting}, {day}"


def _plain(meeting: Meeting, there: Mapping[str, Sequence[models.Model]] | None = None) -> dict[str, Any]:
    """The meeting as the trail keeps it; who was there is looked up unless it is said."""
    found = {name: getattr(meeting, name) for name in PLAIN}
    found["held_on"] = meeting.held_on.isoformat()
    found["held_at"] = meeting.held_at.isoformat() if meeting.held_at else None
    found["version"] = meeting.version
    for name in ("partners", "ours", "theirs", "about"):
        known = getattr(meeting, name).values_list("pk", flat=True) if there is None else _keys(there[name])
        found[name] = sorted(known)
    return found


def _keys(rows: Iterable[models.Model]) -> set[int]:
    return {row.pk for row in rows}
