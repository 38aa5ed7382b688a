"""The rate sheet: which rates hold on a day, for whom, and what changed since the fiscal year before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from comity.core.fiscal import FiscalYear
from comity.office.services import current_office
from comity.partners.models import Partner
from comity.people.models import User
from comity.rates.models import RateVersion, RateVersionQuerySet
from comity.rates.services.wording import price_words
from comity.services.models import CustomerClass
from comity.ui.components.days import day

MOST_COMING = 3  # days on which rates change that are offered


def sheet_on(on: date, user: User | None) -> RateVersionQuerySet:
    """The rates of a day: all of them for the office; for a partner's user those of what its partners may have, and of
    these what they pay themselves. For nobody, as a command asks, all of them."""
    return _theirs(_visible(user).on(on), user, on)


def _visible(user: User | None) -> RateVersionQuerySet:
    rows = RateVersion.objects.visible_to(user) if user else RateVersion.objects.all()
    return rows.approved()


def _theirs(rows: RateVersionQuerySet, user: User | None, on: date) -> RateVersionQuerySet:
    """Without rates of other classes, and without the general one where the only class of theirs has its own."""
    rows = rows.select_related("offering__service", "customer_class")
    if user is None or user.is_office:
        return rows
    classes = set(CustomerClass.objects.of(Partner.objects.visible_to(user)).values())
    own = [each.pk for each in classes if each is not None]
    rows = rows.filter(customer_class=None) | rows.filter(customer_class__in=own)
    if len(classes) == 1 and own:
        special = RateVersion.objects.on(on).filter(offering=OuterRef("offering"), customer_class__in=own)
        rows = rows.exclude(Exists(special), customer_class=None)
    return rows


@dataclass(frozen=True)
class Changed:
    """A rate that is new since the fiscal year before, or that is coming; and what was paid before it."""

    rate: RateVersion
    before: RateVersion | None

    @property
    def price(self) -> str:
        return price_words(self.rate)

    @property
    def was(self) -> str:
        return _("%(price)s before") % {"price": price_words(self.before)} if self.before else _("new")

    @property
    def since(self) -> list[str]:
        """From when on, and when that was announced."""
        said = [_("from %(day)s") % {"day": day(self.rate.starts_on)}]
        if self.rate.announced_on:
            said.append(_("announced on %(day)s") % {"day": day(self.rate.announced_on)})
        return said


def changes(rows: Iterable[RateVersion], on: date) -> list[Changed]:
    """Those of the rates that hold on a day that began in its fiscal year, with what held on the last day of the one before.

    A rate that is said again at the same price is not a change.
    """
    since = FiscalYear.of(on, current_office().fiscal_year_start).first_day
    return _with_before([rate for rate in rows if rate.starts_on >= since], since - timedelta(days=1))


def coming(on: date, user: User | None) -> list[Changed]:
    """What begins after a day, with what it follows."""
    later = _visible(user).filter(starts_on__gt=on)
    found = list(_theirs(later, user, on).order_by("starts_on", "offering__sort_name", "pk"))
    return _with_before(found, on)


def days_of_change(on: date, user: User) -> list[date]:
    """The next days on which another rate begins."""
    later = _visible(user).filter(starts_on__gt=on)
    return list(later.order_by("starts_on").values_list("starts_on", flat=True).distinct()[:MOST_COMING])


def _with_before(rates: list[RateVersion], on: date) -> list[Changed]:
    held: dict[tuple[int, int | None], RateVersion] = {
        (each.offering_id, each.customer_class_id): each
        for each in RateVersion.objects.on(on)
        .filter(offering__in={rate.offering_id for rate in rates})
        .select_related("offering")
    }
    found = [
        Changed(
            rate, held.get((rate.offering_id, rate.customer_class_id)) or held.get((rate.offering_id, None))
        )
        for rate in rates
    ]
    return [each for each in found if each.before is None or price_words(each.before) != each.price]
