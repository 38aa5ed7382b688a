"""Recurring work: by the clock of the office, once at a time, made up for once."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from comity import jobs
from comity.jobs import identity, schedule
from comity.jobs.models import Due
from comity.jobs.registry import Recurring, Zone, lanes
from comity.jobs.tests.test_work import WorkTestCase
from comity.nouns import all_of, declare

CHICAGO = ZoneInfo("America/Chicago")


class NextTime(WorkTestCase):
    def setUp(self) -> None:
        super().setUp()
        declare(Zone(lambda: CHICAGO))

    def next(self, at: time, after: datetime) -> datetime:
        return Recurring("x", lambda: None, daily_at=at).next_after(after).astimezone(UTC)

    def test_a_daily_time_is_the_offices_own(self) -> None:
        morning = datetime(2026, 1, 15, 11, 0, tzinfo=UTC)  # five in Chicago
        self.assertEqual(self.next(time(6), morning), datetime(2026, 1, 15, 12, 0, tzinfo=UTC))
        self.assertEqual(self.next(time(4), morning), datetime(2026, 1, 16, 10, 0, tzinfo=UTC))

    def test_it_stays_at_its_time_when_the_clocks_change(self) -> None:
        before = datetime(2026, 3, 7, 12, 0, tzinfo=UTC)  # six o'clock, the day before
        self.assertEqual(self.next(time(6), before), datetime(2026, 3, 8, 11, 0, tzinfo=UTC))

    def test_an_hour_that_comes_twice_counts_once(self) -> None:
        first = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)  # 1:30 in Chicago, for the first time
        self.assertEqual(self.next(time(1, 30), first - timedelta(minutes=1)), first)
        self.assertEqual(self.next(time(1, 30), first), datetime(2026, 11, 2, 7, 30, tzinfo=UTC))

    def test_either_an_interval_or_a_time_is_said_and_a_name_once(self) -> None:
        with self.assertRaises(ValueError):
            declare(Recurring("x", lambda: None))
        with self.assertRaises(ValueError):
            declare(Recurring("x", lambda: None, minutes=1, daily_at=time(6)))
        declare(Recurring("x", lambda: None, minutes=1))
        with self.assertRaises(ValueError):
            declare(Recurring("x", lambda: None, minutes=1))


class Running(WorkTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.ran: list[str] = []

    def hourly(self) -> Due:
        declare(Recurring("hourly", lambda: self.ran.append("hourly"), minutes=60))
        schedule.bring_up_to_date()
        return Due.objects.get(name="hourly")

    def daily(self) -> Due:
        declare(Recurring("daily", lambda: self.ran.append("daily"), daily_at=time(6)))
        schedule.bring_up_to_date()
        return Due.objects.get(name="daily")

    def test_what_comes_every_hour_runs_at_once_and_then_in_an_hour(self) -> None:
        due = self.hourly()
        self.assertEqual((schedule.run_due(), schedule.run_due(), self.ran), (1, 0, ["hourly"]))
        due.refresh_from_db()
        self.assertAlmostEqual(due.next_at, timezone.now() + timedelta(hours=1), delta=timedelta(seconds=10))
        self.assertEqual((due.worker, due.last_error), ("", ""))

    def test_a_daily_one_waits_for_its_time(self) -> None:
        due = self.daily()
        self.assertEqual((schedule.run_due(), self.ran), (0, []))
        self.assertGreater(due.next_at, timezone.now())

    def test_times_missed_while_no_worker_ran_are_made_up_for_once(self) -> None:
        due = self.daily()
        Due.objects.update(next_at=timezone.now() - timedelta(days=5))
        self.assertEqual((schedule.run_due(), schedule.run_due(), self.ran), (1, 0, ["daily"]))
        due.refresh_from_db()
        self.assertGreater(due.next_at, timezone.now())

    def test_what_another_worker_runs_is_left_alone(self) -> None:
        due = self.hourly()
        Due.objects.filter(pk=due.pk).update(worker="elsewhere/1/x", heartbeat_at=timezone.now())
        schedule.rescue()
        self.assertEqual((schedule.run_due(), self.ran), (0, []))

    def test_two_workers_that_see_it_due_at_once_run_it_once(self) -> None:
        self.hourly()
        now = timezone.now()
        (one,) = all_of(Recurring)
        self.assertEqual((schedule._run(one, now), schedule._run(one, now)), (True, False))

    def test_what_a_dead_worker_was_running_is_still_due(self) -> None:
        due = self.hourly()
        long_ago = timezone.now() - identity.DEAD_AFTER * 2
        Due.objects.filter(pk=due.pk).update(worker="elsewhere/1/x", heartbeat_at=long_ago)
        schedule.rescue()
        self.assertEqual((schedule.run_due(), self.ran), (1, ["hourly"]))

    def test_one_that_fails_is_logged_and_comes_round_again_and_others_go_on(self) -> None:
        def fail() -> None:
            raise RuntimeError("detail for the log")

        declare(Recurring("failing", fail, minutes=60))
        due = self.hourly()
        with self.assertLogs("comity.jobs.schedule", "ERROR"):
            self.assertEqual(schedule.run_due(), 2)
        self.assertEqual(self.ran, ["hourly"])
        due = Due.objects.get(name="failing")
        self.assertRegex(due.last_error, r"^error [0-9a-f]{8}$")
        self.assertGreater(due.next_at, timezone.now())

    def test_one_with_nothing_to_do_writes_nothing(self) -> None:
        declare(Recurring("idle", lambda: self.ran.append("idle"), minutes=1, when=lambda: False))
        schedule.bring_up_to_date()
        with self.assertNumQueries(1):
            self.assertEqual(schedule.run_due(), 0)

    def test_lanes_are_run_apart(self) -> None:
        declare(Recurring("mail", lambda: self.ran.append("mail"), minutes=1, lane="mail"))
        self.hourly()
        self.assertEqual(lanes(), ["mail", "upkeep"])
        schedule.run_due("mail")
        self.assertEqual(self.ran, ["mail"])

    def test_a_time_moved_forward_holds_from_today(self) -> None:
        due = self.daily()
        Due.objects.filter(pk=due.pk).update(next_at=timezone.now() + timedelta(days=9))
        schedule.bring_up_to_date()
        due.refresh_from_db()
        self.assertLess(due.next_at, timezone.now() + timedelta(days=1, hours=2))

    def test_it_can_be_run_by_hand_and_with_all_that_waits(self) -> None:
        self.daily()
        jobs.run_now("daily")
        self.hourly()
        jobs.run_waiting()
        self.assertEqual(self.ran, ["daily", "hourly"])
