"""What was set aside of a file as CSV, to be mended and loaded again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from comity.usage.judging import ASIDE, explanation
from comity.usage.models import Batch
from comity.usage.store import Store, engine, left_name, paths


def set_aside(batch: Batch) -> tuple[list[str], Iterator[list[Any]]]:
    """Headers and rows of what was set aside: line and reason, then the cells as the file has them."""
    if not batch.turn:
        return ["line", "reason"], iter(())
    (file,) = paths(Store.here().read([left_name(batch.pk, batch.turn)]))
    with engine() as db:
        of = f"FROM read_parquet($file) WHERE outcome = '{ASIDE}'"
        found = db.execute(f"SELECT map_keys(cells) {of} LIMIT 1", {"file": file}).fetchone()
    return ["line", "reason", *(found[0] if found else [])], _set_aside(file, of)


def _set_aside(file: str, of: str) -> Iterator[list[Any]]:
    with engine() as db:
        found = db.execute(f"SELECT line, reason, said, map_values(cells) {of} ORDER BY line", {"file": file})
        while some := found.fetchmany(5_000):
            for line, reason, said, cells in some:
                yield [line, explanation(reason, said), *cells]
