"""Results by size band, and what is backed in every band."""

from __future__ import annotations

from unittest import TestCase

from comity.core.councils.ballots import Approval, Judgement
from comity.core.councils.bands import backed_in_every_band, by_band
from comity.core.councils.orders import by_approval
from comity.core.councils.pairwise import by_pairs

BANDS = {"small": ["Archives", "Museum"], "medium": ["Parks"], "large": ["Roads", "Health"]}


class Bands(TestCase):
    def said(self, **backed: str) -> list[Approval]:
        return [Approval(partner, partner, tuple(items)) for partner, items in backed.items()]

    def test_backed_by_half_of_each_band_that_voted(self) -> None:
        ballots = self.said(Archives="ab", Museum="b", Roads="abc", Health="ac")
        found = by_band(lambda said: by_approval("abcd", said).standings, ballots, BANDS)
        self.assertEqual(list(found), ["small", "large"], "nobody of the medium band voted")
        self.assertEqual(
            backed_in_every_band(found), ("a", "b"), "c has nobody in the small band, and d nobody"
        )

    def test_where_one_band_voted_nothing_is_backed_in_every_band(self) -> None:
        found = by_band(lambda said: by_approval("ab", said).standings, self.said(Parks="a"), BANDS)
        self.assertEqual(backed_in_every_band(found), ())

    def test_pairs_are_counted_by_band_too(self) -> None:
        ballots = [
            Judgement(partner, partner, *pair) for partner, pair in (("Archives", "ab"), ("Roads", "ab"))
        ]
        found = by_band(lambda said: by_pairs("ab", said), ballots, BANDS)
        self.assertEqual(backed_in_every_band(found), ("a",))
