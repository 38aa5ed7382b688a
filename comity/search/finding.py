"""Narrowing a queryset to the rows that have the words someone typed, and finding so over every room at once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connections, models
from django.db.models import Case, CharField, DateField, F, IntegerField, QuerySet, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse

from comity.access import Viewer
from comity.nouns import Noun, Search, nouns
from comity.search import folding
from comity.search.sorting import sort_key, sort_keys
from comity.search.spellings import spellings
from comity.ui.components.days import near_day

Rows = TypeVar("Rows", bound="models.QuerySet[Any, Any]")

MOST_WORDS = 16
LONGEST_WORD = 60

# Accents as marks of their own, after composing: what is left of them cuts no word in two.
LOOSE_ACCENTS = re.compile("[\u0300-\u036f]+")
WORD = re.compile(r"[^\W_]+")

# Enough to put the best first; a word that matches more rows than this is not meant to find one of them.
CANDIDATES = 200
# So many rows with the words are looked through for those that this reader may see.
LOOKED_THROUGH = 20_000


@dataclass(frozen=True, eq=False)
class Wanted:
    """Rows of one noun: those with the words of `text`, or the one of this key."""

    noun: Noun
    text: str = ""
    key: int | None = None


@dataclass(frozen=True)
class Hit:
    """One row found, and what it was found by."""

    wanted: Wanted
    title: str
    hint: str
    key: int

    @property
    def group(self) -> str:
        """What several of its kind are called."""
        return str(self.wanted.noun.plural)

    @property
    def url(self) -> str:
        return reverse(self.wanted.noun.page, args=[self.key])


def find(user: Viewer, text: str, limit: int = 8, *, besides: Sequence[Wanted] = ()) -> list[Hit]:
    """What `user` may see that has all the words of `text`: at most `limit` hits of each noun, in one query.

    Titles that begin with the text come first, then by title. What is wanted `besides` comes before all others.
    """
    everywhere = [Wanted(noun, text) for noun in nouns()] if text.strip() else []
    asked = [
        (one, search)
        for one in (*besides, *everywhere)
        if (search := one.noun.search) and (search.to is None or user.can(search.to))
    ]
    if not asked:
        return []
    parts = [_hits_of(one, search, at, user, limit) for at, (one, search) in enumerate(asked)]
    rows = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    best_first = sorted(rows, key=lambda row: (row[0], row[1], sort_key(row[2]), row[5]))
    return [
        Hit(asked[at][0], title, " · ".join(filter(None, (hint, day and near_day(day)))), key)
        for at, _, title, hint, day, key in best_first
    ]


def _hits_of(wanted: Wanted, search: Search, at: int, user: Viewer, limit: int) -> QuerySet[Any, Any]:
    """The hits of one thing wanted as rows of (at, rank, title, hint, day, pk), to be joined with those of others.

    Compound queries take no LIMIT inside on SQLite, so the best are chosen in a subquery.
    """
    seen = (search.rows or wanted.noun.visible_to)(user)
    everything = seen.model._base_manager.using(seen.db)
    key = sort_keys(seen.model).get(search.title)
    begins = {f"{search.title}__istartswith": wanted.text.strip()}
    if key is not None:
        begins = {f"{key}__startswith": sort_key(wanted.text)}
    rank = Case(When(**begins, then=Value(0)), default=Value(1), output_field=IntegerField())
    if wanted.key is not None:
        best = seen.filter(pk=wanted.key).order_by().values("pk")
    else:
        matches = matching(seen, wanted.text, most=LOOKED_THROUGH).order_by().values("pk")[:CANDIDATES]
        best = (
            everything.filter(pk__in=matches).order_by(rank, key or search.title, "pk").values("pk")[:limit]
        )
    hint = F(search.hint) if isinstance(search.hint, str) and search.hint else search.hint or Value("")
    hits: QuerySet[Any, Any] = (
        everything.filter(pk__in=best)
        .annotate(
            hit_of=Value(at, output_field=IntegerField()),
            hit_rank=rank,
            hit_title=Cast(search.title, CharField()),
            hit_hint=Coalesce(Cast(hint, CharField()), Value("")),
            # PostgreSQL takes a bare NULL for text, and joins no text with a day.
            hit_day=F(search.day) if search.day else Cast(Value(None), DateField()),
        )
        .order_by()
        .values_list("hit_of", "hit_rank", "hit_title", "hit_hint", "hit_day", "pk")
    )
    return hits


def matching(queryset: Rows, text: str, *, most: int | None = None) -> Rows:
    """Rows in which every word of `text` begins some word, whatever the case, the accents and the spelling.

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
    composed = folding.joined(LOOSE_ACCENTS.sub("", unicodedata.normalize("NFC", text)))
    return [word[:LONGEST_WORD] for word in WORD.findall(composed)[:MOST_WORDS]]


def _rows_with(words: list[str], model: type[models.Model], alias: str) -> RawSQL:
    """The primary keys of a model's rows that have all the words, or all of what is written for them."""
    quote = connections[alias].ops.quote_name
    table, key = model._meta.db_table, str(model._meta.pk.column)
    # Names of tables come from the model and the words go as parameters: nothing typed becomes SQL.
    if connections[alias].vendor == "sqlite":
        index = quote(f"{table}_search")
        query = " OR ".join(
            "({})".format(" AND ".join(f'"{word}"*' for word in way)) for way in spellings(words)
        )
        return RawSQL(f"SELECT rowid FROM {index} WHERE {index} MATCH %s", [query])
    ways = [" ".join(way) for way in spellings(words)]
    query = " || ".join(["comity_search_query(%s)"] * len(ways))
    return RawSQL(f"SELECT {quote(key)} FROM {quote(table)} WHERE search_words @@ ({query})", ways)
