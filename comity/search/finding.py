"""Finding over every room at once: what the palette and the search page ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, F, IntegerField, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse

from comity.search.matches import matching

# Enough to put the best first; a word that matches more rows than this is not meant to find one of them.
CANDIDATES = 200
# So many rows with the words are looked through for those that this reader may see.
LOOKED_THROUGH = 20_000


@dataclass(frozen=True)
class Source:
    """Rows of one room that can be found by their words.

    key     names the source
    label   what its group of hits is called on the page (may be lazy)
    rows    the rows a user may see, of a model with a `SearchIndex`
    title   the field shown, and sorted by
    hint    a field or expression shown beside it, to tell two of one name apart
    url     name of the page of one row; takes its primary key
    """

    key: str
    label: Any
    rows: Callable[[Any], QuerySet[Any]]
    url: str
    title: str = "name"
    hint: str | Combinable = ""


@dataclass(frozen=True)
class Hit:
    """One row found."""

    group: str
    title: str
    hint: str
    url: str


_sources: dict[str, Source] = {}


def register_source(source: Source) -> None:
    """Make a room's rows findable; groups come in the order of registration."""
    if source.key in _sources:
        raise ValueError(f"There is already a search source {source.key!r}.")
    _sources[source.key] = source


def find(user: Any, text: str, limit: int = 8) -> list[Hit]:
    """What `user` may see that has all the words of `text`: at most `limit` hits of each source, in one query.

    Titles that begin with the text come first, then by title.
    """
    if not text.strip() or not _sources:
        return []
    sources = list(_sources.values())
    parts = [_hits_of(source, at, user, text, limit) for at, source in enumerate(sources)]
    rows = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return [
        Hit(
            group=str(sources[at].label),
            title=title,
            hint=hint,
            url=reverse(sources[at].url, args=[pk]),
        )
        for at, _, title, hint, pk in rows.order_by("hit_source", "hit_rank", "hit_title", "pk")
    ]


def _hits_of(source: Source, at: int, user: Any, text: str, limit: int) -> QuerySet[Any, Any]:
    """One source's hits as rows of (source, rank, title, hint, pk), to be joined with those of others.

    Compound queries take no LIMIT inside on SQLite, so the best are chosen in a subquery.
    """
    matches = matching(source.rows(user), text, most=LOOKED_THROUGH)
    everything = matches.model._base_manager.using(matches.db)
    rank = Case(
        When(**{f"{source.title}__istartswith": text.strip()}, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    candidates = matches.order_by().values("pk")[:CANDIDATES]
    best = everything.filter(pk__in=candidates).order_by(rank, source.title, "pk").values("pk")[:limit]
    hint = F(source.hint) if isinstance(source.hint, str) and source.hint else source.hint or Value("")
    hits: QuerySet[Any, Any] = (
        everything.filter(pk__in=best)
        .annotate(
            hit_source=Value(at, output_field=IntegerField()),
            hit_rank=rank,
            hit_title=Cast(source.title, CharField()),
            hit_hint=Coalesce(Cast(hint, CharField()), Value("")),
        )
        .order_by()
        .values_list("hit_source", "hit_rank", "hit_title", "hit_hint", "pk")
    )
    return hits
