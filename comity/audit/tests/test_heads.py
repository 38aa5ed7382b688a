"""Heads kept elsewhere: given to whom, compared with what, and what a new chain does to them."""

from __future__ import annotations

import json
import tempfile
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path

from django.core.management import CommandError, call_command
from django.db import connection
from django.test import TestCase, override_settings
from django.utils import timezone

from comity.audit import chain, guards, heads
from comity.audit.chain import verify
from comity.audit.heads import AtAddress, Courier, InFile, Line
from comity.audit.models import Block, Entry
from comity.audit.services import record
from comity.core.errors import DomainError
from comity.testing.declaring import declaring


class Shelf:
    """A server that keeps what is PUT under an address, and asks who it is."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.refuses = 0
        self.asked_by: set[str | None] = set()
        shelf = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self, code: int, body: bytes = b"") -> None:
                shelf.asked_by.add(self.headers["Authorization"])
                self.send_response(shelf.refuses or code)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self) -> None:
                found = shelf.kept.get(self.path)
                self.answer(404 if found is None else 200, found or b"")

            def do_PUT(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if not shelf.refuses:
                    shelf.kept[self.path] = body
                self.answer(204)

            def log_message(self, *said: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class Heads(TestCase):
    def setUp(self) -> None:
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.own, self.other = self.folder / "trail-heads", self.folder / "kept" / "heads"
        self.other.parent.mkdir()
        self.mails: list[tuple[str, Line, str]] = []
        courier = Courier(lambda *given: self.mails.append(given))
        self.enterContext(declaring(courier, alone=True))
        self.enterContext(
            override_settings(TRAIL_HEADS=self.own, TRAIL_WITNESSES=("auditor@example.gov", str(self.other)))
        )
        self.write()

    def write(self) -> str:
        record(by="command line", action="test.acted")
        chain.seal()
        return str(Block.objects.latest("pk").digest)

    def wipe(self) -> None:
        with guards.lifted(connection):
            Block.objects.all().delete()
            Entry.objects.all().delete()

    def run_it(self, *arguments: str) -> str:
        out = StringIO()
        call_command("audit", *arguments, stdout=out)
        return out.getvalue().strip()

    def test_a_head_goes_to_the_file_and_to_every_witness(self) -> None:
        head = self.write()
        self.assertEqual(self.run_it("head"), head)
        for file in (self.own, self.other):
            self.assertEqual([json.loads(line)["head"] for line in file.read_text().splitlines()], [head])
        self.assertEqual(
            [(to, line.head, problem) for to, line, problem in self.mails],
            [("auditor@example.gov", head, "")],
        )

    def test_every_day_one_is_kept_unless_nothing_happened(self) -> None:
        heads.keep_daily()
        heads.keep_daily()
        self.assertEqual((len(InFile(self.own).read()), len(self.mails)), (1, 1))
        self.write()
        heads.keep_daily()
        self.assertEqual((len(InFile(self.own).read()), len(InFile(self.other).read())), (2, 2))

    def test_verify_says_with_which_and_of_when(self) -> None:
        self.assertEqual(verify().compared, [])
        heads.keep()
        when = f"{timezone.localtime():%Y-%m-%d %H:%M}"
        said = self.run_it("verify").splitlines()
        self.assertIn("The trail is intact", said[0])
        self.assertEqual(
            said[1:], [f"Compared with the head of {when} kept in {file}." for file in (self.own, self.other)]
        )

    def test_a_trail_cut_or_wiped_is_found_without_being_told_a_head(self) -> None:
        self.write()
        heads.keep()
        self.wipe()
        found = verify()
        self.assertEqual(len(found.problems), 2, "the file and the witness both say so")
        self.assertIn("the end was cut off", found.problems[0])

    def test_one_witness_is_enough(self) -> None:
        heads.keep()
        self.own.unlink()
        self.wipe()
        self.assertIn(str(self.other), verify().problems[0])

    def test_what_is_not_the_chain_any_more_is_not_covered_up_by_a_new_head(self) -> None:
        heads.keep()
        self.wipe()
        self.write()
        with self.assertRaisesMessage(DomainError, "the chain was rewritten"):
            heads.keep_daily()
        self.assertEqual(len(InFile(self.own).read()), 1)
        self.assertIn("the chain was rewritten", self.mails[-1][2])
        self.assertFalse(verify().ok)

    def test_a_new_chain_is_seen_and_no_alarm(self) -> None:
        heads.keep()
        self.wipe()
        self.write()
        self.run_it("begin", "restored by  the database's own means")
        found = verify()
        self.assertTrue(found.ok, found.problems)
        self.assertIn("A new chain began", found.compared[0])
        self.assertIn("restored by the database's own means", found.compared[0])
        self.assertEqual(self.mails[-1][1].begins, "restored by the database's own means")
        heads.keep()
        self.wipe()
        self.assertFalse(verify().ok, "and is watched from then on")

    def test_a_witness_away_when_the_chain_began_raises_no_alarm_later(self) -> None:
        heads.keep()
        self.wipe()
        self.write()
        self.other.parent.rename(self.folder / "away")
        with self.assertRaisesMessage(DomainError, f"{self.other}: No such file or directory"):
            heads.begin("a test")
        (self.folder / "away").rename(self.other.parent)
        self.assertTrue(verify().ok)
        self.assertEqual(heads.keep(), verify().head)

    def test_who_does_not_take_it_keeps_no_other_from_it(self) -> None:
        self.other.parent.rmdir()
        with self.assertRaisesMessage(DomainError, str(self.other)):
            heads.keep()
        self.assertEqual((len(InFile(self.own).read()), len(self.mails)), (1, 1))

    def test_what_is_no_line_of_ours_is_passed_over(self) -> None:
        heads.keep()
        for odd in (
            "",
            "{",
            "[]",
            "7",
            '{"at": "2026-01-01", "head": "x"}',
            '{"at": "then", "head": "x"}',
            "\x00",
        ):
            with self.own.open("a") as file:
                file.write(f"{odd}\n")
        self.assertTrue(verify().ok)
        self.assertEqual(len(InFile(self.own).read()), 1)

    def test_a_witness_that_cannot_be_read_is_named_and_the_others_are_compared(self) -> None:
        heads.keep()
        self.other.unlink()
        self.other.mkdir()
        found = verify()
        self.assertTrue(found.ok)
        self.assertEqual(found.unreadable, {str(self.other): "Is a directory"})
        self.assertIn("Could not be compared", found.compared[-1])
        with self.assertRaises(CommandError):
            self.run_it("verify", "--head", "0" * 64)

    def test_an_older_head_has_to_be_there_as_well(self) -> None:
        line = Line(timezone.now() - timedelta(days=1), "0" * 64)
        InFile(self.own).add(line)
        InFile(self.own).add(Line(timezone.now(), verify().head))
        self.assertIn(f"The head of {line.when}", verify().problems[0])


class OnTheWeb(TestCase):
    def setUp(self) -> None:
        self.shelf = Shelf()
        self.addCleanup(self.shelf.stop)
        self.port = self.shelf.server.server_port

    def test_a_line_is_put_there_and_read_again(self) -> None:
        there = AtAddress(f"http://au:p%40ss@127.0.0.1:{self.port}/head?key=secret")
        self.assertEqual(there.read(), [])
        line = Line(timezone.now(), "a" * 64)
        there.add(line)
        self.assertEqual(there.read(), [line])
        self.assertEqual(list(self.shelf.kept), ["/head?key=secret"])
        self.assertEqual(self.shelf.asked_by, {"Basic YXU6cEBzcw=="})
        self.assertEqual(there.name, f"http://127.0.0.1:{self.port}/head", "what is secret is not shown")

    def test_one_that_refuses_or_is_away_raises_what_is_caught(self) -> None:
        there = AtAddress(f"http://127.0.0.1:{self.port}/head")
        self.shelf.refuses = 500
        for ask in (there.read, lambda: there.add(Line(timezone.now(), "a"))):
            with self.assertRaises(OSError):
                ask()
        self.assertTrue(heads._why(OSError()))
