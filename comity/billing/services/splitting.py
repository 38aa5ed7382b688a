"""A partner's bill by its own cost centers: by fixed shares, or by what each account used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.billing.models import Bill, Line, PartnerCostCenter, SplitShare
from comity.core.billing.money import split_cents
from comity.core.errors import DomainError
from comity.editing.keeping import Keeping
from comity.ui.money import quantity
from comity.usage import store

NOBODY = 0
WHOLE = 100  # percent


@dataclass(frozen=True)
class Portion:
    """What one cost center bears of a bill, line by line; None for what no rule assigns."""

    cost_center: PartnerCostCenter | None
    lines: Sequence[tuple[Line, int]]

    @property
    def cents(self) -> int:
        return sum(cents for _line, cents in self.lines)


def portions_of(bill: Bill) -> list[Portion]:
    """The bill by its partner's cost centers, in the order of their codes; together its total, to the cent.

    Reads the store for lines that are split by account. Raises DomainError where it cannot be reached.
    """
    centers = {row.pk: row for row in PartnerCostCenter.objects.filter(partner=bill.partner_id)}
    rules = defaultdict(list)
    for rule in SplitShare.objects.filter(cost_center__in=centers):
        rules[rule.offering_id].append(rule)
    found: dict[int, list[tuple[Line, int]]] = defaultdict(list)
    for line in bill.lines.select_related("offering__service", "rate"):
        own = rules.get(line.offering_id) or rules[None]
        by_account = any(rule.account for rule in own)
        shares = split_cents(line.cents, weights(own, used_by_account(line) if by_account else {}))
        for key, cents in shares.items():
            found[int(key)].append((line, cents))
    return [Portion(centers.get(key), found[key]) for key in (*centers, NOBODY) if key in found]


def weights(rules: Iterable[SplitShare], used: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """The part of a line that each cost center bears, by its key; together 1. What no rule assigns goes to `NOBODY`.

    used  what each account used: those that a rule names go where it says; the rest is shared by the fixed percentages
    """
    named = {rule.account: rule.cost_center_id for rule in rules if rule.account}
    fixed = {rule.cost_center_id: Fraction(rule.share) / WHOLE for rule in rules if rule.share is not None}
    found: dict[int, Fraction] = defaultdict(Fraction)
    whole, rest = sum(used.values(), Fraction()), Fraction(1)
    for account, units in used.items():
        if account in named and whole:
            found[named[account]] += units / whole
            rest -= units / whole
    for key, share in fixed.items():
        found[key] += rest * share
    found[NOBODY] += rest * (1 - sum(fixed.values(), Fraction()))
    return {str(key): share for key, share in found.items() if share}


def used_by_account(line: Line) -> dict[str, Fraction]:
    """What each account used of the line; nothing where it has no rows."""
    return store.used_by(rows_under(line), "account") if line.usage_rows else {}


def rows_under(line: Line) -> store.Line:
    """Which rows of the store lie under a line."""
    of, period = line.bill.partner_id, line.bill.run.period.first_on
    found = store.Line(of, line.offering_id, line.month, period, also=tuple(line.merged))
    if line.rate is None:
        return found
    return replace(found, first=line.rate.starts_on, last=line.rate.ends_on or found.last)


def _check_share(share: SplitShare) -> None:
    """One or the other, each account once, and no more than all. Raises DomainError."""
    share.account = share.account.strip()
    if bool(share.account) == (share.share is not None):
        raise DomainError(_("Enter a percentage or an account, one of the two."), "share")
    rows = SplitShare.objects.select_for_update(of=("self",)).select_related("cost_center")
    others = rows.filter(cost_center__partner=share.cost_center.partner_id, offering=share.offering)
    if share.share is None:
        if taken := others.filter(account=share.account).first():
            said = {"name": taken.cost_center}
            raise DomainError(_("%(name)s bears this account already.") % said, "account")
        return
    left = WHOLE - sum(row.share for row in others if row.share is not None)
    if not 0 < share.share <= left:
        raise DomainError(_("%(left)s percent are left to assign.") % {"left": quantity(left)}, "share")


CENTERS = Keeping(PartnerCostCenter, gettext_lazy("a cost center of its own"), name="cost_center")
SHARES = Keeping(
    SplitShare,
    gettext_lazy("what a cost center bears"),
    _check_share,
    name="split",
    partner_id=lambda share: share.cost_center.partner_id,
)
