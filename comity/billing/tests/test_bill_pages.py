"""A bill and its lines, as their partner and the office read them."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any
from unittest.mock import patch

from django.urls import reverse

from comity.billing.models import Bill, Line
from comity.billing.tests.made import JULY, OCTOBER, SEPTEMBER, BillsTestCase, flat
from comity.billing.tests.test_explaining import used
from comity.core.errors import DomainError
from comity.people.models import User
from comity.rates.models import RateVersion
from comity.services.models import Offering
from comity.testing.pdf import ReadPdf
from comity.usage import store
from comity.usage.tests.rows import put_rows

BILL, LINE, PORTAL_LIST = 8, 10, 7
LONG = "Department of Environmental Protection, Natural Resources and Intergovernmental Relations, Western Region"
DERIVATION = {
    "year": "FY 2027", "service_name": "Security", "service_cents": 1_104_000_00, "allocated_cents": 1_104_000_00,
    "carry_forward_cents": -24_000_00, "to_recover_cents": 1_080_000_00, "units": "54000", "price": "20.00",
    "model": 1, "service": 1, "unit": "scan", "weight": "1", "weights": "1",
    "direct": [{"pool": 1, "name": "Staff", "cents": 972_600_00}],
    "overhead": [{"step": 1, "from": "Buildings", "driver": "fte", "weight": "12", "of": "90", "cents": 131_400_00,
                  "whole_cents": 985_500_00}],
}  # fmt: skip


class BillsOfParks(BillsTestCase):
    """Parks used 206 scans in September and 412 in October, and shares the help desk with Roads."""

    twenty: RateVersion
    desk: Offering
    bill_now: Bill
    line: Line
    share: Line
    foreign: Line

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.twenty = cls.rate(cls.scans, flat("20"), derivation=DERIVATION, why="Two more scanners.")
        cls.desk = cls.offering("Help desk", "HLP", "fte", service="Help desk")
        facts: dict[str, Any] = {"basis": "shared", "annual_cents": 12_000_00, "driver": "fte"}
        shared = cls.rate(cls.desk, None, JULY, **facts)
        share = {"offering": cls.desk, "rate": shared, "kind": Line.Kind.SHARE}
        cls.bill(cls.parks, SEPTEMBER, used(cls.twenty, 206), {**share, "quantity": 30, "cents": 250_00})
        cls.bill_now = cls.bill(
            cls.parks,
            OCTOBER,
            used(cls.twenty, 412, usage_rows=2, full_cents=9_000_00),
            {**share, "quantity": 30, "cents": 250_00},
        )
        theirs = cls.bill(cls.roads, OCTOBER, {**share, "quantity": 90, "cents": 750_00})
        cls.line, cls.share = (
            cls.bill_now.lines.filter(offering=cls.scans).get(),
            cls.bill_now.lines.get(offering=cls.desk),
        )
        cls.foreign = theirs.lines.get()
        rows = [
            {
                "used": Decimal(206),
                "account": "=cmd|'calc'!A1",
                "description": "host pw-gis-02",
                "on_day": date(2026, 10, day),
            }
            for day in (4, 5)
        ]
        put_rows(OCTOBER, [{"partner": cls.parks.pk, "offering": cls.scans.pk, **row} for row in rows])


class ABill(BillsOfParks):
    def test_says_what_matters_why_it_changed_and_what_is_charged(self) -> None:
        for reader in (self.ben, self.finn):
            said = self.reads(self.page(self.bill_now.get_absolute_url(), by=reader))
            self.assertIn(
                "$8,490.00 for October 2026, $4,120.00 more than September, mostly because more of", said
            )
            self.assertIn("Volume More of Security was used (+$4,120.00).", said)
            self.assertIn("Security scans Security · scan 412 $20.00 $8,240.00 +$4,120.00", said)
            self.assertIn("At the rates for everybody it would be $9,250.00: $760.00 more.", said)

    def test_its_queries_are_counted(self) -> None:
        self.client.force_login(self.ben)
        with self.assertQueries(BILL):
            self.client.get(self.bill_now.get_absolute_url())
        with self.assertQueries(PORTAL_LIST):
            self.client.get(reverse("billing:bills"))

    def test_a_partner_lists_its_own_and_its_divisions_bills_and_no_others(self) -> None:
        self.bill(self.trails, SEPTEMBER, used(self.twenty, 1))
        listed = self.page(reverse("billing:bills"), by=self.eve)
        self.assertEqual({bill.partner for bill in listed.context["table"].page}, {self.parks, self.trails})
        self.assertNotContains(listed, "Roads")
        self.assertNotContains(listed, "State")
        found = self.page(reverse("billing:bills"), data={"q": self.bill_now.number})
        self.assertEqual([bill.pk for bill in found.context["table"].page], [self.bill_now.pk])

    def test_what_is_anothers_or_not_issued_is_as_if_absent(self) -> None:
        draft = self.bill(self.parks, date(2026, 11, 1), used(self.twenty, 1), issued=False)
        for bill, line in ((self.foreign.bill, self.foreign), (draft, draft.lines.get())):
            for name, pk in (
                ("bill", bill.pk),
                ("bill_pdf", bill.pk),
                ("bill_csv", bill.pk),
                ("line", line.pk),
                ("line_csv", line.pk),
            ):
                self.page(reverse(f"billing:{name}", args=[pk]), by=self.ben, status=404)
        self.page(draft.get_absolute_url(), by=self.olu)

    def test_an_empty_bill_and_a_long_name_are_whole(self) -> None:
        type(self.parks).objects.filter(pk=self.parks.pk).update(name=LONG)
        empty = self.bill(self.parks, date(2026, 11, 1))
        said = self.reads(self.page(empty.get_absolute_url(), by=self.eve))
        self.assertIn("Nothing to pay for November 2026.", said)
        self.assertIn(LONG, said)

    def test_it_is_found_by_its_number(self) -> None:
        for reader, found in ((self.finn, True), (self.ben, True), (self.flo, False)):
            answer = self.page(reverse("find"), by=reader, data={"q": self.bill_now.number})
            self.assertEqual(self.bill_now.get_absolute_url() in answer.content.decode(), found)

    def test_it_is_read_in_spanish(self) -> None:
        User.objects.filter(pk=self.ben.pk).update(language="es")
        self.assertIn(
            "$8,490.00 por octubre 2026, $4,120.00 más que en septiembre, sobre todo porque se usó más de Security.",
            self.reads(self.page(self.bill_now.get_absolute_url(), by=self.ben)),
        )
        said = self.reads(self.page(self.line.get_absolute_url()))
        self.assertIn("costó $8,240.00, el doble que en septiembre: se usaron 412 en lugar de 206.", said)
        for english in ("What", "How the amount", "Against", "In other months", "You can", "Download"):
            self.assertNotIn(english, said)
        answer: Any = self.client.get(reverse("billing:bill_pdf", args=[self.bill_now.pk]))
        self.assertEqual(ReadPdf(answer.content).language, "es")


class OnPaper(BillsOfParks):
    def read(self, bill: Bill) -> ReadPdf:
        answer: Any = self._asked(self.ben).get(reverse("billing:bill_pdf", args=[bill.pk]))
        return ReadPdf(answer.content)

    def test_it_is_tagged_and_says_what_the_page_says(self) -> None:
        pdf = self.read(self.bill_now)
        self.assertEqual((pdf.is_tagged, pdf.accessible_part, pdf.language), (True, "1", "en"))
        self.assertEqual(pdf.said("H1"), ["Department of Parks"])
        self.assertEqual(pdf.said("H2"), ["Why it is $4,120.00 more", "What is charged"])
        self.assertEqual([figure.alt for figure in pdf.tags("Figure")], ["Volume: +$4,120.00"])
        for words in ("$8,490.00 for October 2026", "More of Security was used", "412", "+$4,120.00"):
            self.assertIn(words, pdf.words)

    def test_signs_of_the_template_are_only_signs_and_an_empty_bill_is_set(self) -> None:
        type(self.parks).objects.filter(pk=self.parks.pk).update(name='#panic("x") $x$ ' + LONG)
        pdf = self.read(self.bill(self.parks, date(2026, 11, 1)))
        self.assertIn('#panic("x") $x$', pdf.words)
        self.assertIn("Nothing was used or shared in November 2026.", pdf.words)

    def test_its_lines_are_a_file_that_adds_up_and_runs_nothing(self) -> None:
        type(self.scans).objects.filter(pk=self.scans.pk).update(name="=1+1")
        self.client.force_login(self.ben)
        answer: Any = self.client.get(reverse("billing:bill_csv", args=[self.bill_now.pk]))
        rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
        self.assertEqual(sum(Decimal(row["amount"]) for row in rows), Decimal("8490.00"))
        self.assertEqual(rows[-1]["offering"], "'=1+1")
        self.assertEqual((rows[-1]["quantity"], rows[-1]["amount_at_full_rate"]), ("412.0000", "9000.00"))


class ALine(BillsOfParks):
    def test_opens_down_to_its_usage_and_up_to_the_costs(self) -> None:
        said = self.reads(self.page(self.line.get_absolute_url(), by=self.ben))
        for words in (
            "Security (Security scans) cost $8,240.00, twice as much as in September: 412 were used instead of 206.",
            "Security scans 412 $20.00 $8,240.00",
            "host pw-gis-02 206",
            "2 rows",
            "Why $20.00",
            "Two more scanners.",
            "Staff $972,600.00",
            "Buildings Full-time employees, 12 of 90; $985,500.00 in all $131,400.00",
            "Cost of the service $1,104,000.00",
            "Carried forward from closed years −$24,000.00",
            "To recover $1,080,000.00",
            "Forecast units scan 54,000",
            "Rate: what is to be recovered, by the units $20.00",
            "Volume +$4,120.00",
            "September 2026 206 $20.00 $4,120.00",
        ):
            self.assertIn(words, said)

    def test_only_the_office_is_led_to_where_the_costs_are(self) -> None:
        for reader, led in ((self.ben, False), (self.finn, True)):
            answer = self.page(self.line.get_absolute_url(), by=reader)
            self.assertEqual(reverse("rates:costs", args=[1]) in answer.content.decode(), led)

    def test_its_queries_are_counted(self) -> None:
        self.client.force_login(self.ben)
        with self.assertQueries(LINE):
            self.client.get(self.line.get_absolute_url())

    def test_its_rows_are_a_file_that_runs_nothing(self) -> None:
        self.client.force_login(self.ben)
        answer: Any = self.client.get(reverse("billing:line_csv", args=[self.line.pk]))
        rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
        self.assertEqual(sum(Decimal(row["quantity"]) for row in rows), 412)
        self.assertEqual(rows[0]["account"], "'=cmd|'calc'!A1")

    def test_a_share_shows_the_own_figure_and_that_of_all_and_no_other(self) -> None:
        answer = self.page(self.share.get_absolute_url(), by=self.ben)
        said = self.reads(answer)
        for words in (
            "year’s amount $12,000.00",
            "all together 120",
            "Full-time employees of Department of Parks 30",
            "Share of that 25.0 %",
        ):
            self.assertIn(words, said)
        for theirs in ("Roads", " 90 ", "$750.00"):
            self.assertNotIn(theirs, said)

    def test_usage_that_cannot_be_read_now_is_said_and_the_rest_stands(self) -> None:
        with patch.object(store, "page_of", side_effect=DomainError("The object storage cannot be used.")):
            said = self.reads(self.page(self.line.get_absolute_url(), by=self.ben))
        self.assertIn("The object storage cannot be used.", said)
        self.assertIn("Why $20.00", said)

    def test_a_page_of_rows_that_is_none_is_the_first(self) -> None:
        for asked in ("0", "x", "999999999999", "-1"):
            self.page(f"{self.line.get_absolute_url()}?rows={asked}", by=self.ben)

    def test_a_minimum_is_a_step_of_its_own(self) -> None:
        least = {**flat("1"), "minimum": 100_00}
        line = used(self.rate(self.offering("Vault", "VLT", "item", service="Vault"), least), 3)
        made = self.bill(self.parks, date(2026, 11, 1), line)
        said = self.reads(self.page(made.lines.get().get_absolute_url(), by=self.ben))
        self.assertIn("To the least or the most that a line costs +$97.00", said)

    def test_a_month_in_which_the_rate_changed_has_two_lines_each_with_its_rows(self) -> None:
        dearer = self.rate(self.scans, flat("22"), date(2026, 10, 5))
        made = self.bill(self.trails, OCTOBER, *(used(one, 1, usage_rows=1) for one in (self.twenty, dearer)))
        days = [{"on_day": date(2026, 10, day), "description": f"host {day}"} for day in (4, 5)]
        put_rows(OCTOBER, [{"partner": self.trails.pk, "offering": self.scans.pk, **day} for day in days])
        said = [
            self.reads(self.page(line.get_absolute_url(), by=self.ben)) for line in made.lines.order_by("pk")
        ]
        self.assertIn("host 4", said[0])
        self.assertNotIn("host 5", said[0])
        self.assertIn("host 5", said[1])
