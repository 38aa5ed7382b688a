"""A line disputed by its partner, decided in the ring, and kept for the next reader."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from comity.billing.models import Adjustment, Bill, Dispute, Line
from comity.billing.services import righting
from comity.billing.tests.made import OCTOBER, BillsTestCase, flat
from comity.billing.tests.test_explaining import used
from comity.core.errors import DomainError
from comity.files.models import Attachment
from comity.followups import services as ring
from comity.followups.models import FollowUp, State
from comity.office.models import Office
from comity.office.services import time_zone
from comity.rates.models import RateVersion

LIST = 7


class Disputes(BillsTestCase):
    """Parks is billed 412 scans, and storage; Sol owns both services, Ana looks after Parks."""

    twenty: RateVersion
    made: Bill
    line: Line
    disk: Line

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.twenty = twenty = cls.rate(cls.scans, flat("20"))
        disk = cls.rate(cls.offering("Disk", "DSK", "gb-month", service="Storage"), flat("0.01"))
        cls.made = cls.bill(cls.parks, OCTOBER, used(twenty, 412), used(disk, 100))
        cls.line, cls.disk = cls.made.lines.get(offering=cls.scans), cls.made.lines.get(rate=disk)

    def raised(self, cents: int = 4120_00, line: Line | None = None, **facts: Any) -> Dispute:
        return righting.dispute(
            line or self.line,
            **{"cents": cents, "reason": "Half of them are not ours.", "by": self.ben, **facts},
        )

    def url(self, name: str, pk: int) -> str:
        return reverse(f"billing:{name}", args=[pk])


class Raising(Disputes):
    def test_a_partner_disputes_a_line_with_evidence_and_its_services_owner_answers(self) -> None:
        said = self.reads(self.page(self.line.get_absolute_url(), by=self.ben))
        self.assertIn("You can dispute this line until", said)
        evidence = SimpleUploadedFile("hosts.csv", b"host\npw-gis-02\n", "text/csv")
        sent = {"cents": "4,120.00", "reason": "Half of them are not ours.", "evidence": evidence}
        self.post(self.url("dispute", self.line.pk), sent)
        made = Dispute.objects.get()
        follow_up = made.follow_up
        self.assertEqual((made.cents, made.raised_by, follow_up.owner), (4120_00, self.ben, self.sol))
        self.assertEqual(follow_up.title, "$4,120.00 of Security in October 2026 is disputed")
        self.assertEqual(Attachment.objects.of(follow_up).count(), 1)
        self.page(reverse("followups:portal_detail", args=[follow_up.pk]))
        answer = self.page(follow_up.get_absolute_url(), by=self.sol)
        self.assertContains(answer, f"{self.line.get_absolute_url()}#disputes")
        self.assertEqual(answer.context["evidence"], self.line.get_absolute_url())
        self.assertIn("in dispute", self.reads(self.page(self.made.get_absolute_url())))

    def test_what_cannot_be_disputed_is_refused_in_a_sentence(self) -> None:
        self.raised()
        for line, sent, words in (
            (self.disk, {"cents": "1.01", "reason": "x"}, "The line is $1.00. Dispute that much or less."),
            (self.disk, {"cents": "0", "reason": "x"}, "The line is $1.00."),
            (self.disk, {"cents": "1", "reason": ""}, "required"),
            (self.line, {"cents": "1", "reason": "x"}, "This line is in dispute already."),
        ):
            self.post_refused(self.url("dispute", line.pk), sent, words, by=self.eve)
        self.assertEqual(Dispute.objects.count(), 1)

    def test_after_the_deadline_the_page_says_whom_to_call(self) -> None:
        late = self.bill(
            self.roads, OCTOBER, used(self.twenty, 1), dispute_until=self.today - timedelta(days=1)
        )
        Office.objects.update(phone="(555) 010-0100")
        said = self.reads(self.page(late.lines.get().get_absolute_url(), by=self.flo))
        self.assertRegex(
            said, r"This bill could be disputed until .* Call Office of IT, \(555\) 010-0100 about it\."
        )
        self.assertNotIn("Dispute this line", said)
        with self.assertRaisesMessage(DomainError, "could be disputed until"):
            self.raised(1, late.lines.get(), by=self.flo)
        lead = righting.whom_to_call(Bill(partner=self.parks, dispute_until=self.today))
        self.assertIn("Call Ana Ruiz, ana@oit.example.gov about it.", lead)

    def test_a_member_may_not_and_to_another_partner_it_does_not_exist(self) -> None:
        theirs = self.bill(self.roads, OCTOBER, used(self.twenty, 1)).lines.get()
        self.page(self.url("dispute", theirs.pk), by=self.cy, status=403)
        self.page(self.url("dispute", theirs.pk), by=self.ben, status=404)
        self.assertIn(
            "executive, IT lead and finance", self.reads(self.page(theirs.get_absolute_url(), by=self.cy))
        )

    def test_what_was_withdrawn_may_be_disputed_again(self) -> None:
        first = self.raised()
        ring.withdraw(first.follow_up_id, reason="A mistake.", by=self.ben)
        self.assertEqual(righting.why_not(self.line), "")
        with self.assertRaisesMessage(DomainError, "They withdrew this dispute."):
            righting.decide(first, outcome="explained", words="x", by=self.sol)
        self.raised()


class Deciding(Disputes):
    def test_explained_words_are_kept_beside_the_line_for_the_next_reader(self) -> None:
        made = self.raised()
        words = "The scanner on pw-gis-02 runs every six hours since October 4."
        sent = {"outcome": "explained", "words": words}
        self.post(self.url("decide", made.pk), sent, by=self.sol, expect=made.follow_up.get_absolute_url())
        made.refresh_from_db()
        self.assertEqual((made.outcome, made.words, made.decided_by), ("explained", words, self.sol))
        follow_up = FollowUp.objects.get(pk=made.follow_up_id)
        self.assertEqual(
            (follow_up.state, follow_up.outcome, follow_up.done_words), (State.DONE, "explained", words)
        )
        november = self.bill(self.parks, OCTOBER.replace(month=11), used(self.twenty, 412))
        self.assertIn(words, self.reads(self.page(november.lines.get().get_absolute_url(), by=self.eve)))
        ring.tell(follow_up.pk, how="phone", words=words, by=self.sol, to="Ben")

    def test_upheld_puts_the_amount_right_by_an_adjustment(self) -> None:
        made = self.raised()
        sent = {"outcome": "upheld", "cents": "2,000.00", "words": "You are right about 100 of them."}
        self.post(self.url("decide", made.pk), sent, by=self.finn)
        made.refresh_from_db()
        adjustment = Adjustment.objects.get()
        self.assertEqual(made.adjustment, adjustment)
        self.assertEqual(
            (adjustment.line, adjustment.cents, adjustment.why), (self.line, -2000_00, sent["words"])
        )
        self.assertIn("On the next bill −$2,000.00", self.reads(self.page(self.line.get_absolute_url())))
        self.assertNotIn("On the next bill", self.reads(self.page(self.line.get_absolute_url(), by=self.ben)))

    def test_more_than_they_dispute_is_refused(self) -> None:
        made = self.raised(100_00)
        sent = {"outcome": "upheld", "cents": "100.01", "words": "x"}
        self.post_refused(self.url("decide", made.pk), sent, "They dispute $100.00.", by=self.finn)
        self.post_refused(self.url("decide", made.pk), {"outcome": "explained"}, "required", by=self.finn)
        self.assertEqual(Adjustment.objects.count(), 0)

    def test_of_two_who_decide_the_second_is_told_who_was_first(self) -> None:
        made = self.raised()
        righting.decide(made, outcome="explained", words="It is right.", by=self.sol)
        with self.assertRaisesMessage(DomainError, "Sol Service has already decided this."):
            righting.decide(made, outcome="upheld", words="It is wrong.", by=self.finn)
        self.assertEqual(Adjustment.objects.count(), 0)

    def test_what_did_not_help_is_decided_again_and_no_cent_twice(self) -> None:
        made = righting.decide(self.raised(100_00), outcome="upheld", words="Some.", by=self.sol, cents=60_00)
        ring.reopen(made.follow_up_id, words="Not enough.", by=self.sol)
        with self.assertRaisesMessage(DomainError, "They dispute $40.00."):
            righting.decide(made, outcome="upheld", words="More.", by=self.finn, cents=60_00)
        righting.decide(made, outcome="upheld", words="The rest.", by=self.finn)
        self.assertEqual([each.cents for each in Adjustment.objects.order_by("pk")], [-60_00, -40_00])

    def test_a_credit_is_disputed_and_put_right_the_other_way(self) -> None:
        credit = {"offering": self.scans, "kind": Line.Kind.ADJUSTMENT, "month": OCTOBER, "cents": -50_00}
        line = self.bill(self.trails, OCTOBER, credit).lines.get()
        righting.decide(self.raised(20_00, line), outcome="upheld", words="Too much.", by=self.finn)
        self.assertEqual(Adjustment.objects.get().cents, 20_00)

    def test_those_who_may_not_decide_are_led_to_no_form(self) -> None:
        made = self.raised()
        self.page(self.url("decide", made.pk), by=self.olu, status=403)
        self.page(self.url("decide", made.pk), by=self.ben, status=403)
        self.assertNotContains(
            self.page(self.line.get_absolute_url(), by=self.olu), self.url("decide", made.pk)
        )
        self.assertContains(self.page(self.line.get_absolute_url(), by=self.sol), self.url("decide", made.pk))


class Listed(Disputes):
    def test_finance_sees_those_open_by_service_and_age(self) -> None:
        first, second = self.raised(), self.raised(1_00, self.disk)
        Dispute.objects.filter(pk=first.pk).update(raised_at=first.raised_at - timedelta(days=10))
        righting.decide(second, outcome="explained", words="It is right.", by=self.sol)
        url = reverse("billing:disputes")
        said = self.reads(self.page(url, by=self.finn))
        self.assertIn("1 line is disputed and not decided yet", said)
        self.assertIn("Security 1 $4,120.00", said)
        with self.assertQueries(LIST):
            self.client.get(url)
        self.assertEqual(self.page(url, data={"open": "1"}).context["table"].total, 1)
        rows = self.client.get(url, {"format": "csv"})
        self.assertIn("4120.00,10,Sol Service,Open", b"".join(rows).decode())
        # At half past eleven at night where the office is: tomorrow at Greenwich.
        evening = datetime.combine(self.today - timedelta(days=3), time(23, 30), time_zone())
        Dispute.objects.filter(pk=first.pk).update(raised_at=evening)
        rows = self.client.get(url, {"format": "csv"})
        self.assertIn("4120.00,3,Sol Service,Open", b"".join(rows).decode())
        self.page(url, by=self.ben, status=403)
