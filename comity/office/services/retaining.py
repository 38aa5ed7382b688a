"""How long what is kept, by the state's schedule; and legal holds, under which nothing goes.

The nouns say (`nouns.Kept`) what can be destroyed at all, and for how long they keep it by themselves. The nightly
job that destroys (`audit.retention`) asks here for the office's rules and holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.audit.retention import Rule
from comity.core.errors import DomainError
from comity.nouns import Kept, all_of
from comity.office.models import LegalHold, RetentionRule
from comity.people.models import User

SET_RULE = "office.set_retention_rule"
REMOVE_RULE = "office.remove_retention_rule"
PLACE_HOLD = "office.place_hold"
LIFT_HOLD = "office.lift_hold"

EVERY_KIND = ""
SAID = ("kind", "keep_days", "schedule_item")


@dataclass(frozen=True)
class Keeping:
    """One kind of record, and what decides how long it is kept."""

    key: str
    label: str
    own_days: int | None  # as long as its room keeps it by itself; None keeps it until there is a rule
    rule: RetentionRule | None
    holds: tuple[LegalHold, ...]

    @property
    def days(self) -> int | None:
        """For how many days it is kept, holds aside; None for good."""
        return self.rule.keep_days if self.rule else self.own_days


def keepings() -> list[Keeping]:
    """Every kind of record that can be destroyed, by its name in words."""
    rules = {rule.kind: rule for rule in RetentionRule.objects.all()}
    holds = list(LegalHold.objects.standing())
    found = [
        Keeping(
            key=kept.key,
            label=str(kept.label),
            own_days=kept.keep.days if kept.keep is not None else None,
            rule=rules.get(kept.key),
            holds=tuple(hold for hold in holds if hold.kind in {EVERY_KIND, kept.key}),
        )
        for kept in all_of(Kept)
    ]
    return sorted(found, key=lambda keeping: keeping.label.casefold())


def rules_in_force() -> Iterable[Rule]:
    """For the nightly job."""
    return [Rule(rule.kind, rule.keep_days, rule.schedule_item) for rule in RetentionRule.objects.all()]


def kinds_on_hold() -> Iterable[str]:
    """For the nightly job: the kinds on which a hold stands, "" for all."""
    return list(LegalHold.objects.standing().values_list("kind", flat=True))


@transaction.atomic
def set_rule(*, by: User, kind: str, keep_days: int, schedule_item: str = "") -> None:
    """Keep records of a kind for so many days, whatever their room says. Raises DomainError for a kind there is not."""
    _check(kind)
    rule = RetentionRule.objects.select_for_update().filter(kind=kind).first()
    was = audit.values(rule, SAID) if rule else None
    rule = rule or RetentionRule(kind=kind)
    rule.keep_days, rule.schedule_item = keep_days, schedule_item
    after = audit.values(rule, SAID)
    if after == was:
        return
    rule.save()
    audit.record(by=by, action=SET_RULE, target=rule, before=was, after=after)


@transaction.atomic
def remove_rule(kind: str, *, by: User) -> None:
    """Keep records of a kind as long as their room says; without a rule that is nothing new."""
    rule = RetentionRule.objects.select_for_update().filter(kind=kind).first()
    if rule is None:
        return
    audit.record(by=by, action=REMOVE_RULE, target=rule, before=audit.values(rule, SAID))
    rule.delete()


@transaction.atomic
def place_hold(*, by: User, kind: str, reason: str) -> LegalHold:
    """From now on destroy nothing of a kind, "" for all, whatever the rules say."""
    if kind != EVERY_KIND:
        _check(kind)
    hold = LegalHold.objects.create(kind=kind, reason=reason, placed_by=str(by))
    audit.record(by=by, action=PLACE_HOLD, target=hold, after={"kind": kind, "reason": reason})
    return hold


@transaction.atomic
def lift_hold(hold: LegalHold, *, by: User, why: str) -> None:
    """The rules are in force again. Raises DomainError if somebody else has lifted it meanwhile."""
    hold = LegalHold.objects.select_for_update().get(pk=hold.pk)
    if hold.lifted_at is not None:
        raise DomainError(_("This hold has already been lifted."))
    hold.lifted_at = timezone.now()
    hold.save(update_fields=["lifted_at"])
    audit.record(
        by=by,
        action=LIFT_HOLD,
        target=hold,
        before={"kind": hold.kind, "reason": hold.reason},
        after={"why": why},
    )


def _check(kind: str) -> None:
    if kind not in {kept.key for kept in all_of(Kept)}:
        raise DomainError(_("There is no such kind of record."))
