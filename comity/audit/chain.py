"""How entries become a block, and a block's digest: the same words when it is sealed and when it is proved.

A block's digest covers every field of every entry in it, in order, its own facts, and the digest before. So one
changed letter anywhere breaks it, and no block can be taken out, put in or moved without breaking the next.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from comity.audit.models import Entry

BLOCK_SIZE = 10_000
READ_SIZE = 2_000

FIELDS = (
    "id",
    "at",
    "actor",
    "actor_label",
    "action",
    "target_kind",
    "target_id",
    "target_label",
    "partner_id",
    "before",
    "after",
)


@dataclass(frozen=True)
class Sum:
    """What reading some entries gave."""

    first: int
    last: int
    count: int
    digest: str


def entries_between(after: int, until: int) -> Iterator[tuple[Any, ...]]:
    """The entries with after < id <= until in order, each as its fields; streamed."""
    rows = Entry.objects.filter(pk__gt=after, pk__lte=until).order_by("pk").values_list(*FIELDS)
    return rows.iterator(chunk_size=READ_SIZE)


def sum_of(entries: Iterable[tuple[Any, ...]], *, previous: str, sealed_at: datetime) -> Sum:
    """The digest of a block of these entries that follows `previous`."""
    hashed = hashlib.sha256(f"{previous}\n{sealed_at.astimezone(UTC).isoformat()}\n".encode())
    first = last = count = 0
    for entry in entries:
        hashed.update(canonical(entry))
        last = entry[0]
        first = first or last
        count += 1
    hashed.update(f"{first} {last} {count}\n".encode())
    return Sum(first, last, count, hashed.hexdigest())


def canonical(entry: tuple[Any, ...]) -> bytes:
    """One entry in one line of JSON: keys sorted, moments in UTC, so that equal entries are equal bytes."""
    number, at, *rest = entry
    return (_encode([number, at.astimezone(UTC).isoformat(), *rest]) + "\n").encode()


_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
