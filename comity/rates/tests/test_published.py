"""The rates and rules that states have published, each entered as it stands and billed once (reference: chargeback, 4)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from comity.core.billing.money import split_cents
from comity.core.billing.plans import plan_of, rate
from comity.core.billing.rates import Rate
from comity.office.services import fiscal_year
from comity.partners.models import Partner
from comity.rates.lists import read as read_price
from comity.rates.models import DriverSnapshot, RateVersion
from comity.rates.services import prices, proposing
from comity.rates.services.prices import weights
from comity.rates.services.wording import price_words
from comity.rates.tests.made import RatesTestCase
from comity.services.models import Offering

Accounts = dict[str, str]
HOUR, DEVICE, MINUTE = "hour", "device-month", "minute"

# row, name, unit, from, price as published, used by account, cents of the line
PUBLISHED: tuple[tuple[int, str, str, str, str, Accounts, int], ...] = (
    (1, "NE Applications Developer", HOUR, "2014-07-01", "$64.25", {"": "10"}, 642_50),
    (2, "NE Developer/Senior", HOUR, "2014-07-01", "$75.25", {"": "7.5"}, 564_38),
    (3, "NE Developer/Lead", HOUR, "2014-07-01", "$87.25", {"": "0.5"}, 43_63),
    (4, "NE Developer co-located", HOUR, "2014-07-01", "$56.50", {"": "160"}, 9_040_00),
    (5, "NE Senior co-located", HOUR, "2014-07-01", "$67.25", {"": "160"}, 10_760_00),
    (6, "NE Lead co-located", HOUR, "2014-07-01", "$79.25", {"": "1.25"}, 99_06),
    (7, "NE Applications Developer", HOUR, "2015-07-01", "$66.00", {"": "10"}, 660_00),
    (8, "NE Developer/Senior", HOUR, "2015-07-01", "$77.00", {"": "7.5"}, 577_50),
    (9, "NE Developer/Lead", HOUR, "2015-07-01", "$89.50", {"": "0.5"}, 44_75),
    (10, "NE Developer co-located", HOUR, "2015-07-01", "$58.00", {"": "160"}, 9_280_00),
    (11, "NE Senior co-located", HOUR, "2015-07-01", "$69.00", {"": "160"}, 11_040_00),
    (12, "NE Lead co-located", HOUR, "2015-07-01", "$81.25", {"": "1.25"}, 101_56),
    (13, "MN Standard desktop bundle", DEVICE, "2017-07-01", "$58.30", {"": "120"}, 6_996_00),
    (14, "MN Standard laptop bundle", DEVICE, "2017-07-01", "$78.70", {"": "33"}, 2_597_10),
    (15, "UT Long distance", MINUTE, "2021-07-01", "$0.0602", {"a": "1000", "b": "234.5"}, 74_32),
    (16, "UT Cloud infrastructure add-on", HOUR, "2022-07-01", "$1.00", {"": "37.5"}, 37_50),
    (17, "UT Public cloud", "at-cost", "2020-07-01", "cost plus 25%", {"": "1000.10"}, 1_250_13),
    (17, "UT Public cloud", "at-cost", "2022-07-01", "at cost", {"": "1000.10"}, 1_000_10),
    (
        18,
        "ND EPMO large-project fee",
        "project-cost",
        "2019-07-01",
        "$2,500.00 for each started 500,000; at most $25,000.00 per account and month",
        {"roads": "6200000", "parks": "700000"},
        25_000_00 + 5_000_00,
    ),
    (
        18,
        "ND EPMO large-project fee",
        "project-cost",
        "2025-07-01",
        "$3,000.00 for each started 500,000",
        {"roads": "6200000", "parks": "700000"},
        39_000_00 + 6_000_00,
    ),
    (
        19,
        "VA Administrative surcharge",
        "percent-of-spend",
        "2014-07-01",
        "8.26% of spend",
        {"": "100000.55"},
        8_260_05,
    ),
    (
        19,
        "VA Administrative surcharge",
        "percent-of-spend",
        "2015-07-01",
        "7.91% of spend",
        {"": "100000.55"},
        7_910_04,
    ),
    (20, "WA WebEx 200-participant", "user-month", "2016-01-01", "$35.00", {"": "17"}, 595_00),
    # The rule is published, the price is ours.
    (
        21,
        "ND Staff time",
        HOUR,
        "2005-07-01",
        "$75.00; counted in steps of 0.1",
        {"a": "0.02", "b": "1.25"},
        105_00,
    ),
)


class EnteringTestCase(RatesTestCase):
    def enter(self, offering: Offering, words: str, starts_on: date) -> RateVersion:
        """Proposed and approved, as the form and the list do it."""
        facts = {**read_price(words), "offering": offering, "starts_on": starts_on, "why": "As published."}
        proposed = proposing.propose(facts, by=self.finn)
        return proposing.approve(proposed.pk, version=proposed.version, by=self.cora)


class Published(EnteringTestCase):
    def test_every_published_rate_is_entered_as_it_stands_and_bills_a_line(self) -> None:
        offerings: dict[str, Offering] = {}
        for row, name, unit, since, words, used, cents in PUBLISHED:
            with self.subTest(row=row, since=since):
                if name not in offerings:
                    offerings[name] = self.offering(name, f"ROW-{row}", unit)
                entered = self.enter(offerings[name], words, date.fromisoformat(since))
                self.assertEqual(price_words(entered), words)
                accounts = {account: Decimal(units) for account, units in used.items()}
                self.assertEqual(rate(plan_of(entered.plan), accounts).cents, cents)
                held = [each["version"] for each in prices.tables(date.fromisoformat(since))[0]]
                self.assertIn(entered.pk, held)
        self.assertEqual({row for row, *_rest in PUBLISHED}, set(range(1, 22)))
        followed = RateVersion.objects.get(
            offering=offerings["NE Developer/Lead"], starts_on=date(2014, 7, 1)
        )
        self.assertEqual(followed.ends_on, date(2015, 6, 30))


class Allocated(EnteringTestCase):
    """Rules without a price for a unit: a year's amount, split."""

    def figures(self, driver: str, as_of: date, amounts: dict[Partner, str]) -> DriverSnapshot:
        snapshot = DriverSnapshot.objects.create(driver=driver, as_of=as_of, source="Published")
        for partner, amount in amounts.items():
            snapshot.values.create(partner=partner, amount=Decimal(amount))
        return snapshot

    def shares(self, version: RateVersion, month: date, billed: dict[date, int]) -> dict[str, int]:
        """What a month bills each partner."""
        _snapshot, found = weights(version.driver, version.offering, month)
        cents = prices.instalment(version, month, billed)
        shares = split_cents(cents, {str(partner): weight for partner, weight in found.items()})
        self.assertEqual(sum(shares.values()), cents)
        return shares

    def test_row_22_colorado_divides_a_pool_by_the_forecast_and_budgets_by_requested_use(self) -> None:
        found = Rate(allocated=1_234_567_89, carry_forward=0, forecast=Decimal(45_000))
        self.assertEqual(found.price, Decimal("27.434842"))
        entered = self.enter(self.server, f"${found.price}", date(2021, 7, 1))
        self.assertEqual(rate(plan_of(entered.plan), {"": Decimal(1200)}).cents, 32_921_81)

    def test_rows_23_and_24_colorado_allocates_by_expense_of_the_newest_closed_year(self) -> None:
        for row, name, since, year in (
            (23, "CO Administrative Services", date(2022, 7, 1), "$1,200,000.00"),
            (24, "CO myColorado", date(2023, 7, 1), "$600,000.00"),
        ):
            with self.subTest(row):
                spent = {self.parks: "7000000.50", self.roads: "2000000.25", self.trails: "1000000.25"}
                self.figures("spend", since.replace(month=6, day=30), spent)
                entered = self.enter(
                    self.offering(name, f"CO-{row}", "instalment"), f"{year} a year, split by spend", since
                )
                part = 100_000_00 if row == 23 else 50_000_00
                shares = self.shares(entered, since, {})
                self.assertEqual([*shares.values()], [part * 7 // 10, part * 2 // 10, part // 10])

    def test_row_26_north_carolina_bills_what_was_approved_in_november_in_seven_parts(self) -> None:
        subscription = self.offering("NC Subscription", "NC-SUB", "instalment")
        self.figures("spend", date(2023, 6, 30), {self.parks: "3", self.roads: "1"})
        for since, months, cents in ((date(2023, 12, 1), 7, 700_003), (date(2024, 7, 1), 12, 1_200_000)):
            entered = self.enter(subscription, f"${cents / 100:,.2f} a year, split by spend", since)
            billed: dict[date, int] = {}
            for month in fiscal_year(since).months_from(since):
                billed[month] = sum(self.shares(entered, month, billed).values())
            self.assertEqual((len(billed), sum(billed.values())), (months, cents))
            self.assertLessEqual(max(billed.values()) - min(billed.values()), 1)

    def test_row_26_an_amount_approved_again_in_mid_year_is_made_up_by_what_is_left(self) -> None:
        subscription = self.offering("NC Subscription", "NC-SUB", "instalment")
        self.figures("spend", date(2023, 6, 30), {self.parks: "3", self.roads: "1"})
        first = self.enter(subscription, "$120,000.00 a year, split by spend", date(2023, 7, 1))
        billed: dict[date, int] = {}
        for month in fiscal_year(date(2023, 7, 1)).months_from(date(2023, 7, 1))[:5]:
            billed[month] = prices.instalment(first, month, billed)
        self.assertEqual(sum(billed.values()), 50_000_00)
        again = self.enter(subscription, "$127,000.00 a year, split by spend", date(2023, 12, 1))
        self.assertEqual(self.shares(again, date(2023, 12, 1), billed)[str(self.parks.pk)], 8_250_00)

    def test_row_28_washington_allocates_by_it_employees(self) -> None:
        offering = self.offering("WA OCIO allocation", "WA-OCIO", "instalment")
        self.figures("it-fte", date(2019, 6, 30), {self.parks: "12.5", self.roads: "37.5", self.trails: "0"})
        entered = self.enter(offering, "$1,200.01 a year, split by it full-time employees", date(2019, 7, 1))
        self.assertEqual([*self.shares(entered, date(2019, 7, 1), {}).values()], [25_00, 75_01])

    def test_row_29_nevada_assesses_all_and_charges_users_beside_it(self) -> None:
        assessed = self.offering("NV Assessment", "NV-ASM", "instalment")
        self.figures("fte", date(2023, 6, 30), {self.parks: "100", self.roads: "300"})
        all_of_them = self.enter(
            assessed, "$48,000.00 a year, split by full-time employees", date(2023, 7, 1)
        )
        used = self.enter(self.server, "$12.50", date(2023, 7, 1))
        shares = self.shares(all_of_them, date(2023, 7, 1), {})
        self.assertEqual([*shares.values()], [1_000_00, 3_000_00])
        self.assertEqual(rate(plan_of(used.plan), {"": Fraction(8)}).cents, 100_00)
        self.assertEqual([each.pk for each in prices.shared(date(2023, 7, 1))], [all_of_them.pk])
