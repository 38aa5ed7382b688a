"""Driver figures: entered as of a day, and by which of them a shared amount is split between partners."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from fractions import Fraction

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.core.billing.plans import prorated
from comity.core.errors import DomainError
from comity.core.fiscal import days_of
from comity.editing.keeping import Keeping
from comity.people.models import User
from comity.rates.models import Driver, DriverSnapshot, DriverValue
from comity.services.models import Offering

USED = gettext_lazy("Bills were split by these figures, so they stay. Enter new ones as of a later day.")


def check_figures(snapshot: DriverSnapshot) -> None:
    """Tidied and right. Raises DomainError."""
    snapshot.source = " ".join(snapshot.source.split())
    if snapshot.driver == Driver.FIXED and snapshot.offering is None:
        raise DomainError(_("Say which offering the shares are of."), "offering")
    if snapshot.driver != Driver.FIXED and snapshot.offering is not None:
        raise DomainError(_("Only fixed shares are of one offering."), "offering")


FIGURES = Keeping(DriverSnapshot, gettext_lazy("driver figures"), check_figures, name="figures")


def remove_figures(snapshot: DriverSnapshot, *, by: User) -> None:
    """Take figures away. Raises DomainError once a bill was split by them."""
    refuse_used(snapshot)
    FIGURES.drop(snapshot, by=by)


def check_value(value: DriverValue) -> None:
    """Right, of figures that may still change. Raises DomainError."""
    refuse_used(value.snapshot)
    if value.starts_on and value.ends_on and value.ends_on < value.starts_on:
        raise DomainError(_("It ends before it begins."), "ends_on")


def refuse_used(snapshot: DriverSnapshot) -> None:
    if snapshot.used_at:
        raise DomainError(str(USED))


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
        counted = sum(value.counts_on(day) for day in days)
        found[value.now or value.partner_id] += prorated(value.amount, counted, len(days))
    if not any(found.values()):
        sentence = _("“%(offering)s” is split by %(driver)s, and all figures of it are zero in %(month)s.")
        raise DomainError(sentence % said)
    return snapshot, {partner: weight for partner, weight in found.items() if weight}
