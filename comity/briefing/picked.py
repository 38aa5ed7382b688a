"""The follow-ups that a first page shows, whatever for: which they are is one question, what they say another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value

from comity.briefing.numbers import Reader, late_with_team_of, unowned_written_by, waiting_for
from comity.followups.models import FollowUp, FollowUpQuerySet
from comity.partners.models import Assignment, Position
from comity.people.models import User
from comity.prepared import prepared

SHOWN = 8  # of what waits for somebody
ROWS_OF_A_PILE = 5
SEEN_BEFORE = SHOWN + ROWS_OF_A_PILE  # so many of a pile may stand above it already
STEP = 8  # rows are asked for by so many at a time

Order = Callable[[date, datetime, datetime | None], Any]


def _by_due_day(due_on: date, _heard_at: datetime, _helped_at: datetime | None) -> date:
    return due_on


def _by_hearing(_due_on: date, heard_at: datetime, _helped_at: datetime | None) -> datetime:
    return heard_at


def _newest(_due_on: date, heard_at: datetime, helped_at: datetime | None) -> float:
    return -(helped_at or heard_at).timestamp()


# How many of each pile are shown, what comes first, and whether what stands above is left out.
PILES: dict[str, tuple[int, Order, bool]] = {
    "needs": (SHOWN, _by_due_day, False),
    "unowned": (ROWS_OF_A_PILE, _by_hearing, True),
    "late": (ROWS_OF_A_PILE, _by_due_day, True),
    "team": (ROWS_OF_A_PILE, _by_due_day, True),
    "written": (ROWS_OF_A_PILE, _by_hearing, True),
    "heard": (ROWS_OF_A_PILE, _newest, False),
}


@dataclass(frozen=True)
class Picked:
    """Rows with all that a page says of them, by what they are shown for."""

    keys: dict[str, list[int]]
    found: dict[int, FollowUp]

    def rows(self, pile: str) -> list[FollowUp]:
        return [self.found[key] for key in self.keys.get(pile, ()) if key in self.found]


def picked(user: User, today: date, since: datetime, *, of_own: bool) -> Picked:
    """What this person's first page shows; two queries.

    since   from when on something was heard lately
    of_own  only what was heard of partners this person looks after, or owns
    """
    found: dict[str, set[tuple[Any, int]]] = defaultdict(set)
    whole = Reader.of(user).whole
    for pile, pk, *moments in _keys(whole, of_own, user=user, today=today, since=since):
        found[pile].add((PILES[pile][1](*moments), pk))
    keys: dict[str, list[int]] = {}
    above: set[int] = set()
    for pile, (most, _order, once) in PILES.items():
        ordered = [pk for _moment, pk in sorted(found[pile]) if not once or pk not in above]
        keys[pile] = ordered[:most]
        above.update(keys[pile])
    return Picked(keys, rows_of(above, today))


@prepared
def _keys(whole: bool, of_own: bool, *, user: Any, today: Any, since: Any) -> QuerySet[Any, Any]:
    """The first of each pile, and some more where some may stand above already: pile, key, and what they are ordered by."""
    seen = FollowUp.objects.visible_to(user)
    heard = seen.standing()
    if of_own:
        own = Assignment.objects.on(today).filter(user=user, partner=OuterRef("partner"))
        heard = heard.filter(Exists(own) | Q(owner=user))
    more = ROWS_OF_A_PILE + SEEN_BEFORE
    piles = [
        _first("needs", waiting_for(user, today).order_by("due_on", "pk"), SHOWN),
        # Asked apart, so that each walks along its own index and stops.
        _first("heard", heard.filter(heard_at__gte=since).order_by("-heard_at", "-pk"), ROWS_OF_A_PILE),
        _first("heard", heard.filter(helped_at__gte=since).order_by("-helped_at", "-pk"), ROWS_OF_A_PILE),
    ]
    if whole:
        piles += [
            _first("unowned", seen.unowned().order_by("heard_at", "pk"), more),
            _first("late", seen.for_the_cio(today), more),
        ]
    else:
        team, written = late_with_team_of(user, today), unowned_written_by(user)
        piles += [
            _first("team", seen.filter(team).order_by("due_on", "pk"), more),
            _first("written", seen.filter(written).order_by("heard_at", "pk"), more),
        ]
    return piles[0].union(*piles[1:], all=True)


def _first(pile: str, rows: FollowUpQuerySet, most: int) -> QuerySet[Any, Any]:
    first = FollowUp.objects.filter(pk__in=rows.values("pk")[:most]).order_by()
    named = first.annotate(pile=Value(pile, output_field=CharField()))
    return named.values_list("pile", "pk", "due_on", "heard_at", "helped_at")


def rows_of(keys: Iterable[int], today: date) -> dict[int, FollowUp]:
    """Follow-ups by their keys, with all that a row of a page names, and `post`, what whoever said it is there."""
    keys = list(keys)
    size = -(-len(keys) // STEP) * STEP
    return {row.pk: row for row in _rows(size, keys=keys, today=today)} if keys else {}


@prepared
def _rows(size: int, *, keys: Any, today: Any) -> QuerySet[FollowUp]:
    there = Position.objects.current(today).filter(
        person=OuterRef("raised_by_person"), partner=OuterRef("partner")
    )
    post = there.order_by("-function", "-pk").values("title")[:1]
    rows = FollowUp.objects.filter(pk__in=[keys.at(place) for place in range(size)]).order_by()
    return rows.with_people().select_related("written_by").annotate(post=Subquery(post))
