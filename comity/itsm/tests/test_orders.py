"""Orders that go out to ServiceNow: by one request, which is never repeated before it was looked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from unittest.mock import patch

from comity.itsm import orders
from comity.itsm.models import Connection
from comity.itsm.tests.syncing import SyncTestCase, blank
from comity.tickets.models import Ticket
from comity.tickets.services import open_ticket


class Ordering(SyncTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.tables.put(
            "sc_req_item",
            [
                blank("sc_req_item")
                | {"number": "RITM0000001", "state": "1", "opened_at": "2026-08-01 12:00:00"}
            ],
        )
        self.ticket: Any = open_ticket(
            title="A phone for Parks",
            partner=self.parks,
            by=self.ben,
            order={"item": "e" * 32, "variables": {"color": "gray"}},
        )

    def posts(self) -> int:
        return sum("order_now" in each for each in self.stub.requests)

    def test_it_is_ordered_once_with_our_id_and_its_state_comes_back(self) -> None:
        self.sync()
        self.ticket.refresh_from_db()
        row = self.tables.rows("sc_req_item", f"correlation_id=comity-{self.ticket.pk}")[0][0]
        self.assertEqual(self.ticket.external_id, row["sys_id"])
        self.assertEqual((self.ticket.number, self.ticket.state), (row["number"], "in_progress"))
        self.tables.touch("sc_req_item", row["sys_id"], state="3")
        self.sync()
        self.ticket.refresh_from_db()
        self.assertEqual((self.ticket.state, self.posts()), ("closed", 1))
        # What the office and the partner know of it stays as they know it.
        self.assertEqual((self.ticket.title, self.ticket.partner), ("A phone for Parks", self.parks))

    def test_taken_and_not_answered_it_is_found_and_not_ordered_again(self) -> None:
        self.fault("die", on="order_now")
        self.sync()
        self.assertIn("broke off while it answered", Connection.objects.get().problem)
        self.assertEqual(Ticket.objects.filter(title="A phone for Parks").count(), 1)
        self.sync()
        self.ticket.refresh_from_db()
        self.assertEqual((self.ticket.source, self.posts()), ("snow", 1))

    def test_not_taken_it_is_ordered_again_after_a_while_and_not_before(self) -> None:
        self.fault(503, on="order_now")
        self.sync()
        self.sync()
        self.assertEqual(self.posts(), 1)
        self.assertIn("does not show it yet", Connection.objects.get().problem)
        with patch.object(orders, "AGAIN", timedelta()):
            self.sync()
        self.assertEqual(self.posts(), 2)
        self.assertEqual(self.tables.rows("sc_req_item")[1], 2)

    def test_an_order_of_another_installation_is_a_ticket_like_any_other(self) -> None:
        row = blank("sc_req_item") | {
            "number": "RITM0000009",
            "state": "1",
            "opened_at": "2026-08-01 12:00:00",
        }
        Ticket.objects.update(order=None)
        self.tables.put("sc_req_item", [row | {"correlation_id": f"comity-{self.ticket.pk}"}])
        self.sync()
        self.ticket.refresh_from_db()
        self.assertEqual((self.ticket.source, Ticket.objects.count()), ("", 3))

    def test_where_conditions_are_passed_over_nothing_is_ordered(self) -> None:
        self.fault("ignored", on="correlation_id=")
        self.sync()
        self.assertIn("shows other orders than the one asked for", Connection.objects.get().problem)
        self.assertEqual(self.posts(), 0)

    def test_an_item_that_may_not_be_ordered_is_said_and_keeps_nothing_out(self) -> None:
        self.fault(400, on="order_now")
        self.assertIn("ServiceNow refuses this order (400)", self.sync())
        self.assertEqual(Ticket.objects.filter(source="snow").count(), 1)
