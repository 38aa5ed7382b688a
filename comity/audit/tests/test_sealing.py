"""Blocks: what is sealed when, and never past a place that may still fill."""

from __future__ import annotations

import json
import threading
from io import StringIO
from unittest import mock

from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.test import TestCase, TransactionTestCase

from comity.audit import chain
from comity.audit.chain import verify
from comity.audit.models import Block, Entry
from comity.audit.services import record, record_many


def write(number: int) -> None:
    record_many(by="command line", acts=({"action": "test.acted"} for _ in range(number)))


class Sealing(TestCase):
    def test_all_that_was_written_is_chained_into_blocks(self) -> None:
        write(25)
        with mock.patch.object(chain, "BLOCK_SIZE", 10):
            self.assertEqual(chain.seal(), 3)
        blocks = list(Block.objects.order_by("pk"))
        self.assertEqual([block.count for block in blocks], [10, 10, 5])
        self.assertEqual(blocks[0].previous, "")
        self.assertEqual([block.previous for block in blocks[1:]], [block.digest for block in blocks[:-1]])
        self.assertEqual((verify().entries, verify().unsealed), (25, 0))

    def test_nothing_new_makes_no_block_and_is_cheap_to_find_out(self) -> None:
        write(1)
        self.assertTrue(chain.something_to_seal())
        chain.seal()
        with self.assertNumQueries(2):
            self.assertFalse(chain.something_to_seal())
        self.assertEqual(chain.seal(), 0)

    def test_an_empty_trail_is_whole(self) -> None:
        self.assertTrue(verify().ok)
        self.assertEqual(chain.seal(), 0)


class Command(TestCase):
    def run_it(self, *arguments: str) -> str:
        out = StringIO()
        call_command("audit", *arguments, stdout=out)
        return out.getvalue().strip()

    def test_a_whole_trail_is_told_in_a_sentence_or_as_json(self) -> None:
        write(3)
        chain.seal()
        self.assertEqual(
            self.run_it("verify"), "The trail is intact: 3 entries in 1 blocks, 0 not sealed yet."
        )
        told = json.loads(self.run_it("verify", "--json"))
        self.assertEqual((told["ok"], told["entries"], told["problems"]), (True, 3, []))

    def test_the_head_is_printed_and_proves_the_end(self) -> None:
        with self.assertRaisesMessage(CommandError, "Nothing is sealed yet"):
            self.run_it("head")
        write(1)
        chain.seal()
        head = self.run_it("head")
        self.assertEqual(len(head), 64)
        write(1)
        chain.seal()
        self.run_it("verify", "--head", head)
        with self.assertRaisesMessage(CommandError, "the end was cut off"):
            self.run_it("verify", "--head", "0" * 64)

    def test_json_is_printed_too_when_it_is_refused(self) -> None:
        out = StringIO()
        with self.assertRaises(CommandError):
            call_command("audit", "verify", "--json", "--head", "0" * 64, stdout=out)
        self.assertFalse(json.loads(out.getvalue())["ok"])


class OutOfOrder(TransactionTestCase):
    """PostgreSQL: an id is taken before its transaction ends, and later ones may be seen first."""

    def test_a_block_is_never_sealed_past_a_place_that_may_still_fill(self) -> None:
        if connection.vendor != "postgresql":
            self.skipTest("SQLite has one writer at a time")
        written, may_end = threading.Event(), threading.Event()

        def slow_writer() -> None:
            with transaction.atomic():
                record(by="slow", action="test.acted")
                written.set()
                may_end.wait(20)
            connections.close_all()

        writer = threading.Thread(target=slow_writer)
        writer.start()
        written.wait(20)
        record(by="quick", action="test.acted")
        with mock.patch.object(chain, "WAIT_SECONDS", 0.3):
            self.assertEqual(chain.seal(), 0, "the quick one has the higher id, and has to wait")
            may_end.set()
            writer.join()
            self.assertEqual(chain.seal(), 1)
        self.assertEqual(
            list(Entry.objects.order_by("pk").values_list("actor", flat=True)), ["slow", "quick"]
        )
        found = verify()
        self.assertTrue(found.ok, found.problems)
        self.assertEqual((found.entries, found.unsealed), (2, 0))

    def test_who_writes_elsewhere_is_not_waited_for(self) -> None:
        if connection.vendor != "postgresql":
            self.skipTest("SQLite has one writer at a time")
        begun, may_end = threading.Event(), threading.Event()

        def busy_elsewhere() -> None:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT pg_current_xact_id()")
                begun.set()
                may_end.wait(20)
            connections.close_all()

        busy = threading.Thread(target=busy_elsewhere)
        busy.start()
        self.addCleanup(busy.join)
        self.addCleanup(may_end.set)
        self.assertTrue(begun.wait(20))
        record(by="quick", action="test.acted")
        with mock.patch.object(chain, "WAIT_SECONDS", 0.3):
            self.assertEqual(chain.seal(), 1)

    def test_a_place_left_empty_by_a_change_taken_back_holds_nobody_up(self) -> None:
        record(by="one", action="test.acted")
        with transaction.atomic():
            record(by="taken back", action="test.acted")
            transaction.set_rollback(True)
        record(by="two", action="test.acted")
        self.assertEqual(chain.seal(), 1)
        self.assertEqual((verify().entries, verify().ok), (2, True))
