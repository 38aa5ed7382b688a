"""Which partners may be one, worked out from plain values: no database here.

Looked at are only those that share something (a spelling, a name but for a slip, initials, a rare word, a place, a
domain, a code), so the cost grows with the number of partners and not with its square. `likeness` compares the
names, `_weighed` adds what else is known. docs/duplicates.md explains the score.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from comity.partners import names
from comity.partners.duplicates import likeness
from comity.partners.duplicates.likeness import Likeness, is_slip
from comity.partners.duplicates.pairs import LEAST, Likely, Pair, Reason, sharing
from comity.partners.duplicates.places import Place, place, together
from comity.partners.duplicates.reading import Reader, Reading, known_words, spoken, stem

CODE, DOMAIN = 75, 72
_FEW = 3  # a domain that more bodies have is no one's own
_RARE = 40  # a word that more bodies have says nothing
_ONE_PLACE = 150
_MUNICIPAL = frozenset({"city", "town"})

Shared = list[tuple[int, Reason]]


@dataclass(slots=True)
class BodyFacts:
    """What is known of a partner, as far as similarity asks."""

    pk: int
    name: str
    other_names: list[str] = field(default_factory=list)
    code: str = ""
    fips: str = ""
    kind: str = ""
    place: str = ""
    domains: list[str] = field(default_factory=list)
    parent: str = ""


@dataclass(slots=True)
class _Body:
    """The same, read once."""

    facts: BodyFacts
    readings: list[Reading]
    place: Place
    place_words: frozenset[str]
    parent: Reading | None


def likely_bodies(bodies: Sequence[BodyFacts], state: str, postal: str) -> dict[Pair, Likely]:
    """Pairs of partners that may be one.

    state, postal  of the office ("north carolina", "nc"): a name with and without them is the same name
    """
    reader = Reader(state, postal)
    read = {facts.pk: _read(facts, reader) for facts in bodies}
    shared: dict[Pair, Shared] = defaultdict(list)
    umbrellas = {f"{postal}.gov", f"{''.join(reader.state)}.gov", f"state.{postal}.us"}
    own = ((each, body.pk) for body in bodies for each in body.domains if each not in umbrellas)
    for pair, domain in sharing(own, _FEW):
        shared[pair].append((DOMAIN, ("domain", domain)))
    for pair, code in sharing(_codes(read.values())):
        shared[pair].append((CODE, ("code", code.upper())))
    found = {}
    for pair in {*shared, *_candidates(list(read.values()))}:
        likely = _weighed(read[pair[0]], read[pair[1]], shared.get(pair, []))
        if likely and likely.score >= LEAST:
            found[pair] = likely
    return found


def _codes(bodies: Iterable[_Body]) -> Iterator[tuple[str, int]]:
    """The codes they go by: DOT is one, be it a code or a name."""
    for body in bodies:
        for code in {_bare(body.facts.code), *(reading.short for reading in body.readings)}:
            yield code, body.facts.pk


def _bare(code: str) -> str:
    """A code without punctuation and the zeros that a spreadsheet takes away."""
    return "".join(names.plain_words(code)).lstrip("0")


def _read(facts: BodyFacts, reader: Reader) -> _Body:
    said = [each for name in (facts.name, *facts.other_names) for each in spoken(name)]
    return _Body(
        facts,
        [reader.read(name) for name in dict.fromkeys(said)],
        place(facts.place, {"".join(reader.state), reader.postal}),
        frozenset(map(stem, names.plain_words(facts.place))),
        reader.read(facts.parent) if facts.parent else None,
    )


# --- who is looked at ---


def _candidates(bodies: Sequence[_Body]) -> Iterator[Pair]:
    """Every two that share something by which they may be one."""
    keyed = [(body.facts.pk, reading) for body in bodies for reading in body.readings]
    at = ((letters, body.facts.pk) for body in bodies for letters in body.place.values())
    for keys, most in (
        (((reading.spelled, pk) for pk, reading in keyed), _RARE),
        ((("".join((*reading.subject, *reading.numbers)), pk) for pk, reading in keyed), _RARE),
        (_with_slips(keyed), _RARE),
        (_with_initials(keyed), _RARE),
        (_with_rare_words(keyed), _RARE),
        (at, _ONE_PLACE),
    ):
        for pair, _key in sharing(keys, most):
            yield pair


def _subject(reading: Reading) -> list[str]:
    return [*map(stem, reading.subject), *reading.numbers]


def _with_slips(keyed: Sequence[tuple[int, Reading]]) -> Iterator[tuple[str, int]]:
    """What a name is about, as it stands and with every word that nobody knows as another one may have meant it."""
    meant = _meant({word for _pk, reading in keyed for word in _subject(reading)})
    for pk, reading in keyed:
        words = _subject(reading)
        yield " ".join(sorted(words)), pk
        for at, word in enumerate(words):
            for other in meant.get(word, ()):
                yield " ".join(sorted([*words[:at], other, *words[at + 1 :]])), pk


def _meant(words: set[str]) -> dict[str, set[str]]:
    """For each word that is not known those it may be a slip for. Near are words that are alike without a letter."""
    known = {stem(word) for word in known_words()}
    without: dict[str, list[str]] = defaultdict(list)
    for word in words:
        for less in {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}:
            without[less].append(word)
    meant: dict[str, set[str]] = defaultdict(set)
    for near in without.values():
        for word in near if len(near) > 1 else ():
            if word not in known:
                meant[word] |= {
                    one for one in near if one != word and is_slip(word, one, here=True, letters=0)
                }
    return meant


def _with_initials(keyed: Sequence[tuple[int, Reading]]) -> Iterator[tuple[str, int]]:
    """Acronyms, and the names whose initials spell one of them."""
    short = {
        letters
        for _pk, reading in keyed
        if reading.short
        for letters in likeness.without_state(reading.short)
    }
    for pk, reading in keyed:
        said = likeness.without_state(reading.short) if reading.short else short & reading.initials
        for letters in said:
            yield letters, pk


def _with_rare_words(keyed: Sequence[tuple[int, Reading]]) -> Iterator[tuple[str, int]]:
    """The two rarest words of each name that others have too, and how its rarest begin."""
    often = Counter(word for _pk, reading in keyed for word in set(_subject(reading)))
    for pk, reading in keyed:
        words = sorted(set(_subject(reading)), key=lambda one: (often[one], one))
        for word in [word for word in words if often[word] > 1][:2]:
            yield word, pk
        for word in words[:2]:
            yield f"{word[:4]}~", pk


# --- what is known of two ---


def _weighed(one: _Body, two: _Body, shared: Shared) -> Likely | None:
    a, b = one.facts, two.facts
    if a.fips and b.fips and a.fips != b.fips:
        return None  # two FIPS codes are two bodies
    kinds = {a.kind, b.kind} - {"", "unknown"}
    if "county" in kinds and kinds & _MUNICIPAL:
        return None
    here = together(one.place, two.place)
    apart = here is False or _of_two_wholes(one, two)
    if apart and not shared:
        return None
    said = _names(one, two, here=bool(here))
    reasons = [*shared, (said.points, (said.why, ""))] if said.points else shared
    if not said.points and (said.apart or not reasons or (_bare(a.code).isdigit() and len(shared) == 1)):
        return None
    reasons = sorted(reasons, reverse=True)
    score = reasons[0][0] + 3 * (len(reasons) - 1)
    words = [reason for _points, reason in reasons]
    if len(kinds) == 2 and not kinds <= _MUNICIPAL:
        score -= 8
        words.append(("kinds", ""))
    if here is not None:
        score += 2 if here else -8
        words.append(("place", a.place) if here else ("places", ""))
    return Likely(min(score, 99), words)


def _of_two_wholes(one: _Body, two: _Body) -> bool:
    """The budget office of one department is not that of another."""
    if not one.parent or not two.parent:
        return False
    return not likeness.compare(one.parent, two.parent).points


def _names(one: _Body, two: _Body, *, here: bool) -> Likeness:
    """The best that any two of their names say; names in use that are two bodies' outweigh other names that are alike."""
    best = first = None
    for mine in one.readings:
        for theirs in two.readings:
            said = likeness.compare(mine, theirs, here=here, places=(one.place_words, two.place_words))
            first = first or said
            best = said if best is None or said.points > best.points else best
    if first is None or best is None:
        return likeness.NOTHING
    return first if first.apart and best.points < likeness.SPELLING else best
