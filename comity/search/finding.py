"""Narrowing a queryset to the rows that have the words someone typed, and finding so over every room at once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeAlias, TypeVar

from django.db import connections, models
from django.db.models import Case, CharField, DateField, F, IntegerField, QuerySet, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse

from comity.access import Viewer
from comity.nouns import Noun, nouns
from comity.prepared import Blank, prepared
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
        one
        for one in (*besides, *everywhere)
        if (search := one.noun.search) and (search.to is None or user.can(search.to))
    ]
    asked = [one for one in asked if one.key is not None or words_of(one.text)]
    if not asked:
        return []
    queries = [_queries_of(one) for one in asked]
    parts = tuple((one.noun.model, len(some)) for one, some in zip(asked, queries, strict=True))
    values = {
        "keys": [one.key for one in asked],
        "begins": [_beginning(one) for one in asked],
        "queries": list(chain.from_iterable(queries)),
    }
    # A partner's user has a question of their own; that of the office is the same but for who asks, and for what.
    hits = _hits_for_office if user.is_office else _hits
    rows = hits(parts, limit, user=user, **values)
    best_first = sorted(rows, key=lambda row: (row[0], row[1], sort_key(row[2]), row[5]))
    return [
        Hit(asked[at], title, " · ".join(filter(None, (hint, day and near_day(day)))), key)
        for at, _, title, hint, day, key in best_first
    ]


# Of what, and of how many queries its words are; of none where it is wanted by its key.
Part: TypeAlias = tuple[type[models.Model], int]


def _hits(
    parts: Sequence[Part], limit: int, *, user: Any, keys: Any, begins: Any, queries: Any
) -> QuerySet[Any, Any]:
    """The hits of all that is wanted, as rows of (which, rank, title, hint, day, pk); of which values have one each."""
    by_model = {noun.model: noun for noun in nouns()}
    found, used = [], 0
    for at, (model, count) in enumerate(parts):
        words = [_one(queries, used + place) for place in range(count)]
        found.append(_hits_of(by_model[model], at, user, limit, _one(keys, at), _one(begins, at), words))
        used += count
    return found[0].union(*found[1:], all=True) if len(found) > 1 else found[0]


_hits_for_office = prepared(_hits)


def _one(values: Any, place: int) -> Any:
    return values.at(place) if isinstance(values, Blank) else values[place]


def _queries_of(wanted: Wanted) -> list[str]:
    if wanted.key is not None:
        return []
    return _queries(words_of(wanted.text), wanted.noun.model._default_manager.db)


def _beginning(wanted: Wanted) -> str:
    """What the titles begin with that come first, as they are compared."""
    title = wanted.noun.search.title if wanted.noun.search else ""
    return sort_key(wanted.text) if title in sort_keys(wanted.noun.model) else wanted.text.strip()


def _hits_of(
    noun: Noun, at: int, user: Any, limit: int, key: Any, begins: Any, queries: Sequence[Any]
) -> QuerySet[Any, Any]:
    """The hits of one thing wanted: of a key, or of words.

    Compound queries take no LIMIT inside on SQLite, so the best are chosen in a subquery.
    """
    search = noun.search
    assert search is not None
    seen = (search.rows or noun.visible_to)(user)
    everything = seen.model._base_manager.using(seen.db)
    sorted_by = sort_keys(seen.model).get(search.title)
    begin = {f"{sorted_by}__startswith" if sorted_by else f"{search.title}__istartswith": begins}
    rank = Case(When(**begin, then=Value(0)), default=Value(1), output_field=IntegerField())
    if not queries:
        best = seen.filter(pk=key).order_by().values("pk")
    else:
        matches = seen.filter(pk__in=_rows_with(queries, seen.model, seen.db, LOOKED_THROUGH))
        some = everything.filter(pk__in=matches.order_by().values("pk")[:CANDIDATES])
        best = some.order_by(rank, sorted_by or search.title, "pk").values("pk")[:limit]
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
    queries = _queries(words, queryset.db)
    return queryset.filter(pk__in=_rows_with(queries, queryset.model, queryset.db, most))


def words_of(text: str) -> list[str]:
    """The words to look for: letters and digits only, so none of them can be query syntax."""
    composed = folding.joined(LOOSE_ACCENTS.sub("", unicodedata.normalize("NFC", text)))
    return [word[:LONGEST_WORD] for word in WORD.findall(composed)[:MOST_WORDS]]


def _queries(words: list[str], alias: str) -> list[str]:
    """What an index is asked for rows that have all the words, or all of what is written for them."""
    ways = spellings(words)
    if connections[alias].vendor == "sqlite":
        return [" OR ".join("({})".format(" AND ".join(f'"{word}"*' for word in way)) for way in ways)]
    return [" ".join(way) for way in ways]


def _rows_with(
    queries: Sequence[Any], model: type[models.Model], alias: str, most: int | None = None
) -> RawSQL:
    """The primary keys of a model's rows that one of these queries finds; at `most` so many."""
    quote = connections[alias].ops.quote_name
    table, key = model._meta.db_table, str(model._meta.pk.column)
    # Names of tables come from the model and the words go as parameters: nothing typed becomes SQL.
    if connections[alias].vendor == "sqlite":
        index = quote(f"{table}_search")
        sql = f"SELECT rowid FROM {index} WHERE {index} MATCH %s"
    else:
        query = " || ".join(["comity_search_query(%s)"] * len(queries))
        sql = f"SELECT {quote(key)} FROM {quote(table)} WHERE search_words @@ ({query})"
    return RawSQL(f"{sql} LIMIT {most:d}" if most is not None else sql, queries)
