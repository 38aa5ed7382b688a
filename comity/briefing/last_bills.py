"""The last bill of a partner, and how it differs from the one before it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from comity.billing.models import Bill
from comity.partners.models import Partner
from comity.people.models import User
from comity.ui.components.days import month, near_month
from comity.ui.money import money

LOOKED_AT = 12  # bills, from the last back: enough for two of each of somebody's partners


@dataclass(frozen=True)
class LastBill:
    bill: Bill
    before: Bill | None

    @property
    def amount(self) -> str:
        return money(self.bill.total_cents)

    @property
    def words(self) -> str:
        """Of which month it is, and how it changed."""
        first = self.bill.run.period.first_on
        if self.before is None:
            return _("billed for %(month)s") % {"month": month(first)}
        change = self.bill.total_cents - self.before.total_cents
        said = {
            "month": month(first),
            "before": near_month(self.before.run.period.first_on, first),
            "change": money(abs(change)),
        }
        if not change:
            return _("billed for %(month)s, the same as for %(before)s") % said
        if change > 0:
            return _("billed for %(month)s, %(change)s more than for %(before)s") % said
        return _("billed for %(month)s, %(change)s less than for %(before)s") % said


def last_bills(partners: Iterable[Partner], user: User) -> list[LastBill]:
    """The last issued bill of each of these partners that has one; one query."""
    rows = Bill.objects.visible_to(user).issued().filter(partner__in=[partner.pk for partner in partners])
    found: dict[int, list[Bill]] = {}
    for row in rows.select_related("run__period", "partner").order_by("-run__period__first_on", "pk")[
        :LOOKED_AT
    ]:
        found.setdefault(row.partner_id, []).append(row)
    return [LastBill(first, before[0] if before else None) for first, *before in found.values()]
