"""The figures of docs/duplicates.md: what is found among real names, and at what cost."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from unittest import TestCase, mock

from comity.core.places import STATES
from comity.partners.duplicates import likeness, measuring
from comity.partners.duplicates.measuring import ASIDE, TUNING, labelled, measured, slips_found
from comity.partners.duplicates.similarity import BodyFacts, likely_bodies


class Figures(TestCase):
    """Of the half set aside."""

    def test_nine_of_ten_are_found_and_nine_of_ten_found_are_right(self) -> None:
        figures = measured(ASIDE)
        self.assertGreaterEqual(figures.recall, 0.9)
        self.assertGreaterEqual(figures.precision, 0.9)

    def test_nine_of_ten_slips_in_long_names_are_found(self) -> None:
        found, tried = slips_found(400)
        self.assertEqual(tried, 400)
        self.assertGreaterEqual(found, 360)

    def test_the_set_is_large_mixed_and_says_whence(self) -> None:
        halves = [list(labelled(half)) for half in (ASIDE, TUNING)]
        self.assertGreaterEqual(min(map(len, halves)), 100)
        for half in halves:
            same = Counter(pair.same for pair in half)
            self.assertGreater(same[True], 80)
            self.assertGreater(same[False], 80)
        with Path(measuring.__file__).with_name("pairs.csv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                self.assertTrue(row["source"], row)

    def test_the_command_prints_them(self) -> None:
        with mock.patch("builtins.print") as printed:
            measuring.main([])
        said = "\n".join(str(call.args[0]) for call in printed.call_args_list)
        for word in ("Half aside", "recall", "precision", "slips"):
            self.assertIn(word, said)


class Cost(TestCase):
    """It grows with the number of partners, not with its square."""

    def compared(self, number: int) -> int:
        tasks = ("Library", "Police", "Fire District", "Water Authority", "Schools")
        bodies = [
            BodyFacts(
                pk,
                f"{STATES[pk % 50].name} {tasks[pk % 5]} {pk}",
                place=f"Place {chr(65 + pk % 26)}{chr(65 + pk // 26 % 26)}",
            )
            for pk in range(number)
        ]
        with mock.patch.object(likeness, "compare", wraps=likeness.compare) as compare:
            likely_bodies(bodies, "", "")
        return compare.call_count

    def test_twice_the_partners_are_about_twice_the_work(self) -> None:
        small, large = self.compared(500), self.compared(1_000)
        self.assertLess(large, 3 * small + 1_000)
        self.assertLess(large, 30 * 1_000)
