"""Rotations: who works where for a while, week by week, and the lessons, each an item like what partners say themselves."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.core.errors import DomainError
from comity.editing.keeping import Keeping
from comity.followups.models import FollowUp, FollowUpQuerySet
from comity.followups.services import raise_follow_up
from comity.office.services import today
from comity.patterns.models import Pattern, Rotation, Week
from comity.patterns.services.judging import PATTERNS, put_into
from comity.people.models import User

LESSON = "rotation_lesson"  # the kind of follow-up


def _check(rotation: Rotation) -> None:
    if rotation.ends_on and rotation.ends_on < rotation.begins_on:
        raise DomainError(_("It cannot end before it begins."), "ends_on")


def _check_week(week: Week) -> None:
    """Of any of its days, its Monday is kept."""
    day, rotation = week.begins_on, week.rotation
    if not rotation.begins_on <= day <= min(today(), rotation.ends_on or today()):
        raise DomainError(_("Choose a day of the rotation that is not in the future."), "begins_on")
    week.begins_on, week.words = day - timedelta(days=day.weekday()), week.words.strip()


ROTATIONS = Keeping(Rotation, gettext_lazy("a rotation"), _check)
WEEKS = Keeping(
    Week, gettext_lazy("a week of a rotation"), _check_week, partner_id=lambda week: week.rotation.partner_id
)


@transaction.atomic
def learn(
    rotation: Rotation, *, title: str, said: str, becomes: str, name: str, pattern: Pattern | None, by: User
) -> FollowUp:
    """Keep a lesson: a follow-up of the office's own, which whoever is on the rotation owns.

    becomes  "follow_up" alone; "new" pattern, of this name; or part of a "known" one

    Raises DomainError.
    """
    lesson = raise_follow_up(
        kind=LESSON,
        partner=rotation.partner,
        title=title,
        said=said,
        by=by,
        owner=rotation.who if rotation.who.is_active else None,
        office_only=True,
        source_id=str(rotation.pk),
        source_label=str(_("Rotation of %(name)s") % {"name": rotation.who}),
    )
    if becomes == "new":
        pattern = PATTERNS.enter({"name": name or title[:120]}, by=by)
    if becomes != "follow_up" and pattern:
        put_into(pattern, [lesson.pk], by=by)
    return lesson


def lessons(rotation: Rotation) -> FollowUpQuerySet:
    """What was learned on it, the first lesson first."""
    return FollowUp.objects.filter(kind=LESSON, source_id=str(rotation.pk)).order_by("pk")


@transaction.atomic
def destroy_past(before: datetime) -> int:
    """Destroy rotations that ended before a moment, with their weeks; how many. Not those a lesson still points at."""
    lessons = FollowUp.objects.filter(kind=LESSON, source_id=Cast(OuterRef("pk"), CharField()))
    gone = Rotation.objects.filter(ends_on__lt=before.date()).exclude(Exists(lessons))
    keys = list(gone.values_list("pk", flat=True))
    Rotation.objects.filter(pk__in=keys).delete()
    return len(keys)
