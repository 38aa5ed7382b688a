"""A vote as it is frozen at its closing, and what came of it: plain values, so that anybody can count again.

docs/calculations/council-order.md, council-budget.md
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from comity.core.councils import ballots as said
from comity.core.councils.bands import Stands, backed_in_every_band, by_band
from comity.core.councils.equal_shares import Completion
from comity.core.councils.orders import by_approval, by_rank
from comity.core.councils.pairwise import by_pairs
from comity.core.councils.spending import Outcome
from comity.core.councils.weight_rules import under_each_rule

Plain = Mapping[str, Any]
Order = tuple[Sequence[Stands], dict[str, Any]]


def count(asked: Plain) -> dict[str, Any]:
    """What came of a vote.

    asked  method, wanted, budget (cents), completion; items: of each its title and cost (cents); partners: of each its name,
           band, headcount and spend; ballots: seat, partner, said

    standings  place and support of each item, the first one first, and what else its method says
    bands      support of each item in each size band that voted; every: the items backed in each
    won        of an order the first ones, of a budget what wins under each rule of weighing
    """
    items, cast = list(asked["items"]), ballots_of(asked)
    order = ORDERS[asked["method"]]
    standings, trace = order(items, cast)
    bands: dict[str, list[str]] = {}
    for key, partner in asked["partners"].items():
        bands.setdefault(partner["band"], []).append(key)
    by_size = by_band(lambda some: order(items, some)[0], cast, {key: bands[key] for key in sorted(bands)})
    budget = _spent(asked, cast) if asked["method"] == "budget" else None
    won = [each.item for each in standings if getattr(each, "place") <= asked["wanted"]]  # noqa: B009
    return {
        "standings": [_plain(each) for each in standings],
        "bands": {
            band: {each.item: str(each.support) for each in result} for band, result in by_size.items()
        },
        "every": list(backed_in_every_band(by_size)),
        "won": budget["robust"] if budget else won,
        "budget": budget,
        **trace,
    }


def ballots_of(asked: Plain) -> list[Any]:
    """What each seat said, as it is counted."""
    return [
        _ballot(asked["method"], each["seat"], each["partner"], each["said"]) for each in asked["ballots"]
    ]


def _ballot(method: str, seat: str, partner: str, told: Plain) -> said.Ballot:
    if method == "ranked":
        return said.Ranking(seat, partner, tuple(map(tuple, told["groups"])))
    if method == "pairwise":
        return said.Judgement(seat, partner, told["better"], told["worse"])
    return said.Approval(seat, partner, tuple(told["backed"]))


def _approved(items: list[str], cast: list[Any]) -> Order:
    found = by_approval(items, cast)
    backers = {item: {who: str(part) for who, part in of.items()} for item, of in found.backers.items()}
    return found.standings, {"backers": backers}


def _ranked(items: list[str], cast: list[Any]) -> Order:
    found = by_rank(items, cast)
    pairs = {
        f"{one}>{other}": [str(found.above[one, other]), list(found.strongest.get((one, other), ())),
                           str(found.strength(one, other))]
        for one, other in found.above
    }  # fmt: skip
    return found.standings, {"pairs": pairs, "ties": list(map(list, found.ties))}


def _compared(items: list[str], cast: list[Any]) -> Order:
    return by_pairs(items, cast), {}


ORDERS = {"approval": _approved, "ranked": _ranked, "pairwise": _compared, "budget": _approved}
TOLD = ("item", "place", "support", "low", "high", "won", "lost", "votes", "unsure")


def _plain(standing: Any) -> dict[str, Any]:
    return {name: _exact(getattr(standing, name)) for name in TOLD if hasattr(standing, name)}


def _exact(value: Any) -> Any:
    return str(value) if isinstance(value, Fraction) else value


def dollars(cents: int) -> Fraction:
    """The unit in which budgets are counted, here and in files."""
    return Fraction(cents, 100)


def _spent(asked: Plain, cast: list[Any]) -> dict[str, Any]:
    """What is bought under each rule, and how."""
    costs = {item: dollars(facts["cost"]) for item, facts in asked["items"].items()}
    figures: dict[str, dict[str, int]] = {
        name: {key: facts[name] for key, facts in asked["partners"].items() if facts[name]}
        for name in ("headcount", "spend")
    }
    budget, completion = dollars(asked["budget"]), Completion(asked["completion"])
    found = under_each_rule(costs, cast, budget, completion=completion, **figures)
    return {
        "rules": {rule: outcome and _outcome(outcome, costs) for rule, outcome in found.outcomes.items()},
        "left_out": {rule: list(partners) for rule, partners in found.left_out.items()},
        "robust": list(found.robust),
        "depends": list(found.depends),
        "too_dear": sorted((item for item, cost in costs.items() if cost > budget), key=said.in_order),
    }


def _outcome(outcome: Outcome, costs: Mapping[str, Fraction]) -> dict[str, Any]:
    steps = [
        {
            "item": step.item,
            "cost": str(step.cost),
            "backing": str(step.votes / outcome.vote.weight),
            "tied": list(step.tied),
            "completed": step.completed,
            "pays": {who: str(part) for who, part in sorted(outcome.paid(step).items())},
        }
        for step in outcome.steps
    ]
    left = {item: str(outcome.left(item)) for item in costs if item not in outcome.items}
    return {"steps": steps, "endowment": str(outcome.endowment), "cost": str(outcome.cost), "left": left}
