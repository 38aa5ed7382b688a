"""An order from pairs: the example of docs/calculations/council-order.md, and laws."""

from __future__ import annotations

from fractions import Fraction
from math import exp, sqrt
from random import Random
from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st

from comity.core.councils import pairwise
from comity.core.councils.ballots import Judgement
from comity.core.councils.pairwise import PRIOR_VOTES, PRIOR_WINS, by_pairs
from comity.core.councils.tests.strategies import ITEMS, factors, judgements, weights


def judged(*pairs: str) -> list[Judgement]:
    """Each pair by a partner of its own; the first letter is the better item."""
    return [Judgement(str(number), str(number), *pair) for number, pair in enumerate(pairs)]


class WorkedByHand(TestCase):
    def test_three_wins_and_one_loss(self) -> None:
        first, new, second = by_pairs("abc", judged("ab", "ab", "ab", "ba"))
        self.assertEqual([first.item, new.item, second.item], ["a", "c", "b"])
        # a is as far above the average item as b is below it: 4 = 4 a² / (a² + 1) + 2 a / (a + 1), so a = 1.5214.
        a = 1.5214
        self.assertAlmostEqual(first.support, (a * a / (a * a + 1) + a / (a + 1)) / 2, 4)
        self.assertEqual((first.won, first.lost, first.votes), (3, 1, 4))
        self.assertEqual((second.won, second.lost, second.votes), (1, 3, 4))
        self.assertAlmostEqual(new.support, 0.5, 6)
        # Of the new item only the prior is known: two votes at even chances, 2 × ¼.
        self.assertAlmostEqual(
            new.low, sum(1 / (1 + other * exp(1.96 * sqrt(2))) for other in (a, 1 / a)) / 2, 4
        )
        self.assertLess(first.high - first.low, new.high - new.low)
        self.assertTrue(new.unsure)

    def test_how_sure_a_chance_is(self) -> None:
        """Of two items: each is known by the prior, by its votes, and by what those tell of the other."""
        first, second = by_pairs("ab", judged("ab", "ab", "ab", "ba"))
        a = 1.5214
        by_prior, by_votes = 2 * a / (a + 1) ** 2, 4 * a * (1 / a) / (a + 1 / a) ** 2
        deviation = sqrt((by_prior + by_votes) / ((by_prior + by_votes) ** 2 - by_votes**2))
        for found, own in ((first, a), (second, 1 / a)):
            for bound, way in ((found.low, -1), (found.high, 1)):
                moved = own * exp(way * 1.96 * deviation)
                self.assertAlmostEqual(bound, moved / (moved + 1 / own), 4)

    def test_an_item_that_was_never_beaten_has_a_finite_score(self) -> None:
        first = by_pairs("ab", judged(*["ab"] * 50))[0]
        self.assertTrue(0.9 < first.support < 1)
        self.assertFalse(first.unsure)

    def test_items_that_nothing_tells_apart_share_a_place(self) -> None:
        self.assertEqual([each.place for each in by_pairs("abcd", judged("ab", "bc", "ca"))], [1, 1, 1, 1])

    def test_seats_of_one_partner_share_its_weight_on_a_pair(self) -> None:
        two = [Judgement("1", "Parks", "a", "b"), Judgement("2", "Parks", "b", "a")]
        one = Judgement("3", "Roads", "a", "b")
        found = {each.item: each for each in by_pairs("ab", [*two, one])}
        self.assertEqual((found["a"].won, found["a"].lost), (Fraction(3, 2), Fraction(1, 2)))

    def test_from_ten_votes_on_a_place_can_be_told(self) -> None:
        self.assertEqual(
            [by_pairs("ab", judged(*["ab"] * votes))[0].unsure for votes in (9, 10)], [True, False]
        )


class Laws(TestCase):
    @settings(max_examples=50)
    @given(judgements, weights, factors, st.randoms())
    def test_neither_the_order_of_ballots_nor_the_scale_of_weights_matters(
        self, ballots: list[Judgement], weighing: dict[str, int], factor: Fraction, chance: Random
    ) -> None:
        found = by_pairs(ITEMS, ballots, weighing)
        chance.shuffle(ballots)
        scaled = {partner: weight * factor for partner, weight in weighing.items()}
        self.assertEqual(by_pairs(ITEMS[::-1], ballots, scaled), found)

    @settings(max_examples=50)
    @given(judgements)
    def test_each_item_wins_as_often_as_its_strength_says(self, ballots: list[Judgement]) -> None:
        """At the likeliest strengths, expected wins are the wins there were, the prior's among them."""
        met: dict[str, dict[str, Fraction]] = {item: {} for item in ITEMS}
        wins = dict.fromkeys(ITEMS, Fraction())
        for ballot in ballots:
            wins[ballot.better] += 1
            for one, other in (ballot.items, ballot.items[::-1]):
                met[one][other] = met[one].get(other, Fraction()) + 1
        strength = pairwise._strengths(wins, met)
        for item, own in strength.items():
            expected = PRIOR_VOTES * own / (own + 1)
            expected += sum(times * own / (own + strength[other]) for other, times in met[item].items())
            self.assertAlmostEqual(expected, float(wins[item]) + PRIOR_WINS, 6)

    @settings(max_examples=50)
    @given(judgements)
    def test_chances_are_chances_and_lie_in_their_intervals(self, ballots: list[Judgement]) -> None:
        for each in by_pairs(ITEMS, ballots):
            self.assertTrue(0 < each.low <= each.support <= each.high < 1)

    @settings(max_examples=50)
    @given(judgements)
    def test_one_more_win_never_lowers_an_item(self, ballots: list[Judgement]) -> None:
        before = {each.item: each.support for each in by_pairs(ITEMS, ballots)}
        more = [*ballots, Judgement("one more", "one more", "a", "b")]
        after = {each.item: each.support for each in by_pairs(ITEMS, more)}
        self.assertGreaterEqual(after["a"], before["a"])
