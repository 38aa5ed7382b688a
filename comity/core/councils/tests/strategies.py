"""Random votes for the laws."""

from __future__ import annotations

from fractions import Fraction
from typing import TypeVar

from hypothesis import strategies as st

from comity.core.councils.ballots import Approval, Judgement, Ranking

T = TypeVar("T")
ITEMS = ("a", "b", "c", "d", "e", "f")
SEATS = [f"seat {number}" for number in range(1, 9)]
PARTNERS = ("Archives", "Museum", "Parks", "Roads")
partners = st.sampled_from(PARTNERS)
weights = st.fixed_dictionaries({partner: st.integers(1, 50) for partner in PARTNERS})
factors = st.fractions(Fraction(1, 9), 9).filter(bool)
backed = st.lists(st.sampled_from(ITEMS), unique=True).map(tuple)


@st.composite
def rankings_of(draw: st.DrawFn) -> tuple[tuple[str, ...], ...]:
    """Some of the items in groups."""
    items = draw(st.permutations(ITEMS))
    cuts = sorted(draw(st.lists(st.integers(0, len(items)), min_size=1, max_size=4, unique=True)))
    return tuple(tuple(items[begin:end]) for begin, end in zip([0, *cuts], cuts, strict=False) if begin < end)


def seated(said: st.SearchStrategy[T]) -> st.SearchStrategy[list[tuple[str, str, T]]]:
    """What some seats said, each once: seat, partner, and that."""
    each = st.lists(st.tuples(partners, said), min_size=1, max_size=len(SEATS))
    return each.map(lambda found: [(seat, *more) for seat, more in zip(SEATS, found, strict=False)])


approvals = seated(backed).map(lambda found: [Approval(*each) for each in found])
rankings = seated(rankings_of()).map(lambda found: [Ranking(*each) for each in found])
pairs = st.tuples(st.sampled_from(SEATS), st.sampled_from(ITEMS), st.sampled_from(ITEMS)).filter(
    lambda found: found[1] != found[2]
)
judgements = st.lists(
    pairs, min_size=1, max_size=30, unique_by=lambda found: (found[0], frozenset(found[1:]))
).map(
    lambda found: [
        Judgement(seat, PARTNERS[SEATS.index(seat) % len(PARTNERS)], better, worse)
        for seat, better, worse in found
    ]
)
costs = st.fixed_dictionaries({item: st.integers(1, 60) for item in ITEMS})
budgets = st.integers(20, 150)
# Amounts need not be whole.
parts = st.sampled_from([1, 2, 3])
