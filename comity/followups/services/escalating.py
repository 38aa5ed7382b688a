"""Bringing what stands still to those who can move it. Run every hour; safe to run again at any moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import cache

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from comity.audit import services as audit
from comity.followups import notices
from comity.followups.models import Escalation, FollowUp, FollowUpQuerySet, Step
from comity.office import services as office
from comity.people.models import User
from comity.people.roles import Role

ESCALATE = "followups.escalate"
AT_ONCE = 200  # follow-ups per transaction, so that no write holds the database long


def escalate(today: date | None = None) -> int:
    """Tell who has to know, once per reason, person and round; how many follow-ups were brought to attention.

    Unowned after the day somebody should own it: to the CCO. Late: to the owner and their supervisor. Late by more
    than a week: to the CIO, on whose page it then stands.
    """
    today = today or office.today()
    ccos = notices.ccos()
    cios = list(User.objects.active().with_role(Role.CIO))
    rows = FollowUp.objects.with_people().select_related("owner__supervisor", "partner__parent")
    reasons = Escalation.Reason
    return (
        _work_through(rows.unowned_too_long(today), reasons.UNOWNED, lambda _each: ccos)
        + _work_through(rows.late(today), reasons.LATE, _owner_and_supervisor)
        + _work_through(rows.for_the_cio(today), reasons.LATE_CIO, lambda _each: cios)
    )


def _owner_and_supervisor(follow_up: FollowUp) -> list[User]:
    """Who is looking after it and whom they answer to; for what nobody owns, who should have found an owner."""
    owner = follow_up.owner
    if owner is None:
        return notices.keepers_of(follow_up.partner)
    return [user for user in (owner, owner.supervisor) if user is not None and user.is_active]


def _work_through(rows: FollowUpQuerySet, reason: str, to: Callable[[FollowUp], Iterable[User]]) -> int:
    """Work through all that nobody was told of, a batch per transaction: a crash loses and doubles nothing."""
    said = Escalation.objects.filter(follow_up=OuterRef("pk"), reason=reason, round=OuterRef("reopened"))
    rows = rows.filter(~Exists(said))
    waiting = list(rows.values_list("pk", flat=True))
    for start in range(0, len(waiting), AT_ONCE):
        with transaction.atomic():
            batch = rows.filter(pk__in=waiting[start : start + AT_ONCE])
            _bring(list(batch), reason, to)
    return len(waiting)


def _bring(follow_ups: list[FollowUp], reason: str, to: Callable[[FollowUp], Iterable[User]]) -> None:
    """Tell each person once of all that concerns them, and keep who was told of what."""
    piles: dict[User, list[FollowUp]] = {}
    told: dict[int, list[User]] = {}
    with_stand_ins = cache(lambda user: notices.with_stand_ins([user]))
    for follow_up in follow_ups:
        users = {user.pk: user for one in to(follow_up) for user in with_stand_ins(one)}
        told[follow_up.pk] = list(users.values())
        for user in users.values():
            piles.setdefault(user, []).append(follow_up)
    for user, pile in piles.items():
        notices.escalated(reason, pile, user)
    now = timezone.now()
    Escalation.objects.bulk_create(
        [
            Escalation(follow_up=each, reason=reason, to=user, round=each.reopened)
            for each in follow_ups
            for user in told[each.pk]
        ],
        ignore_conflicts=True,
    )
    Step.objects.bulk_create(
        Step(
            follow_up=each,
            at=now,
            what=Step.What.ESCALATED,
            named={"to": ", ".join(str(user) for user in told[each.pk])},
            version=each.version,
            round=each.reopened,
            office_only=True,
        )
        for each in follow_ups
        if told[each.pk]
    )
    audit.record_many(
        by="worker",
        acts=[
            {
                "action": ESCALATE,
                "target_kind": FollowUp._meta.label,
                "target_id": str(each.pk),
                "target_label": str(each)[:300],
                "partner_id": each.partner_id,
                "after": {"reason": reason, "to": [user.pk for user in told[each.pk]]},
            }
            for each in follow_ups
            if told[each.pk]
        ],
    )
