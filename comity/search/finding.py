"""Finding over every room at once: what the palette and the search page ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, F, IntegerField, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse

from comity.access import Viewer
from comity.nouns import Noun, Search, nouns
from comity.search.matches import matching

# Enough to put the best first; a word that matches more rows than this is not meant to find one of them.
CANDIDATES = 200
# So many rows with the words are looked through for those that this reader may see.
LOOKED_THROUGH = 20_000


@dataclass(frozen=True)
class Hit:
    """One row found."""

    group: str
    title: str
    hint: str
    url: str


def find(user: Viewer, text: str, limit: int = 8) -> list[Hit]:
    """What `user` may see that has all the words of `text`: at most `limit` hits of each noun, in one query.

    Titles that begin with the text come first, then by title.
    """
    if not text.strip():
        return []
    asked = [(noun, noun.search) for noun in nouns() if noun.search and _may(user, noun.search)]
    if not asked:
        return []
    parts = [_hits_of(noun, search, at, user, text, limit) for at, (noun, search) in enumerate(asked)]
    rows = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return [
        Hit(
            group=str(asked[at][0].plural),
            title=title,
            hint=hint,
            url=reverse(asked[at][0].page, args=[pk]),
        )
        for at, _, title, hint, pk in rows.order_by("hit_noun", "hit_rank", "hit_title", "pk")
    ]


def _may(user: Viewer, search: Search) -> bool:
    return search.to is None or user.can(search.to)


def _hits_of(noun: Noun, search: Search, at: int, user: Viewer, text: str, limit: int) -> QuerySet[Any, Any]:
    """One noun's hits as rows of (noun, rank, title, hint, pk), to be joined with those of others.

    Compound queries take no LIMIT inside on SQLite, so the best are chosen in a subquery.
    """
    matches = matching((search.rows or noun.visible_to)(user), text, most=LOOKED_THROUGH)
    everything = matches.model._base_manager.using(matches.db)
    rank = Case(
        When(**{f"{search.title}__istartswith": text.strip()}, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    candidates = matches.order_by().values("pk")[:CANDIDATES]
    best = everything.filter(pk__in=candidates).order_by(rank, search.title, "pk").values("pk")[:limit]
    hint = F(search.hint) if isinstance(search.hint, str) and search.hint else search.hint or Value("")
    hits: QuerySet[Any, Any] = (
        everything.filter(pk__in=best)
        .annotate(
            hit_noun=Value(at, output_field=IntegerField()),
            hit_rank=rank,
            hit_title=Cast(search.title, CharField()),
            hit_hint=Coalesce(Cast(hint, CharField()), Value("")),
        )
        .order_by()
        .values_list("hit_noun", "hit_rank", "hit_title", "hit_hint", "pk")
    )
    return hits
