"""`comity meetings import FILE.ics`: meetings and planned visits out of a calendar."""

from __future__ import annotations

from argparse import REMAINDER, ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError, call_command


class Command(BaseCommand):
    help = (
        "Import the events of a calendar (.ics), or of a list, as meetings that were held and visits that are planned. "
        "The same file again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="import")
        bring = acts.add_parser("import", help="as `comity import meetings` does")
        bring.add_argument(
            "rest",
            nargs=REMAINDER,
            metavar="FILE.ics [--dry-run] [--json] --as EMAIL",
            help="whose calendar it is, which a rehearsal need not know; and what else `import` takes",
        )

    def handle(self, *, rest: list[str], **_options: Any) -> None:
        if "--dry-run" not in rest and not any(said.startswith("--as") for said in rest):
            raise CommandError("Say whose calendar it is: --as EMAIL.", returncode=2)
        call_command("import_file", "meetings", *rest, stdout=self.stdout, stderr=self.stderr)
