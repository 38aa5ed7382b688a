"""A rate as arithmetic one can follow, in plain values: reckoned from the costs now, or as it stood at approval."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from comity.core.billing.costs import Flow
from comity.rates.models import Forecast, RateVersion
from comity.rates.services.allocation import Costs, reckon
from comity.ui.money import money, price, quantity

Plain = dict[str, Any]


def of(subject: RateVersion | Forecast, costs: Costs | None = None) -> Plain:
    """The arithmetic behind a rate, as its year's costs give it now; empty for a rate that rests on no forecast.

    direct    what the service costs by itself, by the pools that it is booked in
    overhead  what pools passed on to it: by which driver, and how much of all that the pool passed on
    passed    what pools had passed on to those pools before: the same, and to whom
    own       what all of these pools cost by themselves

    Cents are whole numbers, and what is exact is text. Raises DomainError where costs give no rate.
    """
    forecast = subject if isinstance(subject, Forecast) else _forecast_of(subject)
    if forecast is None:
        return {}
    costs = costs or reckon(forecast.model)
    rate, service = costs.rate(forecast), forecast.offering.service
    key = next(key for key, node in costs.nodes.items() if node == service)
    overhead, behind = costs.into(key), costs.behind(key)
    return {
        "model": forecast.model_id,
        "method": forecast.model.method,
        "service": service.pk,
        "direct": [
            {"pool": costs.nodes[pool].pk, "name": pool, "cents": cents}
            for (pool, to), cents in sorted(costs.given.items())
            if to == key
        ],
        "overhead": [_plain(costs, flow) for flow in overhead],
        "passed": [_plain(costs, flow) for flow in costs.flows if flow.target in behind],
        "own": [
            {"pool": costs.nodes[pool].pk, "name": pool, "cents": costs.own.get(pool, 0)}
            for pool in sorted(behind)
        ],
        "service_cents": costs.result[key],
        "weight": str(forecast.weight),
        "weights": str(sum(costs.parts[key].values(), Decimal())),
        **rate.plain(),
        "unit": forecast.offering.unit,
        "market_price": None if forecast.market_price is None else str(forecast.market_price),
    }


def _forecast_of(rate: RateVersion) -> Forecast | None:
    if rate.model_id is None:
        return None
    rows = Forecast.objects.filter(model=rate.model_id, offering=rate.offering_id)
    return rows.select_related("model", "offering__service").first()


def _plain(costs: Costs, flow: Flow) -> Plain:
    step = costs.steps[flow.source]
    return {"step": step.pk, "driver": step.driver, **costs.plain(flow, costs.weights)}


def _price(text: str | None) -> str:
    return _("none") if text is None else price(Decimal(text))


# What is compared of two derivations, in words; and how it is said.
_FACTS: tuple[tuple[str, str, Callable[[Any], str]], ...] = (
    ("service_cents", gettext_noop("Cost of the service"), money),
    ("allocated_cents", gettext_noop("Its part of that"), money),
    ("carry_forward_cents", gettext_noop("Carried forward"), money),
    ("units", gettext_noop("Forecast units"), lambda text: quantity(Decimal(text))),
    ("price", gettext_noop("Rate"), _price),
    ("market_price", gettext_noop("Market price"), _price),
    ("method", gettext_noop("How overhead is passed on"), str),
)


def changed(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What differs between two derivations: the fact in words, as it was, as it is. Nothing where either is empty."""
    if not then or not now:
        return []
    found = [(_(words), said(then[name]), said(now[name])) for name, words, said in _FACTS]
    for part, name in (("direct", "name"), ("overhead", "from")):
        was, is_now = ({row[name]: row["cents"] for row in one[part]} for one in (then, now))
        found += [(key, money(was.get(key, 0)), money(is_now.get(key, 0))) for key in sorted(was | is_now)]
    return [(words, was, is_now) for words, was, is_now in found if was != is_now]
