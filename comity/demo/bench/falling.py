"""What falls with one of 100,000 items under 400,000 relations, and what takes one application down alone."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from time import monotonic

from django.urls import reverse

from comity.applications import answers
from comity.applications.models import Item, Relation, RelationType
from comity.demo.bench.big import write
from comity.demo.bench.pages import LIST, page, printed
from comity.people.models import User

ITEMS, RELATIONS, LAYERS = 100_000, 400_000, 10
MOST_FALL, MOST_SINGLE = 1.0, 3.0  # seconds, the map read before; reading it is shown beside


def measure_falling() -> bool:
    """Print how long each took; whether all are within their bounds."""
    _build()
    found = [_timed("what falls with one of 100,000 items", _fall, MOST_FALL)]
    found.append(_timed("single points of failure of one", _single, MOST_SINGLE))
    contact = User.objects.order_by("pk")[10]
    url = reverse("applications:list")
    found.append(
        printed([page("items, 100,000, of a class", contact, f"{url}?kind=server&sort=-name", LIST)])
    )
    return all(found)


def _timed(what: str, work: Callable[[], object], most: float) -> bool:
    took: list[float] = []
    for _time in range(2):  # the map as it has to be read, and as it is kept
        if not took:
            answers._kept.clear()
        began = monotonic()
        work()
        took.append(monotonic() - began)
    kept = took[1] <= most
    print(f"{what:<46}{took[0]:>8.2f} s, again {took[1]:.2f} s{'' if kept else '   over its bound'}")
    return kept


def _fall() -> None:
    answers.if_down(Item.objects.order_by("-pk")[0]).plain()


def _single() -> None:
    answers.standing(
        Item.objects.filter(kind="application").order_by("pk")[0], User.objects.order_by("pk")[0]
    )


def _build() -> None:
    """In layers, each item on some of those below; half of the relations in groups of which some must run."""
    if Relation.objects.count() >= RELATIONS:
        return
    random, first = Random(16), 10_000_000
    kinds = ["application", *["server"] * (LAYERS - 1)]
    write(
        Item,
        (
            Item(pk=first + at, name=f"Item {at:06}", external_id=f"i-{at}", kind=kinds[at * LAYERS // ITEMS])
            for at in range(ITEMS)
        ),
    )
    runs = RelationType.objects.get(name="Runs on").pk
    pairs: dict[tuple[int, int], tuple[str, int | None]] = {}
    while len(pairs) < RELATIONS:
        one = random.randrange(ITEMS * (LAYERS - 1) // LAYERS)
        below = (one * LAYERS // ITEMS + 1) * ITEMS // LAYERS
        count = random.choice((1, 1, 1, 3))
        for _each in range(count):
            pairs[one, random.randrange(below, ITEMS)] = (
                (f"g{len(pairs) // 3}", 1) if count > 1 else ("", None)
            )
    write(
        Relation,
        (
            Relation(
                from_item_id=first + one, to_item_id=first + other, type_id=runs, group=group, min_up=least
            )
            for (one, other), (group, least) in pairs.items()
        ),
    )
