"""Random answers for the laws of the figures."""

from __future__ import annotations

from hypothesis import strategies as st

from comity.core.surveys.scales import EFFORT, RATING, RECOMMENDATION, Scale
from comity.core.surveys.tallies import PairTally, Tally

number_scales = st.sampled_from([RATING, RECOMMENDATION, EFFORT])


def tallies_on(scale: Scale, most: int = 60) -> st.SearchStrategy[Tally]:
    counts = st.lists(st.integers(0, most), min_size=len(scale.values), max_size=len(scale.values))
    return st.builds(
        lambda found, na, skipped: Tally(scale, tuple(found), na, skipped),
        counts,
        st.integers(0, 9),
        st.integers(0, 9),
    )


tallies = number_scales.flatmap(tallies_on)
ratings = tallies_on(RATING)
rating_pairs = st.dictionaries(
    st.tuples(st.sampled_from(RATING.values), st.sampled_from(RATING.values)), st.integers(0, 40), max_size=12
).map(lambda counts: PairTally(RATING, counts))


def spread_out(tally: Tally) -> list[int]:
    """The answers one by one, as a library wants them."""
    return [value for value, count in tally.items() for _ in range(count)]
