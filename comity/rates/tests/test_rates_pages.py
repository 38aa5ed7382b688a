"""The pages of rates: proposing in each way of pricing, reading, approving, withdrawing."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from comity.core.billing.plans import Plan, plain
from comity.files import services as files
from comity.files.models import Attachment
from comity.rates.models import RateVersion
from comity.rates.services.wording import price_words
from comity.rates.tests.made import JULY, RatesTestCase

LIST, PAGE = 7, 9  # queries
NONE = {"tier-TOTAL_FORMS": "0", "tier-INITIAL_FORMS": "0"}


def tiers(*said: tuple[str, str]) -> dict[str, str]:
    """The lines of tiers as a browser sends them, with an empty one behind."""
    lines = {
        f"tier-{at}-{name}": one
        for at, line in enumerate((*said, ("", "")))
        for name, one in zip(("up_to", "price"), line, strict=True)
    }
    return {"tier-TOTAL_FORMS": str(len(said) + 1), "tier-INITIAL_FORMS": "0", **lines}


class PagesTestCase(RatesTestCase):
    def at(self, name: str, *rows: Any, **query: Any) -> str:
        return reverse(f"rates:{name}", args=[row.pk for row in rows], query=query)

    def said(self, **more: Any) -> dict[str, Any]:
        return {"offering": self.server.pk, "starts_on": "2026-07-01", "why": "Costs.", **more}

    def propose(self, pricing: str, **more: Any) -> RateVersion:
        self.post(self.at("propose", pricing=pricing), self.said(**more), by=self.finn)
        return RateVersion.objects.latest("pk")


class Proposing(PagesTestCase):
    def test_first_it_asks_how_it_is_charged_for(self) -> None:
        page = self.page(self.at("propose", offering=self.server.pk), by=self.finn)
        self.assertIn("A price for each package of units", self.reads(page))
        self.assertContains(page, f"?offering={self.server.pk}&amp;pricing=package")

    def test_a_rate_in_each_way_of_pricing(self) -> None:
        for pricing, said, words in (
            ("flat", {"price": "$1,000.25", "step": "0.1"}, "$1,000.25; counted in steps of 0.1"),
            ("graduated", tiers(("200", "0.5"), ("", "0.25")), "$0.50 up to 200; $0.25 above 200"),
            (
                "volume",
                tiers(("200", "0.5"), ("", "0.25")),
                "$0.50 for all if up to 200; $0.25 for all if above 200",
            ),
            (
                "package",
                {"price": "2500", "package": "500,000", "account_cap": "25,000"},
                "$2,500.00 for each started 500,000; at most $25,000.00 per account and month",
            ),
            ("percent", {"percent": "8.26", "minimum": "5"}, "8.26% of spend; at least $5.00 a month"),
            ("cost-plus", {"percent": "25"}, "cost plus 25%"),
            ("cost-plus", {"percent": "0"}, "at cost"),
            (
                "shared",
                {"annual_cents": "120,000", "driver": "it-fte"},
                "$120,000.00 a year, split by it full-time employees",
            ),
        ):
            with self.subTest(pricing):
                rate = self.propose(pricing, **said)
                self.assertEqual((price_words(rate), rate.proposed_by), (words, self.finn))
                self.page(self.at("edit", rate))
                self.assertIn("Proposed by Finn Finance", self.reads(self.page(rate.get_absolute_url())))

    def test_more_tiers_are_asked_for_without_scripts_and_nothing_is_lost(self) -> None:
        url = self.at("propose", pricing="graduated")
        more = self.post(url, self.said(**tiers(("200", "0.5")), more="1"), by=self.finn, expect=200)
        self.assertContains(more, 'name="tier-3-price"')
        self.assertContains(more, 'value="0.5"')
        self.assertFalse(RateVersion.objects.exists())

    def test_what_is_wrong_stands_beside_its_field(self) -> None:
        for pricing, said, words in (
            (
                "graduated",
                tiers(("200", "0.5"), ("100", "0.4"), ("", "1")),
                "A tier up to 100 cannot follow one up to 200.",
            ),
            ("graduated", tiers(("200", "0.5")), "The last tier has no end"),
            ("graduated", tiers(("200", "")), "Each tier has a price."),
            ("volume", NONE, "The last tier has no end"),
            ("flat", {"price": "-1"}, "A price is zero or more"),
            ("flat", {"price": "1", "minimum": "5", "maximum": "4"}, "The minimum is more than the cap."),
            ("package", {"price": "1", "package": "0"}, "A package has more than zero units"),
            ("percent", {"percent": ""}, "Fill this in."),
            ("flat", {"price": "1", "minimum": "5", "starts_on": "2026-07-02"}, "begins on the first"),
        ):
            with self.subTest(words):
                self.post_refused(self.at("propose", pricing=pricing), self.said(**said), words, by=self.finn)

    def test_an_increase_on_short_notice_is_proposed_only_by_somebody_who_was_told(self) -> None:
        self.approved("4")
        url, said = self.at("propose", pricing="flat"), self.said(price="5", announced_on="2026-06-20")
        answer = self.post_refused(
            url, said, "announced on Jun 20, 2026. It should be announced by Jun 1, 2026", by=self.finn
        )
        self.assertContains(answer, "Propose it on short notice all the same", status_code=422)
        self.post(url, {**said, "late": "on"})
        rate = RateVersion.objects.proposed().get()
        for name in ("rate", "approve"):
            self.assertIn(
                "It should be announced by Jun 1, 2026",
                self.reads(self.page(self.at(name, rate), by=self.cora)),
            )

    def test_another_rate_begins_from_the_one_it_follows(self) -> None:
        before = self.approved("4", evidence="A study.")
        page = self.page(self.at("propose", follows=before.pk), by=self.finn)
        self.assertContains(page, 'value="4"')
        self.assertNotContains(page, "A study.")

    def test_a_proposal_is_changed_and_two_who_do_are_shown_both(self) -> None:
        rate = self.propose("flat", price="4")
        url = self.at("edit", rate)
        seen = self.seen(url)
        self.post(url, self.said(price="5", **seen))
        answer = self.post(url, self.said(price="6", **seen), by=self.ada, expect=409)
        self.assertIn("When you started: $4.00 Theirs: $5.00 Yours: $6.00", self.reads(answer))


class Approving(PagesTestCase):
    def test_it_is_read_once_more_and_approved(self) -> None:
        rate = self.propose("flat", price="4")
        self.assertIn(
            "From Jul 1, 2026 on: $4.00.", self.reads(self.page(self.at("approve", rate), by=self.cora))
        )
        self.post(self.at("approve", rate), {"version": rate.version})
        page = self.reads(self.page(rate.get_absolute_url()))
        self.assertIn("Approved by Cora Customer", page)

    def test_not_by_whoever_proposed_it_nor_what_was_not_read(self) -> None:
        rate = self.propose("flat", price="4")
        self.assertIn("waits for somebody else", self.reads(self.page(rate.get_absolute_url(), by=self.finn)))
        url = self.at("approve", rate)
        self.post_refused(url, {"version": rate.version}, "You proposed this rate", by=self.finn)
        self.post_refused(url, {"version": rate.version + 1}, "has changed since you opened it", by=self.cora)
        self.page(url, by=self.sol, status=403)

    def test_a_proposal_is_withdrawn_and_that_is_undone(self) -> None:
        rate = self.propose("flat", price="4")
        self.post(self.at("withdraw", rate))
        self.assertIn("Withdrawn", self.reads(self.page(rate.get_absolute_url())))
        self.post(self.at("restore", rate))
        self.assertTrue(RateVersion.objects.proposed().exists())

    def test_evidence_is_added_until_it_is_approved_and_no_partner_reads_it(self) -> None:
        rate = self.propose("flat", price="4")
        upload = SimpleUploadedFile("study.txt", b"Costs of 2026")
        url = reverse("files:add", args=["rates.RateVersion", rate.pk])
        self.post(url, {"file": upload})
        self.post(self.at("approve", rate), {"version": rate.version}, by=self.cora)
        self.assertFalse(files.may_add(self.finn, "rates.RateVersion", rate.pk))
        self.assertIn(rate, RateVersion.objects.visible_to(self.ben))
        self.page(reverse("files:download", args=[Attachment.objects.get().pk]), by=self.ben, status=404)


class Reading(PagesTestCase):
    def test_the_list_says_what_is_in_force_and_asks_as_often_whatever_there_are(self) -> None:
        self.approved("4", ends_on=date(2026, 6, 30))
        self.approved("5", JULY)
        for number in range(20):
            self.approved("1", offering=self.offering(f"Disk {number}", f"D-{number}"))
        page = self.page(self.at("rates", now="1", q="server"), by=self.olu)
        self.assertEqual([price_words(row) for row in page.context["table"].page], ["$5.00"])
        with self.assertQueries(LIST):
            self.client.get(self.at("rates"))

    def test_the_page_shows_the_others_of_its_offering(self) -> None:
        old = self.approved("4", ends_on=date(2026, 6, 30))
        new = self.approved("5", JULY, customer_class=self.small())
        page = self.reads(self.page(new.get_absolute_url(), by=self.olu))
        self.assertIn("$4.00 Ended Jul 1, 2025 – Jun 30, 2026", page)
        with self.assertQueries(PAGE):
            self.client.get(old.get_absolute_url())

    def test_the_list_goes_out_as_csv_with_meter_codes(self) -> None:
        self.approved("4")
        self.client.force_login(self.olu)
        answer: Any = self.client.get(self.at("rates", format="csv"))
        text = b"".join(answer.streaming_content).decode()
        self.assertIn("SRV,Hosting,,$4.00,2025-07-01,,,approved,New,", text)

    def test_it_says_the_plan_of_a_conflict_in_words(self) -> None:
        self.assertEqual(price_words(RateVersion(plan=plain(Plan.flat("0.0602")))), "$0.0602")
