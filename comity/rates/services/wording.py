"""A rate as people read it, a line for each price and each condition; `lists` reads it again."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from comity.core.billing.plans import SIZES, Plan, Shape, plan_of
from comity.core.billing.price_lists import RULES
from comity.rates.models import RateVersion
from comity.ui.money import money, price, quantity

BASIS = RateVersion.Basis


def price_words(rate: RateVersion) -> str:
    """All of it in one line: "$0.50 up to 200; $0.25 above 200; at least $5.00 a month"."""
    return "; ".join(price_lines(rate))


def price_lines(rate: RateVersion) -> list[str]:
    """What it costs, then under which conditions."""
    if rate.basis == BASIS.SHARED:
        said = {"amount": money(rate.annual_cents), "driver": rate.get_driver_display().lower()}
        return [_("%(amount)s a year, split by %(driver)s") % said]
    plan = plan_of(rate.plan)
    return [*_prices(plan, of_cost=rate.basis == BASIS.COST), *_conditions(plan)]


def _prices(plan: Plan, *, of_cost: bool) -> list[str]:
    said = [percent_words(tier.price) if of_cost else price(tier.price) for tier in plan.tiers]
    if plan.shape == Shape.PACKAGE:
        return [_("%(price)s for each started %(size)s") % {"price": said[0], "size": quantity(plan.package)}]
    if len(plan.tiers) == 1:
        return said
    upper, above = _("%(price)s up to %(end)s"), _("%(price)s above %(end)s")
    if plan.shape == Shape.VOLUME:
        upper, above = _("%(price)s for all if up to %(end)s"), _("%(price)s for all if above %(end)s")
    ends = [quantity(tier.up_to) for tier in plan.tiers[:-1]]
    below = [upper % {"price": words, "end": end} for words, end in zip(said, ends, strict=False)]
    return [*below, above % {"price": said[-1], "end": ends[-1]}]


def percent_words(price: Decimal) -> str:
    """The price of a dollar: "25% on top of cost", "at cost", "8.26% of spend"."""
    if price < 1:
        return _("%(percent)s of spend") % {"percent": f"{quantity(price * 100)}%"}
    if price == 1:
        return _("at cost")
    return _("cost plus %(percent)s") % {"percent": f"{quantity((price - 1) * 100)}%"}


def _conditions(plan: Plan) -> Iterator[str]:
    for name, words in RULES.items():
        if (much := getattr(plan, name)) is not None:
            yield _(words) % {"much": quantity(much) if name in SIZES else money(much)}
