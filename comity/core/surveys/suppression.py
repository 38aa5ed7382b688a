"""What a wave that promises anonymity must not show, and which groups may read their own figures beside those of all.

Every table of the wave is looked at together: what one table hides must not follow from the others. Which attacks
this excludes, which it does not, and an example: docs/calculations/survey-suppression.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from comity.core.surveys.span import Span, TooFinelyCrossedError

FEWEST = 5
# How many cells hidden besides are tried again, which costs a look at everything each time.
MOST_BROUGHT_BACK = 40

# One value for each dimension: people who are alike in everything that tables are made of.
Crossing = tuple[str, ...]
Reason = Literal["few", "subtraction", "all_same"]
FEWEST_OTHERS = 2  # bodies that have to stand together in what is left


class Cell(NamedTuple):
    """One group in one table: ("kind", ("county",)); the total of the wave is a table of one cell, ("all", ())."""

    table: str
    group: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Breakdowns:
    """The fixed set of tables over one wave, frozen with it.

    dimensions  what people are told apart by: ("partner", "kind", "tier")
    tables      each table's name with the dimensions it shows: {"all": (), "kind": ("kind",),
                "kind and tier": ("kind", "tier")}

    Everything about answers that a reader can see anywhere must be one of these tables: pages, files, each
    partner's own view. Raises ValueError for a table with a dimension that is not there.
    """

    dimensions: tuple[str, ...]
    tables: Mapping[str, tuple[str, ...]]

    def __post_init__(self) -> None:
        for table, shown in self.tables.items():
            if unknown := set(shown) - set(self.dimensions):
                raise ValueError(f"The table {table!r} has no dimension {sorted(unknown)}.")

    def cells(self, crossings: Iterable[Crossing]) -> dict[Cell, frozenset[Crossing]]:
        """Every cell with the crossings it holds."""
        found: dict[Cell, set[Crossing]] = defaultdict(set)
        crossings = list(crossings)
        for table, shown in self.tables.items():
            places = [self.dimensions.index(dimension) for dimension in shown]
            for crossing in crossings:
                found[Cell(table, tuple(crossing[place] for place in places))].add(crossing)
        return {cell: frozenset(held) for cell, held in found.items()}


@dataclass(frozen=True, slots=True)
class Suppression:
    """What of one question is shown, cell by cell.

    sizes   how many answered, in every cell of every table
    hidden  the cells without figures, each with its reason: too "few" answered, it would give another cell away
            by "subtraction", or the answers are "all_same"
    """

    k: int
    sizes: Mapping[Cell, int]
    hidden: Mapping[Cell, Reason]

    def shows(self, cell: Cell) -> bool:
        """Whether the figures of this cell may be shown. A cell in which nobody answered has none to show."""
        return self.sizes.get(cell, 0) > 0 and cell not in self.hidden


def suppress(
    breakdowns: Breakdowns,
    answered: Mapping[Crossing, int],
    *,
    k: int = FEWEST,
    all_same: Collection[Cell] = (),
) -> Suppression:
    """Decide, over all tables at once, which cells of one question are shown.

    answered  how many people gave an answer to it, by crossing; those who left it or did not know are not in it
    all_same  cells whose answers are all alike and are to be hidden for it, however many they are

    Promises: no shown cell holds 1 to k - 1 people; no sum of multiples of shown cells is the sum over a group of
    1 to k - 1 people; none is the sum over an `all_same` cell. The same input hides the same cells. Cells with the
    same people are shown or hidden together. Where something has to be hidden besides, it is the smallest cell that
    takes part.

    Raises ValueError for k below 1, a count below zero, or a crossing that does not fit the dimensions.
    """
    if k < 1 or any(count < 0 for count in answered.values()):
        raise ValueError("Neither k below 1 nor a count below zero makes sense.")
    if any(len(crossing) != len(breakdowns.dimensions) for crossing in answered):
        raise ValueError("A crossing has one value for each dimension.")
    people = {crossing: count for crossing, count in answered.items() if count}
    cells = breakdowns.cells(people)
    sizes = {cell: sum(people[crossing] for crossing in held) for cell, held in cells.items()}
    return Suppression(k, sizes, hidden_cells(cells, people, k=k, all_same=all_same))


def hidden_cells(
    cells: Mapping[Cell, frozenset[Crossing]],
    people: Mapping[Crossing, int],
    *,
    k: int = FEWEST,
    all_same: Collection[Cell] = (),
) -> dict[Cell, Reason]:
    """As `suppress`, for cells that are no product of dimensions (a partner with all below it, say).

    people  at least one in each crossing
    """
    groups: dict[frozenset[Crossing], list[Cell]] = defaultdict(list)
    for cell in sorted(cells):
        groups[cells[cell]].append(cell)
    size = {held: sum(people[crossing] for crossing in held) for held in groups}
    alike = frozenset(cells[cell] for cell in all_same if cell in cells)
    reasons: dict[frozenset[Crossing], Reason] = dict.fromkeys(alike, "all_same")
    reasons |= {held: "few" for held in groups if size[held] < k}
    # The order decides between equals: smallest first, then by name.
    order = sorted(groups, key=lambda held: (size[held], groups[held][0]))

    def given_away(hidden: Collection[frozenset[Crossing]]) -> set[frozenset[Crossing]]:
        return _given_away([held for held in order if held not in hidden], people, k, alike)

    while more := given_away(reasons):
        reasons |= dict.fromkeys(more, "subtraction")
    # Several leaks are closed in one round, so some of it may have been too much: the largest come back first.
    besides = [held for held in reversed(order) if reasons.get(held) == "subtraction"]
    for held in besides[:MOST_BROUGHT_BACK]:
        if not given_away(reasons.keys() - {held}):
            del reasons[held]
    return {cell: reasons[held] for held in order if held in reasons for cell in groups[held]}


def _given_away(
    shown: list[frozenset[Crossing]],
    people: Mapping[Crossing, int],
    k: int,
    alike: frozenset[frozenset[Crossing]],
) -> set[frozenset[Crossing]]:
    """Of the groups shown, those to hide next, so that fewer combinations of them give small groups away."""
    classes = _classes(shown, people)
    number = {crossing: place for place, held in enumerate(classes) for crossing in held}
    span = Span(
        [frozenset(number[crossing] for crossing in held) for held in shown],
        [sum(people[crossing] for crossing in held) for held in classes],
        k,
    )
    combinations = [span.cells_behind(group) for group in _union_of_classes(alike, classes, number)]
    try:
        combinations += [span.cells_behind(group) for group in span.small_groups()]
    except TooFinelyCrossedError:
        # Not everything could be tried: show less, and try again.
        combinations.append(frozenset(range(len(shown))))
    hide: set[int] = set()
    for behind in combinations:
        if behind and not behind & hide:
            hide.add(min(behind))
    return {shown[place] for place in hide}


def _classes(
    shown: Iterable[frozenset[Crossing]], people: Mapping[Crossing, int]
) -> list[frozenset[Crossing]]:
    """Crossings that lie in the same shown groups, together; those in none are out of anyone's reach."""
    pattern: dict[Crossing, list[int]] = {crossing: [] for crossing in sorted(people)}
    for place, held in enumerate(shown):
        for crossing in held:
            pattern[crossing].append(place)
    together: dict[tuple[int, ...], set[Crossing]] = defaultdict(set)
    for crossing, places in pattern.items():
        if places:
            together[tuple(places)].add(crossing)
    return [frozenset(held) for held in together.values()]


def _union_of_classes(
    groups: Iterable[frozenset[Crossing]],
    classes: list[frozenset[Crossing]],
    number: Mapping[Crossing, int],
) -> list[frozenset[int]]:
    """These groups as sets of classes; a group that cuts through a class cannot be worked out at all."""
    found = []
    for held in sorted(groups, key=sorted):
        places = frozenset(number[crossing] for crossing in held if crossing in number)
        if held == frozenset().union(*(classes[place] for place in places)):
            found.append(places)
    return found


def fewest_shared(total: int, sizes: Mapping[int, int], unknown: int, smallest: int) -> int | None:
    """How many answers a body needs so that its own row may be shown to it; None where no row may be.

    total     answers to a question in all
    sizes     number of answers -> how many bodies gave so many; 0 counts nowhere
    unknown   bodies whose number is hidden already
    smallest  people below which nothing is shown

    Promises, of one question and of everything shown to all bodies put together: each row shown holds at least
    `smallest` people; and what is left of the whole when all these rows are taken away is nobody, or at least `smallest`
    people of at least two bodies. So nobody reads a row that was not meant for them, and not even all bodies together
    learn of a group that is too small. Bodies of one size are shown or hidden together, so that the answer depends on
    no order.

    Raises ValueError for a count below zero, and for bodies that gave more answers than there are.
    Method: rows are hidden from the smallest on until what is left is enough; docs/calculations/survey-portal.md.
    """
    if total < 0 or unknown < 0 or any(size < 0 or bodies < 0 for size, bodies in sizes.items()):
        raise ValueError("There are no fewer than no answers.")
    known = {size: bodies for size, bodies in sizes.items() if size and bodies}
    if sum(size * bodies for size, bodies in known.items()) > total:
        raise ValueError("The bodies gave more answers than there are in all.")
    for least in sorted(size for size in known if size >= smallest):
        shown = sum(size * bodies for size, bodies in known.items() if size >= least)
        others = unknown + sum(bodies for size, bodies in known.items() if size < least)
        left = total - shown
        if (left == 0 and not others) or (left >= smallest and others >= FEWEST_OTHERS):
            return least
    return None


def neighbour_alone(bodies: int, own: int) -> bool:
    """Whether whoever reads the rows of `own` bodies would read, by taking them from the whole, those of one single other.

    bodies  that answered in all
    """
    return bodies - own == 1
