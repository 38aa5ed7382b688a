"""What the permission matrix asks of the URLs of the office's settings: they belong to no partner."""

from __future__ import annotations

from datetime import timedelta

from comity.office.models import Closure, LegalHold, VisitTier
from comity.partners.models import Partner
from comity.testing.cast import Cast
from comity.testing.matrix import Arguments, Subject


def closure(cast: Cast, partner: Partner) -> Arguments:
    day = cast.today + timedelta(days=30 + Closure.objects.count())
    return (Closure.objects.create(day=day, name="Moving").pk,)


def tier(cast: Cast, partner: Partner) -> Arguments:
    return (VisitTier.objects.create(name=f"Tier {VisitTier.objects.count() + 1}", every_days=90).pk,)


def kind(cast: Cast, partner: Partner) -> Arguments:
    """A kind of record that can be destroyed."""
    return ("mail",)


def hold(cast: Cast, partner: Partner) -> Arguments:
    return (LegalHold.objects.create(kind="mail", reason="A case", placed_by="Ada").pk,)


SUBJECTS: dict[str, Subject] = {
    "office:remove-closure": Subject(closure),
    "office:edit-tier": Subject(tier),
    "office:remove-tier": Subject(tier),
    "office:retention-rule": Subject(kind, absent=("no-such-kind",)),
    "office:remove-retention-rule": Subject(kind, absent=("no-such-kind",)),
    "office:lift-hold": Subject(hold),
}
