"""Loading 100,000 people: preview, then preview and apply, each in a process of its own.

On a copy of the state, which is gone afterwards: the next run measures the same state, not one of 100,000 more. A
PostgreSQL database is not copied; there what was loaded is undone.
"""

from __future__ import annotations

import csv
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

ROWS = 100_000
MOST_SECONDS, MOST_MEGABYTES = 20, 500


@dataclass(frozen=True)
class Run:
    seconds: float
    megabytes: float


def measure_imports(folder: Path) -> bool:
    """Print what preview and apply took; whether both are within their bounds."""
    file = folder / "people.csv"
    _write(file)
    with _beside(folder) as environment:
        preview = _run(environment, "import", "people", str(file), "--dry-run")
        both = _run(environment, "import", "people", str(file))
    apply = Run(both.seconds - preview.seconds, both.megabytes)
    print(f"\n{f'import of {ROWS:,} people':<46}{'seconds':>9}{'MB':>7}")
    kept = True
    for what, run in (("preview", preview), ("apply", apply)):
        good = run.seconds <= MOST_SECONDS and run.megabytes <= MOST_MEGABYTES
        kept = kept and good
        print(f"{what:<46}{run.seconds:>9.1f}{run.megabytes:>7.0f}{'' if good else '   over its bound'}")
    return kept


@contextmanager
def _beside(folder: Path) -> Iterator[dict[str, str]]:
    """The environment of a copy of the state in `folder`, without the files that people brought."""
    if os.environ.get("DATABASE_URL"):
        yield dict(os.environ)
        _undo()
        return
    with TemporaryDirectory(dir=folder.parent, prefix="bench-copy-") as copy:
        with (
            closing(sqlite3.connect(folder / "comity.sqlite3")) as source,
            closing(sqlite3.connect(Path(copy) / "comity.sqlite3")) as target,
        ):
            source.backup(target)
        if (folder / "secret-key").exists():
            shutil.copy(folder / "secret-key", copy)
        yield {**os.environ, "COMITY_DATA": copy}


def _undo() -> None:
    """Take the import just applied back."""
    from comity.imports import applying
    from comity.imports.models import Import
    from comity.jobs.progress import Unwatched

    batch = Import.objects.filter(state=Import.State.APPLIED).latest("pk")
    batch.state = Import.State.UNDOING
    batch.save(update_fields=["state"])
    applying.undo(Unwatched(), import_id=batch.pk)


def _write(file: Path) -> None:
    """People nobody knows yet, at the partners of the large state."""
    stamp = int(monotonic() * 1000)
    with file.open("w", newline="", encoding="utf-8") as out:
        rows = csv.writer(out)
        rows.writerow(["Name", "E-mail", "Phone", "Partner", "Title"])
        for number in range(ROWS):
            partner = f"P{number % 10_000:05d}"
            rows.writerow(
                [f"New Person {number}", f"n{stamp}-{number}@new.example", "555-0100", partner, "Clerk"]
            )


def _run(environment: dict[str, str], *arguments: str) -> Run:
    """The command line; raises CalledProcessError if it refuses."""
    began = monotonic()
    asked = [sys.executable, "-m", "comity.demo.bench.peak", *arguments]
    said = subprocess.run(asked, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
    return Run(monotonic() - began, float(said.split()[-1]))
