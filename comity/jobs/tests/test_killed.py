"""Real workers: killed in the middle, stopped politely, several at once."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from comity.jobs.tests.processes import Process, ProcessTestCase

# What the tests' workers can do: write a line into a file for every step.
WORK = """
import pathlib, time
from comity import jobs, nouns
def count(progress, path, steps, pause):
    for step in range(steps):
        with open(path, "a") as file:
            file.write(f"{step}\\n")
        progress.say(step + 1, steps)
        time.sleep(pause)
    return "Counted."
nouns.declare(jobs.LongWork("test.count", count), jobs.LongWork("test.go_on", count, resumes=True))
"""
WORKER = (
    WORK
    + """
import signal
from comity.jobs import worker
worker.RESCUE_EVERY_SECONDS = 0.2
it = worker.Worker(look_every=0.1)
signal.signal(signal.SIGTERM, lambda *_: it.stop())
it.run()
"""
)
SHOWN = "SELECT state, attempts, message FROM jobs_work ORDER BY id"


@pytest.mark.slow
class Killed(ProcessTestCase):
    def setUp(self) -> None:
        self.run_python("from comity.jobs.models import Work; Work.objects.all().delete()")
        self.file = self.folder / f"{self._testMethodName}.txt"

    def begin(self, path: Path, steps: int, pause: float, times: int = 1, work: str = "test.count") -> None:
        self.run_python(
            WORK
            + f"for n in range({times}):\n"
            + f"    path = {str(path)!r} + (str(n) if {times} > 1 else '')\n"
            + f"    arguments = {{'path': path, 'steps': {steps}, 'pause': {pause}}}\n"
            + f"    jobs.start({work!r}, arguments, label='Counting', by='command line')\n"
        )

    def lines(self) -> list[str]:
        return self.file.read_text().split() if self.file.exists() else []

    def kill_in_the_middle(self, after: int) -> None:
        worker = self.start_python(WORKER)
        self.wait_until(lambda: len(self.lines()) >= after)
        worker.kill()
        worker.wait()

    def shown(self) -> list[tuple[object, ...]]:
        return self.rows(SHOWN)

    def ended(self, worker: Process) -> int:
        worker.send_signal(signal.SIGTERM)
        return worker.wait(30)

    def test_what_a_killed_worker_had_in_hand_is_done_by_the_next(self) -> None:
        self.begin(self.file, steps=20, pause=0.05)
        self.kill_in_the_middle(after=5)
        self.assertEqual(self.shown()[0][:2], ("running", 1))
        begun = len(self.lines())
        worker = self.start_python(WORKER)
        self.wait_until(lambda: len(self.lines()) == begun + 20)
        self.wait_until(lambda: self.shown() == [("done", 2, "Counted.")])
        self.assertEqual(self.ended(worker), 0)

    def test_after_three_kills_it_ends_with_a_sentence(self) -> None:
        self.begin(self.file, steps=1_000, pause=0.05)
        for time in range(3):
            self.kill_in_the_middle(after=len(self.lines()) + 3)
            self.assertEqual(self.shown()[0][:2], ("running", time + 1))
        worker = self.start_python(WORKER)
        self.wait_until(lambda: self.shown()[0][0] == "failed")
        self.assertIn("three times", str(self.shown()[0][2]))
        self.assertEqual(self.ended(worker), 0)

    def test_work_that_goes_on_where_it_stood_is_taken_up_however_often_it_is_killed(self) -> None:
        self.begin(self.file, steps=20, pause=0.05, work="test.go_on")
        for _time in range(5):
            self.kill_in_the_middle(after=len(self.lines()) + 3)
            self.assertEqual(self.shown()[0][:2], ("running", 1))
        worker = self.start_python(WORKER)
        self.wait_until(lambda: self.shown() == [("done", 1, "Counted.")])
        self.assertEqual(self.ended(worker), 0)

    def test_several_workers_do_each_piece_once(self) -> None:
        self.begin(self.file, steps=3, pause=0.01, times=20)
        workers = [self.start_python(WORKER) for _ in range(3)]
        self.wait_until(lambda: all(row[0] == "done" for row in self.shown()))
        self.assertEqual([self.ended(worker) for worker in workers], [0, 0, 0])
        self.assertEqual({row[1] for row in self.shown()}, {1})
        for number in range(20):
            self.assertEqual(Path(f"{self.file}{number}").read_text().split(), ["0", "1", "2"])

    def test_asked_to_stop_it_ends_what_it_has_in_hand_and_begins_nothing_more(self) -> None:
        self.begin(self.file, steps=60, pause=0.05)
        self.begin(self.file.with_suffix(".second"), steps=1, pause=0)
        worker = self.start_python(WORKER)
        self.wait_until(lambda: len(self.lines()) >= 1)
        self.assertEqual(self.ended(worker), 0)
        self.assertEqual(len(self.lines()), 60)
        self.assertEqual([row[0] for row in self.shown()], ["done", "waiting"])
