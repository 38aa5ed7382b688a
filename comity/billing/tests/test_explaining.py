"""Why a bill changed, in words and to the cent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from django.test import SimpleTestCase
from hypothesis import given
from hypothesis import strategies as st

from comity.billing.models import Bill, Line
from comity.billing.services.explaining import Explained, explained
from comity.billing.tests.made import JULY, OCTOBER, SEPTEMBER, BillsTestCase, flat
from comity.core.billing.plans import plan_of, rate
from comity.rates.models import RateVersion
from comity.services.models import Offering, Service

AUGUST = date(2026, 8, 1)


def used(of: RateVersion, quantity: int, **facts: Any) -> dict[str, Any]:
    """A line of so many units at a rate."""
    rated = rate(plan_of(of.plan), {"": Fraction(quantity)})
    parts = [
        {"units": str(part.units), "price": str(part.price), "cents": str(part.amount)}
        for part in rated.parts
    ]
    line = {"offering": of.offering, "rate": of, "quantity": quantity, "cents": rated.cents, "parts": parts}
    return {**line, **facts}


class WhyItChanged(BillsTestCase):
    """Parks uses scans, and perhaps storage, of which there are two kinds."""

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.twenty = cls.rate(cls.scans, flat("20"))
        cls.disk = cls.rate(cls.offering("Disk", "DSK", "gb-month", service="Storage"), flat("0.10"))
        cls.tape = cls.rate(cls.offering("Tape", "TAP", "gb-month", service="Storage"), flat("0.02"))

    twenty: RateVersion
    disk: RateVersion
    tape: RateVersion

    def told(self, before: Sequence[dict[str, Any]] | None, after: Sequence[dict[str, Any]]) -> Explained:
        if before is not None:
            self.bill(self.parks, SEPTEMBER, *before)
        made = self.bill(self.parks, OCTOBER, *after)
        return explained(Bill.objects.select_related("run__period", "partner").get(pk=made.pk), self.ben)

    def test_twice_as_many_scans_at_the_same_rate_is_volume(self) -> None:
        told = self.told([used(self.twenty, 206)], [used(self.twenty, 412)])
        self.assertEqual(
            told.sentence,
            "$8,240.00 for October 2026, $4,120.00 more than September, mostly because more of Security was used.",
        )
        self.assertEqual(
            [(each.label, each.cents, each.sentence) for each in told.causes],
            [("Volume", 4120_00, "More of Security was used (+$4,120.00).")],
        )

    def test_a_new_rate_is_told_from_more_use(self) -> None:
        before = [used(self.twenty, 100)]
        dearer = self.rate(self.scans, flat("22"), OCTOBER)
        told = self.told(before, [used(dearer, 110)])
        self.assertEqual(
            [(each.label, each.cents) for each in told.causes], [("Price", 220_00), ("Volume", 200_00)]
        )
        self.assertIn("$420.00 more than September, mostly because the rate of Security rose", told.sentence)

    def test_what_is_new_gone_late_and_corrected_is_named(self) -> None:
        late = used(self.twenty, 3, kind=Line.Kind.LATE, month=AUGUST)
        credit = {"offering": self.scans, "kind": Line.Kind.ADJUSTMENT, "month": AUGUST, "cents": -500}
        told = self.told(
            [used(self.twenty, 5), used(self.disk, 100)],
            [used(self.twenty, 5), used(self.tape, 50), late, credit],
        )
        self.assertEqual(
            [each.sentence for each in told.causes],
            [
                "Storage (Tape) is new (+$1.00).",
                "Storage (Disk) is no longer on the bill (−$10.00).",
                "More late usage of Security came in (+$60.00).",
                "Corrections of earlier bills take off more for Security (−$5.00).",
            ],
        )
        self.assertEqual(sum(each.cents for each in told.causes), told.change)

    def test_of_many_offerings_the_largest_are_named(self) -> None:
        others = [
            self.rate(self.offering(f"Tool {n}", f"T{n}", "hour", service=f"Tool {n}"), flat("1"))
            for n in range(4)
        ]
        told = self.told([], [used(one, n + 1) for n, one in enumerate(others)])
        self.assertEqual(
            told.causes[0].sentence, "Tool 3 is new (+$4.00); Tool 2 is new (+$3.00); and 2 more (+$3.00)."
        )

    def test_the_first_bill_an_empty_one_and_a_credit_say_so(self) -> None:
        self.assertEqual(self.told(None, [used(self.twenty, 1)]).sentence, "$20.00 for October 2026.")
        empty = self.bill(self.roads, OCTOBER)
        self.assertEqual(explained(empty, self.flo).sentence, "Nothing to pay for October 2026.")
        credit = {"offering": self.scans, "kind": Line.Kind.ADJUSTMENT, "month": AUGUST, "cents": -500}
        owed = self.bill(self.trails, OCTOBER, credit)
        self.assertEqual(explained(owed, self.ben).sentence, "A credit of $5.00 for October 2026.")

    def test_the_same_total_is_the_same(self) -> None:
        told = self.told([used(self.disk, 100)], [used(self.disk, 100)])
        self.assertEqual(told.sentence, "$10.00 for October 2026, the same as September.")
        self.assertEqual(told.causes, [])

    def test_a_partner_is_not_told_of_a_draft_and_the_office_is(self) -> None:
        self.bill(self.parks, SEPTEMBER, used(self.twenty, 1), issued=False)
        made = self.bill(self.parks, OCTOBER, used(self.twenty, 2))
        self.assertIsNone(explained(made, self.ben).before)
        self.assertIsNotNone(explained(made, self.olu).before)

    def test_a_share_changes_by_the_own_figure_and_by_what_a_unit_costs(self) -> None:
        desk = self.offering("Help desk", "HLP", "fte", service="Help desk")
        shared = self.rate(desk, None, JULY, basis="shared", annual_cents=12_000_00, driver="fte")
        before = {"offering": desk, "rate": shared, "kind": Line.Kind.SHARE, "quantity": 10, "cents": 100_00}
        told = self.told([before], [{**before, "quantity": 12, "cents": 130_00}])
        self.assertEqual(
            [(each.label, each.cents) for each in told.causes], [("Price", 10_00), ("Volume", 20_00)]
        )


class EachCentHasACause(SimpleTestCase):
    rates = [
        RateVersion(
            pk=key,
            plan=flat(price),
            offering=Offering(pk=key, name=price, service=Service(pk=key, name=price)),
        )
        for key, price in enumerate(("20", "0.1", "0.02"), 1)
    ]

    @given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 500), st.integers(0, 500)), max_size=6))
    def test_the_causes_always_add_up_to_the_change(self, drawn: list[tuple[int, int, int]]) -> None:
        before = [self.line(kind, old) for kind, old, _new in drawn]
        after = [self.line(kind, new) for kind, _old, new in drawn if new]
        later, earlier = (Bill(total_cents=sum(line.cents for line in lines)) for lines in (after, before))
        told = Explained(later, after, earlier, before)
        self.assertEqual(sum(each.cents for each in told.causes), told.change)

    def line(self, kind: int, quantity: int) -> Line:
        late = kind == len(self.rates)
        return Line(**used(self.rates[kind % 3], quantity, kind=Line.Kind.LATE if late else Line.Kind.USAGE))
