"""The words of the sample state: what was said, what came of it, what people answer. They stand in `texts/`, a subject a file."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from comity.demo.chance import Chance
from comity.partners.models import Partner, Person

T = TypeVar("T")
FOLDER = Path(__file__).with_name("texts")
FIELDS = (
    "boards", "counties", "courts", "families", "health", "land", "learning", "money", "roads", "safety", "towns",
)  # fmt: skip
LOCAL = {Partner.Kind.COUNTY, Partner.Kind.CITY, Partner.Kind.TOWN}


@dataclass(frozen=True)
class Concern:
    """What somebody said, what the office wrote to itself, did, and told them, and what they answered.

    comments  by whoever owns it; "sam: ..." is Sam's
    """

    title: str
    said: str = ""
    done: str = ""
    told: str = ""
    severity: str = "normal"
    comments: tuple[str, ...] = ()
    thanks: str = ""


@dataclass(frozen=True)
class Note:
    """What was written down of a visit, and the promise made there, if one was."""

    title: str
    said: str = ""
    promise: Concern | None = None


class Deck(Generic[T]):
    """Deals each card once, in an order of chance, then each of the second pack; then it has no more."""

    def __init__(self, chance: Chance, cards: list[T], second: list[T]) -> None:
        self._cards = [*chance.some_of(cards, len(cards)), *chance.some_of(second, len(second))]

    def deal(self, fits: Callable[[T], bool]) -> T | None:
        at = next((at for at, card in enumerate(self._cards) if fits(card)), None)
        return None if at is None else self._cards.pop(at)


@dataclass
class Words:
    """Deals texts that fit, no sentence more than twice. Its own chance, so that what else happens does not depend on it."""

    chance: Chance
    _decks: dict[tuple[str, ...], Deck[Any]] = field(default_factory=dict)

    def note(self, partner: Partner) -> Note:
        """Of a visit there; where all is said, only that it took place."""
        subject = _subject_of(partner)
        again = [replace(one, promise=None) for one in notes(subject)]
        dealt = self._deal((subject, "visits"), notes(subject), again, _fitting(subject, partner))
        return dealt or Note("Check-in")

    def concern(self, partner: Partner | None, person: Person | None) -> Concern | None:
        """Something that would be said there, in Spanish where a Spanish speaker says it."""
        subject = _subject_of(partner) if partner else "office"
        if partner and person and is_spoken_to_in_spanish(partner, person):
            subject = "spanish"
        return self._deal(
            (subject, "concerns"), concerns(subject), concerns(subject), _fitting(subject, partner)
        )

    def answer(self, *path: str, language: str = "en") -> str | None:
        """A written answer by its place in `answers.toml`."""
        path = (*path[:-1], "es") if language == "es" else path
        texts: Any = read("answers")
        for part in path:
            texts = texts[part]
        return self._deal(("answers", *path), texts, texts)

    def mended(self, sore: str, said: str = "") -> tuple[str, str]:
        """What was done about a low rating, or just about what was said of it, and what its author was told."""
        pools = {**read("mended")}
        if said in (known := pools.pop("said")):
            done, told = known[said]
            return done, told
        for pool in (sore, "other", *pools):
            if dealt := self._deal(("mended", pool), pools[pool], pools[pool]):
                done, told = dealt
                return done, told
        raise LookupError("There is nothing left to say of what was mended: write more in mended.toml.")

    def rated(self) -> str:
        """Of a visit because something was rated low."""
        said = read("office")["rated"]
        return self._deal(("office", "rated"), said, said) or ""

    def _deal(
        self,
        key: tuple[str, ...],
        cards: Iterable[T],
        second: Iterable[T],
        fits: Callable[[T], bool] = lambda _card: True,
    ) -> T | None:
        if key not in self._decks:
            self._decks[key] = Deck(self.chance, list(cards), list(second))
        return self._decks[key].deal(fits)


def is_spoken_to_in_spanish(partner: Partner, person: Person) -> bool:
    """Whether Spanish is written there: in local governments, by those who speak it."""
    return person.language == "es" and partner.kind in LOCAL


@cache
def read(subject: str) -> dict[str, Any]:
    """One file of `texts/`."""
    return tomllib.loads((FOLDER / f"{subject}.toml").read_text(encoding="utf-8"))


@cache
def _subjects() -> dict[str, str]:
    """The subject of each code and kind of partner that one is for."""
    return {key: subject for subject in FIELDS for key in read(subject)["for"]}


def _fitting(subject: str, partner: Partner | None) -> Callable[[Concern | Note], bool]:
    """What may be said there: some things only some bodies of a subject would say."""
    only = read(subject).get("only", {})
    names = {partner.code, str(partner.kind)} if partner else set()
    return lambda said: said.title not in only or bool(names & set(only[said.title].split()))


def _subject_of(partner: Partner) -> str:
    return _subjects().get(partner.code) or _subjects()[partner.kind]


@cache
def concerns(subject: str) -> list[Concern]:
    """All that worries those of a subject."""
    rows = read(subject).get("concern", [])
    return [Concern(**{**row, "comments": tuple(row.get("comments", ()))}) for row in rows]


@cache
def notes(subject: str) -> list[Note]:
    """All that is written down of visits there: a title, what was said, and of some what was promised, done and told."""
    return [_note(*row) for row in read(subject)["visits"]]


def _note(title: str, said: str, promise: str = "", done: str = "", told: str = "") -> Note:
    return Note(title, said, Concern(promise, done=done, told=told) if promise else None)
