"""The clock of a ticket: seventeen cases worked by hand (docs/calculations/service-levels.md), and its laws."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from unittest import TestCase
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from comity.core.errors import DomainError
from comity.core.service_levels import (
    Hours,
    Level,
    Openings,
    Step,
    Target,
    Verdict,
    history,
    measure,
    seconds_of,
)

HOLIDAYS = "2026-11-11 closed\n2026-11-26 closed\n2026-11-27 closed\n2026-12-25 closed"
OFFICE = Hours.read("America/Chicago", "Mon-Fri 08:00-17:00", HOLIDAYS)
ALWAYS = Hours.read("America/Chicago", "Mon-Sun 00:00-24:00")
LUNCH = Hours.read("America/Chicago", "Mon-Fri 08:00-12:00, 13:00-17:00", HOLIDAYS)
DENVER = Hours.read("America/Denver", "Mon-Fri 08:00-17:00")
HALF = Hours.read(
    "America/Chicago", "Mon-Fri 08:00-17:00", f"{HOLIDAYS}\n2026-12-24 08:00-12:00 Christmas Eve"
)
HOLD = "on_hold.customer"


def opened(hours: Hours) -> Openings:
    return Openings([(date(2020, 1, 1), hours)], date(2025, 9, 1), date(2027, 12, 31))


def at(text: str, zone: str = "America/Chicago") -> int:
    """A moment such as "1 Jun 09:15" of 2026."""
    found = datetime.strptime(f"2026 {text}", "%Y %d %b %H:%M").replace(tzinfo=ZoneInfo(zone))
    return int(found.timestamp())


def told(moment: int | None) -> str:
    assert moment is not None
    return f"{datetime.fromtimestamp(moment, ZoneInfo('America/Chicago')):%a %H:%M}"


def steps(start: int, stop: int, pauses: list[tuple[int, int]]) -> list[Step]:
    """Worked on from its start, on hold in the pauses, which may overlap, and resolved."""
    held = {moment for begins, ends in pauses for moment in (begins, ends)}
    moments = sorted(moment for moment in held if start < moment < stop)
    found = [Step(start, "in_progress", 3)]
    for moment in moments:
        paused = any(begins <= moment < ends for begins, ends in pauses)
        found.append(Step(moment, HOLD if paused else "in_progress", 3))
    return [*found, Step(stop, "resolved", 3)]


def level(hours: Hours, start: str, stop: str, target: int, *pauses: tuple[str, str]) -> Level:
    spans = [(at(begins), at(ends)) for begins, ends in pauses]
    said = Target(target * 3600, frozenset({HOLD}))
    return measure(opened(hours), said, steps(at(start), at(stop), spans), at("31 Dec 12:00"))


# hours, start, stop, pauses, target in hours, and what comes out: seconds, due, missed
CASES = {
    1: (OFFICE, "1 Jun 09:15", "1 Jun 11:45", [], 4, 9_000, "Mon 13:15", False),
    2: (OFFICE, "5 Jun 16:30", "8 Jun 09:00", [], 4, 5_400, "Mon 11:30", False),
    3: (OFFICE, "6 Jun 10:00", "8 Jun 08:30", [], 1, 1_800, "Mon 09:00", False),
    4: (OFFICE, "25 Nov 15:00", "30 Nov 10:00", [], 8, 14_400, "Mon 14:00", False),
    5: (OFFICE, "1 Jun 10:00", "3 Jun 09:00", [("1 Jun 15:00", "2 Jun 11:00")], 8, 43_200, "Tue 14:00", True),
    6: (
        OFFICE,
        "1 Jun 10:00",
        "3 Jun 09:00",
        [("1 Jun 15:00", "2 Jun 10:00"), ("2 Jun 09:30", "2 Jun 11:00")],
        8,
        43_200,
        "Tue 14:00",
        True,
    ),
    7: (
        OFFICE,
        "5 Jun 15:00",
        "8 Jun 10:00",
        [("5 Jun 17:30", "8 Jun 07:30")],
        4,
        14_400,
        "Mon 10:00",
        False,
    ),
    8: (ALWAYS, "7 Mar 22:00", "8 Mar 06:00", [], 8, 25_200, "Sun 07:00", False),
    9: (ALWAYS, "31 Oct 22:00", "1 Nov 06:00", [], 8, 32_400, "Sun 05:00", True),
    10: (OFFICE, "30 Oct 16:00", "2 Nov 09:00", [], 4, 7_200, "Mon 11:00", False),
    11: (LUNCH, "1 Jun 11:30", "1 Jun 13:30", [], 2, 3_600, "Mon 14:30", False),
    14: (HALF, "24 Dec 10:00", "28 Dec 09:00", [], 4, 10_800, "Mon 10:00", False),
}


class WorkedCases(TestCase):
    def test_each_comes_out_as_it_does_by_hand(self) -> None:
        for number, (hours, start, stop, pauses, target, seconds, due, missed) in CASES.items():
            with self.subTest(case=number):
                found = level(hours, start, stop, target, *pauses)
                self.assertEqual((found.elapsed, told(found.due)), (seconds, due))
                self.assertEqual(found.verdict, Verdict.MISSED if missed else Verdict.MET)

    def test_the_second_case_takes_232_200_seconds_by_the_clock_on_the_wall(self) -> None:
        self.assertEqual(at("8 Jun 09:00") - at("5 Jun 16:30"), 232_200)

    def test_case_12_the_same_times_are_other_hours_in_denver(self) -> None:
        start, stop = at("1 Jun 22:30", "UTC"), at("2 Jun 14:30", "UTC")
        self.assertEqual([opened(each).between(start, stop) for each in (OFFICE, DENVER)], [5_400, 3_600])

    def test_case_13_all_of_the_time_is_in_time_and_a_second_more_is_not(self) -> None:
        start, noon = at("1 Jun 08:00"), at("1 Jun 12:00")
        found = [
            measure(opened(OFFICE), Target(4 * 3600), steps(start, stop, []), noon + 60)
            for stop in (noon, noon + 1)
        ]
        self.assertEqual([each.elapsed for each in found], [14_400, 14_401])
        self.assertEqual([each.verdict for each in found], [Verdict.MET, Verdict.MISSED])
        self.assertEqual({told(each.due) for each in found}, {"Mon 12:00"})

    reopened = [
        Step(at("1 Jun 09:00"), "in_progress", 3),
        Step(at("1 Jun 11:00"), "resolved", 3),
        Step(at("2 Jun 10:00"), "in_progress", 3),
        Step(at("2 Jun 12:00"), "resolved", 3),
    ]

    def test_case_15_what_is_reopened_goes_on_where_it_stood(self) -> None:
        found = measure(opened(OFFICE), Target(8 * 3600), self.reopened, at("5 Jun 12:00"))
        self.assertEqual((found.elapsed, told(found.due), found.verdict), (14_400, "Tue 16:00", Verdict.MET))

    def test_what_is_reopened_begins_at_nothing_where_the_target_says_so(self) -> None:
        found = measure(opened(OFFICE), Target(8 * 3600, anew=True), self.reopened, at("5 Jun 12:00"))
        self.assertEqual((found.elapsed, told(found.due)), (7_200, "Wed 09:00"))

    def test_case_16_a_raised_priority_counts_from_the_opening_or_from_the_change(self) -> None:
        raised = [Step(at("1 Jun 09:00"), "in_progress", 3), Step(at("1 Jun 13:00"), "in_progress", 2)]
        found = [
            measure(opened(OFFICE), Target(4 * 3600, from_change=change), raised, at("1 Jun 14:00"))
            for change in (False, True)
        ]
        self.assertEqual([told(each.due) for each in found], ["Mon 13:00", "Mon 17:00"])
        self.assertEqual([each.verdict for each in found], [Verdict.LATE, Verdict.OPEN])

    def test_case_17_a_day_is_24_hours_of_schedule_or_a_working_day(self) -> None:
        start = at("1 Jun 10:00")
        for said, due in (("24 h", "Wed 16:00"), ("1 day", "Tue 10:00")):
            found = measure(opened(OFFICE), Target(seconds_of(said, OFFICE)), [Step(start, "new", 3)], start)
            self.assertEqual(told(found.due), due)


class Verdicts(TestCase):
    openings = opened(OFFICE)

    def test_a_response_is_the_first_thing_done_whatever_comes_after(self) -> None:
        found = [
            Step(at("1 Jun 09:00"), "new", 3),
            Step(at("1 Jun 10:00"), "in_progress", 3),
            Step(at("1 Jun 11:00"), "new", 3),
            Step(at("3 Jun 11:00"), "in_progress", 3),
        ]
        said = Target(3600, ends=frozenset({"in_progress"}), once=True)
        self.assertEqual(measure(self.openings, said, found, at("5 Jun 09:00")).verdict, Verdict.MET)

    def test_what_is_canceled_is_not_counted(self) -> None:
        found = [Step(at("1 Jun 09:00"), "new", 3), Step(at("8 Jun 09:00"), "cancelled", 3)]
        self.assertEqual(measure(self.openings, Target(60), found, at("9 Jun 09:00")).verdict, Verdict.OUT)

    def test_what_is_late_was_decided_when_its_time_was_over(self) -> None:
        found = measure(self.openings, Target(3600), [Step(at("1 Jun 09:00"), "new", 3)], at("9 Jun 09:00"))
        self.assertEqual((found.verdict, told(found.decided)), (Verdict.LATE, "Mon 10:00"))

    def test_on_hold_it_is_due_as_if_it_went_on_now(self) -> None:
        found = [Step(at("1 Jun 09:00"), "new", 3), Step(at("1 Jun 10:00"), HOLD, 3)]
        now = measure(self.openings, Target(7200, frozenset({HOLD})), found, at("3 Jun 09:00"))
        self.assertEqual((now.elapsed, told(now.due), now.verdict), (3600, "Wed 10:00", Verdict.OPEN))

    def test_what_came_later_is_as_if_it_had_not_been(self) -> None:
        found = [Step(at("1 Jun 09:00"), "new", 3), Step(at("1 Jun 10:00"), "resolved", 3)]
        self.assertEqual(measure(self.openings, Target(7200), found, at("1 Jun 09:30")).stopped, None)

    def test_steps_out_of_order_are_put_in_order_and_early_ones_belong_to_the_opening(self) -> None:
        found = history(100, [Step(300, "resolved", 2), Step(50, "in_progress", 2), Step(200, HOLD, 2)], 4)
        self.assertEqual(
            [tuple(each) for each in found], [(100, "in_progress", 2), (200, HOLD, 2), (300, "resolved", 2)]
        )
        self.assertEqual(history(100, [], 4), [Step(100, "new", 4)])


MINUTE = 60
moments = st.integers(at("1 Jan 00:00") // MINUTE, at("20 Dec 00:00") // MINUTE).map(
    lambda each: each * MINUTE
)
PLAIN = opened(Hours.read("America/Chicago", "Mon-Fri 08:00-12:00, 13:00-17:00\nSat 09:00-12:00"))


class Laws(TestCase):
    every = [opened(hours) for hours in (OFFICE, ALWAYS, LUNCH, DENVER, HALF)]

    @given(st.integers(0, 4), st.lists(moments, min_size=3, max_size=3))
    def test_a_span_cut_in_two_adds_up(self, which: int, three: list[int]) -> None:
        first, cut, last = sorted(three)
        found = self.every[which]
        self.assertEqual(found.between(first, cut) + found.between(cut, last), found.between(first, last))

    @given(st.integers(0, 4), moments, moments)
    def test_it_is_never_negative_and_never_more_than_the_clock_on_the_wall(
        self, which: int, a: int, b: int
    ) -> None:
        first, last = sorted((a, b))
        self.assertTrue(0 <= self.every[which].between(first, last) <= last - first)

    @given(moments, st.integers(0, 6 * 24 * 60), st.integers(-8, 8))
    def test_moving_both_ends_by_weeks_without_a_holiday_changes_nothing(
        self, start: int, length: int, by: int
    ) -> None:
        zone = ZoneInfo("America/Chicago")

        def moved(moment: int) -> int:
            local = datetime.fromtimestamp(moment, zone).replace(tzinfo=None) + timedelta(weeks=by)
            return int(local.replace(tzinfo=zone).timestamp())

        last = start + length * MINUTE
        self.assertEqual(PLAIN.between(start, last), PLAIN.between(moved(start), moved(last)))

    @given(moments, st.integers(1, 20 * 24 * 60))
    def test_a_pause_outside_hours_changes_nothing(self, start: int, length: int) -> None:
        stop = start + length * MINUTE
        found, target = self.every[0], Target(8 * 3600, frozenset({HOLD}))
        shut = [
            (end, begins)
            for end, begins in zip(found.ends, found.starts[1:], strict=False)
            if start < end < begins < stop
        ]
        plain, paused = (measure(found, target, steps(start, stop, each), stop) for each in ([], shut))
        self.assertEqual(
            (plain.elapsed, plain.due, plain.verdict), (paused.elapsed, paused.due, paused.verdict)
        )

    @given(moments, st.lists(st.integers(1, 3000), max_size=8), st.integers(1, 80))
    def test_what_it_counted_adds_up_to_what_elapsed(self, start: int, gaps: list[int], hours: int) -> None:
        found, states = [Step(start, "new", 3)], ("in_progress", HOLD, "resolved")
        for number, gap in enumerate(gaps):
            found.append(Step(found[-1].at + gap * MINUTE, states[number % 3], 3))
        prepared, target = self.every[2], Target(hours * 3600, frozenset({HOLD}))
        said = measure(prepared, target, found, found[-1].at + 5 * MINUTE)
        counted = prepared.within(said.spans)
        self.assertEqual(sum(end - begins for begins, end in counted), said.elapsed)
        self.assertTrue(all(a[1] <= b[0] for a, b in pairwise(counted)))

    @given(st.integers(0, 4), moments, st.integers(1, 400 * 3600))
    def test_what_is_due_has_used_all_of_its_time_and_a_second_before_has_not(
        self, which: int, start: int, seconds: int
    ) -> None:
        found = self.every[which]
        due = found.reached(found.until(start) + seconds)
        assert due is not None
        self.assertEqual((found.between(start, due), found.between(start, due - 1)), (seconds, seconds - 1))


class Reading(TestCase):
    def test_hours_that_cannot_be_read_are_told_with_their_line(self) -> None:
        for week, said in (
            ("", "at least one weekday"),
            ("Mon-Fri closed", "at least one weekday"),
            ("Mon-Fri 8-17", "“Mon-Fri 8-17”: write a line like"),
            ("Fri-Mon 08:00-17:00", "write a line like"),
            ("Mon 17:00-08:00", "not in order"),
            ("Mon 08:00-12:00, 11:00-17:00", "not in order"),
            ("Mon 08:00-25:00", "not in order"),
            ("Mon 08:75-10:00", "not in order"),
        ):
            with self.subTest(week), self.assertRaisesRegex(DomainError, re.escape(said)):
                Hours.read("America/Chicago", week)
        with self.assertRaisesRegex(DomainError, "not a time zone"):
            Hours.read("Chicago", "Mon 08:00-17:00")

    def test_days_that_cannot_be_read_are_told_with_their_line(self) -> None:
        for days in (
            "2026-02-30 closed",
            "26 Nov closed",
            "2026-11-26",
            "2026-11-26 closed\n2026-11-26 closed",
        ):
            with self.subTest(days), self.assertRaisesRegex(DomainError, "“2026|“26 Nov"):
                Hours.read("America/Chicago", "Mon 08:00-17:00", days)

    def test_an_opening_of_its_own_makes_a_sunday_a_day_of_work(self) -> None:
        found = opened(Hours.read("America/Chicago", "Mon-Fri 08:00-17:00", "2026-06-07 10:00-12:00 Move"))
        self.assertEqual(found.between(at("6 Jun 00:00"), at("8 Jun 00:00")), 7_200)

    def test_targets_are_read_and_what_is_none_is_told(self) -> None:
        self.assertEqual(
            [seconds_of(said, OFFICE) for said in ("30 min", "4h", "1.5 h", "2 days")],
            [1800, 14400, 5400, 64800],
        )
        for said in ("0 h", "0.01 min", "soon", "", "-4 h"):
            with self.subTest(said), self.assertRaises(DomainError):
                seconds_of(said, OFFICE)

    def test_a_later_version_holds_from_its_day_on(self) -> None:
        longer = Hours.read("America/Chicago", "Mon-Fri 07:00-19:00")
        found = Openings(
            [(date(2026, 1, 1), OFFICE), (date(2026, 6, 3), longer)], date(2025, 1, 1), date(2027, 1, 1)
        )
        each = [
            found.between(at(f"{day} Jun 00:00"), at(f"{day + 1} Jun 00:00")) // 3600 for day in (1, 2, 3, 4)
        ]
        self.assertEqual(each, [9, 9, 12, 12])

    def test_hours_that_the_clocks_leave_out_are_not_open(self) -> None:
        night = opened(Hours.read("America/Chicago", "Sun 02:00-02:30\nMon 08:00-09:00"))
        self.assertEqual(night.between(at("8 Mar 00:00"), at("8 Mar 12:00")), 1_800)
        self.assertEqual(datetime.fromtimestamp(night.starts[0], UTC).minute, 0)
