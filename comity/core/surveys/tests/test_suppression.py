"""Nobody is given away: the examples of docs/calculations/survey-suppression.md, and attacks on random tables."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from itertools import combinations
from random import Random
from time import process_time
from unittest import TestCase, mock

from hypothesis import given, settings
from hypothesis import strategies as st

from comity.core.surveys import span
from comity.core.surveys.scales import RATING
from comity.core.surveys.suppression import Breakdowns, Cell, Crossing, Suppression, hidden_cells, suppress
from comity.core.surveys.tallies import Tally
from comity.core.surveys.tests import attacks
from comity.core.surveys.weighting import one_vote_each

ALL = Cell("all", ())
FRANKLIN = Breakdowns(
    ("partner", "kind", "size"),
    {"all": (), "kind": ("kind",), "size": ("size",), "partner": ("partner",)},
)
REVENUE, PARKS = ("Revenue", "agency", "large"), ("Parks", "agency", "large")
ADAMS, BLOUNT, CLAY = ("Adams", "county", "large"), ("Blount", "county", "small"), ("Clay", "county", "large")
ANSWERED: dict[Crossing, int] = {REVENUE: 9, PARKS: 7, ADAMS: 6, BLOUNT: 5, CLAY: 3}


def partner(name: str) -> Cell:
    return Cell("partner", (name,))


def people_in(
    cells: Mapping[Cell, frozenset[Crossing]], answered: Mapping[Crossing, int]
) -> dict[object, attacks.People]:
    """Each cell's people one by one."""
    return {
        cell: frozenset((crossing, index) for crossing in held for index in range(answered[crossing]))
        for cell, held in cells.items()
    }


def shown_people(
    breakdowns: Breakdowns, answered: Mapping[Crossing, int], found: Suppression
) -> dict[object, attacks.People]:
    cells = breakdowns.cells(crossing for crossing, count in answered.items() if count)
    return {cell: people for cell, people in people_in(cells, answered).items() if found.shows(Cell(*cell))}  # type: ignore[misc]


def everyone(answered: Mapping[Crossing, int]) -> attacks.People:
    return frozenset((crossing, index) for crossing, count in answered.items() for index in range(count))


class WorkedByHand(TestCase):
    """Five partners of two kinds; k is 5."""

    def test_hiding_only_the_small_cell_would_leak_in_one_table(self) -> None:
        tables = Breakdowns(("partner", "kind"), {"all": (), "kind": ("kind",), "partner": ("partner",)})
        answered: dict[Crossing, int] = {crossing[:2]: count for crossing, count in ANSWERED.items()}
        shown = people_in(tables.cells(answered), answered)
        del shown[partner("Clay")]
        self.assertEqual(
            attacks.siblings_that_tell(shown, [[partner(name) for name in ("Adams", "Blount")]], 5),
            [(Cell("kind", ("county",)), [partner("Adams"), partner("Blount")])],
        )
        found = suppress(tables, answered)
        self.assertEqual(found.hidden, {partner("Clay"): "few", partner("Blount"): "subtraction"})
        self.assertTrue(found.shows(Cell("kind", ("county",))))

    def test_a_leak_across_four_tables_that_no_pair_of_them_shows(self) -> None:
        shown = people_in(FRANKLIN.cells(ANSWERED), ANSWERED)
        for cell in (partner("Clay"), partner("Blount"), Cell("size", ("small",))):
            del shown[cell]
        self.assertEqual(attacks.pairs_that_tell(shown, 5), [])
        clay = frozenset((CLAY, index) for index in range(3))
        self.assertIn(clay, attacks.groups_that_follow(shown, everyone(ANSWERED), 5))
        found = suppress(FRANKLIN, ANSWERED)
        self.assertEqual(found.hidden[partner("Clay")], "few")
        self.assertEqual(
            attacks.groups_that_follow(shown_people(FRANKLIN, ANSWERED, found), everyone(ANSWERED), 5), []
        )

    def test_what_is_hidden_in_the_example(self) -> None:
        found = suppress(FRANKLIN, ANSWERED)
        self.assertEqual(
            found.hidden,
            {partner("Clay"): "few", partner("Adams"): "subtraction"},
        )


class WeightedMeans(TestCase):
    """Why only shown partners may stand in a weighted mean."""

    def test_one_vote_each_over_hidden_partners_too_would_give_one_away(self) -> None:
        clay, adams = Tally(RATING, (1, 1, 1, 0, 0)), Tally(RATING, (0, 0, 0, 3, 3))
        shown = {"Revenue": Tally(RATING, (0, 0, 3, 3, 3)), "Parks": Tally(RATING, (0, 1, 1, 1, 4))}
        everything = one_vote_each({**shown, "Clay": clay, "Adams": adams}).mean
        # What a reader has: the shown partners, the total, the weighted mean, and how many are hidden.
        total = (clay + adams).mean
        assert everything is not None
        assert total is not None
        both_sums = total * 9
        both_means = everything * 4 - sum(tally.mean or 0 for tally in shown.values())
        self.assertAlmostEqual((6 * both_means - both_sums) / 3, clay.mean or 0)

    def test_over_the_shown_partners_it_says_nothing_new(self) -> None:
        found = suppress(FRANKLIN, ANSWERED)
        self.assertEqual(
            [cell.group for cell in sorted(found.sizes) if cell.table == "partner" and found.shows(cell)],
            [("Blount",), ("Parks",), ("Revenue",)],
        )


class Cases(TestCase):
    """One thing at a time."""

    kinds = Breakdowns(("kind",), {"all": (), "kind": ("kind",)})

    def test_nothing_is_hidden_where_nothing_is_small(self) -> None:
        self.assertEqual(suppress(self.kinds, {("a",): 5, ("b",): 8}).hidden, {})

    def test_nobody_answered_and_there_is_nothing_to_hide(self) -> None:
        self.assertEqual(suppress(self.kinds, {}), Suppression(5, {}, {}))

    def test_five_are_the_fewest_unless_the_office_asks_for_more(self) -> None:
        answered: dict[Crossing, int] = {("a",): 5, ("b",): 8}
        self.assertEqual(suppress(self.kinds, answered).k, 5)
        found = suppress(self.kinds, answered, k=6)
        self.assertEqual((found.k, found.sizes[ALL]), (6, 13))
        self.assertEqual(found.hidden[Cell("kind", ("a",))], "few")

    def test_too_few_altogether_shows_nothing(self) -> None:
        found = suppress(self.kinds, {("a",): 2, ("b",): 2})
        self.assertEqual(set(found.hidden.values()), {"few"})
        self.assertFalse(found.shows(ALL))

    def test_one_small_group_beside_one_large_hides_both_and_keeps_the_total(self) -> None:
        found = suppress(self.kinds, {("a",): 3, ("b",): 40})
        self.assertEqual(found.hidden, {Cell("kind", ("a",)): "few", Cell("kind", ("b",)): "subtraction"})
        self.assertTrue(found.shows(ALL))

    def test_the_total_goes_where_it_is_hardly_more_than_a_group(self) -> None:
        found = suppress(self.kinds, {("a",): 3, ("b",): 2, ("c",): 20})
        self.assertTrue(found.shows(ALL))
        self.assertTrue(found.shows(Cell("kind", ("c",))))

    def test_a_group_in_which_nobody_answered_gives_nobody_away(self) -> None:
        found = suppress(self.kinds, {("a",): 0, ("b",): 8})
        self.assertEqual(found.hidden, {})
        self.assertFalse(found.shows(Cell("kind", ("a",))))

    def test_answers_all_alike_are_hidden_and_cannot_be_subtracted_out(self) -> None:
        b = Cell("kind", ("b",))
        found = suppress(self.kinds, {("a",): 9, ("b",): 8, ("c",): 12}, all_same={b})
        self.assertEqual(found.hidden, {b: "all_same", Cell("kind", ("a",)): "subtraction"})

    def test_a_cell_that_is_the_same_people_under_another_name_goes_with_it(self) -> None:
        tables = Breakdowns(("partner", "kind"), {"kind": ("kind",), "partner": ("partner",)})
        found = suppress(tables, {("Court", "court"): 4, ("Parks", "agency"): 9})
        self.assertEqual(set(found.hidden), {Cell("kind", ("court",)), partner("Court")})

    def test_k_of_one_hides_nothing(self) -> None:
        found = suppress(self.kinds, {("a",): 1, ("b",): 1}, k=1)
        self.assertEqual(found.hidden, {})
        self.assertTrue(found.shows(Cell("kind", ("a",))))

    def test_a_body_with_all_below_it_is_looked_at_too(self) -> None:
        cells = {
            Cell("with all below", ("Health",)): frozenset({("Health",), ("Nursing",), ("Labs",)}),
            Cell("partner", ("Health",)): frozenset({("Health",)}),
            Cell("partner", ("Nursing",)): frozenset({("Nursing",)}),
            Cell("partner", ("Labs",)): frozenset({("Labs",)}),
        }
        found = hidden_cells(cells, {("Health",): 20, ("Nursing",): 3, ("Labs",): 7})
        self.assertEqual(found, {partner("Nursing"): "few", partner("Labs"): "subtraction"})

    def test_nonsense_is_refused(self) -> None:
        for count, k in ((1, 0), (-1, 5)):
            with self.assertRaisesRegex(ValueError, "^Neither k below 1 nor a count below zero"):
                suppress(self.kinds, {("a",): count}, k=k)
        with self.assertRaisesRegex(ValueError, "^A crossing has one value for each dimension"):
            suppress(self.kinds, {("a", "b"): 1})
        with self.assertRaisesRegex(ValueError, r"^The table 'tier' has no dimension \['tier'\]"):
            Breakdowns(("kind",), {"tier": ("kind", "tier")})


values = st.sampled_from("abc")
small_waves = st.dictionaries(st.tuples(values, values, st.sampled_from("xy")), st.integers(0, 7), max_size=9)
table_sets = st.lists(
    st.sampled_from(
        [(), ("one",), ("two",), ("three",), ("one", "two"), ("two", "three"), ("one", "two", "three")]
    ),
    min_size=1,
    unique=True,
).map(
    lambda shown: Breakdowns(("one", "two", "three"), {" and ".join(("all", *each)): each for each in shown})
)


class Attacks(TestCase):
    """Whatever the tables and whoever answered: the attacker finds nothing."""

    @settings(max_examples=300)
    @given(table_sets, small_waves, st.integers(2, 5))
    def test_no_sum_of_shown_cells_is_a_small_group(
        self, tables: Breakdowns, answered: dict[Crossing, int], k: int
    ) -> None:
        found = suppress(tables, answered, k=k)
        shown = shown_people(tables, answered, found)
        self.assertEqual(attacks.small_cells(shown, k), [])
        self.assertEqual(attacks.pairs_that_tell(shown, k), [])
        by_table = [[cell for cell in found.sizes if cell.table == table] for table in tables.tables]
        self.assertEqual(attacks.siblings_that_tell(shown, by_table, k), [])
        self.assertEqual(attacks.groups_that_follow(shown, everyone(answered), k), [])

    @settings(max_examples=300)
    @given(
        st.lists(st.integers(1, 4), min_size=1, max_size=8),
        st.lists(st.integers(1, 255), max_size=9),
        st.integers(2, 6),
    )
    def test_cells_that_overlap_in_any_way_give_nobody_away(
        self, sizes: list[int], overlaps: list[int], k: int
    ) -> None:
        answered: dict[Crossing, int] = {(str(place),): size for place, size in enumerate(sizes)}
        cells = {
            Cell("any", (str(number),)): held
            for number, bits in enumerate(overlaps)
            if (held := frozenset((str(place),) for place in range(len(sizes)) if bits >> place & 1))
        }
        found = hidden_cells(cells, answered, k=k)
        shown = people_in({cell: held for cell, held in cells.items() if cell not in found}, answered)
        self.assertEqual(attacks.small_cells(shown, k), [])
        self.assertEqual(attacks.groups_that_follow(shown, everyone(answered), k), [])

    @settings(max_examples=100)
    @given(table_sets, small_waves, st.integers(0, 40))
    def test_answers_all_alike_do_not_follow(
        self, tables: Breakdowns, answered: dict[Crossing, int], choice: int
    ) -> None:
        cells = tables.cells(crossing for crossing, count in answered.items() if count)
        if not cells:
            return
        cell = sorted(cells)[choice % len(cells)]
        found = suppress(tables, answered, k=3, all_same={cell})
        shown = shown_people(tables, answered, found)
        self.assertNotIn(cell, shown)
        people = people_in(cells, answered)
        self.assertFalse(attacks.can_follow(people[cell], shown, everyone(answered)))

    @settings(max_examples=100)
    @given(table_sets, small_waves, st.integers(2, 5))
    def test_nothing_is_hidden_without_a_reason(
        self, tables: Breakdowns, answered: dict[Crossing, int], k: int
    ) -> None:
        found = suppress(tables, answered, k=k)
        if not any(0 < size < k for size in found.sizes.values()):
            cells = tables.cells(crossing for crossing, count in answered.items() if count)
            leaks = attacks.groups_that_follow(people_in(cells, answered), everyone(answered), k)
            self.assertEqual(bool(found.hidden), bool(leaks))
        for cell, reason in found.hidden.items():
            self.assertEqual(reason == "few", found.sizes[cell] < k)

    @given(small_waves, st.randoms(use_true_random=False))
    def test_the_order_of_the_answers_does_not_matter(
        self, answered: dict[Crossing, int], random: object
    ) -> None:
        tables = Breakdowns(
            ("one", "two", "three"), {"all": (), "one": ("one",), "two": ("two",), "3": ("three",)}
        )
        backwards = dict(reversed(answered.items()))
        self.assertEqual(suppress(tables, answered).hidden, suppress(tables, backwards).hidden)

    def test_another_run_of_the_program_hides_the_same(self) -> None:
        code = (
            "from comity.core.surveys.tests.test_suppression import wave_of_partners, PARTNERS;"
            "from comity.core.surveys.suppression import suppress;"
            "print(sorted(suppress(PARTNERS, wave_of_partners(60)).hidden.items()))"
        )
        runs = {
            subprocess.run(
                [sys.executable, "-c", code],
                env={**os.environ, "PYTHONHASHSEED": seed},
                capture_output=True,
                check=True,
            ).stdout
            for seed in ("1", "2", "3")
        }
        self.assertEqual(len(runs), 1)


KINDS = ("agency", "agency", "agency", "board", "county", "court")
POSITIONS = ("head", "IT lead", "finance lead", "other")
PARTNERS = Breakdowns(
    ("partner", "kind", "tier", "size", "position"),
    {
        "all": (),
        "kind": ("kind",),
        "tier": ("tier",),
        "size": ("size",),
        "position": ("position",),
        "partner": ("partner",),
    },
)


def wave_of_partners(count: int, seed: int = 1) -> dict[Crossing, int]:
    """So many partners of four kinds, three tiers and three sizes; a few people answer in each, in four positions."""
    chance = Random(seed)
    found: Counter[Crossing] = Counter()
    for number in range(count):
        about = (f"P{number:04}", chance.choice(KINDS), chance.choice(("often", "yearly", "rarely")))
        size = chance.choice(("small", "middle", "large"))
        for _ in range(chance.choice((1, 2, 4, 6, 8, 15))):
            found[(*about, size, chance.choices(POSITIONS, (1, 4, 3, 8))[0])] += 1
    return dict(found)


class AsLargeAsReal(TestCase):
    """Forty to a thousand partners, five crossing tables: solved in full."""

    def test_sixty_partners_against_the_attacks_that_can_be_tried(self) -> None:
        answered = wave_of_partners(60)
        for k in (5, 10):
            found = suppress(PARTNERS, answered, k=k)
            shown = shown_people(PARTNERS, answered, found)
            self.assertEqual(attacks.small_cells(shown, k), [])
            self.assertEqual(attacks.pairs_that_tell(shown, k), [])
            self.assertTrue(found.shows(ALL))
            self.assertGreater(len(shown), 10)

    def test_tables_that_cross_in_every_way_are_attacked_in_vain(self) -> None:
        crossed = {
            f"{one} and {other}": (one, other) for one, other in combinations(PARTNERS.dimensions[1:], 2)
        }
        tables = Breakdowns(PARTNERS.dimensions, {**PARTNERS.tables, **crossed})
        for seed in range(4):
            answered = wave_of_partners(7, seed)
            found = suppress(tables, answered)
            shown = shown_people(tables, answered, found)
            self.assertEqual(attacks.groups_that_follow(shown, everyone(answered), 5), [])

    def test_a_search_that_gives_up_shows_less_and_never_more(self) -> None:
        answered = wave_of_partners(7)
        in_full = suppress(PARTNERS, answered)
        with mock.patch.object(span, "MOST_STEPS", 0):
            found = suppress(PARTNERS, answered)
        self.assertGreaterEqual(
            set(found.hidden), {cell for cell, why in in_full.hidden.items() if why == "few"}
        )
        self.assertGreaterEqual(len(found.hidden), len(in_full.hidden))
        shown = shown_people(PARTNERS, answered, found)
        self.assertEqual(attacks.groups_that_follow(shown, everyone(answered), 5), [])

    def test_a_thousand_partners_are_looked_at_in_seconds(self) -> None:
        answered = wave_of_partners(1_000)
        began = process_time()
        found = suppress(PARTNERS, answered)
        self.assertLess(process_time() - began, 5)
        self.assertTrue(all(found.shows(cell) for cell in found.sizes if cell.table != "partner"))
