"""Reading calendar files: zones, rules, what is otherwise, and what is made to do harm."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from unittest import TestCase
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from comity.core.calendars import Found, events

HERE = ZoneInfo("America/New_York")
OUTLOOK = """BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T020000
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE"""


def read(*said: str, around: str = "", first: str = "2026-01-01", last: str = "2026-12-31") -> list[Found]:
    """What a file with events of these lines holds."""
    each = [f"BEGIN:VEVENT\nUID:one@x\n{lines.strip()}\nEND:VEVENT" for lines in said]
    text = "\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", *([around] if around else []), *each, "END:VCALENDAR", ""]
    )
    return list(events(text.encode(), HERE, date.fromisoformat(first), date.fromisoformat(last)))


def starts(*said: str, **more: str) -> list[str]:
    return [one.starts or one.problem for one in read(*said, **more)]


class Times(TestCase):
    def test_utc_zones_by_both_kinds_of_name_the_files_own_and_no_zone_at_all(self) -> None:
        for line, told in (
            ("DTSTART:20260304T143000Z", "2026-03-04 09:30"),
            ("DTSTART;TZID=America/Chicago:20260304T083000", "2026-03-04 09:30"),
            ("DTSTART;TZID=Central Standard Time:20260304T083000", "2026-03-04 09:30"),
            ("DTSTART;TZID=Customized Time Zone:20260704T093000", "2026-07-04 09:30"),
            ("DTSTART:20260304T093000", "2026-03-04 09:30"),
            ("DTSTART;VALUE=DATE:20260304", "2026-03-04"),
        ):
            with self.subTest(line):
                self.assertEqual(starts(line, around=OUTLOOK), [told])

    def test_a_zone_that_nobody_knows_is_said(self) -> None:
        (found,) = read("DTSTART;TZID=Mars/Phobos:20260304T093000")
        self.assertEqual((found.problem, found.detail), ("zone", "Mars/Phobos"))

    def test_without_a_start_or_with_one_that_is_no_day_it_is_set_aside_alone(self) -> None:
        self.assertEqual(starts("SUMMARY:x"), ["no_start"])
        self.assertEqual([one.problem for one in read("DTSTART:20260399T093000")], ["rule"])


class Rules(TestCase):
    def test_the_hour_stays_when_the_clocks_change(self) -> None:
        told = starts("DTSTART;TZID=America/New_York:20260301T093000\nRRULE:FREQ=WEEKLY;COUNT=3")
        self.assertEqual(told, ["2026-03-01 09:30", "2026-03-08 09:30", "2026-03-15 09:30"])
        told = starts("DTSTART:20260301T143000Z\nRRULE:FREQ=WEEKLY;COUNT=3")
        self.assertEqual(told, ["2026-03-01 09:30", "2026-03-08 10:30", "2026-03-15 10:30"])

    def test_an_hour_that_the_clocks_leave_out_is_the_moment_it_would_be(self) -> None:
        self.assertEqual(starts("DTSTART;TZID=America/New_York:20260308T023000"), ["2026-03-08 03:30"])

    def test_it_ends_by_count_by_a_day_and_by_a_moment(self) -> None:
        for end, last in (
            ("COUNT=2", "2026-03-05 09:30"),
            ("UNTIL=20260306", "2026-03-06 09:30"),
            ("UNTIL=20260306T143000Z", "2026-03-06 09:30"),
            ("UNTIL=20260306T142959Z", "2026-03-05 09:30"),
        ):
            with self.subTest(end):
                rule = f"DTSTART;TZID=America/New_York:20260304T093000\nRRULE:FREQ=DAILY;{end}"
                self.assertEqual(starts(rule)[-1], last)

    def test_days_are_added_and_left_out(self) -> None:
        told = starts(
            "DTSTART;TZID=America/New_York:20260304T093000\nRRULE:FREQ=DAILY;COUNT=4\n"
            "EXDATE;TZID=America/New_York:20260305T093000\nEXDATE;VALUE=DATE:20260306\n"
            "RDATE;TZID=America/New_York:20260401T100000\n"
            "RDATE;VALUE=PERIOD;TZID=America/New_York:20260402T100000/PT1H"
        )
        self.assertEqual(
            [one[5:] for one in told], ["03-04 09:30", "03-07 09:30", "04-01 10:00", "04-02 10:00"]
        )

    def test_one_time_that_is_otherwise_keeps_its_place_in_the_series(self) -> None:
        told = read(
            "DTSTART;TZID=America/New_York:20260304T093000\nRRULE:FREQ=WEEKLY;COUNT=3\nSUMMARY:Weekly",
            "RECURRENCE-ID:20260311T133000Z\nDTSTART;TZID=America/New_York:20260312T110000\nSUMMARY:Moved",
            "RECURRENCE-ID;TZID=America/New_York:20260318T093000\nDTSTART:20260318T133000Z\nSTATUS:CANCELLED",
        )
        self.assertEqual(
            [(one.occurrence, one.starts[5:], one.title, one.canceled) for one in told],
            [
                ("20260304", "03-04 09:30", "Weekly", False),
                ("20260311", "03-12 11:00", "Moved", False),
                ("20260318", "03-18 09:30", "", True),
            ],
        )

    def test_from_one_time_onward_all_may_be_otherwise(self) -> None:
        told = starts(
            "DTSTART:20260304T143000Z\nRRULE:FREQ=DAILY;COUNT=4",
            "RECURRENCE-ID;RANGE=THISANDFUTURE:20260305T143000Z\nDTSTART:20260305T153000Z",
        )
        self.assertEqual([one[11:] for one in told], ["09:30", "10:30", "10:30", "10:30"])

    def test_one_time_of_a_series_that_is_not_in_the_file_stands_alone(self) -> None:
        (found,) = read("RECURRENCE-ID:20260311T133000Z\nDTSTART:20260311T150000Z")
        self.assertEqual((found.occurrence, found.starts), ("20260311", "2026-03-11 11:00"))

    def test_a_rule_that_never_ends_is_told_within_the_window_alone(self) -> None:
        told = starts("DTSTART:20200101T150000Z\nRRULE:FREQ=MONTHLY", first="2026-11-01", last="2027-02-15")
        self.assertEqual([one[:7] for one in told], ["2026-11", "2026-12", "2027-01", "2027-02"])
        self.assertEqual(starts("DTSTART:20200101T150000Z\nRRULE:FREQ=DAILY;COUNT=3"), ["outside"])

    def test_a_rule_that_means_too_many_times_is_refused_at_once(self) -> None:
        for rule in (
            "FREQ=SECONDLY",
            "FREQ=MINUTELY;COUNT=5",
            "FREQ=HOURLY",
            "FREQ=DAILY;BYSECOND=1,2,3",
            "FREQ=DAILY;BYHOUR=" + ",".join(map(str, range(24))),
        ):
            with self.subTest(rule):
                self.assertEqual(starts(f"DTSTART:20260101T000000Z\nRRULE:{rule}"), ["too_often"])

    def test_a_rule_that_is_none_is_set_aside(self) -> None:
        self.assertEqual(starts("DTSTART:20260101T000000Z\nRRULE:FREQ=WEEKLY;BYDAY=XX"), ["rule"])

    @given(st.integers(0, 364), st.integers(1, 60), st.integers(1, 20))
    def test_daily_rules_are_told_as_counting_days_tells_them(self, day: int, every: int, count: int) -> None:
        start = datetime.fromisoformat("2026-01-01T12:00") + timedelta(days=day)
        told = starts(f"DTSTART:{start:%Y%m%dT%H%M%S}\nRRULE:FREQ=DAILY;INTERVAL={every};COUNT={count}")
        meant = [start + timedelta(days=every * number) for number in range(count)]
        self.assertEqual(told, [f"{one:%Y-%m-%d %H:%M}" for one in meant if one.year == 2026])


class WhatIsSaid(TestCase):
    def test_people_with_names_and_addresses_but_no_rooms_and_nobody_who_declined(self) -> None:
        (found,) = read(
            "DTSTART:20260304T143000Z\nSUMMARY:The map\\, again\nLOCATION:Room 4\nORGANIZER;CN=Ana:MAILTO:Ana@oit.gov\n"
            'ATTENDEE;CN="Okafor, Ben":mailto:Ben@parks.gov\nATTENDEE;PARTSTAT=DECLINED:mailto:no@parks.gov\n'
            "ATTENDEE;CUTYPE=ROOM:mailto:room4@parks.gov\nATTENDEE;CN=Someone:invalid:nomail"
        )
        self.assertEqual((found.title, found.place), ("The map, again", "Room 4"))
        self.assertEqual(found.organizer, ("Ana", "ana@oit.gov"))
        self.assertEqual(found.people, (("Okafor, Ben", "ben@parks.gov"), ("Someone", "")))

    def test_a_link_to_a_call_says_video_wherever_it_stands(self) -> None:
        for line in (
            "DESCRIPTION:Join at https://us02.zoom.us/j/1",
            "LOCATION:https://teams.microsoft.com/l/x",
            "X-GOOGLE-CONFERENCE:https://meet.google.com/abc",
            "CONFERENCE;VALUE=URI:https://video.example.gov/1",
        ):
            with self.subTest(line):
                self.assertTrue(read(f"DTSTART:20260304T143000Z\n{line}")[0].video)
        self.assertFalse(read("DTSTART:20260304T143000Z\nURL:https://parks.gov/")[0].video)

    def test_of_a_private_event_nothing_is_kept_but_when_it_is(self) -> None:
        (found,) = read(
            "DTSTART:20260304T143000Z\nCLASS:CONFIDENTIAL\nSUMMARY:Doctor\nATTENDEE:mailto:x@y.gov"
        )
        self.assertEqual(found, Found("one@x", starts="2026-03-04 09:30", problem="private"))

    def test_of_two_versions_the_newer_one_counts(self) -> None:
        told = read("DTSTART:20260304T143000Z\nSEQUENCE:2", "DTSTART:20260305T143000Z\nSEQUENCE:1")
        self.assertEqual([(one.starts[8:10], one.problem) for one in told], [("04", ""), ("05", "older")])

    def test_alarms_long_lines_and_odd_line_ends_are_no_matter(self) -> None:
        told = read(
            "DTSTART:20260304T143000Z\r\nSUMMARY:A long\r\n  er line\r\nBEGIN:VALARM\nSUMMARY:No\nEND:VALARM"
        )
        self.assertEqual([one.title for one in told], ["A long er line"])

    def test_a_calendar_that_takes_something_back_cancels_it(self) -> None:
        (found,) = read("DTSTART:20260304T143000Z", around="METHOD:CANCEL")
        self.assertTrue(found.canceled)
