"""What if: what every partner's bills would change by, and that nothing is touched by asking."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from comity.audit.models import Entry
from comity.core.billing.plans import Plan, Shape, Tier, plain
from comity.core.errors import DomainError
from comity.rates.models import CostModel, Forecast, Step
from comity.rates.periods import Quantities
from comity.rates.services import what_if
from comity.rates.services.costs import FORECASTS
from comity.rates.services.what_if import effects_of
from comity.rates.tests.test_costs import CostsTestCase
from comity.testing.declaring import declaring

FIRST, LAST = date(2025, 7, 1), date(2026, 6, 30)
PAGE = 19  # queries


class EffectsTestCase(CostsTestCase):
    """Parks had 100 servers in each of two months and Roads 50; one costs $10.00 today and $352.67 by the costs."""

    forecast_of: Forecast
    copied: CostModel

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.approved("10")
        cls.forecast(cls.server, "1000")
        cls.copied = what_if.copy(cls.year, name="As it is", by=cls.finn)
        cls.forecast_of = cls.copied.forecasts.get()

    @contextmanager
    def billed(self, *more: tuple[int, int, date, Decimal]) -> Iterator[None]:
        months = (date(2025, 7, 1), date(2025, 8, 1))
        used = [
            (partner.pk, self.server.pk, month, Decimal(units))
            for partner, units in ((self.parks, 100), (self.roads, 50))
            for month in months
        ]
        with declaring(Quantities(lambda _first, _last: [*used, *more])):
            yield

    def changes(self) -> dict[str, tuple[int, int]]:
        found = effects_of(self.copied, FIRST, LAST).partners
        named = {self.parks.pk: "parks", self.roads.pk: "roads"}
        return {named[pk]: (change.before, change.after) for pk, change in found.items()}


class Effect(EffectsTestCase):
    def test_each_partner_pays_what_it_used_at_both_rates(self) -> None:
        with self.billed():
            self.assertEqual(self.changes(), {"parks": (2_000_00, 70_533_33), "roads": (1_000_00, 35_266_67)})

    def test_a_plan_is_tried_month_by_month(self) -> None:
        tiers = (Tier(Decimal(60), Decimal(10)), Tier(None, Decimal(5)))
        FORECASTS.mend(self.forecast_of, {"plan": plain(Plan(Shape.GRADUATED, tiers))}, by=self.finn)
        with self.billed():
            self.assertEqual(self.changes(), {"parks": (2_000_00, 1_600_00), "roads": (1_000_00, 1_000_00)})

    def test_a_class_with_a_rate_of_its_own_keeps_it(self) -> None:
        small = self.small()
        small.partners.add(self.roads)
        self.approved("4", customer_class=small)
        with self.billed():
            self.assertEqual(self.changes()["roads"], (400_00, 400_00))

    def test_a_years_amount_is_split_anew(self) -> None:
        line = self.offering("Line", "NET", funding="allocated")
        self.approved(900_00, offering=line)
        row = {
            "model": self.copied,
            "offering": line,
            "units": 12,
            "weight": 0,
            "carry_forward_cents": 1_800_00,
        }
        Forecast.objects.create(**row)
        figures = [
            (partner.pk, line.pk, FIRST, Decimal(figure))
            for partner, figure in ((self.parks, 20), (self.roads, 10))
        ]
        with self.billed(*figures):
            change = effects_of(self.copied, FIRST, LAST).offerings[line.pk]
            self.assertEqual((change.before, change.after), (900_00, 1_800_00))
            self.assertEqual(self.changes()["roads"], (1_300_00, 35_866_67))

    def test_what_has_no_rate_today_is_told_and_not_counted(self) -> None:
        disk = self.offering("Disk", "DSK")
        with self.billed((self.parks.pk, disk.pk, FIRST, Decimal(1))):
            found = effects_of(self.copied, FIRST, LAST)
        self.assertEqual((found.without, list(found.offerings)), ({disk.pk}, [self.server.pk]))

    def test_costs_that_go_nowhere_are_refused_with_their_sentence(self) -> None:
        Step.objects.filter(model=self.copied, pool=self.desk).delete()
        with self.billed(), self.assertRaisesMessage(DomainError, "“Service desk” go nowhere"):
            effects_of(self.copied, FIRST, LAST)


@pytest.mark.dated
class Page(EffectsTestCase):
    def at(self, name: str, row: Any) -> str:
        return reverse(f"rates:{name}", args=[row.pk])

    def test_it_says_what_all_and_each_would_pay_and_writes_nothing(self) -> None:
        entries = Entry.objects.count()
        with self.billed():
            page = self.reads(self.page(self.at("bills", self.copied), by=self.olu))
            answer: Any = self.client.get(self.at("bills", self.copied), {"format": "csv"})
            csv = b"".join(answer.streaming_content).decode()
            with self.assertQueries(PAGE):
                self.client.get(self.at("bills", self.copied))
        for words in (
            "Together they would pay $102,800.00 more.",
            "Server $3,000.00 $105,800.00 +$102,800.00",
            "Department of Parks $2,000.00 $70,533.33 +$68,533.33",
        ):
            self.assertIn(words, page)
        self.assertIn("Department of Parks,", csv)
        self.assertIn("2000.00,70533.33,68533.33", csv)
        self.assertEqual(Entry.objects.count(), entries)

    def test_without_bills_it_says_so(self) -> None:
        page = self.reads(self.page(self.at("bills", self.copied), by=self.olu, data={"of": "year"}))
        self.assertIn("Nothing was billed in these months.", page)
        self.assertIn("from Jul 1, 2025 to Jun 30, 2026", page)

    def test_another_plan_is_tried_and_dropped(self) -> None:
        url = self.at("try_plan", self.forecast_of)
        self.assertIn("One price for each unit", self.reads(self.page(url, by=self.finn)))
        url = f"{url}?pricing=graduated"
        self.page(url)
        tiers = {"tier-TOTAL_FORMS": "2", "tier-INITIAL_FORMS": "0", "tier-0-price": "4", "tier-1-price": "3"}
        self.post_refused(url, {**tiers, "tier-0-up_to": ""}, "Only the last tier has no end.")
        self.post(url, {**tiers, "tier-0-up_to": "200"})
        self.forecast_of.refresh_from_db()
        self.assertEqual(len(self.forecast_of.plan["tiers"]), 2)
        page = self.reads(self.page(self.forecast_of.get_absolute_url()))
        self.assertIn("$4.00 up to 200; $3.00 above 200", page)
        self.post(self.at("drop_plan", self.forecast_of), {})
        self.forecast_of.refresh_from_db()
        self.assertIsNone(self.forecast_of.plan)
        official = self.year.forecasts.get()
        self.page(self.at("try_plan", official), status=404)
