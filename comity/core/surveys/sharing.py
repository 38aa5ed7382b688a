"""Which groups may read their own figures beside those of all, without reading a neighbour's."""

from __future__ import annotations

from collections.abc import Mapping

FEWEST_OTHERS = 2  # bodies that have to stand together in what is left


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
