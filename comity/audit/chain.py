"""The chain of blocks: every minute what was written since is sealed into blocks, and at any time they can be proved.

A block's digest covers every field of every entry in it, in order, its own facts, and the digest before. So one
changed letter anywhere breaks it, and no block can be taken out, put in or moved without breaking the next.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.audit import guards, heads
from comity.audit.models import Block, Entry, EntryQuerySet

log = logging.getLogger(__name__)

BLOCK_SIZE = 10_000
READ_SIZE = 2_000
WAIT_SECONDS = 10.0
MOST_PROBLEMS = 100

_TARGET = ("target_kind", "target_id", "target_label")
FIELDS = ("id", "at", "actor", "actor_label", "action", *_TARGET, "partner_id", "before", "after")


@dataclass(frozen=True)
class Sum:
    """What reading some entries gave."""

    first: int
    last: int
    count: int
    digest: str


def entries_after(after: int | None) -> EntryQuerySet:
    """The entries with after < id; all there are if None, also below 1, where none of ours is."""
    return Entry.objects.all() if after is None else Entry.objects.filter(pk__gt=after)


def entries_between(after: int | None, until: int) -> Iterator[tuple[Any, ...]]:
    """The entries with after < id <= until in order, each as its fields; streamed."""
    rows = entries_after(after).filter(pk__lte=until).order_by("pk").values_list(*FIELDS)
    return rows.iterator(chunk_size=READ_SIZE)


def sum_of(entries: Iterable[tuple[Any, ...]], *, previous: str, sealed_at: datetime) -> Sum:
    """The digest of a block of these entries that follows `previous`."""
    hashed = hashlib.sha256(f"{previous}\n{sealed_at.astimezone(UTC).isoformat()}\n".encode())
    first = last = count = 0
    for entry in entries:
        hashed.update(canonical(entry))
        last = entry[0]
        first = last if not count else first
        count += 1
    hashed.update(f"{first} {last} {count}\n".encode())
    return Sum(first, last, count, hashed.hexdigest())


def canonical(entry: tuple[Any, ...]) -> bytes:
    """One entry in one line of JSON: keys sorted, moments in UTC, so that equal entries are equal bytes."""
    number, at, *rest = entry
    return (_encode([number, at.astimezone(UTC).isoformat(), *rest]) + "\n").encode()


_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


# --- sealing ---


def something_to_seal() -> bool:
    """Whether entries were written since the last block; cheap."""
    last = Block.objects.order_by("-pk").values_list("last_entry", flat=True).first()
    return entries_after(last).exists()


def seal() -> int:
    """Seal all that is settled; how many blocks were made. One sealer runs at a time (see the schedule)."""
    until = settled_until()
    made = 0
    while until is not None and _seal_one(until):
        made += 1
    return made


def settled_until() -> int | None:
    """The highest id below which no entry can appear any more; None when there is none, or not yet.

    SQLite has one writer at a time: ids are committed in order, and all one sees is settled.

    PostgreSQL hands out ids before the transactions that use them end, in any order: 101 may be seen while
    100 is still being written. Sealing 101 would leave 100 inside a sealed block it is no part of. So: take
    the highest id seen, then wait until whoever is writing entries at that moment has ended. An INSERT locks the
    table before it takes its id and keeps that lock to the end of its transaction, so nobody with a lower
    id is missed, and nobody who writes elsewhere, or in another database of the server, is waited for. What is
    still missing below was rolled back and stays missing. No writer waits for this; a long import only puts
    sealing off.
    """
    highest: int | None = Entry.objects.aggregate(highest=Max("pk"))["highest"]
    if highest is None or connection.vendor != "postgresql" or connection.in_atomic_block:
        return highest
    writing = _writers()
    give_up_at = time.monotonic() + WAIT_SECONDS
    while writing := writing & _writers():
        if time.monotonic() > give_up_at:
            log.info("Sealing waits for a long transaction to end.")
            return None
        time.sleep(0.1)
    return highest


@transaction.atomic
def _seal_one(until: int) -> bool:
    """Seal the next block of what is settled; False when nothing is left."""
    last = Block.objects.order_by("-pk").first()
    after, previous = (last.last_entry, last.digest) if last else (None, "")
    now = timezone.now()
    found = sum_of(islice(entries_between(after, until), BLOCK_SIZE), previous=previous, sealed_at=now)
    if not found.count:
        return False
    Block.objects.create(
        first_entry=found.first,
        last_entry=found.last,
        count=found.count,
        previous=previous,
        digest=found.digest,
        sealed_at=now,
    )
    return True


def _writers() -> set[str]:
    """PostgreSQL: the transactions that have written entries, or are about to, and have not ended."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND mode = 'RowExclusiveLock'"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND relation = %s::regclass",
            [connection.ops.quote_name(Entry._meta.db_table)],
        )
        return {row[0] for row in cursor.fetchall()}


# --- proving ---


@dataclass
class Verification:
    """What was found.

    blocks, entries   how many were read and proved, or not
    unsealed          entries written since the last block; the sealer takes them within a minute or so
    head              the digest of the last block: kept elsewhere, it shows a cut tail
    problems          what is wrong, in sentences; empty when the trail is whole
    compared          with which heads kept elsewhere it was compared, in sentences
    unreadable        the witnesses that could not be read, and why
    """

    blocks: int = 0
    entries: int = 0
    unsealed: int = 0
    head: str = ""
    problems: list[str] = field(default_factory=list)
    compared: list[str] = field(default_factory=list)
    unreadable: dict[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return not self.problems

    def sentence(self) -> str:
        if not self.ok:
            return ngettext(
                "The trail was tampered with: one problem.",
                "The trail was tampered with: %(n)s problems.",
                len(self.problems),
            ) % {"n": len(self.problems)}
        return _(
            "The trail is intact: %(entries)s entries in %(blocks)s blocks, %(unsealed)s not sealed yet."
        ) % {
            "entries": f"{self.entries:,}",
            "blocks": f"{self.blocks:,}",
            "unsealed": f"{self.unsealed:,}",
        }


def verify(head: str | None = None) -> Verification:
    """Read every sealed entry and prove every block; memory does not grow with the trail.

    All heads that the witnesses keep have to be in the chain (see `heads`), and one that is given:

    head  a digest printed earlier by `comity audit head`, or mailed
    """
    heard = heads.heard()
    found = Verification(compared=heard.sentences(), unreadable=heard.unreadable)
    wanted, in_chain = heard.heads | {head}, set()
    after: int | None = None
    for block in Block.objects.order_by("pk").iterator(chunk_size=1_000):
        _prove(block, after, found)
        after = block.last_entry if after is None else max(after, block.last_entry)
        found.head = block.digest
        if block.digest in wanted:
            in_chain.add(block.digest)
    found.unsealed = entries_after(after).count()
    if head is not None and head not in in_chain:
        cut = _("Block %(digest)s is not in the chain: the end was cut off, or the chain was rewritten.")
        _tell(found, cut % {"digest": head})
    for problem in [*heard.problems(in_chain), *guards.faults(connection)]:
        _tell(found, problem)
    return found


def _prove(block: Block, after: int | None, found: Verification) -> None:
    """Read a block's entries: all there are between the block before and its end, whatever it says itself."""
    found.blocks += 1
    named = {"block": block.pk, "first": block.first_entry, "last": block.last_entry, "sealed": block.count}
    entries = entries_between(after, block.last_entry)
    try:
        proved = sum_of(entries, previous=found.head, sealed_at=block.sealed_at)
    except (
        ValueError,
        TypeError,
        AttributeError,
    ):  # a moment that is none, JSON that is none: SQLite takes both
        unread = _("Something in block %(block)s cannot be read (entries %(first)s to %(last)s).")
        _tell(found, unread % named)
        return
    found.entries += proved.count
    named["n"] = proved.count
    if block.previous != found.head:
        moved = _("Block %(block)s does not continue the one before it: a block is missing or was moved.")
        _tell(found, moved % named)
    if proved.count != block.count:
        more = _(
            "Block %(block)s sealed %(sealed)s entries, but there are %(n)s (entries %(first)s to %(last)s)."
        )
        _tell(found, more % named)
    elif proved.digest != block.digest or proved.first != block.first_entry:
        _tell(found, _("Something in block %(block)s was changed (entries %(first)s to %(last)s).") % named)


def _tell(found: Verification, problem: str) -> None:
    if len(found.problems) < MOST_PROBLEMS:
        found.problems.append(problem)
