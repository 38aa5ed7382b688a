"""Which rate holds on which day, for whom; and which part of a year's amount a month bills."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from unittest import TestCase as PlainTestCase

from hypothesis import given
from hypothesis import strategies as st

from comity.core.billing.plans import Plan, Shape, Tier, plain, plan_of
from comity.office.services import fiscal_year
from comity.rates.models import RateVersion
from comity.rates.services import prices
from comity.rates.services.prices import class_of
from comity.rates.tests.made import JULY, RatesTestCase
from comity.services.models import CustomerClass

TIERED = Plan(
    Shape.GRADUATED, (Tier(Decimal(100), Decimal("4.50")), Tier(None, Decimal("3.125"))), minimum=500
)
numbers = st.decimals("0.0001", "99999", places=4)
ends = st.lists(numbers, max_size=3, unique=True).map(sorted)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Any plan there may be."""
    shape = draw(st.sampled_from(Shape))
    tiered = shape in {Shape.GRADUATED, Shape.VOLUME}
    bounds: list[Decimal | None] = [*(draw(ends) if tiered else []), None]
    return Plan(
        shape,
        tuple(Tier(end, draw(st.decimals(0, 9999, places=6))) for end in bounds),
        package=draw(numbers) if shape == Shape.PACKAGE else None,
        step=draw(st.none() | numbers),
        account_cap=None if tiered else draw(st.none() | st.integers(0, 10**9)),
        minimum=draw(st.none() | st.integers(0, 10**6)),
        maximum=draw(st.none() | st.integers(10**6, 10**9)),
    )


class Plans(PlainTestCase):
    @given(plans())
    def test_a_plan_comes_back_as_it_was_kept(self, plan: Plan) -> None:
        self.assertEqual(plan_of(plain(plan)), plan)

    def test_it_is_kept_in_as_few_words_as_it_has(self) -> None:
        tiers = [{"up_to": "100", "price": "4.5"}, {"up_to": None, "price": "3.125"}]
        self.assertEqual(plain(TIERED), {"shape": "graduated", "tiers": tiers, "minimum": 500})


class Tables(RatesTestCase):
    def spans(self, month: date = JULY) -> list[tuple[Any, ...]]:
        names = ("customer_class", "version", "starts_on", "ends_on")
        return [tuple(row[name] for name in names) for row in prices.tables(month)[0]]

    def test_a_rate_that_changes_within_a_month_holds_on_each_day_once(self) -> None:
        old = self.approved("4", ends_on=date(2026, 7, 14))
        new = self.approved("5", date(2026, 7, 15))
        self.assertEqual(
            self.spans(),
            [(0, old.pk, JULY, date(2026, 7, 14)), (0, new.pk, date(2026, 7, 15), date(2026, 7, 31))],
        )

    def test_a_class_has_its_own_rate_while_it_holds_and_else_the_general_one(self) -> None:
        small = self.small()
        general = self.approved("4")
        own = self.approved("3", JULY, customer_class=small, ends_on=date(2026, 7, 20))
        last = date(2026, 7, 31)
        self.assertEqual(
            self.spans(),
            [
                (0, general.pk, JULY, last),
                (small.pk, own.pk, JULY, date(2026, 7, 20)),
                (small.pk, general.pk, date(2026, 7, 21), last),
            ],
        )

    def test_what_is_only_proposed_shared_or_of_another_time_is_no_price(self) -> None:
        self.approved("4", ends_on=date(2026, 6, 30))
        self.approved("4", date(2026, 8, 1))
        self.approved(1200, offering=self.offering("Share", "SHR"))
        RateVersion.objects.create(
            offering=self.offering("Disk", "DSK"),
            plan=plain(Plan.flat("1")),
            starts_on=JULY,
            why="New",
            proposed_by=self.finn,
        )
        self.assertEqual(prices.tables(JULY), ([], []))

    def test_tiers_say_above_what_and_up_to_what_they_hold(self) -> None:
        held = self.approved(TIERED)
        (price,), tiers = prices.tables(JULY)
        self.assertEqual((price["shape"], price["minimum"], price["step"]), ("graduated", 500, None))
        self.assertEqual(
            [tuple(tier.values()) for tier in tiers],
            [
                (held.pk, 0, Decimal(0), Decimal(100), Decimal("4.5")),
                (held.pk, 1, Decimal(100), None, Decimal("3.125")),
            ],
        )

    def test_it_asks_as_often_whatever_there_are(self) -> None:
        for number in range(20):
            self.approved("4", offering=self.offering(f"Disk {number}", f"D-{number}"))
        with self.assertQueries(2):
            self.assertEqual(len(self.spans()), 20)


class Instalments(RatesTestCase):
    def test_a_year_is_billed_in_twelve_parts_that_add_up(self) -> None:
        version, billed = self.approved(100_003), dict[date, int]()
        for month in fiscal_year(JULY).months_from(JULY):
            billed[month] = prices.instalment(version, month, billed)
        self.assertEqual((len(billed), sum(billed.values())), (12, 100_003))
        self.assertEqual({*billed.values()}, {8333, 8334})

    def test_another_amount_in_mid_year_is_made_up_by_the_months_that_are_left(self) -> None:
        billed = dict.fromkeys(fiscal_year(JULY).months_from(JULY)[:5], 10000)
        version = self.approved(120_000 + 7_000, date(2026, 12, 1))
        self.assertEqual(prices.instalment(version, date(2026, 12, 1), billed), 11_000)

    def test_of_two_amounts_in_a_month_the_one_at_its_end_is_billed(self) -> None:
        self.approved(1200, ends_on=date(2026, 6, 30))
        later = self.approved(2400, JULY)
        self.assertEqual(prices.shared(JULY + timedelta(days=9)), [later])


class Classes(RatesTestCase):
    def test_a_partner_is_in_the_first_that_fits_or_names_it(self) -> None:
        small = self.small()
        local = CustomerClass.objects.create(name="Local", order=1, kinds=["county", "city"])
        named = CustomerClass.objects.create(name="Pilot", order=3)
        named.partners.add(self.parks)
        type(self.roads).objects.filter(pk=self.roads.pk).update(kind="county", headcount=12)
        type(self.trails).objects.filter(pk=self.trails.pk).update(headcount=50)
        everybody = type(self.parks).objects.order_by("pk")
        self.assertEqual(
            class_of(everybody), {self.parks.pk: named.pk, self.roads.pk: local.pk, self.trails.pk: small.pk}
        )

    def test_one_of_unknown_size_is_in_no_class_of_small_ones(self) -> None:
        self.small()
        self.assertEqual(class_of([self.parks]), {self.parks.pk: 0})
