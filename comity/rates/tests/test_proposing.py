"""A rate is proposed by one, approved by another, and stands; two never hold on one day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from comity.audit.models import Entry
from comity.core.billing.plans import Plan, Shape, Tier, plain
from comity.core.errors import DomainError
from comity.notifications.models import Notice as Told
from comity.people.models import User
from comity.rates.models import RateVersion
from comity.rates.periods import Closed
from comity.rates.services import proposing
from comity.rates.tests.made import JULY, LAST_JULY, RatesTestCase
from comity.testing.declaring import declaring

MID_JULY, JANUARY = date(2026, 7, 15), date(2027, 1, 1)
TIERED = plain(Plan(Shape.VOLUME, (Tier(Decimal(10), Decimal(3)), Tier(None, Decimal(2)))))


class ProposingTestCase(RatesTestCase):
    def proposed(self, price: str = "4", starts_on: date = JULY, **more: Any) -> RateVersion:
        values = {
            "offering": self.server,
            "plan": plain(Plan.flat(price)),
            "starts_on": starts_on,
            "why": "Costs.",
        }
        return proposing.propose(values | more, by=self.finn)

    def approve(self, rate: RateVersion, by: User | None = None) -> RateVersion:
        return proposing.approve(rate.pk, version=rate.version, by=by or self.cora)

    def refused(self, words: str, **values: Any) -> None:
        with self.assertRaisesMessage(DomainError, words):
            self.proposed(**values)


class Proposing(ProposingTestCase):
    def test_a_proposal_is_approved_by_somebody_else_and_stands_in_the_trail(self) -> None:
        rate = self.proposed()
        self.assertNotIn(rate, RateVersion.objects.on(JULY))
        with self.assertRaisesMessage(DomainError, "somebody else has to approve it"):
            self.approve(rate, self.finn)
        self.assertEqual(self.approve(rate).approved_by, self.cora)
        self.assertIn(rate, RateVersion.objects.on(JULY))
        acts = Entry.objects.about(rate).order_by("pk").values_list("action", flat=True)
        self.assertEqual(list(acts), [proposing.PROPOSE, proposing.APPROVE])

    def test_who_may_approve_is_told_while_it_waits(self) -> None:
        waiting = Told.objects.filter(kind=proposing.TO_APPROVE)
        rate, other = self.proposed(), self.proposed("5", JANUARY)
        self.assertEqual({notice.user for notice in waiting}, {self.ada, self.ira, self.cora})
        texts = {notice.text for notice in waiting.filter(user=self.cora)}
        self.assertIn("A rate of Server from Jul 1, 2026 on waits to be approved", texts)
        self.approve(rate)
        proposing.withdraw(other.pk, by=self.finn)
        self.assertFalse(waiting.all().exists())

    def test_the_database_lets_nobody_approve_their_own(self) -> None:
        rate = self.proposed()
        with self.assertRaises(IntegrityError), transaction.atomic():
            RateVersion.objects.filter(pk=rate.pk).update(approved_by=self.finn, approved_at=timezone.now())

    def test_whoever_changes_a_proposal_proposes_it(self) -> None:
        rate = proposing.change_proposal(self.proposed().pk, {"plan": plain(Plan.flat("9"))}, by=self.ada)
        with self.assertRaisesMessage(DomainError, "somebody else has to approve it"):
            self.approve(rate, self.ada)
        self.assertEqual(self.approve(rate, self.finn).plan, plain(Plan.flat("9")))

    def test_what_changed_since_it_was_read_is_not_approved(self) -> None:
        read = self.proposed()
        proposing.change_proposal(read.pk, {"plan": plain(Plan.flat("9"))}, by=self.finn)
        with self.assertRaisesMessage(DomainError, "has changed since you opened it"):
            self.approve(read)

    def test_a_proposal_is_withdrawn_and_brought_back(self) -> None:
        rate = proposing.withdraw(self.proposed().pk, by=self.finn)
        with self.assertRaisesMessage(DomainError, "no longer open"):
            self.approve(rate)
        self.approve(proposing.restore(rate.pk, by=self.finn))
        with self.assertRaisesMessage(DomainError, "no longer exists"):
            proposing.withdraw(rate.pk, by=self.finn)

    def test_a_rate_that_follows_ends_the_one_before_it(self) -> None:
        first = self.approve(self.proposed())
        self.approve(self.proposed("5", MID_JULY))
        first.refresh_from_db()
        self.assertEqual(first.ends_on, date(2026, 7, 14))
        self.assertEqual(Entry.objects.about(first).latest("pk").action, proposing.END)

    def test_a_class_has_rates_of_its_own_beside_those_for_everybody(self) -> None:
        general, own = self.proposed(), self.proposed("3", customer_class=self.small())
        for rate in (general, own):
            self.approve(rate)
        self.assertEqual(RateVersion.objects.on(JULY).count(), 2)


class Refused(ProposingTestCase):
    def test_days_that_another_rate_has(self) -> None:
        self.approve(self.proposed(starts_on=JULY, ends_on=date(2026, 12, 31)))
        self.refused("A rate holds until Dec 31, 2026 already.", starts_on=date(2026, 12, 31))
        self.refused("Another rate holds from Jul 1, 2026 on. Let this one end before.", starts_on=LAST_JULY)
        self.approve(self.proposed(starts_on=JANUARY))
        self.refused("A rate holds from Jan 1, 2027 on already.", starts_on=JANUARY)

    def test_of_two_proposals_for_the_same_days_the_second_is_not_approved(self) -> None:
        first, second = self.proposed(), self.proposed("5")
        self.approve(first)
        with self.assertRaisesMessage(DomainError, "One that follows it begins later."):
            self.approve(second)

    def test_by_the_database_itself_whoever_writes(self) -> None:
        self.approved("4", JULY, ends_on=date(2026, 12, 31))
        later = self.approved("5", JANUARY)
        for starts_on, ends_on in ((LAST_JULY, JULY), (MID_JULY, MID_JULY), (JANUARY, None)):
            with self.subTest(starts_on), self.assertRaises(IntegrityError), transaction.atomic():
                self.approved("6", starts_on, ends_on=ends_on)
        with self.assertRaises(IntegrityError), transaction.atomic():
            RateVersion.objects.filter(pk=self.proposed("6", date(2027, 2, 1)).pk).update(
                approved_by=self.cora, approved_at=timezone.now()
            )
        self.approved("6", JULY, customer_class=self.small())
        self.assertIsNone(later.ends_on)

    def test_a_part_of_a_month_under_a_rate_that_goes_by_the_month(self) -> None:
        by_the_month = ({"plan": TIERED}, {"plan": plain(Plan.flat("4")) | {"minimum": 500}})
        for values in (*by_the_month, self.shared()):
            with self.subTest(values):
                self.refused("begins on the first", starts_on=MID_JULY, **values)
        self.refused("ends with a month", ends_on=date(2026, 8, 30), **self.shared())
        self.assertTrue(self.proposed("4", MID_JULY).pk)

    def shared(self, **more: Any) -> dict[str, Any]:
        facts = {"basis": "shared", "plan": None, "annual_cents": 1200, "driver": "headcount"}
        return {**facts, "offering": self.server, **more}

    def test_a_plan_that_means_nothing(self) -> None:
        for plan, words, field in (
            (TIERED | {"account_cap": 5}, "A cap per account needs one price", "account_cap"),
            (
                plain(Plan.flat("4")) | {"minimum": 9, "maximum": 1},
                "The minimum is more than the cap.",
                "maximum",
            ),
            ({"shape": "flat", "tiers": [{"up_to": "5", "price": "1"}]}, "The last tier has no end", "tiers"),
            (
                {"shape": "flat", "tiers": [{"up_to": None, "price": "1.1234567"}]},
                "at most 6 decimals",
                "tiers",
            ),
            ({"shape": "round"}, "This is no price plan.", "plan"),
            (None, "This is no price plan.", "plan"),
        ):
            with self.subTest(words), self.assertRaisesMessage(DomainError, words) as refused:
                self.proposed(plan=plan)
            self.assertEqual(refused.exception.field, field)

    def test_an_amount_that_cannot_be_split(self) -> None:
        self.refused("more than zero", **self.shared(annual_cents=0))
        self.refused("what the amount is split by", **self.shared(driver=""))
        self.refused("is for everybody", **self.shared(customer_class=self.small()))

    def test_days_whose_bills_are_issued(self) -> None:
        july, june = date(2026, 7, 31), date(2026, 6, 30)
        with declaring(
            Closed(lambda: july, lambda _offering: july), Closed(lambda: None, lambda _offering: None)
        ):
            self.refused("Bills are issued until Jul 31, 2026.", starts_on=JULY)
            self.proposed(starts_on=date(2026, 8, 1))
        with declaring(Closed(lambda: july, lambda _offering: june)):  # nothing of it was billed in July
            self.proposed(starts_on=JULY)
            self.refused("Bills are issued until Jul 31, 2026.", **self.shared(starts_on=JULY))

    def test_an_end_before_the_beginning(self) -> None:
        self.refused("It ends before it begins.", starts_on=JULY, ends_on=LAST_JULY)


class Notice(ProposingTestCase):
    def said(self, price: str, announced_on: date | None, **more: Any) -> str:
        return proposing.short_notice(self.proposed(price, JULY, announced_on=announced_on, **more))

    def test_an_increase_is_announced_thirty_days_before(self) -> None:
        self.assertEqual(self.said("4", None), "")  # nothing was before it
        self.approved("4")
        self.assertIn("it is not announced. Announce it by Jun 1, 2026", self.said("4.01", None))
        self.assertIn("announced on Jun 2, 2026. It should be", self.said("4.01", date(2026, 6, 2)))
        for price, announced_on in (("4.01", date(2026, 6, 1)), ("4", None), ("3.99", None)):
            self.assertEqual(self.said(price, announced_on), "")

    def test_a_class_is_compared_with_what_it_paid(self) -> None:
        small = self.small()
        self.approved("4")
        self.assertEqual(self.said("3", None, customer_class=small), "")
        self.approved("2", customer_class=small)
        self.assertIn("This is an increase", self.said("3", None, customer_class=small))

    def test_more_to_be_split_or_another_basis_is_an_increase(self) -> None:
        self.approved(1000)
        shared = {"basis": "shared", "plan": None, "driver": "headcount"}
        self.assertIn("This is an increase", self.said("0", None, annual_cents=1001, **shared))
        self.assertEqual(self.said("0", None, annual_cents=1000, **shared), "")
        self.assertIn("This is an increase", self.said("0", None))
