"""A partner's bill by its own cost centers: by fixed shares, or by what each account used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.billing.models import Bill, Line, PartnerCostCenter, SplitShare
from comity.core.billing.money import WHOLE, split_cents, split_weights
from comity.core.errors import DomainError
from comity.editing.keeping import Keeping
from comity.ui.money import quantity
from comity.usage import store

NOBODY = 0


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
        accounts = {rule.account: str(rule.cost_center_id) for rule in own if rule.account}
        percent: dict[str, Decimal] = defaultdict(Decimal)
        for rule in own:
            percent[str(rule.cost_center_id)] += rule.share or 0
        used = store.used_by(rows_under(line), "account") if accounts and line.usage_rows else {}
        shares = split_weights(accounts, percent, used)
        for key, cents in split_cents(line.cents, shares).items():
            found[int(key or NOBODY)].append((line, cents))
    return [Portion(centers.get(key), found[key]) for key in (*centers, NOBODY) if key in found]


def rows_under(line: Line) -> store.Line:
    """Which rows of the store lie under a line."""
    assert line.rate is not None  # by which they were rated
    of, period = line.bill.partner_id, line.bill.run.period.first_on
    days = line.rate.starts_on, line.rate.ends_on or date.max
    return store.Line(of, line.offering_id, line.month, period, *days, tuple(line.merged))


def _check_share(share: SplitShare) -> None:
    """One or the other, each account once, and no more than all. Raises DomainError."""
    share.account = share.account.strip()
    if bool(share.account) == (share.share is not None):
        raise DomainError(_("Enter a percentage or an account, one of the two."), "share")
    rows = SplitShare.objects.select_for_update(of=("self",)).select_related("cost_center")
    others = rows.filter(cost_center__partner=share.cost_center.partner_id, offering=share.offering)
    others = others.exclude(pk=share.pk)
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
