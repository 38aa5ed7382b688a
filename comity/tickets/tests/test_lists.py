"""Lists of tickets, as the tools write them."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management import CommandError, call_command

from comity.imports.models import Import
from comity.testing.cast import CastTestCase
from comity.tickets.models import Owner, Source, StateChange, Ticket

SERVICENOW = """"number","opened_at","short_description","caller_id","priority","state","hold_reason","assignment_group","sys_updated_on","resolved_at"
"INC0010001","2026-03-09 09:15:00","Printer prints
	strange letters","@ops, night","1 - Critical","On Hold","Awaiting Caller","Desk, first floor","2026-03-09 11:00:00",""
"INC0010002","2026-03-09 10:00:00","=SUM(A1) shows #REF","*root","4 - Low","Closed","","Desk","2026-03-10 08:00:00","2026-03-09 09:00:00"
"INC0010003","2026-03-09 10:30:00","'=SUM(A1) again","Ben","3 - Moderate","Parked","","Desk","2026-03-10 08:00:00",""
"""
JIRA = """\ufeffIssue key,Summary,Issue Type,Status,Priority,Reporter,Created,Resolved,Labels,Labels,Labels,Organizations
HD-1,No mail,[System] Incident,Waiting for customer,Highest,cy,12/Mar/24 9:41 AM,,mail,urgent,vip,Roads Dept
HD-2,A laptop,[System] Service request,Resolved,Low,cy,12/Mar/24 9:45 AM,13/Mar/24 4:00 PM,,,,Roads Dept
"""
CHANGES = """number,at,state,hold reason
INC0010001,2026-03-09 13:00:00,In Progress,
INC0010001,2026-03-09 09:15:00,New,
INC0010001,2026-03-09 09:15:00,New,
INC0010001,2026-03-09 11:00:00,On Hold,Awaiting Caller
INC0099999,2026-03-09 11:00:00,New,
INC0010001,2026-03-09 12:00:00,,
,2026-03-09 12:00:00,New,
"""


class Lists(CastTestCase):
    def load(self, text: str, *more: str, what: str = "tickets", name: str = "list.csv") -> dict[str, Any]:
        """What `comity import` says of a file."""
        out = io.StringIO()
        with TemporaryDirectory() as folder:
            file = Path(folder) / name
            file.write_text(text, encoding="utf-8")
            call_command("import_file", what, str(file), *more, "--json", stdout=out, stderr=io.StringIO())
        said: dict[str, Any] = json.loads(out.getvalue())
        return said

    def counts(self, said: dict[str, Any]) -> list[int]:
        return [said[name] for name in ("rows", "new", "changed", "same", "set_aside")]

    def test_servicenow_writes_labels_no_zone_and_lines_in_cells(self) -> None:
        said = self.load(SERVICENOW, "--source", "ServiceNow", "--zone", "America/Chicago")
        self.assertEqual(self.counts(said), [3, 2, 0, 0, 1])
        self.assertIn("Parked", said["problems"][0]["reason"])
        one, two = Ticket.objects.order_by("number")
        self.assertEqual(
            (one.source, one.state, one.hold_reason, one.priority), ("servicenow", "on_hold", "customer", 1)
        )
        self.assertEqual(one.opened_at, datetime(2026, 3, 9, 14, 15, tzinfo=UTC))
        self.assertEqual(one.title, "Printer prints strange letters")
        self.assertEqual((one.said_by, one.group), ({"caller": "@ops, night"}, "Desk, first floor"))
        self.assertEqual((two.title, two.said_by), ("=SUM(A1) shows #REF", {"caller": "*root"}))
        self.assertTrue(two.is_backwards)
        self.assertFalse(one.history_known)

    def test_the_zone_is_remembered_and_the_same_file_changes_nothing(self) -> None:
        self.load(SERVICENOW, "--source", "ServiceNow", "--zone", "America/Chicago")
        self.assertEqual(Source.objects.get().zone, "America/Chicago")
        before = list(StateChange.objects.values_list())
        said = self.load(SERVICENOW, "--source", "ServiceNow", "--value", "state:Parked=on_hold")
        self.assertEqual(self.counts(said), [3, 1, 0, 2, 0])
        kept = StateChange.objects.exclude(ticket__number="INC0010003").values_list()
        self.assertEqual(list(kept), before)
        self.assertEqual(Ticket.objects.get(number="INC0010003").title, "=SUM(A1) again")

    def test_jira_has_a_mark_repeated_labels_and_named_months(self) -> None:
        Owner.objects.create(field="company", value="Roads Dept", partner=self.roads)
        said = self.load(JIRA, "--source", "jira", "--zone", "America/Denver")
        self.assertEqual(self.counts(said), [2, 2, 0, 0, 0])
        one, two = Ticket.objects.order_by("number")
        self.assertEqual(
            (one.kind, one.state, one.hold_reason, one.priority), ("incident", "on_hold", "customer", 1)
        )
        self.assertEqual(one.opened_at, datetime(2024, 3, 12, 15, 41, tzinfo=UTC))
        self.assertEqual((two.kind, two.state, two.partner), ("request", "resolved", self.roads))

    def test_the_order_of_dates_is_said_once(self) -> None:
        row = "number,short description,state,opened\nA1,Slow,New,05/03/2026 09:00\n"
        self.load(row, "--source", "desk", "--order", "day", "--zone", "UTC")
        self.load(row.replace("A1", "A2"), "--source", "desk")
        days = {one.opened_at.date().isoformat() for one in Ticket.objects.all()}
        self.assertEqual(days, {"2026-03-05"})

    def test_a_history_makes_pauses_known(self) -> None:
        self.load(SERVICENOW, "--source", "ServiceNow", "--zone", "America/Chicago")
        said = self.load(CHANGES, "--source", "servicenow", what="ticket-history")
        self.assertEqual(self.counts(said), [7, 0, 4, 0, 3])
        reasons = {one["line"]: one["reason"] for one in said["problems"]}
        words = [
            "We do not have this ticket.",
            "It does not say its “state”.",
            "It does not say its “number”.",
        ]
        self.assertEqual(list(reasons.values()), words)
        ticket = Ticket.objects.get(number="INC0010001")
        self.assertTrue(ticket.history_known)
        kept = list(ticket.changes.values_list("state", "hold_reason", "priority"))
        self.assertEqual(kept, [("new", "", 1), ("on_hold", "customer", 1), ("in_progress", "", 1)])
        said = self.load(CHANGES, "--source", "servicenow", what="ticket-history")
        self.assertEqual(self.counts(said), [7, 0, 0, 4, 3])

    def test_our_own_list_comes_back_as_all_the_same(self) -> None:
        self.load(JIRA, "--source", "jira", "--zone", "America/Denver")
        self.client.force_login(self.ana)
        answer: Any = self.client.get("/tickets/?format=csv")
        own = b"".join(answer.streaming_content).decode()
        said = self.load(own, "--source", "jira")
        self.assertEqual(self.counts(said), [2, 0, 0, 2, 0])

    def test_a_ticket_twice_and_one_without_a_state_are_set_aside(self) -> None:
        rows = "number,short description,state,opened\nA1,Slow,New,2026-03-05\nA1,Slow,New,2026-03-05\nA2,Slow,,2026-03-05\n"
        said = self.load(rows, "--source", "desk")
        self.assertEqual(self.counts(said), [3, 1, 0, 0, 2])
        reasons = [one["reason"] for one in said["problems"]]
        self.assertEqual(reasons[0], "Line 2 is about the same ticket.")
        self.assertIn("no state", reasons[1])

    def test_the_command_says_what_became_of_the_rows(self) -> None:
        out = io.StringIO()
        with TemporaryDirectory() as folder:
            file = Path(folder) / "jira.csv"
            file.write_text(JIRA, encoding="utf-8")
            call_command("tickets", "import", str(file), "--source", "Jira", "--json", stdout=out)
        self.assertEqual(self.counts(json.loads(out.getvalue())), [2, 2, 0, 0, 0])

    def test_a_rehearsal_writes_nothing_and_a_list_of_no_tickets_is_refused(self) -> None:
        self.load(SERVICENOW, "--source", "ServiceNow", "--dry-run")
        self.assertFalse(Ticket.objects.exists() or Source.objects.exists() or Import.objects.exists())
        with self.assertRaisesMessage(CommandError, "Choose a column for “Number”"):
            self.load("name,age\nBen,40\n", "--source", "ServiceNow")
