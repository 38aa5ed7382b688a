"""A thousand ways to tamper, each with the guards taken down: every one is found, by what the product itself keeps."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.db import connection, transaction
from django.db.models import Max
from django.test import TestCase, override_settings
from django.utils import timezone

from comity.audit import chain, guards, heads
from comity.audit.chain import verify
from comity.audit.models import Block, Entry
from comity.audit.services import record_many
from comity.testing.matrix import ALL

# On PostgreSQL, whose rows come back in other ways, a hundred tell as much; all of them in `make test-all`.
ROUNDS = 1_000 if ALL or connection.vendor == "sqlite" else 100
CHANGED: dict[str, Callable[[Any], Any]] = {
    "at": lambda value: value + timedelta(microseconds=1),
    "actor": lambda value: value + "x",
    "actor_label": lambda value: value.swapcase() + ".",
    "action": lambda value: value[:-1],
    "target_kind": lambda value: value + "s",
    "target_id": lambda value: value + "0",
    "target_label": lambda value: " " + value,
    "partner_id": lambda value: None if value else 1,
    "before": lambda value: None if value else {},
    "after": lambda value: {**(value or {}), "status": "as it never was"},
}


class Tampering(TestCase):
    """Forty entries in four blocks; three are not sealed yet."""

    def setUp(self) -> None:
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.enterContext(override_settings(TRAIL_HEADS=Path(folder) / "heads"))
        self.random = random.Random(7)
        with mock.patch.object(chain, "BLOCK_SIZE", 10):
            for _ in range(4):
                self.write(10)
                chain.seal()
        heads.keep()
        self.write(3)
        last = Block.objects.aggregate(last=Max("last_entry"))["last"]
        self.sealed = list(Entry.objects.filter(pk__lte=last).values_list("pk", flat=True))

    def write(self, number: int) -> None:
        record_many(
            by="command line",
            acts=(
                {
                    "action": self.random.choice(["test.made", "test.changed"]),
                    "target_kind": "partners.Partner",
                    "target_id": str(self.random.randrange(100)),
                    "target_label": "Department of Parks",
                    "partner_id": self.random.choice([None, 3, 4]),
                    "before": self.random.choice([None, {"status": "active", "n": 1}]),
                    "after": {"status": "former", "names": ["é", "🏛️"]},
                }
                for _ in range(number)
            ),
        )

    def sealed_entry(self) -> Entry:
        return Entry.objects.get(pk=self.random.choice(self.sealed))

    def block(self) -> Block:
        return self.random.choice(list(Block.objects.all()))

    # Each tampers once; `verify` knows the database and the heads that were kept.

    def edit(self) -> None:
        entry = self.sealed_entry()
        name = self.random.choice(list(CHANGED))
        Entry.objects.filter(pk=entry.pk).update(**{name: CHANGED[name](getattr(entry, name))})

    def delete(self) -> None:
        Entry.objects.filter(pk=self.sealed_entry().pk).delete()

    def swap(self) -> None:
        one, other = self.sealed_entry(), self.sealed_entry()
        while one.pk == other.pk:
            other = self.sealed_entry()
        free = 10_000_000
        for old, new in ((one.pk, free), (other.pk, one.pk), (free, other.pk)):
            Entry.objects.filter(pk=old).update(id=new)

    def put_in(self) -> None:
        """A copy of an entry, in the place of one taken out."""
        entry, place = self.sealed_entry(), self.sealed_entry().pk
        Entry.objects.filter(pk=place).delete()
        entry.pk, entry.at = place, timezone.now()
        entry.save(force_insert=True)

    def put_below(self) -> None:
        """An entry that stands before all there is, where no entry of ours stands."""
        entry = self.sealed_entry()
        entry.pk, entry.actor_label = self.random.choice([0, -1, -1_000_000, -(2**62)]), "Somebody else"
        entry.save(force_insert=True)

    def put_between(self) -> None:
        """Entries moved up, and another in the place that is free then."""
        place = self.random.choice(self.sealed)
        for pk in reversed([pk for pk in self.sealed if pk >= place]):
            Entry.objects.filter(pk=pk).update(id=pk + 1_000_000)
        entry = Entry.objects.get(pk=place + 1_000_000)
        entry.pk, entry.actor_label = place, "Somebody else"
        entry.save(force_insert=True)

    def garble(self) -> None:
        """What is no moment, or no JSON; SQLite takes both."""
        column, value = self.random.choice([("at", "never"), ("after", "{")])
        if connection.vendor == "postgresql":
            self.edit()
            return
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            cursor.execute(
                f"UPDATE audit_entry SET {column} = %s WHERE id = %s", [value, self.sealed_entry().pk]
            )
            cursor.execute("PRAGMA ignore_check_constraints = OFF")

    def swallow(self) -> None:
        """A trigger or a rule by which entries and blocks disappear as they are written."""
        table = self.random.choice(guards.TABLES)
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute(
                    f"CREATE TRIGGER {self.random.choice([table, 'quiet', table + '_no_insert'])} BEFORE INSERT ON "
                    f"{self.random.choice([table, table.upper()])} BEGIN SELECT RAISE(IGNORE); END"
                )
            else:
                cursor.execute(f"CREATE RULE quiet AS ON INSERT TO {table} DO INSTEAD NOTHING")

    def edit_block(self) -> None:
        block = self.block()
        name = self.random.choice(["first_entry", "last_entry", "count", "previous", "digest", "sealed_at"])
        value = getattr(block, name)
        if name == "sealed_at":
            value += timedelta(seconds=1)
        elif name in {"previous", "digest"}:
            value = "f" * 64
        else:
            value = value + 1 if name != "last_entry" else value - 1
        Block.objects.filter(pk=block.pk).update(**{name: value})

    def delete_block(self) -> None:
        """Any but the last: that one is a cut tail."""
        Block.objects.filter(pk=self.random.choice(list(Block.objects.order_by("pk"))[:-1]).pk).delete()

    def cut_the_tail(self) -> None:
        """The last blocks and their entries; or everything. Only a head kept elsewhere shows it."""
        after = self.random.choice([0, *Block.objects.values_list("last_entry", flat=True)[:3]])
        Block.objects.filter(last_entry__gt=after).delete()
        Entry.objects.filter(pk__gt=after).delete()

    def write_it_anew(self) -> None:
        """Change an entry and seal everything again, so that the chain is sound in itself."""
        self.edit()
        Block.objects.all().delete()
        chain.seal()

    def write_all_of_it_anew(self) -> None:
        """Other entries under the same ids, and blocks that our own sealer made of them."""
        Block.objects.all().delete()
        entries = list(Entry.objects.order_by("pk"))
        Entry.objects.all().delete()
        for entry in entries:
            entry.actor_label = "Nobody"
        Entry.objects.bulk_create(entries)
        with mock.patch.object(chain, "BLOCK_SIZE", self.random.choice([10, 100])):
            chain.seal()

    @pytest.mark.slow
    def test_every_one_of_a_thousand_is_found(self) -> None:
        self.assertTrue(verify().ok)
        ways = [
            self.edit,
            self.edit,
            self.delete,
            self.swap,
            self.put_in,
            self.put_below,
            self.put_between,
            self.garble,
            self.swallow,
            self.edit_block,
            self.delete_block,
            self.cut_the_tail,
            self.write_it_anew,
            self.write_all_of_it_anew,
        ]
        missed = []
        with guards.lifted(connection), mock.patch.object(guards, "missing", return_value=[]):
            for round_ in range(ROUNDS):
                way = self.random.choice(ways)
                with transaction.atomic():
                    way()
                    if verify().ok:
                        missed.append((round_, way.__name__))
                    transaction.set_rollback(True)
        self.assertEqual(missed, [])
        self.assertTrue(verify().ok, "and what was put back is whole again")

    def test_what_is_not_sealed_yet_is_counted_and_not_vouched_for(self) -> None:
        found = verify()
        self.assertEqual((found.blocks, found.entries, found.unsealed), (4, 40, 3))
        self.assertEqual(found.sentence(), "The trail is intact: 40 entries in 4 blocks, 3 not sealed yet.")

    def test_a_first_entry_with_the_id_0_is_the_first(self) -> None:
        entries = [(pk, timezone.now(), *["x"] * 9) for pk in (0, 1)]
        found = chain.sum_of(entries, previous="", sealed_at=timezone.now())
        self.assertEqual((found.first, found.last, found.count), (0, 1, 2))

    def test_an_entry_below_1_is_counted_before_anything_is_sealed_too(self) -> None:
        with guards.lifted(connection):
            Block.objects.all().delete()
            self.put_below()
            self.assertEqual(verify().unsealed, 44)
            self.assertEqual(chain.seal(), 1)
            self.assertEqual(Block.objects.get().count, 44)

    def test_equal_entries_are_equal_bytes_whatever_the_order_of_their_keys(self) -> None:
        at = timezone.now()
        one = (1, at, "a", "a", "x", "", "", "", None, {"b": 1, "a": 2}, None)
        other = (1, at, "a", "a", "x", "", "", "", None, {"a": 2, "b": 1}, None)
        self.assertEqual(chain.canonical(one), chain.canonical(other))
