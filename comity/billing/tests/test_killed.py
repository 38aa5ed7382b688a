"""`kill -9` while a month is run, or issued: the old draft or the new one, issued or not, and never a part."""

from __future__ import annotations

from pathlib import Path

import pytest

from comity.jobs.tests.processes import ProcessTestCase

PARTNERS = 7
# Seven partners with a scan each in October, at $20.
MADE = f"""
from datetime import date
from django.utils import timezone
from comity.billing.tests.made import flat
from comity.billing.tests.rows import lay
from comity.office.models import Office
from comity.partners.models import Partner
from comity.people.models import RoleGrant, User
from comity.rates.models import RateVersion
from comity.services.models import Offering, Service
Office.objects.create(pk=1, name="Office of IT", set_up_at=timezone.now())
finn = User.objects.create(email="finn@oit.example.gov", name="Finn Finance")
cora = User.objects.create(email="cora@oit.example.gov", name="Cora Customer")
security = Service.objects.create(name="Security", promise="Safe.", owner=finn, status="offered")
scans = Offering.objects.create(service=security, name="Scans", code="SCAN", unit="scan")
RateVersion.objects.create(offering=scans, plan=flat("20"), starts_on=date(2026, 7, 1), why="New.",
    proposed_by=finn, approved_by=cora, approved_at=timezone.now())
partners = [Partner.objects.create(name=f"P{{n}}", name_key=f"p{{n}}", code=f"P{{n}}", kind="agency") for n in range({PARTNERS})]
lay(date(2026, 10, 1), [{{"partner": one.pk, "offering": scans.pk, "used": 1}} for one in partners])
"""
# What is asked of the engine, as SQL: a second of work that is the same in each process.
PUT_TOGETHER = """
from comity import engines
from comity.billing.services import asking
from comity.core.billing import at_scale
for of in (at_scale.lines, at_scale.parts):
    asked = asking._expression(of, at_scale.Rules(by_account=False, by_cost=False), chosen=False, merged=False)
    engines._sql(asked.op(), engines.DUCKDB)
"""
BEGIN = """
import os, signal
from django.db import connection
from comity.billing.models import Bill, Line, Run
from comity.billing.services import running
from comity.people.models import User
from comity.usage.models import Period

def die(*_said, **_more):
    os.kill(os.getpid(), signal.SIGKILL)

def after(place, name):
    then = getattr(place, name)
    setattr(place, name, lambda *said, **more: (then(*said, **more), die()))

running.CHUNK = 3
finn, cora = User.objects.order_by("pk")
october = Period.objects.get()
"""
RUN = BEGIN + "{point}\nrunning.run(october, by=finn, here=True)\ndie()"
ISSUE = BEGIN + "{point}\nrunning.issue(Run.objects.standing().get().pk, by=finn)\ndie()"
# What a worker does that comes next.
TAKEN_UP = (
    "from comity.jobs import queue\nqueue.rescue()\nwhile queue.run_next(even_later=True): pass\nprint(0)"
)
BEFORE = {
    "as it is begun": "connection.connect(); connection._commit = die",
    "once it is begun": 'after(running, "_begin")',
    "once it is reckoned": 'after(running, "reckon")',
    "once the bills are written": 'after(Bill.objects, "bulk_create")',
    "once some lines are written": 'after(Line.objects, "bulk_create")',
    "once all lines are written": 'after(running, "_write")',
    "while it takes its place": 'after(running, "notify")',
}
AFTER = {"once it has its place": 'after(running, "_take_place")', "once all is over": ""}


class OctobersBills(ProcessTestCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.warm.ask(first=PUT_TOGETHER)
        cls.run_python(MADE)

    def kill(self, code: str, point: str) -> None:
        process = self.start_python(code.format(point=point))
        self.assertEqual(
            process.wait(120), -9, f"it has to die where it is told to: {Path(process.err).read_text()}"
        )


@pytest.mark.slow
class KilledWhileMade(OctobersBills):
    def shown(self) -> list[tuple[int, int, int]]:
        """Each draft that people see: its bills, its lines, and what they come to."""
        return self.rows(
            "SELECT count(DISTINCT bill.id), count(line.id), sum(line.cents) FROM billing_run run "
            "JOIN billing_bill bill ON bill.run_id = run.id JOIN billing_line line ON line.bill_id = bill.id "
            "WHERE run.state IN ('draft', 'approved', 'issued') GROUP BY run.id"
        )

    def left(self) -> int:
        """Lines of runs that nobody sees, but for the draft that was replaced last."""
        found: int = self.rows(
            "SELECT count(*) FROM billing_line line JOIN billing_bill bill ON bill.id = line.bill_id "
            "JOIN billing_run run ON run.id = bill.run_id WHERE run.state IN ('running', 'dropped') "
            "AND run.id NOT IN (SELECT replaces_id FROM billing_run WHERE replaces_id IS NOT NULL AND state = 'draft')"
        )[0][0]
        return found

    def test_killed_while_it_is_made_nothing_is_seen_of_it_until_a_worker_made_it_whole(self) -> None:
        whole: list[tuple[int, int, int]] = []
        for point, code in {**BEFORE, **AFTER}.items():
            with self.subTest(point):
                self.kill(RUN, code)
                expected = [(PARTNERS, PARTNERS, PARTNERS * 20_00)]
                self.assertEqual(self.shown(), expected if point in AFTER else whole)
                self.run_python(TAKEN_UP)
                if point != "as it is begun":
                    whole = expected
                self.assertEqual((self.shown(), self.left()), (whole, 0))


@pytest.mark.slow
class KilledWhileIssued(OctobersBills):
    def test_killed_while_it_is_issued_it_is_issued_whole_or_not_at_all(self) -> None:
        self.run_python(BEGIN + "running.approve(running.run(october, by=finn, here=True).pk, by=cora)")
        count = "SELECT count(*) FROM billing_bill WHERE issued_at IS NOT NULL"
        closed = "SELECT count(*) FROM usage_period WHERE closed_at IS NOT NULL"
        for point in (
            'after(running, "_refuse_changed")',
            "running.jobs.start = die",
            "connection._commit = die",
        ):
            with self.subTest(point):
                self.kill(ISSUE, f"connection.connect(); {point}")
                self.assertEqual((self.rows(count), self.rows(closed)), ([(0,)], [(0,)]))
        self.kill(ISSUE, "")
        self.assertEqual((self.rows(count), self.rows(closed)), ([(PARTNERS,)], [(1,)]))


# Both are at it before either is done.
RACE = (
    BEGIN
    + """
import time
reckon = running.reckon
running.reckon = lambda *said: (time.sleep(2), reckon(*said))[1]
try:
    print(running.run(october, by={who}, here=True).state)
except running.DomainError as error:
    print(error)
"""
)


@pytest.mark.slow
class Raced(OctobersBills):
    def test_of_two_who_run_a_month_at_once_one_does_and_the_other_is_told_who(self) -> None:
        both = [self.start_python(RACE.format(who=who)) for who in ("finn", "cora")]
        self.assertEqual([process.wait(120) for process in both], [0, 0])
        said = sorted(Path(process.out).read_text().strip() for process in both)
        self.assertRegex(
            said[0], "(Finn Finance|Cora Customer) is running the bills of October 2026 right now."
        )
        self.assertEqual(said[1], "draft")
        self.assertEqual(self.rows("SELECT count(*) FROM billing_line"), [(PARTNERS,)])
