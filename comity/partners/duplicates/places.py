"""Whether two places, as people write them, are one."""

from __future__ import annotations

from collections.abc import Collection

from rapidfuzz.distance import OSA

from comity.partners import names
from comity.partners.duplicates.reading import COUNTIES

Place = dict[bool, str]  # whether it is a county -> its letters


def place(said: str, left_out: Collection[str]) -> Place:
    """ "Raleigh, Wake County, NC" is the city of Raleigh and the county of Wake.

    left_out  the letters of the state, which every place has
    """
    found: Place = {}
    for part in said.split(","):
        words = [names.WHOLE_WORD.get(word, word) for word in names.plain_words(part)]
        county = bool(COUNTIES & set(words))
        letters = "".join(word for word in words if word not in {*COUNTIES, "city", "of", "town"})
        if letters and letters not in left_out:
            found.setdefault(county, letters)
    return found


def together(one: Place, two: Place) -> bool | None:
    """Whether both are in one place; None where nothing is known, or only a city here and a county there."""
    alike = [_alike(one[level], two[level]) for level in one.keys() & two.keys()]
    return all(alike) if alike else None


def _alike(one: str, two: str) -> bool:
    return one == two or (min(len(one), len(two)) > 5 and OSA.distance(one, two, score_cutoff=1) < 2)
