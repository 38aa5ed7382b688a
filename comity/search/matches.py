"""Narrowing a queryset to the rows that have the words someone typed."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, TypeVar

from django.db import connections, models
from django.db.models.expressions import RawSQL

Rows = TypeVar("Rows", bound="models.QuerySet[Any, Any]")

MOST_WORDS = 16
LONGEST_WORD = 60

# Accents as marks of their own, after composing: what is left of them cuts no word in two.
LOOSE_ACCENTS = re.compile("[\u0300-\u036f]+")
WORD = re.compile(r"[^\W_]+")


def matching(queryset: Rows, text: str, *, most: int | None = None) -> Rows:
    """Rows in which every word of `text` begins some word, whatever the case and the accents.

    most  look through so many of the table's rows that have the words, for as-you-type: one or two letters that
          half of the table has are on their way to being a word

    Empty text leaves the queryset as it is; text without a single letter or digit finds nothing. The text
    is never read as query syntax. The queryset's model needs a `SearchIndex` in its migrations.
    """
    if not text.strip():
        return queryset
    words = words_of(text)
    if not words:
        return queryset.none()
    found = _rows_with(words, queryset.model, queryset.db)
    if most is not None:
        found = RawSQL(f"{found.sql} LIMIT %s", [*found.params, most])
    return queryset.filter(pk__in=found)


def words_of(text: str) -> list[str]:
    """The words to look for: letters and digits only, so none of them can be query syntax."""
    composed = LOOSE_ACCENTS.sub("", unicodedata.normalize("NFC", text))
    return [word[:LONGEST_WORD] for word in WORD.findall(composed)[:MOST_WORDS]]


def _rows_with(words: list[str], model: type[models.Model], alias: str) -> RawSQL:
    """The primary keys of a model's rows that have all the words."""
    quote = connections[alias].ops.quote_name
    table, key = model._meta.db_table, _column(model._meta.pk)
    # Names of tables come from the model and the words go as parameters: nothing typed becomes SQL.
    if connections[alias].vendor == "sqlite":
        index = quote(f"{table}_search")
        query = " ".join(f'"{word}"*' for word in words)
        return RawSQL(f"SELECT rowid FROM {index} WHERE {index} MATCH %s", [query])
    return RawSQL(
        f"SELECT {quote(key)} FROM {quote(table)} WHERE search_words @@ comity_search_query(%s)",
        [" ".join(words)],
    )


def _column(field: models.Field[Any, Any] | None) -> str:
    if field is None or field.column is None:
        raise ValueError("A model that can be searched has a primary key of one column.")
    return field.column
