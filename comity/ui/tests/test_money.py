"""Amounts, prices and quantities in words."""

from __future__ import annotations

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.test import SimpleTestCase

from comity.ui.fields import DollarsField
from comity.ui.money import brief, money, price, quantity, signed, units


class Said(SimpleTestCase):
    def test_an_amount_has_its_cents_and_a_credit_a_minus_of_its_own(self) -> None:
        for cents, words in ((123_450, "$1,234.50"), (-5, "−$0.05"), (0, "$0.00"), (None, "")):
            self.assertEqual(money(cents), words)
        self.assertEqual([signed(each) for each in (1, 0, -1)], ["+$0.01", "$0.00", "−$0.01"])

    def test_a_price_has_as_many_decimals_as_it_needs_and_a_quantity_no_more(self) -> None:
        prices = {"58.300000": "$58.30", "0.060200": "$0.0602", "1000": "$1,000.00", "1.25": "$1.25"}
        for text, words in prices.items():
            self.assertEqual(price(Decimal(text)), words)
        for number, words in ((Decimal("12500.0000"), "12,500"), (Decimal("-0.2500"), "−0.25"), (7, "7")):
            self.assertEqual(quantity(number), words)

    def test_in_a_picture_an_amount_is_brief_and_what_is_exact_has_four_decimals(self) -> None:
        for cents, words in ((824_049, "$8,240"), (-50, "−$1"), (1_234_567_89, "$1.23M"), (0, "$0")):
            self.assertEqual(brief(cents), words)
        self.assertEqual((brief(100, sign=True), brief(0, sign=True)), ("+$1", "$0"))
        self.assertEqual((units("12.5"), units("1/3")), ("12.5", "0.3333"))


class Typed(SimpleTestCase):
    def test_what_is_shown_is_read_again_as_the_same(self) -> None:
        field = DollarsField(min_value=None)
        for cents in (0, 5, -150, 123_450, -9_007_199_254_740_993):
            self.assertEqual(field.clean(field.prepare_value(cents)), cents)
        self.assertEqual(field.clean("$1,234.5"), 123_450)

    def test_parts_of_a_cent_and_what_is_below_zero_are_refused(self) -> None:
        for typed in ("1.005", "-1", "a dollar"):
            with self.assertRaises(ValidationError):
                DollarsField().clean(typed)
