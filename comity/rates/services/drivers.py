"""By which figures a shared amount is split between partners."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from django.utils.translation import gettext as _

from comity.core.billing.plans import prorated
from comity.core.errors import DomainError
from comity.rates.models import Driver, DriverSnapshot
from comity.rates.services.prices import days_of
from comity.services.models import Offering


def weights(driver: str, offering: Offering, month: date) -> tuple[DriverSnapshot, dict[int, Fraction]]:
    """The newest figures as of the end of a month, and by them the weight of each partner.

    Who joined or left within the month counts for its days. Fixed shares are those of the offering.

    Raises DomainError where there are no figures, or nobody has any.
    """
    days = days_of(month)
    of = offering if driver == Driver.FIXED else None
    named = {"driver": Driver(driver).label, "offering": offering, "month": f"{month:%Y-%m}"}
    snapshot = (
        DriverSnapshot.objects.filter(driver=driver, offering=of, as_of__lte=days[-1])
        .order_by("-as_of")
        .first()
    )
    if snapshot is None:
        raise DomainError(
            _("“%(offering)s” is split by %(driver)s, and there are no figures of it as of %(month)s.")
            % named
        )
    found = {
        value.partner_id: prorated(value.amount, sum(value.counts_on(day) for day in days), len(days))
        for value in snapshot.values.all()
    }
    if not any(found.values()):
        raise DomainError(
            _("“%(offering)s” is split by %(driver)s, and all figures of it are zero in %(month)s.") % named
        )
    return snapshot, {partner: weight for partner, weight in found.items() if weight}
