"""What somebody with a pencil, or with a computer, can work out from the tables that are shown.

Written without the code it tests: it counts people one by one, subtracts everything from everything, and solves the
whole system in exact fractions. The rooms that show tables use it on what their pages really show.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from fractions import Fraction
from itertools import combinations

People = frozenset[Hashable]


def small_cells(shown: Mapping[object, People], k: int) -> list[object]:
    """Cells that are shown though they hold 1 to k - 1 people."""
    return [cell for cell, people in shown.items() if 0 < len(people) < k]


def pairs_that_tell(shown: Mapping[object, People], k: int) -> list[tuple[object, object]]:
    """Pairs of cells, one inside the other, that differ by 1 to k - 1 people: subtract one from the other."""
    return [
        (one, other)
        for one, inside in shown.items()
        for other, around in shown.items()
        if inside < around and len(around) - len(inside) < k
    ]


def siblings_that_tell(
    shown: Mapping[object, People], tables: Iterable[Iterable[object]], k: int
) -> list[tuple[object, list[object]]]:
    """Cells from which one table's shown cells inside it leave 1 to k - 1 people: subtract all of them."""
    found: list[tuple[object, list[object]]] = []
    for table in tables:
        in_table = [cell for cell in table if cell in shown]
        for total, around in shown.items():
            inside = [cell for cell in in_table if cell != total and shown[cell] <= around]
            left = around.difference(*(shown[cell] for cell in inside))
            if inside and 0 < len(left) < k:
                found.append((total, inside))
    return found


def groups_that_follow(shown: Mapping[object, People], everyone: People, k: int) -> list[People]:
    """Every group of 1 to k - 1 people that is a sum of multiples of shown cells. For few people only: it tries all.

    People who lie in the same shown cells cannot be told apart, so only whole such sets are tried.
    """
    alike: dict[frozenset[object], set[Hashable]] = {}
    for person in everyone:
        pattern = frozenset(cell for cell, people in shown.items() if person in people)
        alike.setdefault(pattern, set()).add(person)
    patterns = [pattern for pattern in alike if len(alike[pattern]) < k and pattern]
    columns = list(alike)
    reduced = reduced_rows([[Fraction(cell in pattern) for pattern in columns] for cell in shown])
    found = []
    for count in range(1, k):
        for chosen in combinations(patterns, count):
            people = frozenset().union(*(alike[pattern] for pattern in chosen))
            row = [Fraction(pattern in chosen) for pattern in columns]
            if len(people) < k and follows(row, reduced):
                found.append(people)
    return found


def can_follow(group: People, shown: Mapping[object, People], everyone: People) -> bool:
    """Whether the sum over this group is a sum of multiples of shown cells."""
    order = list(everyone)
    reduced = reduced_rows([[Fraction(person in people) for person in order] for people in shown.values()])
    return follows([Fraction(person in group) for person in order], reduced)


def reduced_rows(rows: list[list[Fraction]]) -> list[tuple[int, list[Fraction]]]:
    """The rows in echelon form, each with the place of its first one."""
    found: list[tuple[int, list[Fraction]]] = []
    for given in rows:
        row = remainder(given, found)
        place = next((index for index, value in enumerate(row) if value), None)
        if place is not None:
            found.append((place, [value / row[place] for value in row]))
    return found


def remainder(row: list[Fraction], reduced: list[tuple[int, list[Fraction]]]) -> list[Fraction]:
    for place, known in reduced:
        if row[place]:
            factor = row[place]
            row = [value - factor * other for value, other in zip(row, known, strict=True)]
    return row


def follows(row: list[Fraction], reduced: list[tuple[int, list[Fraction]]]) -> bool:
    return not any(remainder(row, reduced))
