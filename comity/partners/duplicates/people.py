"""Which people may be one, worked out from plain values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations

from rapidfuzz import fuzz

from comity.partners import names
from comity.partners.duplicates.pairs import LEAST, Likely, Pair, Reason, sharing

_ALIKE = 90  # of 100: how much alike two spellings have to be


@dataclass(slots=True)
class PersonFacts:
    """What is known of a person, as far as similarity asks."""

    pk: int
    name: str
    email: str = ""
    at: list[int] = field(default_factory=list)


def likely_people(people: Sequence[PersonFacts]) -> dict[Pair, Likely]:
    """Pairs of people that may be one: of one e-mail address, or of almost one name at one partner."""
    found: dict[Pair, Likely] = {}
    for pair, email in sharing((person.email.casefold(), person.pk) for person in people if person.email):
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
