"""Reading ServiceNow while everything goes wrong that can: each fault is survived, or ends in its sentence."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from comity.applications.models import Item, Relation
from comity.itsm import services
from comity.itsm.models import Connection, Seen
from comity.itsm.tests.syncing import SyncTestCase, blank, fill, incident
from comity.testing.servicenow import made_id, stamp
from comity.tickets.models import Owner, StateChange, Ticket


class Reading(SyncTestCase):
    def test_all_rows_come_once_and_again_changes_nothing(self) -> None:
        fill(self.tables, 35, self.now)
        self.assertEqual(self.sync(), "35 new.")
        self.assertSame()
        self.assertEqual(self.sync(), "Nothing new.")
        self.assertEqual(self.feed().mark, stamp(self.now))

    def test_what_was_written_since_comes_and_the_rest_is_passed_over(self) -> None:
        fill(self.tables, 35, self.now - timedelta(hours=1))
        self.sync()
        self.stub.requests.clear()
        self.tables.touch("incident", made_id("incident 3"), state="6", resolved_at=stamp(self.now))
        self.tables.put("incident", [incident(99, self.now)])
        self.assertEqual(self.sync(), "1 new, 1 changed.")
        self.assertSame()
        self.assertEqual(Ticket.objects.get(number="INC0000003").state, "resolved")
        # Of the 36 the last five minutes and what is new were read again.
        self.assertEqual(self.feed().last["read"], 8)

    def test_three_hundred_rows_of_one_second_all_come(self) -> None:
        rows = [incident(n, self.now - timedelta(hours=9)) for n in range(300)]
        self.tables.put("incident", rows)
        self.sync()
        self.assertEqual(Ticket.objects.count(), 300)
        self.assertSame()

    def test_rows_that_people_work_on_between_pages_are_not_lost(self) -> None:
        fill(self.tables, 60, self.now - timedelta(hours=3))
        for page in range(1, 6):
            touch = partial(self.tables.touch, "incident", made_id(f"incident {page * 9}"), priority="1")
            self.fault(on="^ORDERBYsys_updated_on", do=touch)
        self.sync()
        self.assertSame()
        self.assertEqual(Ticket.objects.filter(priority=1).count(), 5)

    def test_short_and_empty_pages_are_not_the_end(self) -> None:
        fill(self.tables, 60, self.now)
        self.stub.hidden = {made_id(f"incident {n}") for n in (*range(5, 45), 60)}
        self.fault("short", on="ORDERBYsys_updated_on^", skip=2)
        self.fault("empty", on="ORDERBYsys_updated_on^", skip=3)
        self.sync()
        self.assertEqual(Ticket.objects.count(), 19)

    def test_an_empty_answer_of_the_first_version_is_no_problem(self) -> None:
        self.stub.first_version = True
        fill(self.tables, 3, self.now)
        self.assertEqual(self.sync(), "3 new.")
        self.assertEqual(self.feed("sc_task").problem, "")

    def test_what_was_deleted_is_found_by_a_full_sync_alone(self) -> None:
        fill(self.tables, 25, self.now)
        self.sync()
        self.tables.touch("incident", made_id("incident 5"), state="7", closed_at=stamp(self.now))
        for number in (5, 6):
            self.tables.delete("incident", made_id(f"incident {number}"))
        self.sync()
        self.assertEqual(Seen.objects.count(), 25)
        self.assertEqual(self.sync(full=True), "2 deleted.")
        gone = Ticket.objects.get(number="INC0000006")
        self.assertEqual((gone.state, gone.office_notes), ("cancelled", "Deleted there."))
        self.assertEqual(Seen.objects.count(), 23)

    def test_a_row_that_was_settled_stays_when_it_is_archived_there(self) -> None:
        self.tables.put("incident", [incident(1, self.now, state="7", closed_at=stamp(self.now))])
        fill(self.tables, 2, self.now)
        self.tables.touch("incident", made_id("incident 1"), state="7", closed_at=stamp(self.now))
        self.sync()
        self.tables.delete("incident", made_id("incident 1"))
        self.assertEqual(self.sync(full=True), "1 deleted.")
        self.assertEqual(Ticket.objects.get(number="INC0000001").state, "closed")

    def test_nothing_is_deleted_where_rows_are_withheld(self) -> None:
        fill(self.tables, 25, self.now)
        self.sync()
        self.stub.hidden = {made_id("incident 4")}
        self.tables.delete("incident", made_id("incident 6"))
        self.assertIn("sees 23 of 24 rows. What was deleted cannot be told.", self.sync(full=True))
        self.assertEqual(Seen.objects.count(), 25)

    def test_a_full_sync_mends_a_row_that_differs(self) -> None:
        fill(self.tables, 25, self.now - timedelta(days=2))
        self.sync()
        # Written without a new stamp, as a script there may: only the count tells.
        self.tables.put(
            "incident",
            [incident(7, self.now - timedelta(days=2, minutes=18), sys_mod_count="4", priority="1")],
        )
        self.sync()
        self.assertEqual(Ticket.objects.get(number="INC0000007").priority, 3)
        self.assertEqual(self.sync(full=True), "1 changed.")
        self.assertEqual(Ticket.objects.get(number="INC0000007").priority, 1)

    def test_items_that_were_merged_there_are_one_here_and_their_relations_follow(self) -> None:
        items = [blank("cmdb_ci") | {"sys_id": name * 32, "name": f"vm-{name}"} for name in "abc"]
        self.tables.put("cmdb_ci", [{**row, "sys_class_name": "cmdb_ci_server"} for row in items])
        ends = {"type.name": "Runs on::Runs"}
        relations = [("d", "a", "b"), ("e", "a", "f")]
        self.tables.put(
            "cmdb_rel_ci",
            [
                {**ends, "sys_id": key * 32, "parent": one * 32, "child": two * 32}
                for key, one, two in relations
            ],
        )
        self.assertEqual(self.sync(), "5 new, 1 set aside.")
        self.assertEqual(Seen.objects.exclude(problem="").get().problem, f"There is no item {'f' * 32}.")
        self.tables.merge("cmdb_ci", gone="b" * 32, into="c" * 32)
        self.sync(full=True)
        self.assertEqual(set(Item.objects.standing().values_list("name", flat=True)), {"vm-a", "vm-c"})
        self.assertEqual(Relation.objects.get().to_item.name, "vm-c")

    def test_two_rows_of_one_number_are_said_and_the_first_stays(self) -> None:
        fill(self.tables, 3, self.now)
        self.tables.put("incident", [incident(2, self.now, sys_id="f" * 32)])
        self.assertIn("1 set aside", self.sync())
        problem = Seen.objects.exclude(problem="").get()
        self.assertEqual(problem.sys_id, "f" * 32)
        self.assertIn("INC0000002: Two tickets of this source have the number INC0000002.", problem.problem)
        self.assertEqual(Ticket.objects.count(), 3)

    def test_a_state_that_nobody_has_said_the_meaning_of_is_set_aside(self) -> None:
        self.tables.put(
            "incident", [incident(1, self.now, state="42"), incident(2, self.now, opened_at="soon")]
        )
        self.assertIn("2 set aside", self.sync())
        said = " ".join(Seen.objects.values_list("problem", flat=True))
        self.assertIn("Nobody has said yet what its state “42” means.", said)
        self.assertIn("“soon” is no date and time.", said)


class Faults(SyncTestCase):
    def setUp(self) -> None:
        super().setUp()
        fill(self.tables, 35, self.now)

    def survives(self, **more: object) -> None:
        self.assertEqual(self.sync(), "35 new.")
        self.assertSame()

    def test_it_waits_as_long_as_it_is_told_to(self) -> None:
        self.fault(429, skip=2, retry_after="7", times=2)
        self.survives()
        self.assertEqual(self.waits, [7, 7])

    def test_where_the_hour_is_used_up_it_goes_on_in_the_next(self) -> None:
        used_up = self.fault(429, on="", skip=5, times=99, retry_after="3600")
        self.assertIn("takes no more requests of ours for now", self.refused())
        connection = Connection.objects.get()
        assert connection.not_before
        self.assertAlmostEqual(
            connection.not_before, self.now + timedelta(hours=1), delta=timedelta(minutes=2)
        )
        begun = Ticket.objects.count()
        self.assertTrue(0 < begun < 35)
        services.start_on_schedule()
        used_up.times = 0
        self.sync()
        self.assertSame()

    def test_trouble_in_the_middle_of_a_pass_is_tried_again(self) -> None:
        self.fault(500, skip=3, times=2)
        self.fault("cut", skip=4)
        self.fault("html", skip=5)
        self.survives()
        self.assertEqual(self.waits, [2, 4, 2, 2])

    def test_trouble_that_does_not_end_is_said_and_what_was_read_stays(self) -> None:
        fault = self.fault(503, skip=4, times=99)
        self.assertIn("ServiceNow has trouble of its own (503)", self.refused())
        self.assertEqual(Ticket.objects.count(), 20)
        fault.times = 0
        self.sync()
        self.assertSame()

    def test_a_web_page_instead_of_data_is_said(self) -> None:
        self.fault("html", times=99)
        self.assertIn("answered with a web page instead of data", self.refused())

    def test_a_token_that_expires_is_renewed(self) -> None:
        self.fault("expired", skip=3)
        self.survives()
        self.assertEqual(sum("oauth_token" in each for each in self.stub.requests), 2)

    def test_a_wrong_secret_is_said(self) -> None:
        Connection.objects.update(client="somebody")
        self.assertIn("does not accept the account", self.refused())

    def test_basic_sign_in_works_too(self) -> None:
        Connection.objects.update(auth="basic")
        self.survives()
        self.assertEqual([each for each in self.stub.requests if "oauth_token" in each], [])

    def test_conditions_that_are_passed_over_are_noticed_before_a_row_is_taken(self) -> None:
        self.fault("ignored", on="^sys_updated_on=")
        self.assertIn("passes over our conditions and sends every row", self.sync())
        self.assertFalse(Ticket.objects.exists())

    def test_rows_that_were_not_asked_for_are_refused(self) -> None:
        self.fault("ignored", on="^ORsys_id>")
        self.assertIn("sends rows that were not asked for", self.sync())
        self.assertEqual(Ticket.objects.count(), 10)

    def test_a_field_that_is_kept_back_is_named(self) -> None:
        self.tables.db.execute(
            "UPDATE kept SET fields = json_remove(fields, '$.state', '$.\"location.name\"')"
        )
        self.tables._known.clear()
        self.assertIn("keeps back these fields, or does not know them: state", self.sync())

    def test_display_values_are_refused(self) -> None:
        self.fault("display", times=99)
        self.assertIn("Turn display values off", self.sync())
        self.assertFalse(Ticket.objects.exists())

    def test_a_table_without_rights_keeps_nothing_else_out(self) -> None:
        self.stub.without_rights = {"task_sla"}
        self.assertIn(
            "35 new. Service level clocks: ServiceNow refuses task_sla (403): Insufficient rights",
            self.sync(),
        )
        self.assertSame()

    def test_an_account_in_another_zone_is_refused(self) -> None:
        self.tables.zone = timedelta(hours=-6)
        self.assertIn("Set its time zone in ServiceNow to GMT", self.sync())

    def test_a_clock_ten_minutes_off_is_said_and_nothing_is_lost(self) -> None:
        self.stub.ahead = timedelta(minutes=10)
        self.tables.touch("incident", made_id("incident 8"))
        self.survives()
        self.assertEqual(Connection.objects.get().clock, "ServiceNow’s clock and ours are 10 minutes apart.")
        self.stub.ahead = timedelta(minutes=-10)
        self.tables.touch("incident", made_id("incident 9"))
        self.sync()
        # Its clock was set back: what was written since stands before the last row seen, and a full sync finds it.
        self.sync(full=True)
        self.assertSame()

    def test_a_clock_an_hour_off_is_refused_and_changes_nothing(self) -> None:
        self.stub.ahead = timedelta(hours=1)
        self.assertIn(
            "clock and ours are 1 hour apart. Nothing is read until both are right.", self.refused()
        )
        self.assertFalse(Ticket.objects.exists())

    def test_two_at_once_are_refused(self) -> None:
        services.start(self.cora)
        self.assertIn("A sync is running already", self.refused())

    def test_a_pass_that_was_broken_off_reads_again_what_was_written_late_meanwhile(self) -> None:
        fault = self.fault(503, skip=4, times=99)
        self.refused()
        at = self.feed().at
        fault.times = 0
        self.sync()
        self.assertEqual(self.feed().mark, at)


class Taking(SyncTestCase):
    def test_a_ticket_is_whose_the_office_says(self) -> None:
        parks = self.parks
        Owner.objects.create(field="company", value="Dept. of Parks", partner=parks)
        self.tables.put(
            "incident",
            [
                incident(1, self.now, caller_id__company__name="Dept. of Parks", state="3", hold_reason="4"),
                incident(2, self.now, caller_id__company__name="Elsewhere", cmdb_ci__name="print-01"),
            ],
        )
        self.sync()
        mine, nobodys = Ticket.objects.order_by("number")
        self.assertEqual((mine.partner, mine.state, mine.hold_reason), (parks, "on_hold", "vendor"))
        self.assertEqual((nobodys.partner, nobodys.item), (None, "print-01"))
        self.assertEqual(nobodys.said_by, {"company": "Elsewhere"})

    def test_whether_its_history_is_known_is_told_by_how_often_it_was_written(self) -> None:
        self.tables.put(
            "incident",
            [incident(1, self.now, state="1"), incident(2, self.now, state="1", sys_mod_count="5")],
        )
        self.sync()
        known = Ticket.objects.order_by("number").values_list("history_known", flat=True)
        self.assertEqual(list(known), [True, False])
        self.tables.touch("incident", made_id("incident 1"), state="2")
        self.sync()
        self.assertEqual(list(known.all()), [True, False])
        self.assertEqual(StateChange.objects.filter(ticket__number="INC0000001").count(), 2)
        self.tables.touch("incident", made_id("incident 1"), state="3", hold_reason="1")
        self.tables.touch("incident", made_id("incident 1"), state="2")
        self.tables.touch("incident", made_id("incident 1"), state="6")
        self.sync()
        self.assertEqual(list(known.all()), [False, False])

    def test_steps_and_clocks_stand_beside_their_tickets(self) -> None:
        item = blank("sc_req_item") | {
            "number": "RITM0000001",
            "sys_id": "a" * 32,
            "state": "2",
            "opened_at": stamp(self.now),
        }
        step = blank("sc_task") | {
            "number": "SCTASK1",
            "request_item": "a" * 32,
            "state": "3",
            "sys_id": "b" * 32,
        }
        clock = blank("task_sla") | {
            "task": "a" * 32,
            "sys_id": "c" * 32,
            "sla.name": "Within 4 hours",
            "has_breached": "true",
            "business_duration": "1970-01-01 04:00:01",
        }
        for name, row in (("sc_req_item", item), ("sc_task", step), ("task_sla", clock)):
            self.tables.put(name, [row | {"sys_updated_on": stamp(self.now), "sys_mod_count": "0"}])
        self.sync()
        ticket = Ticket.objects.get()
        self.assertEqual((ticket.kind, ticket.state), ("request", "in_progress"))
        beside = {row.feed.name: row for row in Seen.objects.filter(parent=ticket.external_id)}
        self.assertEqual(beside["sc_task"].data["number"], "SCTASK1")
        self.assertEqual(beside["task_sla"].data["sla.name"], "Within 4 hours")
