"""Keys: made once from the English words, never changed, never given to another question of the same survey."""

from __future__ import annotations

from collections.abc import Collection
from itertools import chain, count
from typing import Any

from django.db.models import QuerySet
from django.utils.text import slugify

LONGEST = 40  # of what is made from words; the field holds more, for those that need a number


def key_from(words: str, taken: Collection[str], *, otherwise: str) -> str:
    """A short key that says what the words say: "How easy was it?" → "how-easy-was-it".

    taken      keys that it must not be
    otherwise  its beginning where the words have no letters it could be made of
    """
    key = slugify(words)[: LONGEST + 1]
    if len(key) > LONGEST:
        key = key[:LONGEST].rpartition("-")[0] or key[:LONGEST]
    key = key.strip("-_") or otherwise
    numbered = (f"{key}-{number}" for number in count(2))
    return next(each for each in chain([key], numbered) if each not in taken)


def free_key(words: str, rows: QuerySet[Any], *, otherwise: str) -> str:
    """Such a key that none of these rows has."""
    return key_from(words, set(rows.values_list("key", flat=True)), otherwise=otherwise)


def in_one_line(text: object) -> str:
    """Words for one line, as they are kept."""
    return " ".join(str(text or "").replace("\0", "").split())


def lines(text: object) -> str:
    """Words that may have several lines, as they are kept."""
    return str(text or "").replace("\0", "").replace("\r\n", "\n").strip()
