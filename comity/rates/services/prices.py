"""Which rate holds on which day, for whom: what a bill is reckoned from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Any

from comity.core.billing.money import instalments
from comity.core.billing.plans import plan_of, price_row, tier_rows
from comity.core.fiscal import FiscalYear, days_of
from comity.office.services import current_office
from comity.partners.models import Partner
from comity.rates.models import RateVersion
from comity.services.models import CustomerClass

EVERYBODY = 0  # where the key of a customer class stands
Row = dict[str, Any]


def class_of(partners: Iterable[Partner]) -> dict[int, int]:
    """The class of each partner by its key, the first that fits."""
    found = CustomerClass.objects.of(partners)
    return {pk: one.pk if one else EVERYBODY for pk, one in found.items()}


def tables(month: date) -> tuple[list[Row], list[Row]]:
    """All prices of a month, for reckoning at scale: for each offering, customer class and day one rate, or none.

    A class's own rate comes before the general one; class 0 is everybody else, and what the others would pay in full.

    The columns are those of `core.billing.at_scale`; first and last day of a price lie within the month.
    """
    days = days_of(month)
    rows = RateVersion.objects.between(days[0], days[-1]).exclude(basis=RateVersion.Basis.SHARED)
    held = list(rows.order_by("offering", "starts_on", "pk"))
    classes = [EVERYBODY, *CustomerClass.objects.values_list("pk", flat=True)]
    prices: list[Row] = []
    for _offering, versions in groupby(held, lambda version: version.offering_id):
        known = list(versions)
        prices += [price for whose in classes for price in _spans(known, whose, days)]
    used = {price["version"] for price in prices}
    plans = {version.pk: plan_of(version.plan) for version in held if version.pk in used}
    return prices, [tier for pk in sorted(plans) for tier in tier_rows(pk, plans[pk])]


def _spans(versions: list[RateVersion], whose: int, days: list[date]) -> Iterator[Row]:
    """The days of the month in spans, each with the version for a class that holds, else with the one for everybody."""
    own = [one for one in versions if one.customer_class_id == whose]
    ranked = [*own, *(one for one in versions if one.customer_class_id is None)]

    def holding(day: date) -> RateVersion | None:
        return next((one for one in ranked if one.holds_on(day)), None)

    for version, span in groupby(days, holding):
        if version is not None:
            held = list(span)
            yield {
                "version": version.pk,
                "offering": version.offering_id,
                "customer_class": whose,
                "starts_on": held[0],
                "ends_on": held[-1],
                "by_cost": version.basis == RateVersion.Basis.COST,
                **price_row(plan_of(version.plan)),
            }


def shared(month: date) -> list[RateVersion]:
    """The year's amounts that a month bills a part of: those that hold on its last day, and so once an offering."""
    held = RateVersion.objects.on(days_of(month)[-1]).filter(basis=RateVersion.Basis.SHARED)
    return list(held.select_related("offering__service").order_by("offering", "pk"))


def months_left(month: date) -> list[date]:
    """The months of a fiscal year from one on, by their first days."""
    return FiscalYear.of(month, current_office().fiscal_year_start).months_from(month)


def instalment(version: RateVersion, month: date, billed: Mapping[date, int]) -> int:
    """What a month bills of a year's amount, in cents: what is left of it, over the months that are left.

    billed  what stands on bills of the fiscal year already, by month, under this rate or the one before it
    """
    assert version.annual_cents is not None
    left = months_left(month)
    return instalments(version.annual_cents, left, billed)[left[0]]
