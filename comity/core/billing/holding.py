"""Which price holds on which day, for whom: the tables of prices and tiers that `at_scale` takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from comity.core.billing.plans import Plan, price_row, tier_rows
from comity.core.fiscal import within

Row = dict[str, Any]
Pair = tuple[int, int]  # a partner and an offering
Key = tuple[int, int, int | None]  # and the version of a price, None where there is none
EVERYBODY = 0  # where the key of a customer class stands


@dataclass(frozen=True)
class Held:
    """A price and its days, the last one included; of no end where it has none.

    customer_class  whom it is for: everybody, or one class
    by_cost         whether a unit is a dollar of what it cost
    """

    version: int
    offering: int
    customer_class: int
    starts_on: date
    ends_on: date | None
    plan: Plan
    by_cost: bool = False


def tables(held: Iterable[Held], classes: Sequence[int], days: Sequence[date]) -> tuple[list[Row], list[Row]]:
    """For each offering, customer class and day of some one price, or none; and the tiers of their plans.

    A class's own price comes before the general one. First and last day of a price lie within the days.

    held     by offering; of several that hold on a day the first counts
    classes  those there are; with `EVERYBODY`, who pays what is no class's own
    """
    prices, used = list[Row](), dict[int, Plan]()
    for _offering, some in groupby(held, lambda one: one.offering):
        known = list(some)
        for whose in classes:
            for price, first, last in _spans(known, whose, days):
                used[price.version] = price.plan
                said = {"version": price.version, "offering": price.offering, "customer_class": whose}
                span = {"starts_on": first, "ends_on": last, "by_cost": price.by_cost}
                prices.append({**said, **span, **price_row(price.plan)})
    return prices, [tier for version in sorted(used) for tier in tier_rows(version, used[version])]


def _spans(known: list[Held], whose: int, days: Sequence[date]) -> Iterator[tuple[Held, date, date]]:
    """The days in spans, each with the price for a class that holds, else with the one for everybody."""
    ranked = [
        one for wanted in dict.fromkeys((whose, EVERYBODY)) for one in known if one.customer_class == wanted
    ]

    def holding(day: date) -> Held | None:
        return next((one for one in ranked if within(day, one.starts_on, one.ends_on)), None)

    for price, span in groupby(days, holding):
        if price is not None:
            on = list(span)
            yield price, on[0], on[-1]


def full_cents(own: Mapping[Key, int], everybodys: Mapping[Key, int]) -> dict[Key, int]:
    """What lines would come to at the prices for everybody, where those are other prices: the difference is imputed revenue.

    own, everybodys  cents of the same usage, at the prices of its classes and at those for everybody

    Where a price changed within the month, several lines are of one partner and offering; the first stands for all of them.
    """
    lines: dict[Pair, list[Key]] = defaultdict(list)
    general: dict[Pair, dict[int | None, int]] = defaultdict(dict)
    for key in own:
        lines[key[:2]].append(key)
    for (partner, offering, version), cents in everybodys.items():
        general[partner, offering][version] = cents
    return {
        first: sum(general[pair].values()) - sum(own[other] for other in others)
        for pair, (first, *others) in lines.items()
        if general[pair] and general[pair].keys() != {version for *_pair, version in (first, *others)}
    }
