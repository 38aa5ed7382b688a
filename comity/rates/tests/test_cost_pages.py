"""The pages of a year's costs: kept by those who price, read by the office, closed to partners."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from comity.imports.models import Import
from comity.rates.models import CostModel, CostPool, Forecast, LedgerLine, Step
from comity.rates.services import derivation
from comity.rates.services.allocation import reckon
from comity.rates.tests.test_costs import CostsTestCase

YEARS, COSTS, LINES, FORECASTS, FORECAST = 5, 12, 8, 12, 11  # queries


def at(name: str, *rows: Any) -> str:
    return reverse(f"rates:{name}", args=[row.pk for row in rows])


class Read(CostsTestCase):
    def test_a_year_says_what_it_costs_how_that_is_passed_on_and_that_it_adds_up(self) -> None:
        page = self.reads(self.page(at("costs", self.year), by=self.olu))
        for words in (
            "FY 2027 costs $850,000.00, and all of it reaches a service.",
            "Desktops takes 59% of $850,000",
            "Its own $90,000.00 and $12,000.00 passed on to it: $102,000.00",
            "Building 10 $0.00 Desktops 70 $79,333.33 Hosting 20 $22,666.67 Passed on $102,000.00",
            "Desktops no forecast $400,000.00 $97,333.33 $497,333.33",
            "All $700,000.00 $150,000.00 $850,000.00",
        ):
            self.assertIn(words, page)
        self.assertNotIn("Add a step", page)

    def test_what_goes_nowhere_is_the_first_thing_one_reads(self) -> None:
        Step.objects.filter(pool=self.desk).delete()
        page = self.reads(self.page(at("costs", self.year), by=self.olu))
        self.assertIn("$102,000.00 of “Service desk” go nowhere.", page)

    def test_actual_costs_are_one_click_away(self) -> None:
        self.line("9", self.desk, 7_00, basis="actual", service=self.hosting)
        page = self.reads(self.page(at("costs", self.year), by=self.olu, data={"basis": "actual"}))
        self.assertIn("FY 2027 costs $7.00", page)

    def test_a_rate_can_be_followed_down_to_the_lines(self) -> None:
        large = self.offering("Large server", "LRG")
        forecast = self.forecast(self.server, "10000", weight=Decimal(1), carry_forward_cents=-111_11)
        self.forecast(large, "10", weight=Decimal(2))
        forecast.market_price, forecast.market_source = Decimal("12.50"), "Two vendors, May"
        forecast.save()
        answer = self.page(forecast.get_absolute_url(), by=self.olu)
        page = self.reads(answer)
        for words in (
            "Server has to cost $11.74",
            "Building Fixed share, 500 of 1,000; $60,000.00 in all $30,000.00",
            "Cost of the service $352,666.67",
            "This offering’s share of it 1 of 3 parts $117,555.56",
            "Carried forward from closed years −$111.11",
            "If use is 10% below the forecast, $11,744.44 stay unrecovered",
            "Others ask $12.50. Ours is $0.755555 less.",
            "Service desk, from Building Fixed share, 200 of 1,000; $60,000.00 in all $12,000.00",
        ):
            self.assertIn(words, page)
        lines = f"{at('lines', self.year)}?basis=budget&amp;allowable=1&amp;service={self.hosting.pk}"
        self.assertContains(answer, f"{lines}&amp;pool={self.desk.pk}")
        shown = self.page(at("lines", self.year), data={"service": self.hosting.pk, "allowable": "1"})
        self.assertEqual([row.amount_cents for row in shown.context["table"].page], [300_000_00])

    def test_a_rate_that_was_approved_says_what_has_changed_since(self) -> None:
        forecast = self.forecast(self.server, "10000")
        self.approved("35.27", model=self.year, derivation=derivation.of(forecast))
        self.assertNotIn("have changed", self.reads(self.page(forecast.get_absolute_url(), by=self.olu)))
        self.line("5", self.desk, 100_00, service=self.hosting)
        page = self.reads(self.page(forecast.get_absolute_url()))
        self.assertIn("Cost of the service: $352,666.67 → $352,766.67", page)

    def test_it_leads_to_a_proposal_with_all_that_is_known(self) -> None:
        forecast = self.forecast(self.server, "20000")
        shared = self.forecast(self.offering("Line", "NET", funding="allocated"), "10", weight=Decimal(3))
        found = self.page(forecast.get_absolute_url(), by=self.finn).context["propose"]
        form = self.page(found).context["form"]
        said = {name: str(form[name].value()) for name in ("offering", "model", "price", "starts_on")}
        known = {"offering": str(self.server.pk), "model": str(self.year.pk), "price": "4.408334"}
        self.assertEqual(said, {**known, "starts_on": "2026-07-01"})
        found = self.page(shared.get_absolute_url()).context["propose"]
        self.assertEqual(self.page(found).context["form"]["annual_cents"].value(), "264500.00")

    def test_a_rate_shows_the_costs_it_was_approved_with(self) -> None:
        forecast = self.forecast(self.server, "10000")
        rate = self.approved("35.27", model=self.year, derivation=derivation.of(forecast))
        self.line("5", self.desk, 100_00, service=self.hosting)
        page = self.reads(self.page(rate.get_absolute_url(), by=self.olu))
        self.assertIn("Cost of the service $352,666.67", page)
        self.assertIn("Rate: $35.266667 → $35.276667", page)

    def test_as_many_queries_whatever_there_is(self) -> None:
        for number in range(30):
            self.line(f"x{number}", self.desk, 100, service=self.hosting)
            self.forecast(self.offering(f"Server {number}", f"S{number}"), "5")
        forecast = Forecast.objects.latest("pk")
        self.client.force_login(self.olu)
        for url, queries in (
            (at("years"), YEARS),
            (at("costs", self.year), COSTS),
            (at("lines", self.year), LINES),
            (at("forecasts", self.year), FORECASTS),
            (forecast.get_absolute_url(), FORECAST),
        ):
            with self.subTest(url), self.assertQueries(queries):
                self.client.get(url)

    def test_partners_and_those_who_only_read_cannot_change_anything(self) -> None:
        self.page(at("costs", self.year), by=self.ben, status=403)
        for name in ("edit_year", "copy", "add_line", "add_step", "add_forecast"):
            self.page(at(name, self.year), by=self.olu, status=403)
        said = {"basis": "budget", "reference": "J-1", "object_code": "6100", "pool": self.desk.pk}
        answer = self.client.post(at("add_line", self.year), {**said, "amount_cents": "1"})
        self.assertEqual(answer.status_code, 403)
        self.assertFalse(LedgerLine.objects.filter(reference="J-1").exists())


class Kept(CostsTestCase):
    def test_a_year_begins_and_its_method_is_changed(self) -> None:
        self.page(at("add_year"), by=self.finn)
        self.post(at("add_year"), {"fiscal_year": "2028", "method": "step-down"})
        year = CostModel.objects.get(fiscal_year=2028)
        self.post(at("edit_year", year), {"method": "reciprocal", **self.seen(at("edit_year", year))})
        year.refresh_from_db()
        self.assertEqual((year.method, year.made_by), ("reciprocal", self.finn))
        self.post_refused(at("add_year"), {"fiscal_year": "2028", "method": "step-down"}, "is here already")

    def test_a_step_is_kept_with_its_weights_and_saved_again_it_is_the_same(self) -> None:
        phones = self.pool("Phones")
        said = {"pool": phones.pk, "driver": "headcount", "order": "3", "source": "HR, July 1"}
        weights = {f"service_{self.hosting.pk}": "1,200", f"service_{self.desktops.pk}": "0.5"}
        self.page(at("add_step", self.year), by=self.finn)
        self.post(at("add_step", self.year), {**said, **weights})
        step = Step.objects.get(pool=phones)
        url = at("edit_step", step)
        self.post(url, {**said, **weights, **self.seen(url)})
        step.refresh_from_db()
        self.assertEqual(step.version, 1)
        self.post(url, {**said, f"pool_{self.desk.pk}": "3", **self.seen(url)})
        self.assertEqual([(one.to_pool, one.weight) for one in step.shares.all()], [(self.desk, Decimal(3))])
        self.post(at("remove_step", step), {})
        self.assertFalse(Step.objects.filter(pool=phones).exists())

    def test_a_line_and_a_pool_are_kept(self) -> None:
        said = {"basis": "budget", "reference": "J-1", "object_code": "6100", "pool": self.desk.pk}
        self.post(at("add_line", self.year), {**said, "amount_cents": "-1,200.50"}, by=self.finn)
        line = LedgerLine.objects.get(reference="J-1")
        self.assertEqual(line.amount_cents, -120_050)
        url = at("edit_line", line)
        self.post(url, {**said, "amount_cents": "10", "unallowable": "on", **self.seen(url)})
        line.refresh_from_db()
        self.assertEqual((line.amount_cents, line.unallowable), (1_000, True))
        self.post(at("remove_line", line), {})
        self.post(at("add_pool"), {"name": "Audit", "group": "Other", "order": "5"})
        audit = CostPool.objects.get(name="Audit")
        self.post(
            at("edit_pool", audit), {"name": "Audits", "order": "5", **self.seen(at("edit_pool", audit))}
        )
        self.post(at("remove_pool", audit), {})
        self.post_refused(at("remove_pool", self.desk), {}, "“Service desk” is still in use")

    def test_a_forecast_is_kept_and_no_units_are_refused_beside_the_field(self) -> None:
        said = {"offering": self.server.pk, "units": "20,000", "weight": "1", "carry_forward_cents": "0"}
        url = at("add_forecast", self.year)
        self.post_refused(url, {**said, "units": "0"}, "more than zero units", by=self.finn)
        self.post(url, said)
        forecast = Forecast.objects.get()
        self.assertEqual(forecast.units, 20_000)
        url = at("edit_forecast", forecast)
        self.post(url, {**said, "units": "25000", "market_price": "9.999999", **self.seen(url)})
        forecast.refresh_from_db()
        self.assertEqual((forecast.units, forecast.market_price), (25_000, Decimal("9.999999")))
        self.post(at("remove_forecast", forecast), {})
        self.assertFalse(Forecast.objects.exists())

    def test_two_who_change_a_step_at_once_are_shown_both(self) -> None:
        step = self.year.steps.get(pool=self.desk)
        url = at("edit_step", step)
        said = {"pool": self.desk.pk, "driver": "fixed", "order": "2", **self.seen(url, by=self.finn)}
        self.post(url, {**said, f"service_{self.hosting.pk}": "7"}, by=self.ada)
        answer = self.post(url, {**said, f"service_{self.hosting.pk}": "8"}, by=self.finn, expect=409)
        self.assertIn("Hosting 7", self.reads(answer))
        self.assertIn("Hosting 8", self.reads(answer))


class WhatIf(CostsTestCase):
    def test_a_copy_is_made_changed_and_deleted_and_the_year_stays(self) -> None:
        self.post(at("copy", self.year), {"name": "Two more engineers"}, by=self.finn)
        new = CostModel.objects.get(name="Two more engineers")
        self.post(at("turn", new), {"percent": "10"})
        page = self.reads(self.page(new.get_absolute_url()))
        self.assertIn("A what-if of FY 2027: +$85,000.00. No bill knows it.", page)
        self.assertIn("+$49,733.34", page)
        self.post_refused(at("turn", self.year), {"percent": "10"}, "Make a what-if of them first")
        self.post_refused(at("delete", self.year), {}, "so they stay")
        self.post(at("delete", new), {})
        self.assertEqual((CostModel.objects.get(), reckon(self.year).total), (self.year, 850_000_00))


class Lists(CostsTestCase):
    def bring(self, profile: str, text: str | bytes) -> Import:
        content = text if isinstance(text, bytes) else text.encode()
        file = SimpleUploadedFile("ledger.csv", content)
        self.post(reverse("imports:new"), {"profile": profile, "file": file}, by=self.finn)
        self.run_jobs()
        return Import.objects.latest("pk")

    def test_a_ledger_comes_in_with_a_preview_and_is_undone(self) -> None:
        self.line("5", self.pool("Phones"), 1, object_code="7100")
        text = (
            "fiscal year,basis,journal,object,description,cost pool,service,amount,unallowable\n"
            'FY 2027,budget,J-1,6100,Rent,Building,,"$1,200.50",no\n'
            "2027,Budget,J-2,7100,Lines,,Hosting,-20.00,\n"
            "FY27,actual,J-1,6100,Lunch,Building,,15,yes\n"
            "2027,budget,J-3,9999,What,,,1,\n"
            "2030,budget,J-4,6100,What,Building,,1,\n"
            "2027,budget,J-5,6100,What,Building,,1.0055,\n"
        )
        batch = self.bring("ledger", text)
        self.assertEqual((batch.rows_new, batch.rows_set_aside), (3, 3))
        page = self.reads(self.page(batch.get_absolute_url()))
        for words in (
            "No line with the object code 9999",
            "We cannot find “2030”",
            "not an amount in dollars",
        ):
            self.assertIn(words, page)
        self.post(reverse("imports:apply", args=[batch.pk]))
        self.run_jobs()
        phones = LedgerLine.objects.get(reference="J-2")
        self.assertEqual(
            (str(phones.pool), phones.service, phones.amount_cents), ("Phones", self.hosting, -2_000)
        )
        self.assertTrue(LedgerLine.objects.get(reference="J-1", basis="actual").unallowable)
        self.post(reverse("imports:undo", args=[batch.pk]))
        self.run_jobs()
        self.assertEqual(self.year.lines.count(), 5)

    def test_a_name_that_nobody_knows_sets_its_line_aside_and_its_cost_is_nobody_elses(self) -> None:
        self.line("5", self.pool("Phones"), 1, object_code="7100")
        text = (
            "fiscal year,basis,journal,object,description,cost pool,service,cost center,amount\n"
            "2027,budget,J-1,7100,Lines,Fones,,,1\n"
            "2027,budget,J-2,7100,Lines,,Hostign,,1\n"
            "2027,budget,J-3,7100,Lines,,,Nowhere,1\n"
            "2027,budget,J-4,7100,Lines,,,,($1.00)\n"
            "2027,budget,J-5,7100,Lines,,,,1.00-\n"
        )
        batch = self.bring("ledger", text)
        self.assertEqual((batch.rows_new, batch.rows_set_aside), (2, 3))
        page = self.reads(self.page(batch.get_absolute_url()))
        for words in ("Fones", "Hostign", "Nowhere"):
            self.assertIn(f"We cannot find “{words}”", page)

    def test_what_goes_out_as_csv_comes_in_again_without_a_change(self) -> None:
        self.line("5", self.desk, -120_050, unallowable=True, description="=1+1", service=self.hosting)
        self.forecast(self.server, "0.2500", carry_forward_cents=-5, market_price=Decimal("0.000001"))
        for name, profile in (("lines", "ledger"), ("forecasts", "forecasts")):
            with self.subTest(profile):
                self.client.force_login(self.finn)
                answer: Any = self.client.get(at(name, self.year), {"format": "csv"})
                batch = self.bring(profile, b"".join(answer.streaming_content))
                self.assertEqual((batch.rows_new, batch.rows_changed, batch.rows_set_aside), (0, 0, 0))
                self.assertGreater(batch.rows_same, 0)

    def test_lines_are_found_and_filtered(self) -> None:
        url = at("lines", self.year)
        for query, count in (
            ({"q": "6000"}, 4),
            ({"pool": self.desk.pk, "shared": "1"}, 1),
            ({"basis": "actual"}, 0),
        ):
            with self.subTest(query):
                self.assertEqual(self.page(url, by=self.olu, data=query).context["table"].total, count)
