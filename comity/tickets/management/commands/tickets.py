"""`comity tickets import FILE`: tickets out of the list of a tool; takes the options of `comity import tickets`."""

from __future__ import annotations

from argparse import REMAINDER, ArgumentParser
from typing import Any

from django.core.management import BaseCommand, call_command


class Command(BaseCommand):
    help = "Import a list of tickets as its tool writes it: --source NAME, --dry-run, --json and all of comity import."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verb", choices=["import"])
        parser.add_argument("rest", nargs=REMAINDER, metavar="FILE", help="a CSV or XLSX file, and options")

    def handle(self, *, rest: list[str], **options: Any) -> None:
        call_command("import_file", "tickets", *rest, stdout=self.stdout, stderr=self.stderr)
