"""Which groups of people can be worked out from tables that are shown, by adding and subtracting any of them.

A table cell is a set of classes (people whom no shown cell tells apart). What is shown about a cell is a sum over its
people, so whoever reads the page can form any sum of multiples of cells. A group comes to light exactly when its
row of zeros and ones is such a sum: when it lies in the span of the rows of the cells.

Method: Gauss-Jordan elimination over whole numbers modulo a large prime, kept sparse; then a search for rows of zeros
and ones that hold few people. Reasons and example: docs/calculations/survey-suppression.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

# Arithmetic modulo this prime is exact for the fractions that cells of zeros and ones lead to. Were one of them a
# multiple of it (one chance in 10^18), a cell could be hidden needlessly or a combination missed.
PRIME = 2**61 - 1
# How many combinations are tried before the search gives up and calls the tables too finely crossed.
MOST_STEPS = 20_000

Row = dict[int, int]


class TooFinelyCrossedError(Exception):
    """The cells overlap in so many ways that not all combinations could be tried."""


@dataclass(slots=True)
class _Line:
    """A row of the reduced system, and the multiples of shown cells that make it."""

    entries: Row
    made_of: Row


class Span:
    """Everything that follows from the cells shown.

    cells   each a set of classes, numbered from 0
    people  how many people each class holds, at least one
    k       groups below this many people must not come to light
    """

    def __init__(self, cells: Sequence[frozenset[int]], people: Sequence[int], k: int) -> None:
        self._people = people
        self._k = k
        self._lines: dict[int, _Line] = {}
        self._lines_with: dict[int, set[int]] = defaultdict(set)
        # Short rows first: they leave the long ones short.
        for number in sorted(range(len(cells)), key=lambda number: (len(cells[number]), number)):
            self._take(_Line(dict.fromkeys(cells[number], 1), {number: 1}))

    def cells_behind(self, group: frozenset[int]) -> frozenset[int] | None:
        """The cells from which this group can be worked out, or None where it cannot."""
        rest = dict.fromkeys(group, 1)
        made_of: Row = {}
        for pivot in group:
            if line := self._lines.get(pivot):
                _add(rest, line.entries, -1)
                _add(made_of, line.made_of, 1)
        return None if rest else frozenset(made_of)

    def small_groups(self) -> Iterator[frozenset[int]]:
        """Groups of 1 to k - 1 people that can be worked out; none if and only if there is none.

        Raises TooFinelyCrossedError rather than give up in silence.
        """
        small = [pivot for pivot in sorted(self._lines) if self._people[pivot] < self._k]
        budget = [MOST_STEPS]
        for place, pivot in enumerate(small):
            found = self._search(frozenset({pivot}), frozenset(small[place + 1 :]), set(), budget)
            if found is not None:
                yield found

    # --- elimination --------------------------------------------------------------------------------------------

    def _take(self, line: _Line) -> None:
        for pivot in [column for column in line.entries if column in self._lines]:
            factor = -line.entries[pivot]
            known = self._lines[pivot]
            _add(line.entries, known.entries, factor)
            _add(line.made_of, known.made_of, factor)
        if not line.entries:
            return
        pivot = min(line.entries, key=self._pivot_order)
        inverse = pow(line.entries[pivot], -1, PRIME)
        line = _Line(_times(line.entries, inverse), _times(line.made_of, inverse))
        for other in list(self._lines_with[pivot]):
            self._subtract(other, pivot, line)
        self._lines[pivot] = line
        for column in line.entries:
            self._lines_with[column].add(pivot)

    def _pivot_order(self, column: int) -> tuple[bool, int, int, int]:
        """Classes of k and more first: they are in no small group, so what hangs on them need not be searched."""
        return self._people[column] < self._k, len(self._lines_with[column]), -self._people[column], column

    def _subtract(self, other: int, pivot: int, line: _Line) -> None:
        changed = self._lines[other]
        factor = -changed.entries[pivot]
        _add(changed.entries, line.entries, factor)
        _add(changed.made_of, line.made_of, factor)
        for column in line.entries:
            if column in changed.entries:
                self._lines_with[column].add(other)
            else:
                self._lines_with[column].discard(other)

    # --- search -------------------------------------------------------------------------------------------------

    def _search(
        self, pivots: frozenset[int], more: frozenset[int], seen: set[frozenset[int]], budget: list[int]
    ) -> frozenset[int] | None:
        """A small group whose pivots are these and perhaps some `more`.

        A row of the span is the sum of the lines of its pivots. Where the sum is neither 0 nor 1, or lies on a
        class too large, or holds too many people, some further pivot must change one of the places that are wrong.
        """
        if pivots in seen or sum(self._people[pivot] for pivot in pivots) >= self._k:
            return None
        seen.add(pivots)
        budget[0] -= 1
        if budget[0] < 0:
            raise TooFinelyCrossedError
        total: Row = {}
        for pivot in pivots:
            _add(total, self._lines[pivot].entries, 1)
        wrong = [place for place, value in total.items() if value != 1 or self._people[place] >= self._k]
        if not wrong and sum(self._people[place] for place in total) < self._k:
            return frozenset(total)
        for pivot in self._able_to_change(
            wrong or [place for place in total if place not in pivots], more, bool(wrong)
        ):
            found = self._search(pivots | {pivot}, more, seen, budget)
            if found is not None:
                return found
        return None

    def _able_to_change(self, places: Iterable[int], more: frozenset[int], every: bool) -> list[int]:
        """The pivots of which one must be added: where every place is wrong the choices for one place suffice."""
        choices: list[set[int]] = [self._lines_with[place] & more for place in places]
        chosen = min(choices, key=len) if every else set[int]().union(*choices)
        return sorted(chosen)


def _add(row: Row, other: Mapping[int, int], factor: int) -> None:
    """row += factor * other, modulo the prime; zeros are dropped."""
    for column, value in other.items():
        new = (row.get(column, 0) + factor * value) % PRIME
        if new:
            row[column] = new
        else:
            del row[column]


def _times(row: Mapping[int, int], factor: int) -> Row:
    return {column: value * factor % PRIME for column, value in row.items()}
