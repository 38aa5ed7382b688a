"""Writing to the trail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.utils import timezone

from comity.access import Viewer
from comity.audit.models import Entry

CHUNK = 2_000
_ACT = ("action", "target_kind", "target_id", "target_label", "partner_id", "before", "after")
_ACT_KEYS = frozenset(_ACT)
_encode = DjangoJSONEncoder().encode

Values = dict[str, Any]
Actor = models.Model | Viewer | str


def record(
    *,
    by: Actor,
    action: str,
    target: models.Model | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    partner_id: int | None = None,
) -> Entry:
    """Write one act to the trail, in the caller's transaction.

    by          the user who acted, or the name of a machine that did ("command line", "worker")
    action      `room.verb`, a constant of the room that acts
    target      the object acted on; `before` and `after` hold its changed fields as plain values
    partner_id  the partner it concerns, if any, so that a partner's history can be read
    """
    return Entry.objects.create(
        at=timezone.now(),
        **_actor(by),
        action=action,
        target_kind=target._meta.label if target else "",
        target_id=str(target.pk) if target else "",
        target_label=str(target)[:300] if target else "",
        partner_id=partner_id,
        before=dict(before) if before is not None else None,
        after=dict(after) if after is not None else None,
    )


def record_many(*, by: Actor, acts: Iterable[Mapping[str, Any]], at: datetime | None = None) -> int:
    """Write many acts of one actor, a few thousand to a statement; how many it were.

    acts  each has `action`, and what it needs of `target_kind` ("partners.Partner"), `target_id`,
          `target_label`, `partner_id`, `before` and `after`
    """
    moment = Entry._meta.get_field("at").get_db_prep_save(at or timezone.now(), connection)
    actor = _actor(by)
    entries = ((moment, actor["actor"], actor["actor_label"], *_written(act)) for act in acts)
    columns = ", ".join(map(connection.ops.quote_name, ("at", "actor", "actor_label", *_ACT)))
    # As plain tuples: an object for each would cost an import of 100,000 rows four seconds.
    insert = (
        f"INSERT INTO {connection.ops.quote_name(Entry._meta.db_table)} "
        f"({columns}) VALUES ({', '.join(['%s'] * (3 + len(_ACT)))})"
    )
    written = 0
    while chunk := list(islice(entries, CHUNK)):
        with transaction.atomic(savepoint=False), connection.cursor() as cursor:
            cursor.executemany(insert, chunk)
        written += len(chunk)
    return written


def _written(act: Mapping[str, Any]) -> tuple[Any, ...]:
    """An act in the order of its columns, JSON as text. Raises TypeError for what no act has."""
    if unknown := act.keys() - _ACT_KEYS:
        raise TypeError(f"An act has no {', '.join(sorted(unknown))}.")
    before, after = act.get("before"), act.get("after")
    return (
        act["action"],
        act.get("target_kind", ""),
        str(act.get("target_id", "")),
        act.get("target_label", ""),
        act.get("partner_id"),
        None if before is None else _encode(before),
        None if after is None else _encode(after),
    )


def values(target: models.Model, fields: Iterable[str]) -> Values:
    """How an object's fields are now, as plain values; for `before` and `after` of `record`."""
    columns: Any = target._meta
    return {name: columns.get_field(name).value_from_object(target) for name in fields}


def _actor(by: Actor) -> dict[str, str]:
    return {
        "actor": by if isinstance(by, str) else f"{by._meta.label}:{by.pk}",
        "actor_label": str(by)[:200],
    }
