"""Orders by approval and by ranked ballots: the examples of docs/calculations/council-order.md, what is refused, and laws."""

from __future__ import annotations

import itertools
from fractions import Fraction
from random import Random
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from comity.core.councils.ballots import Approval, Judgement, Ranking, in_order, places, weighed
from comity.core.councils.orders import by_approval, by_rank
from comity.core.councils.tests.strategies import ITEMS, approvals, factors, rankings, weights
from comity.core.errors import DomainError

# Markus Schulze's own example, with the votes that ask for each order.
SCHULZE = {
    "ACBED": 5, "ADECB": 5, "BEDAC": 8, "CABED": 3, "CAEBD": 7, "CBADE": 2, "DCEBA": 7, "EBADC": 8,
}  # fmt: skip
ABOVE = {
    "A": {"B": 20, "C": 26, "D": 30, "E": 22},
    "B": {"A": 25, "C": 16, "D": 33, "E": 18},
    "C": {"A": 19, "B": 29, "D": 17, "E": 24},
    "D": {"A": 15, "B": 12, "C": 28, "E": 14},
    "E": {"A": 23, "B": 27, "C": 21, "D": 31},
}
STRENGTHS = {
    "A": {"B": 28, "C": 28, "D": 30, "E": 24},
    "B": {"A": 25, "C": 28, "D": 33, "E": 24},
    "C": {"A": 25, "B": 29, "D": 29, "E": 24},
    "D": {"A": 25, "B": 28, "C": 28, "E": 24},
    "E": {"A": 25, "B": 28, "C": 28, "D": 31},
}


def ranked(**orders: int) -> list[Ranking]:
    """So many ballots of each order; a letter is an item."""
    return [
        Ranking(f"{order} {number}", f"{order} {number}", tuple(tuple(item) for item in order))
        for order, times in orders.items()
        for number in range(times)
    ]


class SchulzesExample(TestCase):
    def setUp(self) -> None:
        self.found = by_rank("ABCDE", ranked(**SCHULZE))

    def test_how_often_each_stands_above_each(self) -> None:
        self.assertEqual(
            dict(self.found.above), {(one, two): n for one, row in ABOVE.items() for two, n in row.items()}
        )

    def test_the_strongest_paths(self) -> None:
        for one, row in STRENGTHS.items():
            for two, strength in row.items():
                self.assertEqual(self.found.strength(one, two), strength, (one, two))
        self.assertEqual(self.found.strongest["A", "B"], ("A", "D", "C", "B"))

    def test_the_order(self) -> None:
        self.assertEqual([each.item for each in self.found.standings], list("EACBD"))
        self.assertEqual([each.place for each in self.found.standings], [1, 2, 3, 4, 5])
        self.assertIsNone(self.found.beats_all, "C is put above E by 24 of 45")
        self.assertEqual(self.found.ties, ())

    def test_support_is_how_often_an_item_stands_above_another(self) -> None:
        support = {each.item: each.support for each in self.found.standings}
        self.assertEqual(support["E"], Fraction(23 + 27 + 21 + 31, 4 * 45))


class WorkedByHand(TestCase):
    def test_what_is_not_ranked_is_equal_and_last(self) -> None:
        found = by_rank("abc", ranked(a=1))
        self.assertEqual(
            [(each.item, each.place) for each in found.standings], [("a", 1), ("b", 2), ("c", 2)]
        )
        self.assertEqual(found.ties, (("b", "c"),))
        self.assertEqual((found.strength("a", "b"), found.strength("b", "a")), (1, 0))

    def test_equal_items_of_a_ballot_say_nothing_of_each_other(self) -> None:
        found = by_rank("ab", [Ranking("1", "Parks", (("a", "b"),)), Ranking("2", "Roads", (("b",), ("a",)))])
        self.assertEqual(found.above, {("a", "b"): 0, ("b", "a"): 1})

    def test_a_circle_of_equal_strength_is_a_tie_of_all(self) -> None:
        found = by_rank("abc", ranked(abc=1, bca=1, cab=1))
        self.assertEqual([each.place for each in found.standings], [1, 1, 1])
        self.assertEqual(len(found.ties), 3)

    def test_approval_counts_weight_and_names_who_backs(self) -> None:
        ballots = [
            Approval("1", "Parks", ("a", "b")),
            Approval("2", "Parks", ("b",)),
            Approval("3", "Roads", ("c",)),
            Approval("4", "Museum", ()),
        ]
        found = by_approval("abcd", ballots)
        self.assertEqual(
            [(each.item, each.place, each.support) for each in found.standings],
            [("b", 1, Fraction(1, 3)), ("c", 1, Fraction(1, 3)), ("a", 3, Fraction(1, 6)), ("d", 4, 0)],
        )
        self.assertEqual(found.backers["a"], {"Parks": Fraction(1, 2)})
        self.assertEqual(
            by_approval("abcd", ballots, {"Parks": 3, "Roads": 1}).standings[0].support, Fraction(3, 4)
        )

    def test_names_with_numbers_stand_as_people_expect(self) -> None:
        self.assertEqual(
            sorted(["item 10", "item 9", "10", "9"], key=in_order), ["9", "10", "item 9", "item 10"]
        )

    def test_after_a_shared_place_places_are_left_out(self) -> None:
        self.assertEqual(places({"a": 1, "b": 2, "c": 2}), {"b": 1, "c": 1, "a": 3})


class Refused(TestCase):
    def refusal(self, *ballots: Approval | Ranking | Judgement, **more: object) -> str:
        with self.assertRaises(DomainError) as refused:
            weighed("abc", ballots, **more)  # type: ignore[arg-type]
        return str(refused.exception)

    def test_each_with_a_sentence(self) -> None:
        one = Approval("Ann", "Parks", ("a",))
        self.assertEqual(self.refusal(), "There are no ballots to count.")
        self.assertEqual(self.refusal(one, weights={"Roads": 1}), "There are no ballots to count.")
        self.assertEqual(self.refusal(one, one), "“Ann” voted twice. A seat votes once.")
        self.assertEqual(
            self.refusal(Approval("Ann", "Parks", ("z",))), "“Ann” voted for “z”, which is not on the list."
        )
        self.assertEqual(self.refusal(Ranking("Ann", "Parks", (("a",), ("a",)))), "“Ann” names “a” twice.")
        self.assertEqual(
            self.refusal(Judgement("Ann", "Parks", "a", "b"), Judgement("Ann", "Parks", "b", "a")),
            "“Ann” voted twice. A seat votes once.",
        )
        self.assertEqual(self.refusal(Judgement("Ann", "Parks", "a", "a")), "“Ann” names “a” twice.")
        self.assertEqual(
            self.refusal(one, weights={"Parks": -1}), "A partner cannot weigh less than nothing."
        )


class Laws(TestCase):
    @given(approvals, rankings, weights, factors, st.randoms())
    def test_neither_the_order_of_ballots_nor_the_scale_of_weights_matters(
        self,
        some: list[Approval],
        others: list[Ranking],
        weighing: dict[str, int],
        factor: Fraction,
        chance: Random,
    ) -> None:
        scaled = {partner: weight * factor for partner, weight in weighing.items()}
        approved, ordered = by_approval(ITEMS, some, weighing), by_rank(ITEMS, others, weighing)
        chance.shuffle(some)
        chance.shuffle(others)
        self.assertEqual(by_approval(ITEMS, some, scaled).standings, approved.standings)
        again = by_rank(ITEMS[::-1], others, scaled)
        self.assertEqual((again.standings, again.ties), (ordered.standings, ordered.ties))

    @given(rankings, weights)
    def test_an_item_that_beats_each_other_one_is_first_alone(
        self, ballots: list[Ranking], weighing: dict[str, int]
    ) -> None:
        found = by_rank(ITEMS, ballots, weighing)
        for item in ITEMS:
            if all(found.above[item, other] > found.above[other, item] for other in ITEMS if other != item):
                self.assertEqual((found.standings[0].item, found.beats_all), (item, item))
                self.assertEqual([each.place for each in found.standings].count(1), 1)
                return
        self.assertIsNone(found.beats_all)

    @given(rankings)
    def test_turning_all_ballots_around_turns_the_order_around(self, ballots: list[Ranking]) -> None:
        whole = [
            Ranking(ballot.seat, ballot.partner, (*ballot.groups, rest) if rest else ballot.groups)
            for ballot in ballots
            for rest in [tuple(item for item in ITEMS if item not in ballot.items)]
        ]
        turned = [Ranking(ballot.seat, ballot.partner, ballot.groups[::-1]) for ballot in whole]
        found, back = by_rank(ITEMS, whole), by_rank(ITEMS, turned)
        self.assertEqual(found.ties, back.ties)
        support = {each.item: each.support for each in back.standings}
        self.assertTrue(all(each.support == 1 - support[each.item] for each in found.standings))

    @given(rankings)
    def test_a_path_is_as_strong_as_is_said_and_each_step_won(self, ballots: list[Ranking]) -> None:
        found = by_rank(ITEMS, ballots)
        for (first, second), path in found.strongest.items():
            self.assertEqual((path[0], path[-1]), (first, second))
            self.assertEqual(len(set(path)), len(path))
            for one, two in itertools.pairwise(path):
                self.assertGreater(found.above[one, two], found.above[two, one])

    @given(approvals)
    def test_a_partner_counts_once_however_many_seats_it_has(self, ballots: list[Approval]) -> None:
        total = sum(weight for _, weight in weighed(ITEMS, ballots))
        self.assertEqual(total, len({ballot.partner for ballot in ballots}))
