"""A month's bills: run from usage, shares, late usage and adjustments; approved by somebody else; issued."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from comity.billing.models import Adjustment, Bill, Line, Run
from comity.billing.services import running
from comity.billing.services.splitting import rows_under
from comity.billing.tests.made import JULY, OCTOBER, SEPTEMBER, flat
from comity.billing.tests.rows import RunTestCase, lay
from comity.core.errors import DomainError
from comity.jobs.progress import Unwatched
from comity.notifications.models import Mail, Notice
from comity.partners.models import Partner
from comity.rates.models import Driver, DriverSnapshot, DriverValue, RateVersion
from comity.rates.services import proposing
from comity.services.models import CustomerClass, Offering
from comity.usage import store

NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)


class Reckoned(RunTestCase):
    """Scans at $20; what Parks and Roads used of them in October."""

    def setUp(self) -> None:
        super().setUp()
        self.price = self.rate(self.scans, flat("20"))

    def refused(self, words: str, month: date = OCTOBER) -> None:
        with self.assertRaisesMessage(DomainError, words):
            self.run_month(month)

    def test_usage_becomes_a_line_for_each_partner_and_offering(self) -> None:
        lay(
            OCTOBER,
            [self.used(self.parks, self.scans, "3"), self.used(self.parks, self.scans, "0.5", account="b")],
        )
        lay(OCTOBER, [self.used(self.roads, self.scans, "7")])
        made = self.run_month()
        self.assertEqual(
            self.lines(made), [("PARKS", "SCAN", "usage", 70_00), ("ROADS", "SCAN", "usage", 140_00)]
        )
        line = Line.objects.get(bill__partner=self.parks)
        self.assertEqual((line.quantity, line.usage_rows, line.raw), (Decimal("3.5"), 2, "7000"))
        self.assertEqual(line.parts, [{"units": "7/2", "price": "20", "cents": "7000"}])
        self.assertEqual([bill.number for bill in made.bills.all()], ["B-2026-10-0001", "B-2026-10-0002"])
        self.assertEqual((made.state, made.total_cents), (Run.State.DRAFT, 210_00))
        self.assertEqual((made.usage_in, made.usage_rated, made.usage_set_aside), (3, 3, 0))

    def test_rows_without_a_rate_are_counted_named_and_billed_once_there_is_one(self) -> None:
        disk = self.offering("Disk", "GB", Offering.Unit.GB_MONTH, service="Storage")
        lay(OCTOBER, [self.used(self.parks, disk, "10"), self.used(self.roads, self.scans, "1")])
        made = self.issue_month()
        self.assertEqual(self.lines(made), [("ROADS", "SCAN", "usage", 20_00)])
        self.assertEqual((made.usage_in, made.usage_rated, made.usage_set_aside), (2, 1, 1))
        row = {"partner": self.parks.pk, "offering": disk.pk, "month": "2026-10-01", "rows": 1}
        self.assertEqual(made.checks["unrated"], [row])
        values = {"offering": disk, "plan": flat("0.10"), "starts_on": OCTOBER, "why": "New."}
        rate = proposing.propose(values, by=self.finn)
        proposing.approve(rate.pk, version=rate.version, by=self.cora)
        with self.assertRaisesMessage(DomainError, "Bills are issued until"):
            proposing.propose({**values, "offering": self.scans}, by=self.finn)
        lay(NOVEMBER, [self.used(self.roads, self.scans, "1")])
        self.assertIn(("PARKS", "GB", "late", 1_00), self.lines(self.run_month(NOVEMBER)))

    def test_late_rows_without_a_rate_are_billed_once_there_is_one(self) -> None:
        lay(OCTOBER, [self.used(self.roads, self.scans, "1")])
        self.issue_month()
        disk = self.offering("Disk", "GB", Offering.Unit.GB_MONTH, service="Storage")
        lay(NOVEMBER, [self.used(self.parks, disk, "10", belongs_to=OCTOBER)])
        self.assertEqual(self.issue_month(NOVEMBER).usage_set_aside, 1)
        self.rate(disk, flat("0.10"), OCTOBER)
        self.assertEqual(self.lines(self.run_month(DECEMBER)), [("PARKS", "GB", "late", 1_00)])

    def test_usage_of_partners_made_one_is_one_line_of_the_one_that_stays(self) -> None:
        """Trails was loaded by itself and then merged into Parks; late rows of its own month count with Parks', too."""
        lay(OCTOBER, [self.used(self.trails, self.scans, "5"), self.used(self.parks, self.scans, "7")])
        Partner.objects.filter(pk=self.trails.pk).update(merged_into=self.parks)
        made = self.issue_month()
        self.assertEqual(self.lines(made), [("PARKS", "SCAN", "usage", 240_00)])
        line = Line.objects.select_related("bill__run__period", "rate").get()
        self.assertEqual(store.page_of(rows_under(line))[1], 2)
        lay(NOVEMBER, [self.used(self.trails, self.scans, "1", belongs_to=OCTOBER)])
        self.assertEqual(self.lines(self.run_month(NOVEMBER)), [("PARKS", "SCAN", "late", 20_00)])

    def test_a_bill_of_before_a_merge_is_read_by_who_stays(self) -> None:
        lay(OCTOBER, [self.used(self.trails, self.scans, "5")])
        self.issue_month()
        Partner.objects.filter(pk=self.trails.pk).update(parent=None, merged_into=self.roads)
        self.assertEqual([bill.partner for bill in Bill.objects.visible_to(self.flo)], [self.trails])
        self.assertFalse(Bill.objects.visible_to(self.ben).exists())

    def test_late_usage_costs_what_the_month_costs_with_it_less_what_was_billed(self) -> None:
        """30 scans at $10 up to 20 and $5 beyond: the ten late ones cost $5 each, at October's rate."""
        tiers = [{"up_to": "20", "price": "10"}, {"up_to": None, "price": "5"}]
        other = self.offering("Tests", "TST", Offering.Unit.SCAN, service="Security")
        self.rate(other, {"shape": "graduated", "tiers": tiers})
        lay(OCTOBER, [self.used(self.parks, other, "20")])
        self.issue_month()
        self.rate(other, flat("99"), NOVEMBER)
        lay(
            NOVEMBER,
            [self.used(self.parks, other, "10", belongs_to=OCTOBER), self.used(self.parks, other, "1")],
        )
        made = self.run_month(NOVEMBER)
        self.assertEqual(
            self.lines(made), [("PARKS", "TST", "late", 50_00), ("PARKS", "TST", "usage", 99_00)]
        )
        late = Line.objects.get(kind="late")
        self.assertEqual((late.month, late.quantity, late.usage_rows), (OCTOBER, 10, 1))
        self.assertEqual((made.usage_in, made.usage_rated), (2, 2))

    def test_a_class_pays_its_own_rate_and_the_full_one_is_kept(self) -> None:
        small = CustomerClass.objects.create(name="Small")
        small.partners.add(self.parks)
        self.rate(self.scans, flat("15"), customer_class=small)
        lay(OCTOBER, [self.used(self.parks, self.scans, "2"), self.used(self.roads, self.scans, "2")])
        self.run_month()
        found = Line.objects.order_by("cents").values_list("cents", "full_cents")
        self.assertEqual(list(found), [(30_00, 40_00), (40_00, None)])

    def test_what_is_passed_through_is_summed_exactly_and_credits_mirror_charges(self) -> None:
        cloud = self.offering("Cloud", "CLOUD", Offering.Unit.AT_COST, service="Cloud")
        self.rate(cloud, flat("1.0826"), basis=RateVersion.Basis.COST)
        lay(
            OCTOBER,
            [
                self.used(self.parks, cloud, "0", cost="0.00000080000"),
                self.used(self.parks, cloud, "0", cost="12.34567890123", account="b"),
                self.used(self.roads, cloud, "0", cost="-12.34567970123"),
            ],
        )
        self.run_month()
        found = {line.bill.partner.code: line for line in Line.objects.select_related("bill__partner")}
        self.assertEqual((found["PARKS"].cents, found["ROADS"].cents), (13_37, -13_37))
        self.assertEqual(Fraction(found["PARKS"].raw), 100 * Fraction("12.34567970123") * Fraction("1.0826"))

    def shared(self, **values: Any) -> RateVersion:
        portal = self.offering("Portal", "WEB", Offering.Unit.INSTALMENT, service="Web")
        snapshot = DriverSnapshot.objects.create(driver=Driver.FTE, as_of=JULY, source="HR")
        for partner, amount in ((self.parks, 100), (self.roads, 200)):
            DriverValue.objects.create(snapshot=snapshot, partner=partner, amount=amount)
        values = {"basis": RateVersion.Basis.SHARED, "annual_cents": 1_200_00, "driver": Driver.FTE, **values}
        return self.rate(portal, None, **values)

    def test_a_shared_amount_is_billed_over_the_months_that_are_left_and_adds_up(self) -> None:
        """$1,200 a year, approved for October on: nine months are left, $133.34 the first of them."""
        first = self.shared(starts_on=OCTOBER)
        self.assertEqual(
            self.lines(self.issue_month()),
            [("PARKS", "WEB", "share", 44_45), ("ROADS", "WEB", "share", 88_89)],
        )
        self.assertIsNotNone(DriverSnapshot.objects.get().used_at)
        self.rate(first.offering, None, NOVEMBER, basis="shared", annual_cents=2_000_00, driver=Driver.FTE)
        later = self.run_month(NOVEMBER)  # $1,866.66 over eight months
        self.assertEqual(later.total_cents, 233_34)

    def test_a_shared_amount_without_figures_is_named_and_billed_later(self) -> None:
        self.shared(starts_on=OCTOBER, driver=Driver.IT_FTE)
        made = self.run_month()
        self.assertEqual(
            (made.total_cents, [each["figures"] for each in made.checks["shares"]]), (0, ["not billed"])
        )

    def test_an_adjustment_comes_onto_the_next_bill_and_names_what_it_corrects(self) -> None:
        lay(OCTOBER, [self.used(self.parks, self.scans, "3")])
        self.issue_month()
        line = Line.objects.get()
        values = {"made_by": self.finn, "approved_by": self.cora, "approved_at": timezone.now()}
        Adjustment.objects.create(line=line, cents=-20_00, why="Counted twice.", **values)
        Adjustment.objects.create(line=line, cents=-1, why="Waits.", made_by=self.finn)
        made = self.issue_month(NOVEMBER)
        self.assertEqual(self.lines(made), [("PARKS", "SCAN", "adjustment", -20_00)])
        self.assertEqual(Line.objects.get(kind="adjustment").corrects, line)
        self.assertEqual(self.run_month(DECEMBER).total_cents, 0)

    def test_less_than_nothing_is_set_aside_and_named(self) -> None:
        lay(OCTOBER, [self.used(self.parks, self.scans, "-3"), self.used(self.roads, self.scans, "1")])
        made = self.run_month()
        self.assertEqual((made.usage_rated, made.usage_set_aside, made.total_cents), (1, 1, 20_00))
        self.assertEqual(made.checks["below_zero"][0]["partner"], self.parks.pk)

    def test_the_same_inputs_give_the_same_lines_and_hash(self) -> None:
        lay(OCTOBER, [self.used(self.parks, self.scans, "3"), self.used(self.roads, self.scans, "7")])
        self.shared(starts_on=OCTOBER)
        shown = ("bill__number", "offering", "kind", "cents", "raw", "quantity", "parts")
        first = self.run_month()
        before = list(Line.objects.order_by("pk").values_list(*shown))
        second = self.run_month()
        now = Line.objects.filter(bill__run=second).order_by("pk").values_list(*shown)
        self.assertEqual((list(now), second.input_hash), (before, first.input_hash))
        lay(OCTOBER, [self.used(self.roads, self.scans, "1")])
        self.assertNotEqual(self.run_month().input_hash, first.input_hash)


class Steps(RunTestCase):
    """October's bills, run by Finn."""

    made: Run

    def setUp(self) -> None:
        super().setUp()
        self.rate(self.scans, flat("20"))
        lay(OCTOBER, [self.used(self.roads, self.scans, "3")])
        self.made = self.run_month()

    def test_a_new_run_takes_the_place_of_the_draft_which_is_kept_to_be_compared_with(self) -> None:
        again, third = self.run_month(), self.run_month()
        self.made.refresh_from_db()
        again.refresh_from_db()
        self.assertEqual((self.made.state, again.state), (Run.State.DROPPED, Run.State.DROPPED))
        self.assertEqual(third.replaces, again)
        self.assertEqual([run.bills.count() for run in (self.made, again, third)], [0, 1, 1])

    def test_who_may_approve_is_told_of_the_draft_that_stands_while_it_waits(self) -> None:
        waiting = Notice.objects.filter(kind=running.TO_APPROVE)
        again = self.run_month()
        told = {notice.user: (notice.text, notice.url) for notice in waiting}
        self.assertEqual(set(told), {self.ada, self.ira, self.cora})
        text = "The bills of October 2026 wait to be approved: $60.00"
        self.assertEqual(told[self.cora], (text, again.get_absolute_url()))
        running.approve(again.pk, by=self.cora)
        self.assertFalse(waiting.all().exists())

    def test_nobody_approves_what_they_ran_themselves(self) -> None:
        with self.assertRaisesMessage(DomainError, "You ran these bills"):
            running.approve(self.made.pk, by=self.finn)
        with self.assertRaises(IntegrityError), transaction.atomic():
            Run.objects.filter(pk=self.made.pk).update(approved_by=self.finn)

    def test_what_changed_since_is_run_again_before_it_is_approved_or_issued(self) -> None:
        running.approve(self.made.pk, by=self.cora)
        lay(OCTOBER, [self.used(self.roads, self.scans, "1")])
        with self.assertRaisesMessage(DomainError, "this has changed: the usage. Run them again."):
            running.issue(self.made.pk, by=self.finn)
        with self.assertRaisesMessage(DomainError, "are approved. Drop them first"):
            self.run_month()
        running.drop(self.made.pk, by=self.finn)
        self.assertFalse(Bill.objects.exists())
        self.assertEqual(self.run_month().total_cents, 80_00)

    def test_what_is_issued_has_its_days_and_is_told_to_their_finance_people_once(self) -> None:
        running.approve(self.made.pk, by=self.cora)
        issued = running.issue(self.made.pk, by=self.finn)
        self.run_jobs()
        running.tell(Unwatched(), run_id=issued.pk)
        told = Notice.objects.get(kind=running.BILL_IS_THERE)
        self.assertEqual((told.user, told.mail), (self.flo, Mail.DIGEST))
        self.assertEqual(told.text, "The bill of Department of Roads for October 2026 is there: $60.00")
        bill = Bill.objects.get()
        days = [self.today + timedelta(days=days) for days in (30, 45)]
        self.assertEqual([bill.due_on, bill.dispute_until], days)
        self.assertTrue(issued.period.closed_at)
        with self.assertRaisesMessage(DomainError, "are issued"):
            self.run_month()
        for act in (running.approve, running.issue, running.drop):
            with self.assertRaisesMessage(DomainError, "now “issued”"):
                act(issued.pk, by=self.ada)

    def test_a_month_waits_for_the_one_before_it(self) -> None:
        lay(SEPTEMBER, [self.used(self.roads, self.scans, "1")])
        with self.assertRaisesMessage(DomainError, "Issue September 2026 first"):
            self.run_month()

    def test_while_one_is_being_made_another_is_refused(self) -> None:
        running.run(self.made.period, by=self.ada)
        with self.assertRaisesMessage(
            DomainError, "Ada Admin is running the bills of October 2026 right now."
        ):
            self.run_month()
        self.run_jobs()
        self.assertEqual(Run.objects.standing().get().run_by, self.ada)
