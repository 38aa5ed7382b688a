"""An attack on a closed anonymous wave: whoever reads the database works out by arithmetic who gave which ratings.

Everything that could help is gathered from every table: whom the wave asked, who is marked as having answered, the counts of
every group, and, wherever two ratings of one person stand together, that sheet. A solver (HiGHS) then looks for the one way
in which sheets and people fit all counts at once. Nothing here uses the code that decides what is kept.
"""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from comity.surveys.models import Tally, Wave
from comity.surveys.services.results import breakdown, results_of

SECONDS = 20
TABLES = {"all": None, "partner": 0, "kind": 1, "tier": 2, "size": 3}
Crossing = tuple[str, str, str, str]
Sheet = tuple[int, ...]  # one person's ratings, in the order of the questions
Cell = tuple[str, str, str]  # table, group, question


@dataclass(frozen=True)
class Evidence:
    """What somebody has to go by.

    people    whom the wave asked, with partner, kind, tier and size
    answered  those who are known to have answered; empty where that is not known
    counts    how often each rating was given, for every cell that is shown
    sheets    ratings of one person that were found together
    """

    questions: tuple[str, ...]
    people: Mapping[int, Crossing]
    answered: frozenset[int]
    counts: Mapping[Cell, Mapping[str, int]]
    sheets: tuple[Sheet, ...]


def of_the_database(wave: Wave) -> Evidence:
    """All that any table holds."""
    questions = _questions(wave)
    sheets: list[Sheet] = []
    rows: dict[str, list[dict[str, Any]]] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            rows[table] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
            for row in rows[table]:
                sheets += [sheet for value in row.values() for sheet in _sheets(value, questions)]
    asked = [row for row in rows["surveys_participant"] if row["wave_id"] == wave.pk]
    tallies = [
        row for row in rows["surveys_tally"] if row["wave_id"] == wave.pk and row["question"] in questions
    ]
    return Evidence(
        questions,
        {row["id"]: (str(row["partner_id"]), row["kind"], row["tier"], row["size"]) for row in asked},
        frozenset(row["id"] for row in asked if row["answered"]),
        {
            (row["table"], row["group"], row["question"]): counts
            for row in tallies
            if any((counts := _plain(row["counts"]) or {}).values())
        },
        tuple(sheets),
    )


def of_the_pages(wave: Wave) -> Evidence:
    """What the pages of results show, and who was asked."""
    found = results_of(wave)
    counts: dict[Cell, Mapping[str, int]] = {}
    for key in _questions(wave):
        one = found.by_key[key]
        groups = [group for table in Tally.Table.values[1:] for group in breakdown(wave, one.question, table)]
        cells = [
            (("all", "", key), one.tally),
            *(((each.table, each.group, key), each.tally) for each in groups),
        ]
        for cell, tally in cells:
            if tally is not None and tally.n:
                places = map(str, one.question.values)
                counts[cell] = dict(zip(places, tally.counts, strict=True))
    asked = wave.participants.values_list("pk", "partner", "kind", "tier", "size")
    people: dict[int, Crossing] = {pk: (str(body), kind, tier, size) for pk, body, kind, tier, size in asked}
    return Evidence(_questions(wave), people, frozenset(), counts, ())


def _questions(wave: Wave) -> tuple[str, ...]:
    return tuple(one.key for one in wave.version.questions.all() if one.is_numeric)


def _plain(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in {"{", "["}:
        try:
            return json.loads(value)
        except ValueError:
            return None
    return value


def _sheets(value: Any, questions: tuple[str, ...]) -> Iterator[Sheet]:
    """Where two ratings or more stand together, however deep."""
    value = _plain(value)
    if isinstance(value, dict):
        if sum(type(value.get(key)) is int for key in questions) > 1:
            yield tuple(value.get(key) or 0 for key in questions)
        else:
            for one in value.values():
                yield from _sheets(one, questions)
    elif isinstance(value, list):
        for one in value:
            yield from _sheets(one, questions)


# --- working it out -----------------------------------------------------------------------------------------------


def guess(evidence: Evidence, chance: random.Random) -> dict[int, Sheet]:
    """The ratings of everybody who was asked, or is known to have answered, as well as they can be told."""
    known = {pk: evidence.people[pk] for pk in sorted(evidence.answered or evidence.people)}
    by_class: dict[frozenset[Cell], list[int]] = defaultdict(list)
    for pk, crossing in known.items():
        by_class[_cells_of(evidence, crossing)].append(pk)
    solved = _placed(evidence, by_class, chance) if evidence.sheets and evidence.answered else {}
    found: dict[int, Sheet] = {}
    for cells, people in by_class.items():
        given = solved.get(cells, [])
        usual = tuple(_usual(evidence, cells, key) for key in evidence.questions)
        for place, pk in enumerate(people):
            found[pk] = given[place] if place < len(given) else usual
    return found


def _cells_of(evidence: Evidence, crossing: Crossing) -> frozenset[Cell]:
    """The shown cells that a person is counted in; whoever is in the same ones cannot be told apart."""
    return frozenset(
        cell for cell in evidence.counts if (place := TABLES[cell[0]]) is None or crossing[place] == cell[1]
    )


def _usual(evidence: Evidence, cells: frozenset[Cell], key: str) -> int:
    """Without sheets: what most of the smallest shown group said."""
    own = [evidence.counts[cell] for cell in sorted(cells) if cell[2] == key]
    if not own:
        return 0
    counts = min(own, key=lambda one: sum(one.values()))
    return int(max(sorted(counts), key=lambda value: counts[value]))


def _placed(
    evidence: Evidence, by_class: Mapping[frozenset[Cell], list[int]], chance: random.Random
) -> dict[frozenset[Cell], list[Sheet]]:
    """Which sheets belong to the people of each class, so that all counts come out: one equation for each."""
    kinds = sorted(Counter(evidence.sheets).items())
    classes = list(by_class)
    places = {(s, c): s * len(classes) + c for s in range(len(kinds)) for c in range(len(classes))}
    rows: list[tuple[list[int], int]] = []
    for s, (_sheet, times) in enumerate(kinds):
        rows.append(([places[s, c] for c in range(len(classes))], times))
    for c, cells in enumerate(classes):
        rows.append(([places[s, c] for s in range(len(kinds))], len(by_class[cells])))
    for cell, counts in evidence.counts.items():
        question = evidence.questions.index(cell[2])
        members = [c for c, cells in enumerate(classes) if cell in cells]
        for value, count in counts.items():
            said = [s for s, (sheet, _times) in enumerate(kinds) if sheet[question] == int(value)]
            rows.append(([places[s, c] for s in said for c in members], count))
    at = [(number, place) for number, (held, _sum) in enumerate(rows) for place in held]
    matrix = coo_array(
        (np.ones(len(at)), ([row for row, _place in at], [place for _row, place in at])),
        shape=(len(rows), len(places)),
    ).tocsr()
    sums = np.array([total for _held, total in rows])
    most = np.array([kinds[s][1] for s, _c in places])
    solution = milp(
        np.array([chance.random() for _place in places]),
        constraints=LinearConstraint(matrix, sums, sums),
        integrality=np.ones(len(places)),
        bounds=Bounds(0, most),
        options={"time_limit": SECONDS},
    )
    if solution.x is None:
        return {}
    found: dict[frozenset[Cell], list[Sheet]] = defaultdict(list)
    for (s, c), place in places.items():
        found[classes[c]] += [kinds[s][0]] * round(solution.x[place])
    return found
