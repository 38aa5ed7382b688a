"""kill -9 in the middle of an import: what was begun is finished by whoever takes it up again, or was never there.

The kill comes after so many things the work did: after a progress told, or inside the transaction that makes
everything real, just before one of its statements, drawn anew at each run and named when the test fails.
"""

from __future__ import annotations

import random
import signal
from pathlib import Path

import pytest

from comity.jobs.tests.processes import ProcessTestCase

CHUNK = 400
ROWS = 900

# Works on the import until it has told its progress so many times, and is then killed by the system's own signal.
WORK = """
import json, os, signal
from django.core.files import File
from comity.audit.models import Entry
from comity.imports import applying, services, setwise, staging
from comity.imports.models import Import, ImportRow
from comity.partners.models import ArrivingPosition, Person, Position

setwise.CHUNK, setwise.chunks.__defaults__ = CHUNK, (CHUNK,)  # several, of few rows

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def die_inside(part, before):
    # Die before a statement of the transaction in which one function of `applying` makes everything real.
    from django.db import connection
    inner = getattr(applying, part)
    def within(*arguments):
        left = [before]
        def counting(execute, sql, params, many, context):
            if not left[0]:
                die()
            left[0] -= 1
            return execute(sql, params, many, context)
        with connection.execute_wrapper(counting):
            inner(*arguments)
        die()  # committed, and nothing more
    setattr(applying, part, within)

class Progress:
    left = told
    def say(self, done, total, message=""):
        self.left -= 1
        if not self.left:
            die()

batch = Import.objects.first()
if batch is None:
    with open(path, "rb") as file:
        batch = services.receive(
            File(file, name="people.csv"), profile="people", by=None, actor="command line", in_background=False
        )
if step in ("_commit", "_revert"):
    die_inside(step, told)
    told = 0
if step == "read":
    staging.read(Progress(), import_id=batch.pk)
elif step in ("undo", "_revert"):
    if batch.state == "applied":
        batch.state = "undoing"
        batch.save()
    applying.undo(Progress(), import_id=batch.pk)
else:
    if batch.state == "preview":
        services._begin_to_apply(batch.pk, None, here=True)
    applying.apply(Progress(), import_id=batch.pk)
batch.refresh_from_db()
print(json.dumps({
    "state": batch.state, "rows": batch.rows_total, "staged": ImportRow.objects.count(),
    "people": Person.objects.standing().count(), "hidden": Person.objects.filter(arriving=True).count(),
    "posts": Position.objects.count(), "arriving_posts": ArrivingPosition.objects.count(),
    "acts": Entry.objects.filter(action="imports.make").count(),
    "applied": Entry.objects.filter(action="imports.apply").count(),
    "removed": Entry.objects.filter(action="imports.remove").count(),
    "undone": Entry.objects.filter(action="imports.undo").count(),
}))
"""


@pytest.mark.slow
class Killed(ProcessTestCase):
    """Each process works on the one import until it is killed."""

    file: Path

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.file = cls.folder / "people.csv"
        lines = "".join(f"Person {n},p{n}@parks.example.gov,PARKS,Ranger\n" for n in range(ROWS))
        cls.file.write_text("Name,E-mail,Agency code,Title\n" + lines)
        cls.run_python(
            "from comity.partners.models import Partner\n"
            "Partner.objects.create(name='Department of Parks', name_key='department of parks', code='PARKS')"
        )

    def work(self, step: str, told: int = 0) -> str:
        return f"CHUNK, step, told, path = {CHUNK}, {step!r}, {told}, {str(self.file)!r}\n{WORK}"

    def killed(self, step: str, after: int) -> None:
        self.assertEqual(self.start_python(self.work(step, after)).wait(), -signal.SIGKILL)

    def finished(self, step: str) -> dict[str, object]:
        found: dict[str, object] = self.run_python(self.work(step))
        return found

    def test_whenever_it_is_killed_it_ends_whole_and_each_act_is_told_once(self) -> None:
        self.killed("read", after=3)
        self.killed("read", after=4)
        read = self.finished("read")
        self.assertEqual(
            (read["state"], read["rows"], read["staged"], read["people"]), ("preview", ROWS, ROWS, 0)
        )
        self.killed("apply", after=1)  # the first chunk is prepared, hidden
        self.killed("apply", after=3)  # all are prepared
        for statement in self.moments(9):
            with self.subTest(f"killed before statement {statement} of the commit"):
                self.killed("_commit", after=statement)
                seen = self.visible()
                self.assertIn(seen, ((0, 0, 0), (ROWS, ROWS, 1)), "half of it is real")
        self.killed("apply", after=2)  # everything is real, a part of the trail is written
        whole = {
            "state": "applied",
            "rows": ROWS,
            "staged": ROWS,
            "people": ROWS,
            "hidden": 0,
            "posts": ROWS,
            "arriving_posts": ROWS,
            "acts": ROWS,
            "applied": 1,
            "removed": 0,
            "undone": 0,
        }
        self.assertEqual(self.finished("apply"), whole)
        for statement in self.moments(9):
            with self.subTest(f"killed before statement {statement} of the undoing"):
                self.killed("_revert", after=statement)
                self.assertIn(self.visible(), ((ROWS, ROWS, 1), (0, 0, 1)), "half of it is undone")
        self.killed("undo", after=2)  # everything is out of sight, a part of the trail is written
        gone = {"state": "undone", "people": 0, "posts": 0, "arriving_posts": 0, "removed": ROWS, "undone": 1}
        self.assertEqual(self.finished("undo"), whole | gone)

    def moments(self, most: int) -> list[int]:
        """Some moments inside a transaction, in no order but that they get later; the last is past its end."""
        return [*sorted(random.sample(range(most), 2)), 10_000]

    def visible(self) -> tuple[int, ...]:
        """What people see: those who stand, posts, and how often the trail says that it was applied."""
        found: list[int] = [
            self.rows(f"SELECT count(*) FROM {rows}")[0][0]
            for rows in (
                "partners_person WHERE NOT arriving",
                "partners_position",
                "audit_entry WHERE action = 'imports.apply'",
            )
        ]
        return tuple(found)


# The command as people run it; told to die, it is killed when the second chunk is to be prepared.
COMMAND = """
import os, signal
from django.core.management import call_command
from comity.imports import setwise
from comity.partners.importing.partner_rows import PartnerHandler

setwise.CHUNK, setwise.chunks.__defaults__ = 400, (400,)
prepared = []

def prepare(handler, batch, rows, inner=PartnerHandler.prepare):
    if prepared:
        os.kill(os.getpid(), signal.SIGKILL)
    inner(handler, batch, rows)
    prepared.append(batch)

if dies:
    PartnerHandler.prepare = prepare
call_command("import_file", "partners", path, "--json")
"""
# The same by a page and the worker.
PAGE = """
import json
from django.core.files import File
from comity import jobs
from comity.imports import services
from comity.imports.models import Import

with open(path, "rb") as file:
    batch = services.receive(File(file, name="bodies.csv"), profile="partners", by=None, actor="somebody")
jobs.run_waiting()
services.apply(batch.pk, by=None)
jobs.run_waiting()
batch.refresh_from_db()
print(json.dumps({"state": batch.state, **batch.counts}))
"""
WORKER = """
from comity.jobs import queue, run_waiting
queue.rescue()
run_waiting()
print(0)
"""
HIDDEN = "SELECT count(*) FROM partners_partner WHERE arriving"


@pytest.mark.slow
class CommandKilled(ProcessTestCase):
    """A command dies with a part of its rows hidden; the next that comes has the same codes."""

    def setUp(self) -> None:
        mine = self._testMethodName.split("_")[2]
        self.file = self.folder / f"{mine}.csv"
        lines = "".join(f"Body {n} of {mine},{mine}-{n}\n" for n in range(ROWS))
        self.file.write_text(f"Name,Code\n{lines}")
        killed = self.start_python(self.code(COMMAND, dies=True)).wait()
        self.assertEqual(killed, -signal.SIGKILL)
        self.assertEqual(self.rows(HIDDEN), [(CHUNK,)])

    def code(self, what: str, *, dies: bool = False) -> str:
        return f"dies, path = {dies}, {str(self.file)!r}\n{what}"

    def test_the_next_command_brings_the_same_file_in(self) -> None:
        self.assertEqual(self.run_python(self.code(COMMAND))["new"], ROWS)
        self.assertEqual(self.rows(HIDDEN), [(0,)])
        # What the dead one had begun is taken up by the worker, which finds that all is there.
        self.run_python(WORKER)
        states = self.rows("SELECT state, note FROM imports_import ORDER BY id DESC LIMIT 2")
        self.assertEqual([state for state, _note in states], ["applied", "preview"])
        self.assertIn("The same file was applied by command line", states[1][1])

    def test_a_page_brings_the_same_file_in(self) -> None:
        told = self.run_python(self.code(PAGE))
        self.assertEqual((told["state"], told["new"]), ("applied", ROWS))
        self.assertEqual(self.rows(HIDDEN), [(0,)])

    def test_the_worker_takes_it_up(self) -> None:
        self.run_python(WORKER)
        states = self.rows("SELECT state, rows_new FROM imports_import ORDER BY id DESC LIMIT 1")
        self.assertEqual((states, self.rows(HIDDEN)), ([("applied", ROWS)], [(0,)]))
