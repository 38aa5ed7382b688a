"""Where the rows of usage lie: as Parquet, by billing period and batch, in a folder or on S3-compatible storage.

    rows/2026-11/17-1.parquet   the rows of batch 17 that are rated in November 2026
    left/17-1.parquet           its rows that are not: left out by rule, or set aside
The last number is the batch's turn. A file appears whole and is never changed; it counts only where a `Part` of a loaded
batch names it. docs/usage.md describes the columns; docs/decisions/usage-store.md says why it is so.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.storage import Storage
from comity.usage.models import Batch, Part

# Loaded where they are used: most processes never ask the store, and a hundred megabytes lie in them.
if TYPE_CHECKING:
    import duckdb

# They lie in this order; under a line of a bill, where the first three are given, in that of the others.
READ_BY = ("partner", "offering", "belongs_to", "account", "on_day", "batch", "line")
_IN_ORDER = ", ".join(READ_BY[3:])
Engine: TypeAlias = "duckdb.DuckDBPyConnection"
MEMORY, THREADS = "400MB", 2
PAGE = 50


@contextmanager
def said_plainly() -> Iterator[None]:
    """What a disk or an object storage refuses, as a sentence."""
    import duckdb

    try:
        yield
    except (OSError, duckdb.IOException) as error:
        said = _("The usage files cannot be used: %(why)s. Nothing was changed.")
        if settings.USAGE_URL:
            said = _("The object storage for usage (%(url)s) cannot be used: %(why)s. Nothing was changed.")
        if getattr(error, "errno", None) == errno.ENOSPC or "No space left" in str(error):
            said = _("The disk is full. Nothing was changed. Make room under %(folder)s and try again.")
        why = str(error).partition("\n")[0][:300]
        raise DomainError(said % {"why": why, "url": settings.USAGE_URL, "folder": settings.DATA}) from error


class Store(Storage):
    """The files of an installation, each by its name: made of ids and days, never of what a file says.

    What it is asked raises DomainError where disk or object storage cannot be used; then nothing was changed.
    """

    def refusing(self) -> AbstractContextManager[None]:
        return said_plainly()

    @classmethod
    def here(cls) -> Store:
        bucket = settings.USAGE_URL.removeprefix("s3://").rstrip("/")
        return cls(settings.DATA / ("usage-read" if bucket else "usage"), bucket)

    def month(self, first_on: date) -> list[Path]:
        """The files of all that is rated in a billing period, in order; an empty one where nothing is."""
        parts = Part.objects.filter(period__first_on=first_on, batch__state=Batch.State.LOADED)
        return self.read(rows_names(parts)) or [self._empty()]

    def of_batch(self, batch_id: int) -> list[str]:
        """The names of all files there are of a batch, also of those that do not count."""
        return self.named(f"{batch_id}-")

    def _empty(self) -> Path:
        path = self.folder / "empty.parquet"
        if not path.exists():
            import pyarrow.parquet as pq

            from comity.core.billing.usage_rows import ROWS

            with self.workshop() as made:
                pq.write_table(ROWS.empty_table(), made / "empty")
                self.place(made / "empty", path.name)
        return path


def rows_name(period: date, batch_id: int, turn: int) -> str:
    """The file of those rows of a batch that are rated in a period."""
    return f"rows/{period:%Y-%m}/{batch_id}-{turn}.parquet"


def rows_names(parts: QuerySet[Part]) -> list[str]:
    """The files of those parts that have one."""
    files = parts.filter(rows__gt=0).values_list("period__first_on", "batch", "turn")
    return [rows_name(*each) for each in files]


def left_name(batch_id: int, turn: int) -> str:
    """The file of those rows of a batch that are not rated."""
    return f"left/{batch_id}-{turn}.parquet"


def engine(folder: Path | None = None) -> Engine:
    """An engine of one's own, of bounded memory, that never asks the network for anything.

    folder  where it may put aside what memory does not hold
    """
    import duckdb

    bounds: dict[str, Any] = {"memory_limit": MEMORY, "threads": THREADS}
    bounds |= {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    if folder is not None:
        bounds |= {"temp_directory": str(folder / "aside"), "preserve_insertion_order": False}
    return duckdb.connect(config=bounds)


@dataclass(frozen=True)
class Line:
    """Which rows lie under a line of a bill: those of a partner's offering and month that came into a period.

    first, last  the days on which the line's rate holds: a month in which it changed has two lines
    also         partners that were made one with it, whose rows keep the key they came with
    """

    partner: int
    offering: int
    belongs_to: date
    period: date
    first: date = date.min
    last: date = date.max
    also: tuple[int, ...] = ()

    @cached_property
    def files(self) -> list[Path]:
        return Store.here().month(self.period)


def page_of(line: Line, page: int = 1) -> tuple[list[dict[str, Any]], int]:
    """A page of the rows under a line, by their columns, and how many there are in all."""
    with _under(line) as rows:
        (count,) = rows.count("*").fetchone() or (0,)
        found = rows.order(_IN_ORDER).limit(PAGE, (max(page, 1) - 1) * PAGE)
        return found.to_arrow_table().to_pylist(), count


def every_row_of(line: Line) -> Iterator[dict[str, Any]]:
    """All rows under a line, some thousand at a time: for a download."""
    with _under(line) as rows:
        for some in rows.order(_IN_ORDER).to_arrow_reader(5_000):
            yield from some.to_pylist()


def used_by(line: Line, column: Literal["account", "on_day"]) -> dict[Any, Fraction]:
    """What was used under a line, by account or by day."""
    with _under(line) as rows:
        found = rows.aggregate(f"{column}, sum(used)", column).order(column).fetchall()
    return {name: Fraction(used) for name, used in found}


@contextmanager
def _under(line: Line) -> Iterator[duckdb.DuckDBPyRelation]:
    """The rows under a line, as long as they are asked about."""
    partners = ", ".join(f"{key:d}" for key in (line.partner, *line.also))
    with said_plainly(), engine() as db:
        yield db.read_parquet(line.files).filter(
            f"""partner IN ({partners}) AND offering = {line.offering:d} AND belongs_to = DATE '{line.belongs_to}'
            AND on_day BETWEEN DATE '{line.first}' AND DATE '{line.last}'"""
        )
