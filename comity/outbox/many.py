"""The same mail to very many, each with what is its reader's own: thousands in a second, by the rules of `put`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from comity.outbox import services, stopping
from comity.outbox.kinds import kind_of
from comity.outbox.models import Message, Suppression

# In the template each value that is a reader's own stands between two signs that no text has.
_OWN = re.compile("\ue000(\\w+)\ue001")


@dataclass(frozen=True)
class Letter:
    """One of many.

    own  what only this one says. A template may print these values; it cannot ask or change them
    key  put twice under one key, it is written once
    """

    to: str
    to_name: str = ""
    own: Mapping[str, str] = field(default_factory=dict)
    key: str | None = None
    about: models.Model | None = None


@dataclass(frozen=True)
class _Written:
    """What a template makes of all that is common to a pile of letters."""

    subject: str
    text: str
    html: str

    def for_one(self, own: Mapping[str, str]) -> tuple[str, str, str]:
        """Subject, text and markup of one letter. Nothing in a value becomes markup, or a line of its own in a head."""
        plain = {name: value.translate({0xE000: None, 0xE001: None}) for name, value in own.items()}
        subject = " ".join(_filled(self.subject, plain).split())
        html = _filled(self.html, {name: escape(value) for name, value in plain.items()}) if self.html else ""
        return subject, _filled(self.text, plain), html


def put_many(
    letters: Iterable[Letter],
    *,
    kind: str,
    template: str,
    context: Mapping[str, Any],
    language: str = "en",
    wipe_after_sending: bool = False,
    send_after: datetime | None = None,
) -> int:
    """Write a pile of letters in one language, in the caller's transaction; how many were written.

    The template is rendered once. Three statements, however many letters; some hundreds at a time keep the
    transaction short. All else is as in `services.put`.
    """
    pile = _new_ones(letters)
    if not pile:
        return 0
    said = _rendered(template, context, kind, language, pile)
    held = _held_back(pile, kind)
    # Working out an address takes longer than all else of a letter, so it is done once.
    before, after = services.address(reverse("outbox:stop", args=["_"])).rsplit("_", 1)
    may_stop = kind_of(kind).may_stop
    now = timezone.now()
    common = {
        "kind": kind,
        "language": language,
        "calendar": "",
        "wipe_after_sending": wipe_after_sending,
        "send_after": _moment("send_after", send_after or now),
        "created_at": _moment("created_at", now),
        "attempts": 0,
        "repeats": 0,
        "worker": "",
    }
    rows = []
    for letter in pile:
        to = letter.to.strip()
        own = dict(letter.own)
        if may_stop:
            own["stop_url"] = f"{before}{stopping.token_for(to, kind, language)}{after}"
        rows.append(
            common
            | services.row_of(
                said.for_one(own),
                to=to,
                to_name=letter.to_name,
                key=letter.key,
                about=letter.about,
                held=held.get(to.lower(), ""),
            )
        )
    _insert(rows)
    return len(rows)


def _insert(rows: list[dict[str, Any]]) -> None:
    """As plain tuples: an object for each would double what a letter costs."""
    columns = list(rows[0])
    quoted = ", ".join(map(connection.ops.quote_name, columns))
    insert = (
        f"INSERT INTO {connection.ops.quote_name(Message._meta.db_table)} "  # names of our own
        f"({quoted}) VALUES ({', '.join(['%s'] * len(columns))})"
    )
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.executemany(insert, [tuple(row[name] for name in columns) for row in rows])


def _moment(field: str, at: datetime) -> Any:
    """A moment as the database keeps it."""
    column: Any = Message._meta.get_field(field)
    return column.get_db_prep_save(at, connection)


def _new_ones(letters: Iterable[Letter]) -> list[Letter]:
    """Those under whose key nothing was written yet, each key once."""
    pile = list(letters)
    known = set(
        Message.objects.filter(key__in=[one.key for one in pile if one.key]).values_list("key", flat=True)
    )
    found = []
    for one in pile:
        if one.key is not None:
            if one.key in known:
                continue
            known.add(one.key)
        found.append(one)
    return found


def _rendered(
    template: str, context: Mapping[str, Any], kind: str, language: str, pile: list[Letter]
) -> _Written:
    names = {name for letter in pile for name in letter.own}
    if kind_of(kind).may_stop:
        names.add("stop_url")
    blanks = {name: f"\ue000{name}\ue001" for name in names}
    return _Written(*services.written(template, {**context, **blanks}, kind, "", language))


def _held_back(pile: list[Letter], kind: str) -> dict[str, str]:
    """Which addresses get no mail of this kind, and why, in words."""
    addresses = {letter.to.strip().lower() for letter in pile}
    rows = Suppression.objects.filter(address__in=addresses, kind__in=["", kind])
    return {row.address: str(row.get_reason_display()) for row in rows.order_by("-pk")}


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _OWN.sub(lambda found: values[found[1]], text)
