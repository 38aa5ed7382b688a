"""Meetings and visits out of calendars: each event once, with whom it was, and never against what is written in Comity."""

from __future__ import annotations

import json
from datetime import date, time, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch
from zipfile import ZipFile

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from comity.audit.models import Entry
from comity.core.errors import DomainError
from comity.imports import services as imports
from comity.imports import staging
from comity.imports.models import Import
from comity.imports.preview import row_changes
from comity.imports.profiles import profile
from comity.imports.reading import calendar as reading
from comity.jobs.progress import Unwatched
from comity.meetings import services
from comity.meetings.importing.fields import clock, moment, people
from comity.meetings.models import CalendarEvent, Meeting, PlannedVisit
from comity.office import services as office
from comity.outbox.models import Message
from comity.partners.models import Domain
from comity.testing.cast import CastTestCase

BEN = "ATTENDEE;CN=Ben Okafor:mailto:ben@parks.example.gov"


def ics(*events: str) -> str:
    """A calendar of events, each given as its lines."""
    each = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{each}END:VCALENDAR\n"


class ImportTestCase(CastTestCase):
    def setUp(self) -> None:
        self.past = office.today() - timedelta(days=7)
        self.coming = office.today() + timedelta(days=7)

    def event(self, uid: str = "a@x", on: date | None = None, at: str = "093000", *more: str) -> str:
        when = f"{on or self.past:%Y%m%d}T{at}" if at else f"{on or self.past:%Y%m%d}"
        start = f"DTSTART;TZID={office.time_zone()}:{when}" if at else f"DTSTART;VALUE=DATE:{when}"
        return "\n".join([f"UID:{uid}", start, "SUMMARY:The new map", *(more or (BEN,))])

    def read(self, text: str, name: str = "cal.ics") -> Import:
        """An import as its preview shows it."""
        file = SimpleUploadedFile(name, text.encode())
        batch = imports.receive(file, profile="meetings", by=self.ana, in_background=False)
        staging.read(Unwatched(), import_id=batch.pk)
        batch.refresh_from_db()
        self.assertEqual(batch.state, Import.State.PREVIEW, batch.note)
        return batch

    def brought(self, *events: str) -> Import:
        """An import as it was applied."""
        batch = self.read(ics(*events))
        if batch.rows_new + batch.rows_changed + batch.rows_same:
            imports.apply(batch.pk, by=self.ana, here=True)
            batch.refresh_from_db()
            self.assertEqual(batch.state, Import.State.APPLIED, batch.note)
        return batch

    def reasons(self, batch: Import) -> list[str]:
        return list(batch.rows.filter(outcome="set_aside").values_list("reason", flat=True))


class NewEvents(ImportTestCase):
    def test_what_is_over_was_held_and_what_is_to_come_is_planned(self) -> None:
        batch = self.brought(self.event(), self.event("b@x", self.coming, "140000"))
        self.assertEqual((batch.rows_new, batch.rows_set_aside), (2, 0))
        meeting, plan = Meeting.objects.get(), PlannedVisit.objects.get()
        self.assertEqual(
            (meeting.held_on, meeting.held_at, meeting.title), (self.past, time(9, 30), "The new map")
        )
        self.assertEqual((plan.planned_on, plan.planned_at, plan.lead), (self.coming, time(14), self.ana))
        for one in (meeting, plan):
            self.assertEqual(list(one.partners.all()), [self.parks])
            self.assertEqual(list(one.theirs.all()), [self.ben_person])
            self.assertEqual(list(one.ours.all()), [self.ana])
        self.assertTrue(meeting.office_only)
        self.parks.refresh_from_db()
        self.assertEqual(self.parks.last_met_on, self.past)
        trail = Entry.objects.filter(target_kind="meetings.Meeting", target_id=str(meeting.pk)).get()
        self.assertEqual((trail.partner_id, trail.actor_label), (self.parks.pk, "Ana Ruiz"))

    def test_nobody_is_mailed_about_what_stood_in_a_calendar(self) -> None:
        self.brought(self.event("b@x", self.coming, "140000", BEN, "ATTENDEE:mailto:olu@oit.example.gov"))
        self.assertFalse(Message.objects.exists())

    def test_whose_they_are_is_told_by_people_then_by_a_domain_that_one_partner_has(self) -> None:
        Domain.objects.create(partner=self.roads, name="roads.gov")
        for partner in (self.parks, self.roads):
            Domain.objects.create(partner=partner, name="shared.gov")
        batch = self.brought(
            self.event("a@x", None, "093000", BEN, "ATTENDEE;CN=New One:mailto:new@hq.roads.gov"),
            self.event("b@x", None, "103000", "ATTENDEE:mailto:who@shared.gov"),
            self.event("c@x", None, "113000", "ATTENDEE:mailto:friend@gmail.com"),
        )
        meeting = Meeting.objects.get()
        self.assertEqual(set(meeting.partners.all()), {self.parks, self.roads})
        self.assertEqual(meeting.others, "New One")
        self.assertEqual(self.reasons(batch), ["Nobody on it is known at any partner."] * 2)

    def test_our_people_on_it_go_and_the_organizer_leads(self) -> None:
        self.brought(
            self.event(
                "b@x",
                self.coming,
                "140000",
                BEN,
                "ORGANIZER:mailto:olu@oit.example.gov",
                "ATTENDEE:mailto:ana@oit.example.gov",
            )
        )
        plan = PlannedVisit.objects.get()
        self.assertEqual((plan.lead, set(plan.ours.all())), (self.olu, {self.olu, self.ana}))

    def test_a_link_to_a_call_makes_it_a_call(self) -> None:
        self.brought(self.event("a@x", None, "093000", BEN, "LOCATION:https://teams.microsoft.com/l/1"))
        self.assertEqual(Meeting.objects.get().how, Meeting.How.VIDEO)

    def test_private_canceled_and_our_own_events_are_left_out_and_counted(self) -> None:
        batch = self.brought(
            self.event("a@x", None, "093000", BEN, "CLASS:PRIVATE"),
            self.event("b@x", None, "103000", BEN, "STATUS:CANCELLED"),
            self.event("visit-1@localhost", None, "113000", BEN),
            self.event("d@x", office.today() + timedelta(days=800)),
        )
        self.assertEqual(
            self.reasons(batch),
            [
                "The event is private, so we left it out and kept nothing of it.",
                "The event was canceled.",
                "The event comes from Comity.",
                "That is more than two years ahead. Choose an earlier day.",
            ],
        )
        self.assertNotIn("map", json.dumps(batch.rows.get(line=1).cells))

    def test_what_somebody_wrote_down_by_hand_is_not_doubled(self) -> None:
        services.log_visit(partners=[self.parks], by=self.olu, held_on=self.past, title="Map")
        batch = self.brought(self.event())
        self.assertEqual(
            self.reasons(batch), ["“Map” with Department of Parks on that day is already in Comity."]
        )

    def test_an_event_that_repeats_is_one_for_each_time(self) -> None:
        batch = self.brought(
            self.event("a@x", self.past, "093000", BEN, "RRULE:FREQ=WEEKLY;COUNT=3"),
        )
        self.assertEqual((Meeting.objects.count(), PlannedVisit.objects.count()), (2, 1))
        self.assertIn("Calendar; events that repeat from", batch.read_as)


class AgainTestCase(ImportTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.brought(self.event(), self.event("b@x", self.coming, "140000"))
        self.meeting, self.plan = Meeting.objects.get(), PlannedVisit.objects.get()


class TheSameEvents(AgainTestCase):
    def test_the_same_file_again_changes_nothing_not_even_what_was_mended_here(self) -> None:
        services.edit_visit(self.meeting.pk, {"title": "Our map"}, by=self.ana)
        batch = self.brought(self.event(), self.event("b@x", self.coming, "140000"))
        self.assertEqual((batch.rows_same, batch.rows_new, batch.rows_changed), (2, 0, 0))
        self.meeting.refresh_from_db()
        self.assertEqual(self.meeting.title, "Our map")

    def test_a_colleague_who_was_there_too_brings_no_second_one(self) -> None:
        file = SimpleUploadedFile("olu.ics", ics(self.event()).encode())
        batch = imports.receive(file, profile="meetings", by=self.olu, in_background=False)
        staging.read(Unwatched(), import_id=batch.pk)
        batch.refresh_from_db()
        self.assertEqual((batch.rows_same, batch.rows_new), (1, 0))

    def test_one_that_moved_is_shown_and_moved_and_can_be_moved_back(self) -> None:
        later = self.coming + timedelta(days=1)
        batch = self.read(ics(self.event(), self.event("b@x", later, "150000")))
        row = batch.rows.get(outcome="changed")
        self.assertEqual(
            row_changes(profile("meetings"), row), [("Starts", f"{self.coming} 14:00", f"{later} 15:00")]
        )
        imports.apply(batch.pk, by=self.ana, here=True)
        self.plan.refresh_from_db()
        self.assertEqual(
            (self.plan.planned_on, self.plan.planned_at, self.plan.version), (later, time(15), 2)
        )
        imports.undo(batch.pk, by=self.ana)
        self.run_jobs()
        self.plan.refresh_from_db()
        self.assertEqual((self.plan.planned_on, self.plan.planned_at), (self.coming, time(14)))
        again = self.read(ics(self.event(), self.event("b@x", self.coming, "140000")))
        self.assertEqual(again.rows_same, 2)

    def test_one_that_was_canceled_is_called_off(self) -> None:
        self.brought(self.event("b@x", self.coming, "140000", BEN, "STATUS:CANCELLED"))
        self.plan.refresh_from_db()
        self.assertEqual(
            (self.plan.state, self.plan.called_off_reason), ("called_off", "Canceled in the calendar.")
        )

    def test_what_was_decided_here_stands(self) -> None:
        services.call_off(self.plan.pk, reason="Snow.", by=self.ana)
        moved = self.event("b@x", self.coming + timedelta(days=1), "140000")
        batch = self.brought(moved, self.event("a@x", self.coming))
        self.assertEqual(
            self.reasons(batch),
            ["It was called off in Comity.", "It is written down as held. Withdraw it if it was not."],
        )

    def test_a_series_moved_to_another_hour_moves_its_times(self) -> None:
        rule = "RRULE:FREQ=DAILY;COUNT=2"
        self.brought(self.event("c@x", self.past - timedelta(days=9), "093000", BEN, rule))
        batch = self.brought(self.event("c@x", self.past - timedelta(days=9), "110000", BEN, rule))
        self.assertEqual((batch.rows_changed, batch.rows_new), (2, 0))


class TakingBack(AgainTestCase):
    def undo(self) -> Import:
        batch = Import.objects.get()
        imports.undo(batch.pk, by=self.ana)
        self.run_jobs()
        batch.refresh_from_db()
        return batch

    def test_what_came_in_goes_and_can_come_again(self) -> None:
        self.assertEqual(self.undo().state, Import.State.UNDONE)
        self.assertFalse(
            Meeting.objects.exists() or PlannedVisit.objects.exists() or CalendarEvent.objects.exists()
        )
        self.parks.refresh_from_db()
        self.assertIsNone(self.parks.last_met_on)
        self.assertEqual(self.brought(self.event()).rows_new, 1)

    def test_not_what_somebody_has_written_on(self) -> None:
        services.edit_visit(self.meeting.pk, {"said": "They like it."}, by=self.ana)
        with self.assertRaisesMessage(DomainError, "Changed since the import"):
            self.undo()
        self.assertTrue(Meeting.objects.exists())

    def test_not_what_a_promise_was_made_at(self) -> None:
        services.edit_visit(
            self.meeting.pk, {}, by=self.ana, promises=[services.Promised("A third line", owner=self.ana)]
        )
        with self.assertRaisesMessage(DomainError, "Promises were made there: “A third line”."):
            self.undo()


class Files(ImportTestCase):
    def test_a_list_from_outlook_is_read_by_its_own_headers(self) -> None:
        batch = self.read(
            '"Subject","Start Date","Start Time","All day event","Required Attendees","Location","Sensitivity","Private"\n'
            f'"The map","{self.past:%-m/%-d/%Y}","9:30:00 AM","False","Okafor, Ben <ben@parks.example.gov>","Room 4","Normal","False"\n'
            f'"Doctor","{self.past:%-m/%-d/%Y}","8:00:00 AM","False","ben@parks.example.gov","","Private","True"\n',
            "outlook.csv",
        )
        self.assertEqual((batch.rows_new, self.reasons(batch)), (1, ["The event is private."]))
        write = batch.rows.get(outcome="new").write
        self.assertEqual((write["facts"]["at"], write["theirs"]), ("09:30", [self.ben_person.pk]))

    def test_all_calendars_of_a_zip_are_read_as_google_exports_them(self) -> None:
        zipped = BytesIO()
        with ZipFile(zipped, "w") as archive:
            archive.writestr("ana@group.ics", "\ufeff" + ics(self.event()))
            archive.writestr("team@group.ics", ics(self.event("b@x", self.coming)))
        file = SimpleUploadedFile("ana.ical.zip", zipped.getvalue())
        batch = imports.receive(file, profile="meetings", by=self.ana, in_background=False)
        staging.read(Unwatched(), import_id=batch.pk)
        batch.refresh_from_db()
        self.assertEqual((batch.state, batch.rows_new), (Import.State.PREVIEW, 2))

    def test_what_is_too_large_or_empty_is_refused_in_a_sentence(self) -> None:
        self.client.force_login(self.ana)
        for size, text, told in (
            (50, ics(self.event()), "larger than 0 MB"),
            (reading.MOST_BYTES, "BEGIN:VCALENDAR\nEND:VCALENDAR\n", "There are no events in this calendar."),
        ):
            with self.subTest(told), patch.multiple(reading, MOST_BYTES=size):
                file = SimpleUploadedFile("cal.ics", text.encode())
                self.post_refused("/imports/new/", {"profile": "meetings", "file": file}, told)
        with patch.multiple(reading, MOST_EVENTS=1):
            file = SimpleUploadedFile("cal.ics", ics(self.event(), self.event("b@x")).encode())
            self.post_refused(
                "/imports/new/", {"profile": "meetings", "file": file}, "has 2 events. The limit is 1."
            )

    def test_one_that_keeps_a_machine_busy_is_refused_in_a_sentence(self) -> None:
        file = SimpleUploadedFile("cal.ics", ics(self.event()).encode())
        batch = imports.receive(file, profile="meetings", by=self.ana, in_background=False)
        with patch.multiple(reading, MOST_SECONDS=0.01):
            staging.read(Unwatched(), import_id=batch.pk)
        batch.refresh_from_db()
        self.assertEqual(batch.state, Import.State.REFUSED)
        self.assertIn("It takes too long", batch.note)

    def test_bombs_and_zones_of_nowhere_are_set_aside_alone(self) -> None:
        batch = self.read(
            ics(
                self.event("a@x", None, "093000", BEN, "RRULE:FREQ=SECONDLY"),
                f"UID:b@x\nDTSTART;TZID=Mars/Phobos:{self.past:%Y%m%d}T093000\n{BEN}",
                self.event("c@x"),
            )
        )
        self.assertEqual(
            self.reasons(batch),
            [
                "It repeats too often for a meeting.",
                "Nobody knows the time zone “Mars/Phobos”, so we cannot tell when this is.",
            ],
        )
        self.assertEqual(batch.rows_new, 1)

    def test_the_page_takes_a_calendar_and_shows_what_it_would_do(self) -> None:
        self.assertIn("/imports/new/?what=meetings", self.page("/meetings/", by=self.ana).content.decode())
        file = SimpleUploadedFile("cal.ics", ics(self.event()).encode())
        self.post("/imports/new/?what=meetings", {"profile": "meetings", "file": file})
        self.run_jobs()
        shown = self.reads(self.page(Import.objects.get().get_absolute_url()))
        self.assertIn("Meeting with Department of Parks: The new map", shown)
        self.assertFalse(Meeting.objects.exists())


class TheCommand(ImportTestCase):
    def run_it(self, *options: str) -> dict[str, Any]:
        with TemporaryDirectory() as folder:
            path = Path(folder, "cal.ics")
            path.write_text(ics(self.event(), self.event("b@x", None, "100000", "ATTENDEE:mailto:x@y.org")))
            out = StringIO()
            call_command("meetings", "import", str(path), "--json", *options, stdout=out, stderr=StringIO())
        found: dict[str, Any] = json.loads(out.getvalue())
        return found

    def test_it_rehearses_and_then_does_it(self) -> None:
        told = self.run_it("--dry-run")
        self.assertEqual((told["new"], told["set_aside"], Meeting.objects.count()), (1, 1, 0))
        told = self.run_it("--as", "ana@oit.example.gov")
        self.assertEqual((told["new"], Meeting.objects.get().written_by), (1, self.ana))

    def test_it_has_to_know_whose_calendar_it_is(self) -> None:
        with self.assertRaisesMessage(CommandError, "Say whose calendar it is"):
            self.run_it()


class Cells(CastTestCase):
    def test_moments_times_and_people_are_read_as_programs_write_them(self) -> None:
        self.assertEqual(moment("2026-03-04 09:30"), ("2026-03-04", "09:30"))
        self.assertEqual(moment("2026-03-04T09:30:00"), ("2026-03-04", "09:30"))
        self.assertEqual(moment("3/4/2026"), ("2026-03-04", ""))
        self.assertEqual(clock("1:05:00 PM"), "13:05")
        self.assertEqual(
            people('"Okafor, Ben" <Ben@x.gov>; eve@x.gov, cy@x.gov; Someone Else'),
            [("Okafor, Ben", "ben@x.gov"), ("", "eve@x.gov"), ("", "cy@x.gov"), ("Someone Else", "")],
        )
