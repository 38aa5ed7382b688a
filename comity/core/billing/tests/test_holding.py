"""Whose price holds, and what usage would come to at everybody's."""

from __future__ import annotations

from unittest import TestCase

from comity.core.billing.holding import Key, full_cents

GENERAL, CLASS, LATER = 1, 2, 3  # versions of a price


class AtEverybodysPrices(TestCase):
    def test_it_is_said_where_a_class_has_prices_of_its_own(self) -> None:
        own: dict[Key, int] = {(7, 1, CLASS): 80, (8, 1, GENERAL): 100, (8, 2, CLASS): 5}
        everybodys: dict[Key, int] = {(7, 1, GENERAL): 100, (8, 1, GENERAL): 100}
        self.assertEqual(full_cents(own, everybodys), {(7, 1, CLASS): 100})

    def test_the_first_of_several_lines_stands_for_all_of_them(self) -> None:
        own: dict[Key, int] = {(7, 1, CLASS): 80, (7, 1, LATER): 30}
        self.assertEqual(full_cents(own, {(7, 1, GENERAL): 150}), {(7, 1, CLASS): 120})
        self.assertEqual(full_cents(own, {(7, 1, GENERAL): 60, (7, 1, LATER): 90}), {(7, 1, CLASS): 120})
