"""What can be done and where one can go, by the words somebody types: what the palette offers besides what it finds."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import Resolver404, resolve, reverse

from comity.nouns import Act, all_of, noun_of
from comity.people.models import User
from comity.search import Hit, Wanted, words_of
from comity.site.navigation import area_label, places_of
from comity.ui.pickers import as_key

# Words that say nothing of what is wanted: "log a visit with Revenue".
LITTLE = frozenset(
    {"a", "an", "and", "about", "at", "by", "for", "from", "in", "of", "the", "to", "what", "with"}
)
# So many letters name an act; fewer begin half of all names too.
ENOUGH = 3
# An act is offered with so many of the rows that were typed behind its name.
OFFERED = 3

Begun = Sequence[tuple[Act, Wanted]]


@dataclass(frozen=True)
class Offer:
    """One line: where it leads, and what is said of it."""

    label: str
    hint: str
    url: str


def acts_of(user: User) -> list[Act]:
    """What this person may do."""
    return [act for act in all_of(Act) if user.can(act.to)]


def acts_named(acts: Iterable[Act], text: str) -> list[Offer]:
    """The acts in whose name or hint all that was typed stands; all of them for nothing typed."""
    typed = _typed(text)
    return [
        Offer(str(act.label), str(act.hint), reverse(act.url_name))
        for act in acts
        if all(_begins(word, _words_of(act)) for word in typed)
    ]


def begun(acts: Iterable[Act], text: str, path: str) -> Begun:
    """Acts with what they are to be about: what was typed behind the act ("visit revenue"), or whose page `path` is."""
    typed, here = _typed(text), _row_at(path)
    by_text: dict[tuple[str, str], Wanted] = {}
    found: list[tuple[Act, Wanted]] = []
    for act in acts:
        noun = noun_of(act.about)
        if noun is None:
            continue
        named = [word for word in typed if len(word) >= ENOUGH and _begins(word, _words_of(act))]
        rest = " ".join(word for word in typed if word not in named)
        if named and rest:
            found.append((act, by_text.setdefault((act.about, rest), Wanted(noun, rest))))
        elif here and here.noun is noun and not rest:
            found.append((act, here))
    return found


def acts_with(acts: Begun, hits: Iterable[Hit]) -> list[Offer]:
    """Each of these acts with the rows it was begun with, as far as they were found."""
    found = list(hits)
    return [
        Offer(f"{act.label}: {hit.title}", hit.hint, f"{reverse(act.url_name)}?{_key_of(act, hit)}")
        for act, wanted in acts
        for hit in [hit for hit in found if hit.wanted == wanted][:OFFERED]
    ]


def places_named(user: User, text: str) -> list[Offer]:
    """The places in whose name, area or description all that was typed stands."""
    typed = _typed(text)
    offers = []
    for place in places_of(user) if typed else []:
        area = area_label(place.area, user)
        said = _typed(f"{place.label} {place.words} {area}")
        if all(_begins(word, said) for word in typed):
            offers.append(Offer(str(place.label), str(place.words or area), reverse(place.url_name)))
    return offers


def _row_at(path: str) -> Wanted | None:
    """The row whose page this is, or a page below it: /partners/7/people/ is about partner 7."""
    steps = [step for step in path.split("/") if step]
    for length in range(len(steps), 0, -1):
        try:
            match = resolve(f"/{'/'.join(steps[:length])}/")
        except Resolver404:
            continue
        for noun in {act.about: noun_of(act.about) for act in all_of(Act)}.values():
            if noun and noun.page == match.view_name:
                return Wanted(noun, key=as_key(str(next(iter(match.kwargs.values())))))
    return None


def _key_of(act: Act, hit: Hit) -> str:
    return urlencode({act.about.rpartition(".")[2].lower(): hit.key})


def _words_of(act: Act) -> list[str]:
    return _typed(f"{act.label} {act.hint}")


def _typed(text: str) -> list[str]:
    """The words that say something, without case and accents."""
    plain = "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))
    return [word for word in words_of(plain.casefold()) if word not in LITTLE]


def _begins(typed: str, words: Iterable[str]) -> bool:
    return any(word.startswith(typed) for word in words)
