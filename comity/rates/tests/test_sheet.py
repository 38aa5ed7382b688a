"""The rate sheet: which rates hold on a day, for whom, and what changed; as page, CSV, PDF, and by command."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import SimpleTestCase
from django.urls import reverse
from hypothesis import assume, given

from comity.core.billing.plans import Plan, Shape, plain
from comity.imports.models import Import
from comity.imports.parsing import CellError
from comity.partners.models import Partner
from comity.rates.lists import read as read_price
from comity.rates.models import RateVersion
from comity.rates.services import proposing
from comity.rates.services.wording import price_words
from comity.rates.tests.made import JULY, LAST_JULY, RatesTestCase
from comity.rates.tests.test_prices import plans
from comity.services.models import Offering
from comity.testing.pdf import ReadPdf

PAGE = 10  # queries
SHEET, PORTAL = "/rates/sheet/", "/portal/rates/"


class SheetTestCase(RatesTestCase):
    """A server went from $4 to $5 in July, and goes to $6 in the next January; small agencies pay $3."""

    old: RateVersion
    now: RateVersion
    own: RateVersion
    disk: Offering

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        small = cls.small()
        Partner.objects.filter(pk=cls.parks.pk).update(headcount=12)
        Partner.objects.filter(pk=cls.trails.pk).update(headcount=5)
        cls.old = cls.approved("4", ends_on=date(2026, 6, 30))
        cls.now = cls.approved(
            "5", JULY, ends_on=date(2026, 12, 31), why="Power costs more.", announced_on=date(2026, 5, 1)
        )
        cls.approved("6", date(2027, 1, 1), why="So do people.", announced_on=date(2026, 8, 1))
        cls.own = cls.approved("3", LAST_JULY, customer_class=small)
        cls.disk = cls.offering("Disk", "DSK", Offering.Unit.GB_MONTH, kinds=["county"])
        cls.approved("0.25", JULY, offering=cls.disk)


@pytest.mark.dated
class Sheet(SheetTestCase):
    def prices(self, url: str, by: Any, **query: str) -> list[str]:
        return [price_words(row) for row in self.page(url, by=by, data=query).context["table"].page]

    def test_the_office_reads_all_rates_of_a_day_with_what_changed_and_why(self) -> None:
        self.assertEqual(self.prices(SHEET, self.olu), ["$0.25", "$5.00", "$3.00"])
        page = self.reads(self.page(SHEET))
        self.assertIn(
            "Server $5.00 ($4.00 before) · from Jul 1, 2026 · announced on May 1, 2026 Power costs more.",
            page,
        )
        self.assertIn("What will change Server $6.00 ($5.00 before) · from Jan 1, 2027", page)
        self.assertIn("Disk $0.25 (new)", page)

    def test_any_day_can_be_asked_for(self) -> None:
        self.assertEqual(self.prices(SHEET, self.olu, on="2026-06-30"), ["$4.00", "$3.00"])
        self.assertEqual(self.prices(SHEET, self.olu, on="2027-01-01", q="server"), ["$6.00", "$3.00"])
        self.assertContains(self.page(SHEET), "?on=2027-01-01")
        self.assertEqual(len(self.prices(SHEET, self.olu, on="someday")), 3)

    def test_a_partner_reads_what_it_pays_for_what_it_may_have(self) -> None:
        self.assertEqual(self.prices(PORTAL, self.ben), ["$3.00"])  # small, and so is its division
        self.assertEqual(self.prices(PORTAL, self.cy), ["$5.00"])
        self.page(SHEET, status=403)
        self.assertNotIn("Disk", self.reads(self.page(PORTAL)))

    def test_it_is_there_in_spanish(self) -> None:
        type(self.cy).objects.filter(pk=self.cy.pk).update(language="es")
        page = self.reads(self.page(PORTAL, by=self.cy))
        for words in (
            "Tarifas al 12 ago 2026",
            "Qué cambió y por qué",
            "Qué cambiará",
            "anunciada el 1 ago 2026",
        ):
            self.assertIn(words, page)

    def test_it_asks_as_often_whatever_there_are(self) -> None:
        for number in range(20):
            self.approved("1", JULY, offering=self.offering(f"Line {number}", f"L-{number}"))
        self.client.force_login(self.olu)
        self.client.get(SHEET)
        with self.assertQueries(PAGE):
            self.client.get(SHEET)

    def test_it_goes_out_as_a_pdf_that_a_screen_reader_reads(self) -> None:
        for url, user, told in (
            (f"{SHEET[:-1]}.pdf", self.olu, "$5.00"),
            (f"{PORTAL[:-1]}.pdf", self.cy, "$5.00"),
        ):
            with self.subTest(url):
                self.client.force_login(user)
                answer: Any = self.client.get(url)
                self.assertIn("rates-2026-08-12.pdf", answer["Content-Disposition"])
                pdf = ReadPdf(answer.content)
                self.assertEqual((pdf.is_tagged, pdf.accessible_part, pdf.language), (True, "1", "en"))
                self.assertEqual(pdf.said("H1"), ["Rates on Aug 12, 2026"])
                self.assertEqual(pdf.said("H2"), ["Hosting", "What changed, and why"])
                self.assertIn(told, pdf.words)
                self.assertIn("Power costs more.", pdf.words)

    def test_what_goes_out_as_csv_comes_in_again_without_a_change(self) -> None:
        self.client.force_login(self.finn)
        answer: Any = self.client.get(SHEET, {"format": "csv"})
        batch = self.bring(b"".join(answer.streaming_content))
        self.assertEqual(
            (batch.rows_same, batch.rows_new, batch.rows_changed, batch.rows_set_aside), (3, 0, 0, 0)
        )

    def bring(self, content: bytes, **about: str) -> Import:
        file = SimpleUploadedFile("rates.csv", content)
        self.post(reverse("imports:new"), {"profile": "rates", "file": file}, by=self.finn)
        batch = Import.objects.latest("pk")
        self.post(reverse("imports:about", args=[batch.pk]), {"why": "", **about})
        self.run_jobs()
        batch.refresh_from_db()
        return batch

    def test_a_list_of_rates_comes_in_as_proposals_and_says_what_was_set_aside(self) -> None:
        text = (
            "meter code,price,from,customer class\n"
            "DSK,$0.30 up to 100; $0.20 above 100,2027-07-01,\n"
            "SRV,2.50,2027-07-01,Small agencies\n"
            "SRV,dear,2027-07-01,\n"
            "SRV,5.50,2026-12-01,\n"
            "TAPE,1,2027-07-01,\n"
        )
        batch = self.bring(text.encode(), why="A new study.", announced_on="2027-05-01")
        self.assertEqual((batch.rows_new, batch.rows_set_aside), (2, 3))
        page = self.reads(self.page(batch.get_absolute_url()))
        for words in (
            "We cannot read “dear” as a price",
            "A rate holds until Dec 31, 2026 already",
            "$0.30 up to 100; $0.20 above 100",
        ):
            self.assertIn(words, page)
        self.post(reverse("imports:apply", args=[batch.pk]))
        self.run_jobs()
        made = RateVersion.objects.proposed().get(offering=self.disk)
        self.assertEqual(
            (made.proposed_by, made.why, made.announced_on), (self.finn, "A new study.", date(2027, 5, 1))
        )
        self.assertEqual(proposing.approve(made.pk, version=made.version, by=self.cora).plan, made.plan)

    def test_whoever_changes_a_proposal_by_a_list_cannot_approve_it(self) -> None:
        facts = {**read_price("0.30"), "offering": self.disk, "starts_on": date(2027, 7, 1), "why": "New"}
        theirs = proposing.propose(facts, by=self.ada)
        same = self.bring(b"meter code,price,from\nDSK,0.30,2027-07-01\n")
        self.assertEqual((same.rows_same, same.rows_changed), (1, 0))
        batch = self.bring(b"meter code,price,from\nDSK,0.90,2027-07-01\n")
        self.post(reverse("imports:apply", args=[batch.pk]))
        self.run_jobs()
        theirs.refresh_from_db()
        self.assertEqual((price_words(theirs), theirs.proposed_by), ("$0.90", self.finn))

    def test_an_approved_rate_is_not_changed_by_a_list(self) -> None:
        batch = self.bring(b"meter code,price,from,why\nDSK,9,2026-07-01,New\n")
        self.assertIn("An approved rate cannot be changed", self.reads(self.page(batch.get_absolute_url())))


class Commands(SheetTestCase):
    def run_command(self, *said: str) -> str:
        out = StringIO()
        call_command("rates", *said, stdout=out, stderr=out)
        return out.getvalue()

    def test_the_sheet_of_a_day_is_written_to_a_file(self) -> None:
        with TemporaryDirectory() as place:
            out = Path(place) / "rates.csv"
            self.assertIn("3 rates on 2026-08-12", self.run_command("sheet", str(out), "--on", "2026-08-12"))
            text = out.read_text(encoding="utf-8-sig")
            self.assertIn("Disk,Hosting,DSK,gigabyte per month,,$0.25,2026-07-01,,,New", text)
            self.run_command("sheet", str(out.with_suffix(".pdf")))
            self.assertTrue(ReadPdf(out.with_suffix(".pdf").read_bytes()).is_tagged)
            for said in (["sheet", str(out.with_suffix(".doc"))], ["sheet", f"{place}/none/rates.csv"]):
                with self.assertRaises(CommandError):
                    self.run_command(*said)

    def test_rates_of_a_file_are_proposed_or_rehearsed(self) -> None:
        with TemporaryDirectory() as place:
            file = Path(place) / "rates.csv"
            file.write_text("meter,price,from\nDSK,0.30,2027-07-01\nDSK,x,2028-07-01\n")
            said = ["import", str(file), "--why", "A study.", "--json"]
            with self.assertRaisesMessage(CommandError, "Say who proposes them"):
                self.run_command(*said)
            said += ["--as", self.finn.email]
            counts = json.loads(self.run_command(*said, "--dry-run"))
            self.assertEqual((counts["new"], counts["set_aside"], counts["problems"][0]["line"]), (1, 1, 3))
            self.assertFalse(RateVersion.objects.proposed().exists())
            self.run_command(*said)
            self.assertEqual(RateVersion.objects.proposed().get().proposed_by, self.finn)


class Reading(SimpleTestCase):
    @given(plans())
    def test_a_price_is_read_as_it_is_said(self, plan: Plan) -> None:
        assume(len(plan.tiers) > 1 or plan.shape in {Shape.FLAT, Shape.PACKAGE})  # one tier is a flat price
        rate = RateVersion(plan=plain(plan))
        self.assertEqual(read_price(price_words(rate))["plan"], rate.plan)

    def test_percentages_and_shared_amounts_are_read(self) -> None:
        for words in ("8.26% of spend", "cost plus 25%", "at cost", "$1,200.50 a year, split by headcount"):
            self.assertEqual(price_words(RateVersion(**read_price(words))), words)
        self.assertEqual(read_price("25%")["basis"], "cost")
        self.assertEqual(read_price("$3 a year, split by IT full-time employees")["driver"], "it-fte")

    def test_what_is_no_price_gets_a_sentence(self) -> None:
        for text, words in (
            ("", "We cannot read “” as a price"),
            ("free", "We cannot read “free” as a price"),
            ("$1 up to 5; $2 above 6", "The last tier begins where the one before it ends."),
            ("$1 up to 5", "The last tier has no end"),
            ("$1; $2", "We cannot read"),
            ("$5 a year, split by luck", "“luck” is not what an amount can be split by."),
            ("$1; at least 0.001 a month", "“0.001” is not an amount in dollars."),
        ):
            with self.subTest(text), self.assertRaisesMessage(CellError, words):
                read_price(text)
        self.assertEqual(read_price("1 up to 5; 2 above 5")["plan"]["shape"], Shape.GRADUATED)
