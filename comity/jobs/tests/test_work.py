"""Long work: begun in a transaction, shown while it runs, taken up again, ended with a sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest import mock

from django.db import transaction
from django.test import TestCase
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from comity import jobs
from comity.core.errors import DomainError
from comity.jobs import LongWork, identity, queue
from comity.jobs.models import Work
from comity.jobs.progress import Interrupted, Progress, TakenOver
from comity.nouns import declare
from comity.testing.declaring import declaring


class WorkTestCase(TestCase):
    """Nothing but what the test declares can be done."""

    def setUp(self) -> None:
        self.enterContext(declaring(alone=True))

    def begin(self, function: Callable[..., str | None], **arguments: Any) -> Work:
        declare(LongWork("test.work", function))
        return jobs.start("test.work", arguments, label="Counting", by="command line", url="/there/")

    def begin_as_a_worker(self, work: Work, worker: str = "elsewhere/1/x") -> Work:
        """Leave the work as a worker would that has just begun it."""
        with mock.patch.object(identity, "this_process", return_value=worker):
            queue._take(DBTaskResult.objects.ready())
        work.refresh_from_db()
        return work


class Doing(WorkTestCase):
    def test_it_is_done_with_its_arguments_and_says_how_far_it_is(self) -> None:
        seen = []

        def count(progress: Progress, to: int) -> str:
            progress.say(1, to, "one by one")
            seen.append(Work.objects.values_list("state", "done", "total", "message", "attempts").get())
            return "All counted."

        work = self.begin(count, to=3)
        self.assertEqual(work.state, Work.State.WAITING)
        self.assertEqual(jobs.run_waiting(), 1)
        self.assertEqual(seen, [("running", 1, 3, "one by one", 1)])
        work.refresh_from_db()
        self.assertEqual((work.state, work.done, work.total), (Work.State.DONE, 3, 3))
        self.assertEqual((work.message, work.worker), ("All counted.", ""))
        self.assertIsNotNone(work.finished_at)

    def test_work_begun_in_a_transaction_that_fails_was_never_begun(self) -> None:
        with transaction.atomic():
            self.begin(lambda progress: None)
            transaction.set_rollback(True)
        self.assertEqual(jobs.run_waiting(), 0)
        self.assertFalse(Work.objects.exists())

    def test_a_name_nobody_declared_is_refused_at_once(self) -> None:
        with self.assertRaises(ValueError):
            jobs.start("test.absent", {}, label="x", by="command line")
        declare(LongWork("test.twice", lambda progress: None))
        with self.assertRaises(ValueError):
            declare(LongWork("test.twice", lambda progress: None))

    def test_work_an_older_version_began_ends_with_a_sentence(self) -> None:
        work = self.begin(lambda progress: None)
        with declaring(alone=True):
            jobs.run_waiting()
        work.refresh_from_db()
        self.assertEqual(work.state, Work.State.FAILED)
        self.assertIn("no longer", work.message)

    def test_progress_is_written_at_most_twice_a_second(self) -> None:
        def count(progress: Progress) -> None:
            with self.assertNumQueries(2):
                for i in range(1, 1_001):
                    progress.say(i, 1_000)

        work = self.begin(count)
        jobs.run_waiting()
        work.refresh_from_db()
        self.assertEqual((work.state, work.done), (Work.State.DONE, 1_000))


class Failing(WorkTestCase):
    def test_a_domain_error_is_shown_as_it_is_and_not_tried_again(self) -> None:
        def refuse(progress: Progress) -> None:
            raise DomainError("The file has no header.")

        work = self.begin(refuse)
        jobs.run_waiting()
        work.refresh_from_db()
        self.assertEqual((work.state, work.message), (Work.State.FAILED, "The file has no header."))
        self.assertEqual(work.attempts, 1)

    def test_anything_else_is_tried_three_times_then_named_by_the_id_the_log_has(self) -> None:
        def break_(progress: Progress) -> None:
            raise RuntimeError("secret detail")

        work = self.begin(break_)
        with self.assertLogs("comity.jobs.queue", "ERROR") as log:
            jobs.run_waiting()
        work.refresh_from_db()
        self.assertEqual((work.state, work.attempts), (Work.State.FAILED, 3))
        self.assertNotIn("secret", work.message)
        error_id = work.message.rstrip(".").rpartition(" ")[2]
        self.assertIn(error_id, log.output[-1])

    def test_what_failed_once_may_work_the_second_time_after_a_pause(self) -> None:
        tries = []

        def shaky(progress: Progress) -> None:
            tries.append(1)
            if len(tries) < 2:
                raise RuntimeError

        work = self.begin(shaky)
        with self.assertLogs("comity.jobs.queue", "ERROR"):
            self.assertTrue(queue.run_next())
        self.assertFalse(queue.run_next(), "it waits before it is tried again")
        jobs.run_waiting()
        work.refresh_from_db()
        self.assertEqual((work.state, len(tries)), (Work.State.DONE, 2))


class TakingUpAgain(WorkTestCase):
    def grow_old(self, work: Work) -> None:
        Work.objects.filter(pk=work.pk).update(heartbeat_at=timezone.now() - identity.DEAD_AFTER * 2)

    def test_work_whose_worker_shows_no_sign_of_life_is_taken_up_again(self) -> None:
        work = self.begin_as_a_worker(self.begin(lambda progress: "second try"))
        self.assertEqual(queue.rescue(), 0, "it was seen alive a moment ago")
        self.grow_old(work)
        self.assertEqual(queue.rescue(), 1)
        jobs.run_waiting()
        work.refresh_from_db()
        self.assertEqual((work.state, work.message, work.attempts), (Work.State.DONE, "second try", 2))

    def test_a_dead_process_of_this_machine_is_not_waited_for(self) -> None:
        with mock.patch("os.kill", side_effect=ProcessLookupError):
            self.begin_as_a_worker(self.begin(lambda progress: None), f"{identity.HOST}/4/x")
            self.assertEqual(queue.rescue(), 1)

    def test_after_three_times_it_ends_with_a_sentence(self) -> None:
        work = self.begin(lambda progress: None)
        for _ in range(3):
            self.begin_as_a_worker(work)
            self.grow_old(work)
            self.assertEqual(queue.rescue(), 1)
        work.refresh_from_db()
        self.assertEqual(work.state, Work.State.FAILED)
        self.assertIn("three times", work.message)
        self.assertEqual(jobs.run_waiting(), 0)

    def test_an_attempt_given_up_for_dead_writes_nothing_more(self) -> None:
        work = self.begin_as_a_worker(self.begin(lambda progress: "the other's"))
        late = Progress(Work.objects.get(pk=work.pk))
        self.grow_old(work)
        queue.rescue()
        jobs.run_waiting()
        with self.assertRaises(TakenOver):
            late.say(1, 2)
        queue._end(late.work, Work.State.FAILED, "too late")
        work.refresh_from_db()
        self.assertEqual((work.state, work.message), (Work.State.DONE, "the other's"))

    def test_a_worker_that_stops_gives_work_back_without_counting_the_attempt(self) -> None:
        def patient(progress: Progress) -> None:
            progress.say(1, 2)

        work = self.begin(patient)
        self.assertTrue(queue.run_next(should_stop=lambda: True))
        work.refresh_from_db()
        self.assertEqual((work.state, work.attempts), (Work.State.WAITING, 0))
        jobs.run_waiting()
        work.refresh_from_db()
        self.assertEqual((work.state, work.attempts), (Work.State.DONE, 1))

    def test_interruption_reaches_the_function(self) -> None:
        with self.assertRaises(Interrupted):
            Progress(Work(), should_stop=lambda: True).say(1, 2)

    def test_entries_of_the_queue_are_forgotten_after_a_week_and_work_is_not(self) -> None:
        self.begin(lambda progress: None)
        jobs.run_waiting()
        queue.forget_old_entries()
        self.assertEqual(DBTaskResult.objects.count(), 1)
        DBTaskResult.objects.update(finished_at=timezone.now() - timedelta(days=8))
        queue.forget_old_entries()
        self.assertEqual((DBTaskResult.objects.count(), Work.objects.count()), (0, 1))

    def test_an_entry_without_its_work_is_passed_over(self) -> None:
        self.begin(lambda progress: None).delete()
        self.assertFalse(queue.run_next())
        self.assertFalse(DBTaskResult.objects.ready().exists())
