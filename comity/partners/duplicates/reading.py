"""A name of a public body, taken apart: what it is about, what form it has, which numbers, which state."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from pathlib import Path

from rapidfuzz.distance import OSA

from comity.core.places import STATES
from comity.partners import names

Words = tuple[str, ...]

SMALL = frozenset({"a", "an", "and", "at", "for", "in", "no", "of", "on", "the", "to"})
# What a body is: a board is no department, a county no city. An office may be any of the former.
FORMS = frozenset({
    "administration", "agency", "association", "authority", "board", "bureau", "commission", "committee",
    "council", "department", "division", "section", "unit",
})  # fmt: skip
COUNTIES = frozenset({"borough", "county", "parish"})
TYPES = COUNTIES | {"city", "town", "township", "village"}
# Words that a name has or has not without meaning another body.
WEAK = frozenset({
    "courthouse", "government", "governments", "local", "office", "program", "services", "state",
    "statewide", "system",
})  # fmt: skip
_NO_SUBJECT = FORMS | TYPES | WEAK
_MENDED = _NO_SUBJECT | {"commissioner", "district"}
# Codes of states that are words or shortened words too: they count in capitals only.
_WORDS_TOO = frozenset(
    {"al", "co", "de", "hi", "id", "in", "la", "ma", "me", "mi", "mo", "oh", "ok", "or", "pa"}
)
_NUMBERS = {
    word: str(number)
    for words in (
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth",
        "one two three four five six seven eight nine ten eleven twelve",
        "i ii iii iv v vi vii viii ix x xi xii",
    )
    for number, word in enumerate(words.split(), start=1)
} | {f"{number}{end}": str(number) for number in range(1, 100) for end in ("st", "nd", "rd", "th")}
_IN_WORDS = {
    "cio": ("chief", "information", "officer"),
    "ems": ("emergency", "medical", "services"),
    "hr": ("human", "resources"),
    "it": ("information", "technology"),
}
_ALSO = re.compile(r"\s+(?:d/?b/?a|a/?k/?a|f/?k/?a|formerly)\s+", re.IGNORECASE)
_CAPITALS = re.compile(r"\b[A-Z]{2}\b")
_SHORT_BESIDE = re.compile(r"\s*\(([A-Z]{2,8})\)|^([A-Z]{3,8})\s*[-–—:/]\s+|\s+[-–—:/]\s*([A-Z]{3,8})$")
_SHORT = 12  # letters: a longer name all in capitals shouts, a shorter one has acronyms
_DOTTED = re.compile(r"\b([A-Z][a-z]{2,4})\.")
# States as newspapers write them.
_SHORTENED = {
    "ala": "al", "ariz": "az", "ark": "ar", "calif": "ca", "colo": "co", "conn": "ct", "del": "de", "fla": "fl",
    "ill": "il", "ind": "in", "kan": "ks", "mass": "ma", "mich": "mi", "minn": "mn", "miss": "ms", "mont": "mt",
    "neb": "ne", "nev": "nv", "okla": "ok", "ore": "or", "penn": "pa", "tenn": "tn", "tex": "tx", "wash": "wa",
    "wis": "wi", "wyo": "wy",
}  # fmt: skip
_STATES = sorted(
    ((tuple(names.plain_words(state.name)), state.code.lower()) for state in STATES),
    key=lambda one: -len(one[0]),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a name says.

    spelled   names.proposal_key: two that share it are spelled differently at most
    plain     its words as they stand
    words     all but small words, in their order, written out; with the state
    subject   what it is about: words that are no form, type, number or state
    short     the letters of a name that is an acronym, else ""
    initials  what its initials may spell
    """

    spelled: str
    plain: Words
    words: Words
    subject: Words
    forms: frozenset[str]
    types: frozenset[str]
    numbers: Words
    state: str
    short: str = ""
    initials: frozenset[str] = field(default=frozenset())


@cache
def known_words() -> frozenset[str]:
    """Words of at least two public bodies or places of the US: neither of two such is a slip for the other."""
    return frozenset(Path(__file__).with_name("words.txt").read_text(encoding="utf-8").split())


def stem(word: str) -> str:
    """A word without its plural; "environmental" as "environment", "surveying" as "survey"."""
    if len(word) > 8 and word.endswith(("mental", "ional")):
        word = word.removesuffix("al")
    if len(word) > 8 and word.endswith("ing"):
        return word[:-3]
    if len(word) > 5 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith("ss") else word


def slips(word: str) -> Iterator[str]:
    """The word with a letter lost, doubled or swapped with the next."""
    for at, letter in enumerate(word):
        yield word[:at] + word[at + 1 :]
        yield word[:at] + letter + word[at:]
        yield word[:at] + word[at + 1 : at + 2] + letter + word[at + 2 :]


def spoken(name: str) -> list[str]:
    """The names within one: "X DBA Y" is two, and so is "Department of Transportation (DOT)"."""
    found = []
    for part in _ALSO.split(name):
        short = _SHORT_BESIDE.search(part)
        if short:
            found += [_SHORT_BESIDE.sub("", part, count=1), next(filter(None, short.groups()))]
        else:
            found.append(part)
    return [part for part in found if part.strip()] or [name]


class Reader:
    """Reads names as an office of this state would; each spelling once."""

    def __init__(self, state: str, postal: str) -> None:
        self.state = tuple(names.plain_words(state))
        self.postal = postal
        self._read: dict[str, Reading] = {}
        self._mended: dict[str, str] = {}

    def read(self, name: str) -> Reading:
        if name not in self._read:
            self._read[name] = self._reading(name)
        return self._read[name]

    def _reading(self, name: str) -> Reading:
        said = names.plain_words(name)
        words, state = self._without_state([self._mend(word) for word in said], name)
        words = _turned(name, words)
        numbers: list[str] = []
        kept: list[str] = []
        for at, word in enumerate(words):
            is_last = at == len(words) - 1
            if word in SMALL:
                continue
            if number := _number(word, letter_too=is_last and at > 0):
                numbers.append(number)
            else:
                kept += _IN_WORDS.get(word) or (self._mend(names.WHOLE_WORD.get(word, word)),)
        general = _NO_SUBJECT - {"state"} if {"college", "university"} & set(kept) else _NO_SUBJECT
        subject = [word for word in kept if word not in general]
        return Reading(
            names.proposal_key(name),
            tuple(said),
            tuple(kept),
            tuple(subject or [word for word in kept if word != "department"] or kept or [name.casefold()]),
            frozenset(kept) & FORMS,
            frozenset(kept) & TYPES
            or frozenset({"state"} if words[:2] == ["state", "of"] and not state else ()),
            tuple(sorted(numbers)),
            state,
            _letters(name, words),
            frozenset(_initials(words) | _initials(said)),
        )

    def _mend(self, word: str) -> str:
        """The word of a form or type that this is a slip for."""
        if word not in self._mended:
            self._mended[word] = word
            if len(word) > 3 and word not in known_words() and word not in _MENDED:
                near = (one for one in sorted(_MENDED) if OSA.distance(word, one, score_cutoff=1) == 1)
                sure = (one for one in near if len(one) > 4 or sorted(one) == sorted(word))
                self._mended[word] = next(sure, word)
        return self._mended[word]

    def _without_state(self, words: list[str], name: str) -> tuple[list[str], str]:
        """Without the office's state wherever it stands, or another at either end; and which that was."""
        left, said = words, ""
        for run, code, anywhere in self._states(name):
            last = len(left) - len(run)
            for at in range(last, -1, -1) if anywhere else {last, 0}:
                if at >= 0 and tuple(left[at : at + len(run)]) == run and _is_state(left, at, run):
                    left, said = left[:at] + left[at + len(run) :], code
                    if not anywhere:
                        return left, said
        return left, said

    def _states(self, name: str) -> Iterator[tuple[Words, str, bool]]:
        """What may mean a state, which one, and whether it does anywhere in a name: only the office's own."""
        shouted = name.isupper() and len(name) > _SHORT
        capitals = set() if shouted else set(_CAPITALS.findall(name.replace(".", "")))
        dotted = {word.casefold() for word in _DOTTED.findall(name)}
        if self.state:
            yield self.state, self.postal, True
        if self.postal and (self.postal not in _WORDS_TOO or self.postal.upper() in capitals):
            yield (self.postal,), self.postal, True
            yield (self.postal + "s",), self.postal, True
        for run, code in _STATES:
            yield run, code, False
            if code.upper() in capitals:
                yield (code,), code, False
        for word in dotted & _SHORTENED.keys():
            yield (word,), _SHORTENED[word], False


def _number(word: str, *, letter_too: bool) -> str:
    """The number that a word says: 07, 15a, II, first; "" for other words. A letter is one only behind a name."""
    if word in _NUMBERS and (len(word) > 1 or letter_too):
        return _NUMBERS[word]
    return (word.lstrip("0") or "0") if any(sign.isdigit() for sign in word) else ""


def _is_state(words: list[str], at: int, run: Words) -> bool:
    """Whether these words mean the state, and not "Iowa City", "Washington County", "University of Utah"."""
    before, after = words[:at], words[at + len(run) :]
    if after and after[0] in TYPES | {"beach"}:
        return False
    if {"university", "college"} & {*before[-2:], *after[1:2]}:
        return False
    left = [word for word in before + after if word not in SMALL]
    return len(left) > 1 or any(word not in _NO_SUBJECT for word in left)


def _turned(name: str, words: list[str]) -> list[str]:
    """In their usual order: "Revenue, Department of" is the Department of Revenue."""
    if words and words[-1] in {"for", "of", "on"} and "," in name:
        behind = len(names.plain_words(name.rpartition(",")[2]))
        return words[-behind:] + words[:-behind]
    return words


def _letters(name: str, plain: list[str]) -> str:
    """The letters of a name that is one acronym: NCDOT, D.O.T., TxDOT, NC DOT."""
    said = name.rsplit(maxsplit=1)[-1].replace(".", "").replace("'", "") if plain else ""
    capitals = sum(sign.isupper() for sign in said)
    one = len([word for word in plain if word not in SMALL]) == 1
    return said.casefold() if one and said.isalpha() and capitals >= 2 and 3 <= len(said) <= 8 else ""


def _initials(words: list[str]) -> set[str]:
    """What the first letters spell, small words counted or not, and the form before or behind."""
    said: set[str] = set()
    spelled = [each for word in words for each in _IN_WORDS.get(word, (names.WHOLE_WORD.get(word, word),))]
    orders = [spelled]
    if spelled and (spelled[-1] in FORMS | {"office"}):
        orders.append([spelled[-1], "of", *spelled[:-1]])
    for order in orders:
        small = [word for word in order if word in SMALL]
        ways = [(word[0], "") if word in SMALL and len(small) < 4 else (word[0],) for word in order]
        if len(small) >= 4:
            ways = [letters for letters, word in zip(ways, order, strict=True) if word not in SMALL]
        if 3 <= len(order) <= 14:
            said |= {letters for each in product(*ways) if 3 <= len(letters := "".join(each)) <= 8}
    return said
