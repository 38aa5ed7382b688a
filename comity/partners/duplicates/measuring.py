"""How many real pairs are found, and how many of those found are real: `make duplicates`.

pairs.csv holds two names of one public body, or of two neighbours, a line. One half, drawn by a seed before the method
was tuned, was set aside; the figures that count are from that half.
"""

from __future__ import annotations

import csv
import random
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from comity.core.places import STATES
from comity.partners import names
from comity.partners.duplicates.pairs import Pair
from comity.partners.duplicates.reading import slips
from comity.partners.duplicates.similarity import BodyFacts, likely_bodies

ASIDE, TUNING = "aside", "tuning"


@dataclass(slots=True)
class Labelled:
    """Two bodies of one state, and whether they are one."""

    one: BodyFacts
    two: BodyFacts
    same: bool
    case: str
    state: str


@dataclass(slots=True)
class Figures:
    """What was found of a half.

    strangers  pairs that were found across lines: of two lines that do not speak of one body
    """

    right: list[Labelled]
    missed: list[Labelled]
    wrong: list[Labelled]
    strangers: list[tuple[str, str]]

    @property
    def recall(self) -> float:
        return len(self.right) / (len(self.right) + len(self.missed))

    @property
    def precision(self) -> float:
        return len(self.right) / (len(self.right) + len(self.wrong) + len(self.strangers))


def labelled(half: str) -> Iterator[Labelled]:
    """The pairs of one half."""
    with Path(__file__).with_name("pairs.csv").open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file)):
            if row["half"] == half:
                one, two = (
                    BodyFacts(
                        2 * number + side,
                        row[before + "name"],
                        code=row[before + "code"],
                        place=row[before + "place"],
                        domains=[row[before + "domain"]] if row[before + "domain"] else [],
                    )
                    for side, before in enumerate(("", "other_"))
                )
                yield Labelled(one, two, row["same"] == "1", row["case"], row["state"])


def measured(half: str) -> Figures:
    """All names of a state's pairs in one list, as an office would have them; every pair found has to be right."""
    figures = Figures([], [], [], [])
    by_state: dict[str, list[Labelled]] = defaultdict(list)
    for each in labelled(half):
        by_state[each.state].append(each)
    for code, pairs in by_state.items():
        state = names.key(next(one.name for one in STATES if one.code == code))
        bodies = [body for pair in pairs for body in (pair.one, pair.two)]
        found = set(likely_bodies(bodies, state, code.lower()))
        for pair in pairs:
            if (pair.one.pk, pair.two.pk) in found:
                (figures.right if pair.same else figures.wrong).append(pair)
            elif pair.same:
                figures.missed.append(pair)
        figures.strangers += _strangers(bodies, pairs, found)
    return figures


def _strangers(bodies: list[BodyFacts], pairs: list[Labelled], found: set[Pair]) -> Iterator[tuple[str, str]]:
    """Pairs found across lines, but for one body that several lines speak of."""
    name = {body.pk: body.name for body in bodies}
    body_of = {names.proposal_key(each): names.proposal_key(each) for each in name.values()}
    for pair in pairs:
        if pair.same:
            one, two = body_of[names.proposal_key(pair.one.name)], body_of[names.proposal_key(pair.two.name)]
            body_of = {key: two if body == one else body for key, body in body_of.items()}
    for first, second in sorted(found):
        names_of = name[first], name[second]
        if first // 2 != second // 2 and len({body_of[names.proposal_key(each)] for each in names_of}) == 2:
            yield names_of


def slips_found(times: int, seed: int = 13) -> tuple[int, int]:
    """(found, tried): a letter lost, doubled or swapped anywhere in a long real name, the place being the same."""
    chance = random.Random(seed)
    real = sorted({pair.one.name for pair in labelled(ASIDE) if len(pair.one.name) >= 20})
    found = tried = 0
    while tried < times:
        name = chance.choice(real)
        slip = chance.choice([*slips(name)])
        if names.key(slip) == names.key(name):
            continue
        tried += 1
        bodies = [BodyFacts(1, name, place="Springfield"), BodyFacts(2, slip, place="Springfield")]
        found += bool(likely_bodies(bodies, "", ""))
    return found, tried


def main(halves: list[str]) -> None:
    """Print the figures of the half set aside; with --tuning those of the other, with what went wrong."""
    half = TUNING if "--tuning" in halves else ASIDE
    figures = measured(half)
    print(f"Half {half}: {len(figures.right) + len(figures.missed)} pairs that are one body")
    print(f"  recall     {figures.recall:.3f}  ({len(figures.missed)} missed)")
    wrong = len(figures.wrong) + len(figures.strangers)
    print(
        f"  precision  {figures.precision:.3f}  ({wrong} of {len(figures.right) + wrong} found are two bodies)"
    )
    found, tried = slips_found(1_000)
    print(f"  {found} of {tried} slips in long names of one place found")
    if half == TUNING:
        for label, pairs in (("missed", figures.missed), ("wrong", figures.wrong)):
            for pair in pairs:
                print(f"  {label:7} {pair.case:8} {pair.state} {pair.one.name} | {pair.two.name}")
        for one, two in figures.strangers:
            print(f"  across           {one} | {two}")


if __name__ == "__main__":
    main(sys.argv[1:])
