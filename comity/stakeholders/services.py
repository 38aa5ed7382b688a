"""Entering and rating stakeholders, keeping initiatives, how things stood on a day, and the steps that are planned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from copy import copy
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import CharField, Exists, F, OuterRef, Q
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.audit.models import Entry
from comity.core.errors import DomainError
from comity.core.stakeholders import as_it_was
from comity.editing.keeping import Keeping
from comity.followups.models import FollowUp, FollowUpQuerySet
from comity.followups.services import raise_follow_up
from comity.office.services import today
from comity.partners.models import Person
from comity.people.models import User
from comity.stakeholders.capabilities import READ
from comity.stakeholders.models import Initiative, Stakeholder, StakeholderQuerySet

PLAN = "engagement"  # the kind of follow-up that a step is


def check_initiative(initiative: Initiative) -> None:
    """Tidied, and with its days in order. Raises DomainError."""
    initiative.name = " ".join(initiative.name.split())
    if initiative.ends_on and initiative.ends_on < initiative.begun_on:
        raise DomainError(_("It cannot end before it begins."), "ends_on")


def check_stakeholder(row: Stakeholder) -> None:
    """Tidied, and whoever is new in an initiative of their partner. Raises DomainError."""
    row.note = row.note.replace("\0", "").strip()
    new = row._state.adding and row.initiative  # a partner may leave it later, and its people stay on the map
    if new and not new.partners.filter(pk=row.partner_id).exists():
        said = {"partner": row.partner, "initiative": row.initiative}
        raise DomainError(_("%(partner)s is not part of %(initiative)s.") % said, "partner")


INITIATIVES = Keeping(Initiative, gettext_lazy("an initiative"), check_initiative)
STAKEHOLDERS = Keeping(Stakeholder, gettext_lazy("a stakeholder"), check_stakeholder)


def remove_stakeholder(row: Stakeholder, *, by: User) -> None:
    """Take somebody off the map who was never meant to be on it. Raises DomainError where steps are planned."""
    if steps_about([row.pk], by=by).exists():
        raise DomainError(_("Steps are planned for them. Say until when they were involved instead."))
    STAKEHOLDERS.drop(row, by=by)


def as_of(rows: Iterable[Stakeholder], day: date) -> dict[int, Stakeholder]:
    """By their keys, the rows that were there at the end of a day, rated as they were then: read off the trail."""
    after = timezone.make_aware(datetime.combine(day + timedelta(days=1), datetime.min.time()))
    there = {row.pk: copy(row) for row in rows if row.added_at < after}
    changes = Entry.objects.filter(
        target_kind=Stakeholder._meta.label, target_id__in=map(str, there), at__gte=after
    )
    replaced = defaultdict[int, list[dict[str, Any]]](list)
    for entry in changes.order_by("-pk"):
        replaced[int(entry.target_id)].append(entry.before or {})
    for row in there.values():
        now = {name: getattr(row, name) for name in Stakeholder.RATED}
        for name, value in as_it_was(now, replaced[row.pk]).items():
            setattr(row, name, value)
    return there


def plan_step(row: Stakeholder, *, title: str, said: str, owner: User, due_on: date, by: User) -> FollowUp:
    """Plan what to do about somebody; a follow-up that only the office sees. Raises DomainError."""
    return raise_follow_up(
        kind=PLAN,
        partner=row.partner,
        title=title,
        said=said,
        by=by,
        owner=owner,
        due_on=due_on,
        office_only=True,
        source_id=str(row.pk),
        source_label=str(row.map),  # not their name, which may be sensitive
    )


def steps_about(keys: Iterable[int], *, by: User) -> FollowUpQuerySet:
    """The steps planned about some that this person may see, those open first."""
    steps = FollowUp.objects.visible_to(by).filter(kind=PLAN, source_id__in=map(str, keys))
    return steps.order_by(F("told_at").asc(nulls_first=True), "due_on", "pk")


def destroyable(before: datetime) -> StakeholderQuerySet:
    """Those of people who left, of initiatives that ended and who had no say anymore before a moment.

    Not those from which a step is still kept, since it points at them.
    """
    steps = FollowUp.objects.filter(kind=PLAN, source_id=Cast(OuterRef("pk"), CharField()))
    day = before.date()
    over = Q(person__left_on__lt=day) | Q(initiative__ends_on__lt=day) | Q(ends_on__lt=day)
    return Stakeholder.objects.filter(over).exclude(Exists(steps))


@transaction.atomic
def destroy_past(before: datetime) -> int:
    """Destroy for good what may go; how many there were."""
    gone = list(destroyable(before).values_list("pk", flat=True))
    Stakeholder.objects.filter(pk__in=gone).delete()
    return len(gone)


def known_of(person: Person, reader: User) -> Iterator[tuple[str, str]]:
    """Where somebody has a say, and how they stand there."""
    if reader.can(READ):
        rows = Stakeholder.objects.visible_to(reader).on(today()).filter(person=person)
        for row in rows.select_related("partner", "initiative"):
            yield f"{row.map}: {row.get_stance_display()}", row.get_absolute_url()
