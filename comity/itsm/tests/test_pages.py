"""Connecting ServiceNow: the page, the test, the sync and the command."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

from django.core.management import CommandError, call_command
from django.test import override_settings
from django.urls import reverse

from comity.audit.models import Entry
from comity.itsm import services
from comity.itsm.client import ServiceNow, UnreachableError
from comity.itsm.models import Connection, Feed
from comity.itsm.tests.syncing import SyncTestCase, blank, fill, incident
from comity.jobs.services import run_waiting
from comity.testing.servicenow import SECRET, made_id, stamp
from comity.tickets.models import Ticket

PAGE = 9  # queries
TYPED: dict[str, Any] = {
    "url": "https://franklin.service-now.example/",
    "auth": "oauth",
    "client": "comity",
    "secret": SECRET,
    "active": "on",
}


class Connecting(SyncTestCase):
    def setUp(self) -> None:
        super().setUp()
        Connection.objects.all().delete()
        self.url = reverse("itsm:change")

    def connect(self, **more: Any) -> Any:
        self.client.force_login(self.ada)
        return self.client.post(self.url, {**TYPED, **more})

    def test_it_is_entered_and_its_secret_is_sealed_and_never_shown(self) -> None:
        self.assertIn("ServiceNow is not connected.", self.page(reverse("itsm:connection"), by=self.ada).text)
        self.page(self.url)
        self.connect()
        row = Connection.objects.get()
        self.assertEqual((row.url, row.secret), ("https://franklin.service-now.example", SECRET))
        self.assertNotIn(SECRET, row.secret_sealed)
        self.assertNotIn(SECRET, json.dumps(Entry.objects.latest("pk").after))
        self.assertNotIn("secret_sealed", str(Entry.objects.latest("pk").after))
        self.assertNotIn(SECRET, self.page(self.url).text)

    def test_an_address_that_cannot_be_right_is_refused(self) -> None:
        for wrong in (
            "http://franklin.example",
            "https://a:b@franklin.example",
            "https://franklin.example/now",
            "x",
        ):
            answer = self.connect(url=wrong)
            self.assertContains(answer, "Enter https://", status_code=422)
        self.assertContains(self.connect(secret=""), "Enter the secret.", status_code=422)
        self.assertFalse(Connection.objects.exists())

    def test_another_instance_is_read_from_its_beginning_and_a_secret_left_empty_stays(self) -> None:
        self.connect()
        Feed.objects.create(name="incident", mark="2026-08-12 15:00:00")
        self.connect(secret="", auth="basic")
        self.assertEqual(Feed.objects.get().mark, "2026-08-12 15:00:00")
        self.connect(secret="", url="https://other.example")
        self.assertEqual((Feed.objects.get().mark, Connection.objects.get().secret), ("", SECRET))

    def test_a_secret_of_the_environment_goes_before(self) -> None:
        self.connect()
        with override_settings(SERVICENOW_SECRET="from outside"):
            self.assertEqual(Connection.objects.get().secret, "from outside")

    def test_an_address_that_leads_back_to_this_server_is_never_asked(self) -> None:
        asked = ServiceNow(self.stub.url.replace("http:", "https:"), "basic", "x", "y", tries=1)
        with self.assertRaises(UnreachableError) as refused:
            asked.table("incident")
        self.assertIn("leads back to this server", str(refused.exception))
        self.assertEqual(self.stub.requests, [])


class Page(SyncTestCase):
    def test_the_test_says_of_each_table_whether_it_may_be_read(self) -> None:
        fill(self.tables, 3, self.now)
        self.stub.without_rights = {"task_sla"}
        self.page(reverse("itsm:connection"), by=self.ada)
        self.post(reverse("itsm:test"), {})
        page = self.page(reverse("itsm:connection"))
        self.assertIn("ServiceNow refuses task_sla (403): Insufficient rights to query records", page.text)
        self.assertIn("ServiceNow’s clock goes as ours does.", page.text)
        self.assertEqual(Feed.objects.get(name="incident").total, 3)
        self.assertFalse(Ticket.objects.exists())

    def test_a_test_that_finds_nobody_says_so(self) -> None:
        Connection.objects.update(client="somebody")
        self.client.force_login(self.ada)
        self.client.post(reverse("itsm:test"))
        self.assertIn("does not accept the account", self.page(reverse("itsm:connection")).text)

    def test_it_is_synced_in_the_background_and_says_what_came(self) -> None:
        fill(self.tables, 3, self.now)
        self.tables.put("incident", [incident(7, self.now, state="42")])
        self.client.force_login(self.ada)
        self.client.post(reverse("itsm:sync"))
        self.assertIn("A sync is running", self.page(reverse("itsm:connection")).text)
        self.client.post(reverse("itsm:sync"))
        self.assertIn("A sync is running already", self.page(reverse("itsm:connection")).text)
        run_waiting()
        with self.assertQueries(PAGE):
            page = self.page(reverse("itsm:connection"))
        self.assertIn("4 new, 1 set aside.", page.text)
        self.assertIn("Nobody has said yet what its state “42” means.", page.text)

    def test_on_schedule_it_runs_unless_switched_off(self) -> None:
        Connection.objects.update(active=False)
        services.start_on_schedule()
        Connection.objects.update(active=True)
        fill(self.tables, 3, self.now)
        services.start_on_schedule()
        services.start_on_schedule()
        run_waiting()
        self.assertEqual(Ticket.objects.count(), 3)

    def test_nobody_but_an_administrator_sees_it(self) -> None:
        for name in ("connection", "change"):
            self.client.force_login(self.cora)
            self.assertEqual(self.client.get(reverse(f"itsm:{name}")).status_code, 403)


class Command(SyncTestCase):
    def test_it_syncs_and_says_what_came(self) -> None:
        fill(self.tables, 3, self.now)
        out = StringIO()
        call_command("sync", "servicenow", "--json", stdout=out)
        said = json.loads(out.getvalue())
        self.assertEqual((said["said"], said["tables"]["incident"]["new"]), ("3 new.", 3))
        out = StringIO()
        call_command("sync", "servicenow", "--full", stdout=out)
        self.assertEqual(out.getvalue(), "Nothing new.\n")

    def test_what_keeps_it_from_its_end_is_said(self) -> None:
        Connection.objects.update(client="somebody")
        with self.assertRaises(CommandError) as refused:
            call_command("sync", "servicenow")
        self.assertIn("does not accept the account", str(refused.exception))


class ClocksThere(SyncTestCase):
    """A ticket's service levels as ServiceNow counts them, on the page that counts them here."""

    def test_stand_beside_ours_without_those_that_were_canceled(self) -> None:
        fill(self.tables, 1, self.now)
        clock = blank("task_sla") | {
            "task": made_id("incident 1"),
            "sla.name": "Resolve in a day",
            "stage": "in_progress",
            "has_breached": "true",
            "planned_end_time": "2026-08-10 21:30:00",
            "business_duration": "1970-01-01 09:20:00",
            "sys_updated_on": stamp(self.now),
            "sys_mod_count": "0",
        }
        other = {"sys_id": made_id("two"), "stage": "cancelled", "sla.name": "Answer in an hour"}
        self.tables.put("task_sla", [clock | {"sys_id": made_id("one")}, clock | other])
        self.sync()
        url = reverse("levels:ticket", args=[Ticket.objects.get().pk])
        read = self.reads(self.page(url, by=self.olu))
        self.assertIn("Resolve in a day Missed Due Aug 10, 2026, 5:30 p.m. · took 9 h 20 min", read)
        self.assertNotIn("Answer in an hour", read)

    def test_are_nothing_for_a_ticket_that_came_from_elsewhere(self) -> None:
        fill(self.tables, 1, self.now)
        self.sync()
        Ticket.objects.update(source="jira")
        page = self.page(reverse("levels:ticket", args=[Ticket.objects.get().pk]), by=self.olu)
        self.assertNotContains(page, "As the source of the ticket counts")
