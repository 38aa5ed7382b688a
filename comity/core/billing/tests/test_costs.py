"""Overhead passed on: every step adds up to the cent."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from comity.core.billing.costs import Allocation, Flow, Spread, reciprocal, step_down
from comity.core.billing.money import AllocationError

DIRECT = {"building": 60_000_00, "service desk": 90_000_00, "desktops": 400_000_00, "hosting": 300_000_00}
DRIVERS = {
    "building": {
        "service desk": Decimal(200),
        "desktops": Decimal(300),
        "hosting": Decimal(500),
    },  # square feet
    "service desk": {"building": Decimal(10), "desktops": Decimal(70), "hosting": Decimal(20)},  # tickets
}
CENTERS, SERVICES = ("A", "B", "C"), ("x", "y")


@st.composite
def worlds(draw: st.DrawFn) -> tuple[dict[str, int], dict[str, dict[str, Decimal]]]:
    """Three centers that may serve each other, and each serves a service."""
    everyone = CENTERS + SERVICES
    direct = {name: draw(st.integers(-(10**6), 10**9)) for name in everyone}
    drivers = {
        center: {name: Decimal(draw(st.integers(0, 50))) for name in everyone}
        | {"y": Decimal(draw(st.integers(1, 9)))}
        for center in CENTERS
    }
    return direct, drivers


def flowed(allocation: Allocation, name: str) -> tuple[int, int]:
    """Cents into a center and out of it."""
    into, out = allocation.into(name), allocation.out_of(name)
    return sum(flow.cents for flow in into), sum(flow.cents for flow in out)


class StepDown(TestCase):
    def test_the_worked_table(self) -> None:
        allocation = step_down(DIRECT, ["building", "service desk"], DRIVERS)
        self.assertEqual(
            allocation.flows,
            (
                Flow("building", "service desk", 12_000_00),
                Flow("building", "desktops", 18_000_00),
                Flow("building", "hosting", 30_000_00),
                # 102,000 by 70 and 20 tickets: the building was passed on and gets none.
                Flow("service desk", "desktops", 79_333_33),
                Flow("service desk", "hosting", 22_666_67),
            ),
        )
        self.assertEqual(allocation.result, {"desktops": 497_333_33, "hosting": 352_666_67})

    def test_a_flow_says_where_it_is_from_and_what_part_it_is(self) -> None:
        allocation = step_down(DIRECT, ["building", "service desk"], DRIVERS)
        first, *_others, last = allocation.into("hosting")
        self.assertEqual((first.source, last.source), ("building", "service desk"))
        self.assertEqual(allocation.part(first, DRIVERS), (500, 1000))
        self.assertEqual(allocation.part(last, DRIVERS), (20, 90))  # of those who still took some
        self.assertEqual(allocation.behind("desktops"), {"building", "service desk"})
        self.assertEqual(allocation.behind("service desk"), {"building"})
        self.assertEqual([flow.target for flow in allocation.out_of("service desk")], ["desktops", "hosting"])

    @given(worlds())
    def test_no_cent_is_lost_and_what_came_in_went_out(
        self, world: tuple[dict[str, int], dict[str, dict[str, Decimal]]]
    ) -> None:
        direct, drivers = world
        allocation = step_down(direct, CENTERS, drivers)
        self.assertEqual(sum(allocation.result.values()), sum(direct.values()))
        for center in CENTERS:
            into, out = flowed(allocation, center)
            self.assertEqual(direct[center] + into, out)

    def test_a_center_that_serves_nobody_left_is_named(self) -> None:
        with self.assertRaisesRegex(AllocationError, "service desk cannot be passed on"):
            step_down(
                DIRECT, ["building", "service desk"], {**DRIVERS, "service desk": {"building": Decimal(1)}}
            )

    def test_a_center_that_costs_nothing_needs_no_driver(self) -> None:
        self.assertEqual(step_down({"A": 0, "x": 5}, ["A"], {}).result, {"x": 5})

    def test_a_center_of_which_no_cost_is_known_passes_nothing_on(self) -> None:
        allocation = step_down({"x": 5}, ["A"], {"A": {"x": Decimal(1)}})
        self.assertEqual((allocation.flows, allocation.result), ((), {"x": 5}))


class Reciprocal(TestCase):
    def test_the_worked_table(self) -> None:
        """building = 60,000 + 0.1 desk; desk = 90,000 + 0.2 building: 70,408.16 and 104,081.63."""
        allocation = reciprocal(DIRECT, ["building", "service desk"], DRIVERS)
        self.assertEqual(flowed(allocation, "building")[1], 70_408_16)
        self.assertEqual(flowed(allocation, "service desk")[1], 104_081_63)
        # 400,000 + 0.3 × 70,408.163 + 0.7 × 104,081.633, and 300,000 + 0.5 × 70,408.163 + 0.2 × 104,081.633
        self.assertEqual(allocation.result, {"desktops": 493_979_59, "hosting": 356_020_41})

    @given(worlds())
    def test_no_cent_is_lost_and_what_came_in_went_out(
        self, world: tuple[dict[str, int], dict[str, dict[str, Decimal]]]
    ) -> None:
        direct, drivers = world
        allocation = reciprocal(direct, CENTERS, drivers)
        self.assertEqual(sum(allocation.result.values()), sum(direct.values()))
        for center in CENTERS:
            into, out = flowed(allocation, center)
            self.assertEqual(direct[center] + into, out)

    @given(worlds())
    def test_a_center_costs_its_own_and_its_part_of_the_others(
        self, world: tuple[dict[str, int], dict[str, dict[str, Decimal]]]
    ) -> None:
        direct, drivers = world
        allocation = reciprocal(direct, CENTERS, drivers)
        out = {center: flowed(allocation, center)[1] for center in CENTERS}
        for center in CENTERS:
            full = Fraction(direct[center])
            for other in CENTERS:
                whole = sum(weight for name, weight in drivers[other].items() if name != other)
                if other != center:
                    full += out[other] * Fraction(drivers[other][center]) / Fraction(whole)
            self.assertLessEqual(abs(full - out[center]), len(CENTERS) * 2)

    def test_centers_that_serve_only_each_other_are_named(self) -> None:
        with self.assertRaisesRegex(AllocationError, "A, B costs never reaches a service"):
            reciprocal({"A": 1, "B": 1, "x": 1}, ["A", "B"], {"A": {"B": Decimal(1)}, "B": {"A": Decimal(1)}})

    def test_a_center_of_which_no_cost_is_known_passes_on_what_it_is_passed(self) -> None:
        drivers = {"A": {"B": Decimal(1), "x": Decimal(1)}, "B": {"x": Decimal(1)}}
        allocation = reciprocal({"A": 100}, ["A", "B"], drivers)
        self.assertEqual(flowed(allocation, "B"), (50, 50))
        self.assertEqual(allocation.result, {"x": 100})

    def test_a_share_below_zero_is_refused(self) -> None:
        with self.assertRaises(AllocationError) as refused:
            reciprocal({"A": 1}, ["A"], {"A": {"x": Decimal(2), "y": Decimal(-1)}})
        self.assertEqual(str(refused.exception), "“A” cannot be passed on: the driver of “y” is below zero.")

    def test_a_center_whose_costs_reach_services_through_another(self) -> None:
        drivers = {"A": {"B": Decimal(1)}, "B": {"A": Decimal(1), "x": Decimal(2)}}
        self.assertEqual(reciprocal({"A": 100, "B": 50, "x": 7}, ["A", "B"], drivers).result, {"x": 157})


class ToOfferings(TestCase):
    def test_offerings_share_what_their_service_costs_to_the_cent(self) -> None:
        one, two, none = Decimal(1), Decimal(2), Decimal(0)
        parts = {"hosting": {"LRG": two, "SRV": one}, "phones": {"TEL": none}}
        spread = Spread(
            (), {"hosting": 100_01, "desktops": 5_00, "phones": 1, "idle": 0}, {"a": 7, "b": 8}, parts
        )
        self.assertEqual(spread.of_offerings, {"LRG": 66_67, "SRV": 33_34})
        self.assertEqual((spread.unrecovered, spread.total), ([("desktops", 5_00)], 15))
