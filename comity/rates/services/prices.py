"""Which rate holds on which day, for whom: what a bill is reckoned from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction

from django.db.models import F, Q
from django.utils.translation import gettext as _

from comity.core.billing import holding
from comity.core.billing.holding import EVERYBODY, Held, Row
from comity.core.billing.money import instalments
from comity.core.billing.plans import plan_of, prorated
from comity.core.errors import DomainError
from comity.core.fiscal import days_of, within
from comity.office.services import fiscal_year
from comity.partners.models import Partner
from comity.rates.models import Driver, DriverSnapshot, RateVersion
from comity.services.models import CustomerClass, Offering


def class_of(partners: Iterable[Partner]) -> dict[int, int]:
    """The class of each partner by its key, the first that fits."""
    found = CustomerClass.objects.of(partners)
    return {pk: one.pk if one else EVERYBODY for pk, one in found.items()}


def held_for(offering: Offering, partner: Partner, day: date) -> RateVersion | None:
    """The rate that a partner pays on a day: its class's own, else everybody's."""
    own = CustomerClass.objects.of([partner])[partner.pk]
    rows = RateVersion.objects.on(day).filter(
        Q(customer_class=None) | Q(customer_class=own), offering=offering
    )
    return rows.order_by(F("customer_class").desc(nulls_last=True)).first()


def tables(month: date) -> tuple[list[Row], list[Row]]:
    """All prices of a month, for reckoning at scale, and their tiers: see `core.billing.holding`."""
    days = days_of(month)
    rows = RateVersion.objects.between(days[0], days[-1]).exclude(basis=RateVersion.Basis.SHARED)
    held = (
        Held(
            *(one.pk, one.offering_id, one.customer_class_id or EVERYBODY, one.starts_on, one.ends_on),
            plan=plan_of(one.plan),
            by_cost=one.basis == RateVersion.Basis.COST,
        )
        for one in rows.order_by("offering", "starts_on", "pk")
    )
    return holding.tables(held, [EVERYBODY, *CustomerClass.objects.values_list("pk", flat=True)], days)


def shared(month: date) -> list[RateVersion]:
    """The year's amounts that a month bills a part of: those that hold on its last day, and so once an offering."""
    held = RateVersion.objects.on(days_of(month)[-1]).filter(basis=RateVersion.Basis.SHARED)
    return list(held.select_related("offering__service").order_by("offering", "pk"))


def instalment(version: RateVersion, month: date, billed: Mapping[date, int]) -> int:
    """What a month bills of a year's amount, in cents: what is left of it, over the months that are left.

    billed  what stands on bills of the fiscal year already, by month, under this rate or the one before it
    """
    assert version.annual_cents is not None
    left = fiscal_year(month).months_from(month)
    return instalments(version.annual_cents, left, billed)[left[0]]


def weights(driver: str, offering: Offering, month: date) -> tuple[DriverSnapshot, dict[int, Fraction]]:
    """The newest figures as of the end of a month, and by them the weight of each partner.

    Who joined or left within the month counts for its days; who went into another partner, for that one. Fixed shares
    are those of the offering.

    Raises DomainError where there are no figures, or nobody has any.
    """
    days = days_of(month)
    of = offering if driver == Driver.FIXED else None
    known = DriverSnapshot.objects.filter(driver=driver, offering=of, as_of__lte=days[-1])
    snapshot = known.order_by("-as_of").first()
    said = {"driver": Driver(driver).label, "offering": offering, "month": f"{month:%Y-%m}"}
    if snapshot is None:
        sentence = _("“%(offering)s” is split by %(driver)s, and there are no figures of it as of %(month)s.")
        raise DomainError(sentence % said)
    found: dict[int, Fraction] = defaultdict(Fraction)
    for value in snapshot.values.annotate(now=F("partner__merged_into")):
        counted = sum(within(day, value.starts_on, value.ends_on) for day in days)
        found[value.now or value.partner_id] += prorated(value.amount, counted, len(days))
    if not any(found.values()):
        sentence = _("“%(offering)s” is split by %(driver)s, and all figures of it are zero in %(month)s.")
        raise DomainError(sentence % said)
    return snapshot, {partner: weight for partner, weight in found.items() if weight}
