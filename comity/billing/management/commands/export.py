"""`comity export focus|postings PERIOD OUT`: a month's bills for other systems."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from comity.billing.management.commands.bill import standing_run
from comity.billing.services import exporting
from comity.core.errors import DomainError

KINDS = {
    "focus": "FOCUS 1.2, every line a charge",
    "postings": "balanced double entry for the state’s ledger",
}


class Command(BaseCommand):
    help = "Write a month’s bills as CSV for other systems: docs/billing.md says which column is what."

    def add_arguments(self, parser: ArgumentParser) -> None:
        kinds = parser.add_subparsers(dest="kind", required=True, metavar="|".join(KINDS))
        for name, told in KINDS.items():
            kind = kinds.add_parser(name, help=told)
            kind.add_argument("period", help="the month, as 2026-10")
            kind.add_argument("out", type=Path, help="the file to write")

    def handle(self, *, kind: str, period: str, out: Path, **_more: Any) -> None:
        try:
            run = standing_run(period)
            count = exporting.write(kind, run, out)
        except DomainError as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(
            f"Wrote {count:,} rows of {run.period} ({run.get_state_display().lower()}) to {out}."
        )
