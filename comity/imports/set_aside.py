"""The rows an import set aside, as a file that can be mended and sent again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from comity.imports.models import Import, ImportRow

OURS = ("line", "column", "reason")


def head(batch: Import) -> list[str]:
    """Line, column and reason, then the file's own headers."""
    headers = _kept(batch)
    taken = {headers_.casefold() for headers_ in headers}
    ours = [name if name not in taken else f"{name} (set aside)" for name in OURS]
    return [*ours, *headers]


def rows(batch: Import) -> Iterator[Sequence[object]]:
    """Each row set aside: where, why, and its cells as they stood in the file."""
    places = [batch.headers.index(header) for header in _kept(batch)]
    found = ImportRow.objects.filter(batch=batch, outcome=ImportRow.Outcome.SET_ASIDE).order_by("line")
    for row in found.iterator(chunk_size=1_000):
        cells = row.cells
        extra = cells[len(batch.headers) :]
        kept = [cells[place] if place < len(cells) else "" for place in places]
        yield [row.line, row.column, row.reason, *kept, *extra]


def _kept(batch: Import) -> list[str]:
    """The file's headers without those of an earlier file of this kind, which say nothing."""
    return [
        header
        for header in batch.headers
        if not (header.casefold() in OURS and not batch.mapping.get(header))
    ]
