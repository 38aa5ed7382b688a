"""What is issued, closed or approved stands: the database refuses whoever asks."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.utils import timezone

from comity.billing.models import Bill, Line, Run
from comity.core.billing.plans import Plan, plain
from comity.core.errors import DomainError
from comity.editing import final
from comity.rates.models import RateVersion
from comity.rates.services import proposing
from comity.services.models import Offering, Service
from comity.testing.cast import CastTestCase
from comity.usage.models import Period


class WhatIsFinal(CastTestCase):
    """A bill of Parks with one line, issued; the rate behind it, approved; and the month, closed."""

    server: Offering
    rate: RateVersion
    period: Period
    bill_run: Run
    bill: Bill
    line: Line

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        now = timezone.now()
        hosting = Service.objects.create(name="Hosting", promise="We run it.", owner=cls.sol)
        cls.server = Offering.objects.create(service=hosting, name="Server", code="SRV", unit="device-month")
        cls.rate = RateVersion.objects.create(
            offering=cls.server,
            plan={"shape": "flat"},
            starts_on=date(2026, 7, 1),
            why="New",
            proposed_by=cls.finn,
            approved_by=cls.cora,
            approved_at=now,
        )
        cls.period = Period.objects.create(first_on=date(2026, 10, 1), closed_at=now)
        cls.bill_run = Run.objects.create(period=cls.period, run_by=cls.finn)
        cls.bill = Bill.objects.create(run=cls.bill_run, partner=cls.parks, number="B-2026-10-0001")
        cls.line = Line.objects.create(
            bill=cls.bill, offering=cls.server, rate=cls.rate, month=date(2026, 10, 1), cents=1200
        )
        for model in (Run, Bill):
            model._default_manager.update(issued_at=now)

    def refused(self, row: Model, **values: Any) -> None:
        with self.assertRaisesMessage(IntegrityError, "cannot be changed"), transaction.atomic():
            type(row)._default_manager.filter(pk=row.pk).update(**values)

    def test_an_issued_run_bill_and_line_can_neither_be_changed_nor_deleted(self) -> None:
        for row, values in ((self.bill_run, "total_cents"), (self.bill, "total_cents"), (self.line, "cents")):
            self.refused(row, **{values: 1})
        with connection.cursor() as cursor:
            for table in ("billing_line", "billing_bill", "billing_run"):
                with self.assertRaises(IntegrityError), transaction.atomic():
                    cursor.execute(f"DELETE FROM {table}")

    def test_an_issued_bill_takes_no_more_lines(self) -> None:
        with self.assertRaisesMessage(IntegrityError, "no more lines"), transaction.atomic():
            Line.objects.create(bill=self.bill, offering=self.server, month=date(2026, 10, 1), cents=1)
        other = Bill.objects.create(run=self.bill_run, partner=self.roads, number="B-2026-10-0002")
        line = Line.objects.create(bill=other, offering=self.server, month=date(2026, 10, 1), cents=1)
        with self.assertRaisesMessage(IntegrityError, "no more lines"), transaction.atomic():
            Line.objects.filter(pk=line.pk).update(bill=self.bill)

    def test_a_closed_month_stays_closed(self) -> None:
        self.refused(self.period, closed_at=None)

    def test_no_rate_begins_in_a_month_that_is_closed(self) -> None:
        values = {"offering": self.server, "plan": plain(Plan.flat("5")), "why": "Late"}
        with self.assertRaisesMessage(DomainError, "Bills are issued until Oct 31, 2026."):
            proposing.propose({**values, "starts_on": date(2026, 10, 31)}, by=self.finn)
        proposing.propose({**values, "starts_on": date(2026, 11, 1)}, by=self.finn)

    def test_an_approved_rate_can_only_be_followed_by_another(self) -> None:
        self.refused(self.rate, plan={"shape": "flat", "tiers": []})
        RateVersion.objects.filter(pk=self.rate.pk).update(ends_on=date(2026, 12, 31))
        self.refused(self.rate, ends_on=None)

    def test_a_row_of_the_same_key_does_not_take_the_place_of_an_issued_one(self) -> None:
        ways = {
            "sqlite": "REPLACE INTO billing_line SELECT * FROM billing_line",
            "postgresql": "SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE billing_line CASCADE",
        }
        with self.assertRaisesMessage(IntegrityError, "issued bill"), transaction.atomic():
            connection.cursor().execute(ways[connection.vendor])

    def test_what_has_no_guard_anymore_gets_it_back(self) -> None:
        with final.lifted(connection):
            Line.objects.update(cents=7)
        self.refused(self.line, cents=8)
