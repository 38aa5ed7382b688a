"""`comity export focus|postings PERIOD OUT`: a month's bills for other systems."""

from __future__ import annotations

from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import Any

from comity.billing.management.commands.bill import standing_run
from comity.billing.services import exporting
from comity.people.management.acting import ActsCommand, Said


def _write(kind: str, *, period: str, out: Path, **_more: Any) -> Said:
    run = standing_run(period)
    count = exporting.write(kind, run, out)
    return {}, [f"Wrote {count:,} rows of {run.period} ({run.get_state_display().lower()}) to {out}."]


class Command(ActsCommand):
    help = "Write a month’s bills as CSV for other systems: docs/billing.md says which column is what."
    acts = {
        "focus": (partial(_write, "focus"), "FOCUS 1.2, every line a charge"),
        "postings": (partial(_write, "postings"), "balanced double entry for the state’s ledger"),
    }

    def add_arguments(self, parser: ArgumentParser) -> None:
        for act in self.add_acts(parser, tell=()).values():
            act.add_argument("period", help="the month, as 2026-10")
            act.add_argument("out", type=Path, help="the file to write")
