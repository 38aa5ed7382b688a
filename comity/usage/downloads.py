"""What was set aside of a file as CSV, to be mended and loaded again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from comity.usage.judging import ASIDE, explanation
from comity.usage.models import Batch
from comity.usage.services.writing import view_left
from comity.usage.store import engine


def set_aside(batch: Batch) -> tuple[list[str], Iterator[list[Any]]]:
    """Headers and rows of what was set aside: line and reason, then the cells as the file has them."""
    if not batch.turn:
        return ["line", "reason"], iter(())
    with engine() as db:
        return ["line", "reason", *view_left(db, batch)], _lines(batch)


def _lines(batch: Batch) -> Iterator[list[Any]]:
    with engine() as db:
        view_left(db, batch)
        query = f"SELECT line, reason, said, map_values(cells) FROM before WHERE outcome = '{ASIDE}' ORDER BY line"
        found = db.execute(query)
        while some := found.fetchmany(5_000):
            for line, reason, said, cells in some:
                yield [line, explanation(reason, said), *cells]
