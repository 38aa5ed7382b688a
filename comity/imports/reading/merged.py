"""Cells of a sheet that are merged, and what they say."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

_RANGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})"')
_OVERLAP = 200  # bytes; a range may stand on the seam of two pieces
_MOST = 100_000  # ranges; more are no list


class Merged:
    """Merged ranges over several rows. Excel tells them after the cells, and keeps the text of the first cell alone."""

    def __init__(self, part: Iterator[bytes]) -> None:
        self._from: dict[int, list[tuple[int, int]]] = defaultdict(list)  # first row -> column, last row
        self._says: dict[int, tuple[int, str]] = {}  # column -> last row, text
        seam = b""
        seen: set[bytes] = set()
        for piece in part:
            for found in _RANGE.finditer(seam + piece):
                if found[0] in seen or len(seen) > _MOST:
                    continue
                seen.add(found[0])
                first, last = int(found[2]), int(found[3])
                if last > first:
                    self._from[first].append((column_of(found[1].decode()), last))
            seam = (seam + piece)[-_OVERLAP:]

    def fill(self, number: int, row: list[str]) -> None:
        """Let a row say what the first row of its merged cells says; one that says nothing else stays empty."""
        if self._says and any(row):
            for column, (last, text) in list(self._says.items()):
                if number > last:
                    del self._says[column]
                elif not "".join(row[column - 1 : column]):
                    row.extend([""] * (column - len(row)))
                    row[column - 1] = text
        for column, last in self._from.get(number, ()):
            if text := "".join(row[column - 1 : column]):
                self._says[column] = (last, text)


def column_of(place: str) -> int:
    """The column of a cell by its name: A is 1, AA is 27."""
    column = 0
    for letter in place:
        if not letter.isalpha():
            break
        column = column * 26 + ord(letter.upper()) - 64
    return column
