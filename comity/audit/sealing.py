"""The sealer: every minute it chains what was written since into blocks."""

from __future__ import annotations

import logging
import time
from itertools import islice

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from comity.audit.chain import BLOCK_SIZE, entries_between, sum_of
from comity.audit.models import Block, Entry

log = logging.getLogger(__name__)

WAIT_SECONDS = 10.0


def something_to_seal() -> bool:
    """Whether entries were written since the last block; cheap."""
    last = Block.objects.order_by("-pk").values_list("last_entry", flat=True).first()
    return Entry.objects.filter(pk__gt=last or 0).exists()


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
    after, previous = (last.last_entry, last.digest) if last else (0, "")
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
