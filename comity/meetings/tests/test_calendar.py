"""One's own calendar by a link: what it holds, who reads it, and how it ends."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from icalendar import Calendar

from comity.audit.models import Entry
from comity.followups.models import FollowUp
from comity.followups.services import raise_follow_up
from comity.meetings import services
from comity.meetings.models import CalendarFeed, PlannedVisit
from comity.meetings.services.feed import make_link, stop_link
from comity.office import services as office
from comity.people.models import User
from comity.testing.cast import CastTestCase

ME = "/meetings/calendar/"


class CalendarTestCase(CastTestCase):
    def planned(self, **changed: Any) -> PlannedVisit:
        told: dict[str, Any] = {
            "partners": [self.parks],
            "by": self.ana,
            "planned_on": office.today() + timedelta(days=3),
            "title": "The new map",
        }
        return services.plan_visit(**{**told, **changed})

    def concern(self, **changed: Any) -> FollowUp:
        told = {"kind": "concern", "partner": self.parks, "title": "The map is late", "by": self.ana}
        return raise_follow_up(**{**told, "owner": self.ana, **changed})

    def calendar(self, user: User) -> dict[str, Any]:
        """The events of someone's calendar by their UID."""
        answer = self.client.get(make_link(user))
        self.assertEqual(answer.status_code, 200)
        found = Calendar.from_ical(answer.content)
        return {str(event["UID"]): event for event in found.walk("VEVENT")}

    def heads(self, user: User) -> list[str]:
        return sorted(str(event["SUMMARY"]) for event in self.calendar(user).values())


class WhatItHolds(CalendarTestCase):
    def test_visits_to_come_meetings_held_and_what_one_owes(self) -> None:
        self.planned()
        services.log_visit(partners=[self.roads], by=self.ana, held_on=office.today(), title="Salt")
        self.concern()
        self.assertEqual(
            self.heads(self.ana),
            [
                "Department of Parks: The new map",
                "Department of Roads: Salt",
                "Due: The map is late (Department of Parks)",
            ],
        )

    def test_nothing_that_is_others_or_long_ago(self) -> None:
        self.planned(by=self.olu)
        self.concern(owner=self.olu)
        long_ago = office.today() - timedelta(days=91)
        services.log_visit(partners=[self.roads], by=self.ana, held_on=long_ago)
        self.assertEqual(self.heads(self.ana), [])

    def test_a_time_is_told_in_utc_and_a_day_without_one_is_a_whole_day(self) -> None:
        day = office.today() + timedelta(days=3)
        timed, whole = self.planned(planned_at=time(9, 30)), self.planned()
        found = self.calendar(self.ana)
        starts = found[f"visit-{timed.pk}@localhost"]["DTSTART"].dt
        self.assertEqual(starts.utcoffset(), timedelta(0))
        self.assertEqual(starts.astimezone(office.time_zone()).time(), time(9, 30))
        self.assertEqual(found[f"visit-{whole.pk}@localhost"]["DTSTART"].dt, day)
        self.assertEqual(found[f"visit-{whole.pk}@localhost"]["DTEND"].dt, day + timedelta(days=1))

    def test_a_visit_is_one_event_whose_number_grows_from_its_plan_to_what_was_said(self) -> None:
        plan = self.planned(planned_on=office.today())
        told = []
        told.append(self.calendar(self.ana))
        services.change_planned_visit(plan.pk, {"place": "Room 4"}, by=self.ana)
        told.append(self.calendar(self.ana))
        meeting = services.log_visit(partners=[self.parks], by=self.ana, held_on=office.today(), plan=plan)
        told.append(self.calendar(self.ana))
        services.withdraw_visit(meeting.pk, reason="It was another day.", by=self.ana)
        told.append(self.calendar(self.ana))
        self.assertEqual([list(events) for events in told], [[f"visit-{plan.pk}@localhost"]] * 4)
        numbers = [int(event["SEQUENCE"]) for events in told for event in events.values()]
        self.assertEqual(numbers, sorted(set(numbers)))

    def test_what_is_called_off_says_so(self) -> None:
        plan = self.planned()
        services.call_off(plan.pk, reason="Snow.", by=self.ana)
        event = self.calendar(self.ana)[f"visit-{plan.pk}@localhost"]
        self.assertEqual(event["STATUS"], "CANCELLED")
        self.assertNotIn("Snow", event.to_ical().decode())

    def test_why_and_what_was_said_stay_in_comity_and_long_lines_are_folded(self) -> None:
        self.planned(why="They are angry.", title="The map " * 20)
        services.log_visit(partners=[self.parks], by=self.ana, held_on=office.today(), said="Very angry.")
        body = self.client.get(make_link(self.ana)).content
        self.assertNotIn(b"angry", body)
        self.assertLessEqual(max(map(len, body.split(b"\r\n"))), 75)

    def test_a_partner_reads_what_it_may_see_and_no_more(self) -> None:
        for said, hidden in (("Open", False), ("Secret", True)):
            services.log_visit(
                partners=[self.parks],
                by=self.ana,
                held_on=office.today(),
                title=said,
                office_only=hidden,
            )
            self.concern(title=said, office_only=hidden)
        self.concern(partner=self.roads)
        self.planned()
        found = self.calendar(self.ben)
        self.assertEqual(
            self.heads(self.ben), ["Department of Parks: Open", "Due: Open (Department of Parks)"]
        )
        self.assertTrue(all("/portal/" in str(event["URL"]) for event in found.values()))

    def test_it_is_in_its_readers_language(self) -> None:
        self.concern(title="El mapa")
        User.objects.filter(pk=self.ben.pk).update(language="es")
        self.ben.refresh_from_db()
        self.assertEqual(self.heads(self.ben), ["Para este día: El mapa (Department of Parks)"])

    def test_it_asks_few_questions_however_much_it_holds(self) -> None:
        for _each in range(5):
            self.planned()
            self.concern()
            services.log_visit(partners=[self.parks], by=self.ana, held_on=office.today())
        path = make_link(self.ana)
        self.client.get(path)
        with self.assertQueries(8):
            self.client.get(path)


class WhoReadsIt(CalendarTestCase):
    def test_the_link_is_shown_once_and_only_its_hash_is_kept(self) -> None:
        self.client.force_login(self.ana)
        self.assertIn("You have no link yet.", self.reads(self.page(ME)))
        with self.assertQueries(4):
            self.page(ME)
        answer = self.client.post(ME)
        link = answer.context["link"]
        self.assertEqual(self.client.get(link.removeprefix("http://localhost:8000")).status_code, 200)
        kept = CalendarFeed.objects.get()
        self.assertNotIn(kept.token_hash, link)
        again = self.page(ME)
        self.assertNotIn("/meetings/feed/", again.content.decode())
        self.assertIn("You made a link on", self.reads(again))
        self.assertEqual(again["Cache-Control"], "max-age=0, no-cache, no-store, must-revalidate, private")

    def test_no_sign_in_is_needed_and_a_program_that_has_it_is_told_so(self) -> None:
        self.planned()
        path = make_link(self.ana)
        answer = self.client.get(path)
        self.assertEqual(answer["Content-Type"], "text/calendar; charset=utf-8")
        self.assertEqual(answer["Cache-Control"], "private, no-cache")
        again = self.client.get(path, headers={"If-None-Match": answer["ETag"]})
        self.assertEqual((again.status_code, again.content), (304, b""))
        self.planned()
        self.assertEqual(self.client.get(path, headers={"If-None-Match": answer["ETag"]}).status_code, 200)

    def test_a_renewed_a_stopped_and_a_left_persons_link_answer_as_if_there_were_none(self) -> None:
        first = make_link(self.ana)
        second = make_link(self.ana)
        self.assertEqual(self.client.get(first).status_code, 404)
        self.assertEqual(self.client.get(second).status_code, 200)
        User.objects.filter(pk=self.ana.pk).update(is_active=False)
        self.assertEqual(self.client.get(second).status_code, 404)
        User.objects.filter(pk=self.ana.pk).update(is_active=True)
        stop_link(self.ana)
        self.assertEqual(self.client.get(second).status_code, 404)
        made = Entry.objects.filter(action__startswith="meetings.").values_list("action", flat=True)
        self.assertEqual(
            list(made.order_by("pk")),
            ["meetings.make_calendar_link", "meetings.make_calendar_link", "meetings.stop_calendar_link"],
        )

    def test_it_is_stopped_on_the_page(self) -> None:
        make_link(self.ben)
        self.client.force_login(self.ben)
        self.post(f"{ME}stop/", {}, expect=ME)
        self.assertFalse(CalendarFeed.objects.exists())

    def test_whoever_guesses_has_to_wait(self) -> None:
        path = make_link(self.ana)
        for guess in range(20):
            self.client.get(f"/meetings/feed/{guess}.ics")
        self.assertEqual(self.client.get(path).status_code, 429)

    def test_someone_of_the_office_without_a_role_reads_nothing(self) -> None:
        self.planned()
        self.concern()
        self.ana.grants.all().delete()
        self.assertEqual(self.heads(self.ana), [])
