"""Bringing what stands still to those who can move it. Run every hour; safe to run again at any moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from django.db import transaction
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
    """Who answers for it and whom they answer to; for what nobody owns, who should have found an owner."""
    owner = follow_up.owner
    if owner is None:
        return notices.keepers_of(follow_up.partner)
    return [user for user in (owner, owner.supervisor) if user is not None and user.is_active]


def _work_through(rows: FollowUpQuerySet, reason: str, to: Callable[[FollowUp], Iterable[User]]) -> int:
    """Work through all that nobody was told of, in small transactions, so that a crash loses and doubles nothing."""
    waiting = list(rows.not_yet_escalated(reason).values_list("pk", flat=True))
    brought = 0
    for start in range(0, len(waiting), AT_ONCE):
        with transaction.atomic():
            batch = rows.not_yet_escalated(reason).filter(pk__in=waiting[start : start + AT_ONCE])
            brought += sum(_bring(each, reason, list(to(each))) for each in batch)
    return brought


def _bring(follow_up: FollowUp, reason: str, users: list[User]) -> bool:
    if not users:
        return False
    tell = notices.unowned if reason == Escalation.Reason.UNOWNED else notices.late
    told = tell(follow_up, users)
    Escalation.objects.bulk_create(
        [Escalation(follow_up=follow_up, reason=reason, to=user, round=follow_up.reopened) for user in told],
        ignore_conflicts=True,
    )
    names = ", ".join(str(user) for user in told)
    Step.objects.create(
        follow_up=follow_up,
        at=timezone.now(),
        what=Step.What.ESCALATED,
        named={"to": names},
        version=follow_up.version,
        round=follow_up.reopened,
        office_only=True,
    )
    audit.record(
        by="worker",
        action=ESCALATE,
        target=follow_up,
        after={"reason": reason, "to": [user.pk for user in told]},
        partner_id=follow_up.partner_id,
    )
    return True
