"""Which of many may be one, worked out from plain values: no database here.

Pairs are only looked for inside blocks (the same key, the same domain, the same rare word, the same employer), so
the cost grows with the number of rows and not with its square. docs/duplicates.md explains the score.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from rapidfuzz import fuzz

from comity.partners import names

Reason = tuple[str, str]

LEAST = 70  # of 100: below this a pair is not shown
_ALIKE = 90  # of 100: how much alike two spellings have to be
_RARE = 40  # a word that more bodies have says nothing
_MOST_IN_BLOCK = 60
_DIGITS = re.compile(r"\d+")
# Words that a name has or has not without meaning another body.
_GENERAL = frozenset({"government", "governments", "local", "state", "administration"})


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


@dataclass(slots=True)
class PersonFacts:
    """What is known of a person, as far as similarity asks."""

    pk: int
    name: str
    email: str = ""
    at: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Likely:
    """A pair with its score and its reasons."""

    score: int
    reasons: list[Reason]


Pair = tuple[int, int]


def likely_bodies(bodies: Sequence[BodyFacts], state: str, postal: str) -> dict[Pair, Likely]:
    """Pairs of partners that may be one.

    state, postal  of the office ("north carolina", "nc"): a name with and without them is the same name
    """
    by_pk = {body.pk: body for body in bodies}
    found: dict[Pair, list[tuple[int, Reason]]] = defaultdict(list)
    plain = {
        body.pk: [names.proposal_key(name) for name in (body.name, *body.other_names)] for body in bodies
    }
    cores = {
        body.pk: [core(name, state, postal) for name in (body.name, *body.other_names)] for body in bodies
    }
    for pair, _key in _pairs((key, pk) for pk, keys in plain.items() for key in keys):
        found[pair].append((95, ("spelling", "")))
    for pair, _key in _pairs((key, pk) for pk, keys in cores.items() for key in keys if key):
        found[pair].append((88, ("core", "")))
    for pair, score in _alike_by_rare_words({pk: keys[0] for pk, keys in cores.items()}):
        found[pair].append((score, ("alike", "")))
    for pair, domain in _pairs((domain, body.pk) for body in bodies for domain in body.domains):
        found[pair].append((72, ("domain", domain)))
    for pair, code in _pairs(
        (re.sub(r"\W", "", body.code.casefold()), body.pk) for body in bodies if body.code
    ):
        found[pair].append((75, ("code", code)))
    return _weighed(found, by_pk)


def core(name: str, state: str, postal: str) -> str:
    """A name without its state and without general words: what is left has to be the same.

    "Alamance County Government" and "County of Alamance, NC" are both "alamance county"; a general word that is all
    there is stays.
    """
    words = names.proposal_key(name).split()
    of_state = set(names.proposal_key(state).split()) if state else set()
    dropped = (of_state if of_state <= set(words) else set()) | ({postal} if postal else set())
    kept = [word for word in words if word not in dropped]
    left = [word for word in kept if word not in _GENERAL]
    return " ".join(left or kept or words)


def _weighed(
    found: Mapping[Pair, list[tuple[int, Reason]]], by_pk: Mapping[int, BodyFacts]
) -> dict[Pair, Likely]:
    weighed = {}
    for pair, reasons in found.items():
        one, two = by_pk[pair[0]], by_pk[pair[1]]
        if one.fips and two.fips and one.fips != two.fips:
            continue  # two FIPS codes are two bodies
        best = max(points for points, _reason in reasons)
        said = list(dict.fromkeys(reason for _points, reason in sorted(reasons, reverse=True)))
        score = best + 3 * (len(said) - 1)
        known = {one.kind, two.kind} - {"", "unknown"}
        if len(known) == 2:
            score -= 8
            said.append(("kinds", ""))
        if one.place and two.place:
            same = names.key(one.place) == names.key(two.place)
            score += 2 if same else -8
            said.append(("place" if same else "places", one.place if same else ""))
        score = min(score, 99)
        if score >= LEAST:
            weighed[pair] = Likely(score, said)
    return weighed


def _alike_by_rare_words(keys: Mapping[int, str]) -> Iterator[tuple[Pair, int]]:
    """Names that are almost the same, among those that share one of their two rarest words, or its beginning."""
    often = Counter(word for key in keys.values() for word in set(key.split()))
    blocks: dict[str, list[int]] = defaultdict(list)
    for pk, key in keys.items():
        for word in sorted(set(key.split()), key=lambda one: (often[one], one))[:2]:
            blocks[word].append(pk)
            blocks[f"{word[:5]}~"].append(pk)
    seen: set[Pair] = set()
    for members in blocks.values():
        if not 1 < len(members) <= _RARE:
            continue
        for one, two in combinations(sorted(set(members)), 2):
            if (one, two) in seen:
                continue
            seen.add((one, two))
            left, right = keys[one], keys[two]
            if left == right or _DIGITS.findall(left) != _DIGITS.findall(right):
                continue
            score = fuzz.ratio(left, right, score_cutoff=_ALIKE)
            if score:
                yield (one, two), round(score * 0.88)


def likely_people(people: Sequence[PersonFacts]) -> dict[Pair, Likely]:
    """Pairs of people that may be one: of one e-mail address, or of almost one name at one partner."""
    found: dict[Pair, Likely] = {}
    for pair, email in _pairs((person.email.casefold(), person.pk) for person in people if person.email):
        found[pair] = Likely(98, [("email", email)])
    by_pk = {person.pk: person for person in people}
    keys = {person.pk: names.key(person.name) for person in people}
    at: dict[int, set[int]] = defaultdict(set)
    for person in people:
        for partner in person.at:
            at[partner].add(person.pk)
    for members in at.values():
        if len(members) > 400:
            continue
        for one, two in combinations(sorted(members), 2):
            left, right = keys[one], keys[two]
            if left[:1] != right[:1] and left.split()[-1:] != right.split()[-1:]:
                continue
            score = 100.0 if left == right else fuzz.token_sort_ratio(left, right, score_cutoff=_ALIKE)
            if not score or (one, two) in found:
                continue
            apart = bool(by_pk[one].email and by_pk[two].email)
            points = round(score * 0.9) - (10 if apart else 0)
            if points >= LEAST:
                why: list[Reason] = [("same_name" if score == 100 else "alike_name", "")]
                found[one, two] = Likely(points, why + ([("emails", "")] if apart else []))
    return found


def _pairs(keyed: Iterable[tuple[str, int]]) -> Iterator[tuple[Pair, str]]:
    """Every two that share a key; a key that very many share says nothing."""
    blocks: dict[str, set[int]] = defaultdict(set)
    for key, pk in keyed:
        if key:
            blocks[key].add(pk)
    for key, members in blocks.items():
        if 1 < len(members) <= _MOST_IN_BLOCK:
            for pair in combinations(sorted(members), 2):
                yield pair, key
