"""`kill -9` at every page of a sync, and at every step of an order: nothing is lost, nothing is there twice."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from comity.itsm.tests.syncing import fill
from comity.jobs.tests.processes import ProcessTestCase
from comity.testing.servicenow import Fault, Stub

MADE = """
from comity.itsm.tests.syncing import connected
from comity.office.models import Office
from django.utils import timezone
Office.objects.create(pk=1, name="Office of IT", set_up_at=timezone.now())
connected({url!r})
"""
BEGIN = """
import os, signal
from datetime import timedelta
from django.conf import settings
from comity.itsm import client, orders, services, sync
from comity.jobs import queue
from comity.tickets.models import Ticket
settings.DEMO = True
sync.SIZE = 3
client.pause = lambda seconds: None
def die(*_said, **_more):
    os.kill(os.getpid(), signal.SIGKILL)
def then_die(place, name, after=0):
    was, times = getattr(place, name), []
    def dying(*said, **more):
        times.append(1)
        done = was(*said, **more)
        return die() if len(times) > after else done
    setattr(place, name, dying)
def go_on():
    queue.rescue()
    if not queue.run_next(even_later=True):
        services.start("test")
        queue.run_next(even_later=True)
"""
COUNTS = (
    "SELECT (SELECT count(*) FROM tickets_ticket), (SELECT count(DISTINCT external_id) FROM tickets_ticket), "
    "(SELECT count(*) FROM itsm_seen), (SELECT count(*) FROM tickets_statechange)"
)
ROWS = 14
ORDER = """
from comity.tickets.models import StateChange
ticket = Ticket.objects.create(number="REQ000001", title="A phone", kind="request", opened_at=timezone.now(),
    order={"item": "e" * 32, "variables": {"color": "gray"}})
"""


class SyncedTestCase(ProcessTestCase):
    stub: Stub

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.stub = cls.enterClassContext(Stub())
        cls.run_python(MADE.format(url=cls.stub.url))

    def kill(self, code: str) -> bool:
        """Whether it died where it was told to; else it came to its end."""
        process = self.start_python(BEGIN + code + "\ngo_on()")
        ended = process.wait(60)
        self.assertIn(ended, {-9, 0}, Path(process.err).read_text())
        return ended == -9


@pytest.mark.slow
class KilledWhileReading(SyncedTestCase):
    def test_killed_at_every_page_before_and_after_it_is_written_nothing_is_lost_or_twice(self) -> None:
        fill(self.stub.tables, ROWS, datetime.now(UTC))
        counts = []
        # Each dies while it writes the next page, and then once it has written it.
        for _page in range(5):
            self.assertTrue(self.kill("then_die(sync, '_keep')"))
            self.assertTrue(self.kill("then_die(sync, '_take')"))
            ((tickets, keys, seen, changes),) = self.rows(COUNTS)
            self.assertEqual((tickets, keys, seen), (tickets, tickets, tickets))
            self.assertEqual(changes, tickets * 2)
            counts.append(tickets)
        self.assertEqual(counts, [3, 6, 9, 12, 14])
        self.assertFalse(self.kill(""))
        self.assertEqual(self.rows(COUNTS), [(ROWS, ROWS, ROWS, ROWS * 2)])
        self.assertEqual(self.rows("SELECT state FROM jobs_work"), [("done",)])

    def test_killed_while_it_looks_for_what_was_deleted_it_deletes_no_more_and_no_less(self) -> None:
        self.stub.tables.db.execute("DELETE FROM kept")
        fill(self.stub.tables, ROWS, datetime.now(UTC))
        self.kill("")
        gone = self.stub.tables.rows("incident", limit=1)[0][0]["sys_id"]
        self.stub.tables.delete("incident", gone)
        full = "services.start('test', full=True)\n"
        self.assertTrue(self.kill(f"{full}then_die(sync, '_take', after=1)"))
        self.assertTrue(self.kill("then_die(sync, '_take')"))
        self.assertTrue(self.kill("then_die(sync.Feed, 'save', after=4)"))
        self.assertFalse(self.kill(""))
        left = self.rows(
            f"SELECT count(*), sum(CASE WHEN sys_id = '{gone}' THEN 1 ELSE 0 END) FROM itsm_seen"
        )
        self.assertEqual(left, [(ROWS - 1, 0)])


@pytest.mark.slow
class KilledWhileOrdering(SyncedTestCase):
    def test_killed_at_every_step_it_is_ordered_once(self) -> None:
        points = {
            "before it is asked for": "client.ServiceNow.order = die",
            "once it is taken": "then_die(client.ServiceNow, 'order')",
            "before it is written down": "orders._note = lambda ticket, **more: 'request' in more and die()",
            "once that is written down": "then_die(orders, '_note', after=1)",
        }
        for point, code in points.items():
            with self.subTest(point):
                self.stub.tables.db.execute("DELETE FROM kept")
                self.run_python(
                    BEGIN + "from django.utils import timezone\nTicket.objects.all().delete()\n" + ORDER
                )
                self.assertTrue(self.kill(code))
                self.kill("")
                self.kill("orders.AGAIN = timedelta()")
                self.assertEqual(self.stub.tables.rows("sc_req_item")[1], 1)
                ((source, number),) = self.rows("SELECT source, number FROM tickets_ticket")
                self.assertEqual((source, number), ("snow", "RITM0010001"))

    def test_an_order_that_is_taken_and_not_answered_is_found_by_our_id(self) -> None:
        self.stub.tables.db.execute("DELETE FROM kept")
        self.run_python(BEGIN + "from django.utils import timezone\nTicket.objects.all().delete()\n" + ORDER)
        self.stub.faults.append(Fault("die", on="order_now"))
        self.kill("")
        self.kill("")
        self.assertEqual(self.stub.tables.rows("sc_req_item")[1], 1)
        self.assertEqual(self.rows("SELECT source FROM tickets_ticket"), [("snow",)])
