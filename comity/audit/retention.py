"""Destroying records by the office's rules, under no legal hold, and with a certificate in the trail.

What can be destroyed at all each noun says (`nouns.Kept`); the rules and the holds are the office's. The trail is no such kind of record: it is never destroyed, and keeps the certificates.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from comity.audit.services import record
from comity.jobs.registry import office_zone
from comity.nouns import Kept, Trait, all_of

log = logging.getLogger(__name__)

DESTROYED = "retention.destroy"


@dataclass(frozen=True)
class Rule:
    """Keep a kind of record for so many days; `schedule_item` names the line of the schedule that says so."""

    kind: str
    keep_days: int
    schedule_item: str = ""


@dataclass(frozen=True)
class Certificate:
    """What was destroyed: how many records of a kind, that ended before a moment."""

    kind: str
    before: datetime
    count: int


@dataclass(frozen=True)
class Schedule(Trait):
    """The office's own say.

    rules  those in force; a kind without one is kept as long as its noun says
    holds  the kinds a legal hold stands on today; "" stands on all
    """

    rules: Callable[[], Iterable[Rule]]
    holds: Callable[[], Iterable[str]]


def is_held(kind: str) -> bool:
    """Whether a hold stands on a kind."""
    return any(held in {"", kind} for schedule in all_of(Schedule) for held in schedule.holds())


def apply_rules(today: date | None = None) -> list[Certificate]:
    """Destroy what has been kept long enough, and certify it. Run every night; a kind that fails stops no other."""
    today = today or timezone.localdate(timezone=office_zone())
    rules = {rule.kind: rule for schedule in all_of(Schedule) for rule in schedule.rules()}
    found = []
    for kept in sorted(all_of(Kept), key=lambda kept: kept.key):
        try:
            certificate = _apply(kept, rules.get(kept.key), today)
        except Exception:
            log.exception("Records of the kind %s could not be destroyed.", kept.key)
            continue
        if certificate is not None:
            found.append(certificate)
    return found


@transaction.atomic
def _apply(kept: Kept, rule: Rule | None, today: date) -> Certificate | None:
    """Destroy and certify, together or not at all."""
    keep = timedelta(days=rule.keep_days) if rule else kept.keep
    if keep is None or is_held(kept.key):
        return None
    before = datetime.combine(today - keep, time.min, tzinfo=office_zone())
    count = kept.destroy(before)
    if not count:
        return None
    record(
        by="worker",
        action=DESTROYED,
        after={
            "kind": kept.key,
            "label": str(kept.label),
            "before": before.isoformat(),
            "count": count,
            "kept_days": keep.days,
            "schedule_item": rule.schedule_item if rule else "",
        },
    )
    return Certificate(kept.key, before, count)
