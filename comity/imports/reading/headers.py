"""Where the headers of a table stand, and what they say: below a title, or in two rows that belong together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import zip_longest

from comity.core.unseen import without_unseen

Cells = Sequence[str]
FIRST = 25  # lines in which headers are looked for
JOINED = " › "  # between a group of columns and the column: "Size › Headcount"
_WIDE = 3  # columns of a table whose title is told by its width alone
# What survey tools write below a question that has one column.
_SAYS_NOTHING = {"response", "open-ended response"}


def place_of(rows: Sequence[Cells], knows: Callable[[Cells], int]) -> int:
    """Which of the first rows holds the headers: the first, unless narrower rows stand above one that is surely them.

    Surely: it holds more headers that are known than any other, or what stands above is a title alone and below
    it are numbers where it has words. A single cell that is a known header is no title.
    """
    able = [place for place in range(len(rows)) if _may_be(rows, place)]
    best = max(able, key=lambda place: knows(rows[place]))
    if any(_filled(row) == 1 and knows(row) for row in rows[:best]):
        return 0
    if knows(rows[best]):
        return best
    for place in able:
        if _filled(rows[place]) >= _WIDE and all(_filled(row) == 1 for row in rows[:place]):
            return place if place == 0 or _numbers_below(rows, place) else 0
    return 0


def _may_be(rows: Sequence[Cells], place: int) -> bool:
    """Whether a row is the first, or has words only, none of them again in its column, and above it is less than half."""
    row = rows[place]
    if place == 0:
        return True
    return (
        all(_filled(above) * 2 <= _filled(row) for above in rows[:place])
        and all(_is_word(cell) for cell in row if cell.strip())
        and not any(
            cell and cell == below
            for later in rows[place + 1 :]
            for cell, below in zip(row, later, strict=False)
        )
    )


def _filled(row: Cells) -> int:
    return sum(1 for cell in row if cell.strip())


def _is_word(cell: str) -> bool:
    return any(letter.isalpha() for letter in cell) and "@" not in cell


def _numbers_below(rows: Sequence[Cells], place: int) -> bool:
    return any(
        cell.strip() and not _is_word(cell)
        for later in rows[place + 1 :]
        for head, cell in zip(rows[place], later, strict=False)
        if head.strip()
    )


def headers_of(rows: Sequence[Cells], place: int, *, said: bool) -> tuple[list[str], int]:
    """The headers, and the place of the first row below them; of groups and their columns, which stand in two rows, both.

    said  whether a person said in which row they stand: then they are that row alone
    """
    row = [_tidy(cell) for cell in rows[place]]
    if said:
        return row, place + 1
    if place and _filled(rows[place - 1]) > 1:
        return _both(rows[place - 1], row), place + 1
    if place + 2 < len(rows) and _belongs(rows, place):
        return _both(row, rows[place + 1]), place + 2
    return row, place + 1


def _belongs(rows: Sequence[Cells], place: int) -> bool:
    """Whether the row below the headers says more of them, and is none of the table's rows.

    It leaves the first column empty or says it again, and says what survey tools say, or stands over numbers in columns
    without a header.
    """
    head, below = rows[place], rows[place + 1]
    words = [cell.strip() for cell in below if cell.strip()]
    if not head[0].strip() or below[0] not in ("", head[0]) or not all(map(_is_word, words)):
        return False
    if all(word.casefold() in _SAYS_NOTHING for word in words):
        return True
    bare = [cell if not "".join(head[at : at + 1]).strip() else "" for at, cell in enumerate(below)]
    return any(bare) and _numbers_below([bare, *rows[place + 2 :]], 0)


def _tidy(cell: str) -> str:
    return " ".join(without_unseen(cell).split())


def _both(upper: Cells, lower: Cells) -> list[str]:
    """A group stands for its columns up to the next group."""
    group, found = "", []
    for above, below in zip_longest(upper, lower, fillvalue=""):
        group, name = _tidy(above) or group, _tidy(below)
        if not name:
            name, own = _tidy(above), ""
        elif name.casefold() in _SAYS_NOTHING and above.strip():
            name, own = group, ""
        else:
            own = group
        found.append(f"{own}{JOINED}{name}" if own and own != name else name)
    return found
