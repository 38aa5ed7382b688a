"""`comity rates import FILE` and `comity rates sheet OUT`: bring proposals in, write the rates of a day out."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, call_command

from comity.office.services import today
from comity.people.management.acting import add_actor
from comity.rates.models import RateVersion
from comity.rates.printed import pdf_of
from comity.rates.services.sheet import sheet_on
from comity.rates.tables import sheet_columns
from comity.ui.csv import lines


class Command(BaseCommand):
    help = "Import rates as proposals from a CSV or XLSX file, or write the rate sheet of a day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="import|sheet")
        bring = acts.add_parser("import", help="propose the rates of a file; somebody else approves them")
        bring.add_argument("file", help="a CSV or XLSX file")
        bring.add_argument("--why", help="what changed, and why, for rows that do not say it")
        bring.add_argument("--announced-on", metavar="DAY", help="for rows that do not say it")
        bring.add_argument(
            "--dry-run", action="store_true", help="show what would happen, and change nothing"
        )
        bring.add_argument(
            "--set-aside", metavar="OUT.csv", help="write the rows that were set aside to a file"
        )
        bring.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object")
        add_actor(bring)
        write = acts.add_parser("sheet", help="write the rates that hold on a day")
        write.add_argument("out", type=Path, help="the file to write")
        write.add_argument(
            "--on", type=date.fromisoformat, metavar="DAY", help="such as 2026-07-01; else today"
        )
        write.add_argument(
            "--format", choices=["csv", "pdf"], help="else what the name of the file ends with"
        )

    def handle(self, *, act: str, **options: Any) -> None:
        if act == "import":
            self._import(**options)
        else:
            self._sheet(options["out"], options["on"] or today(), options["format"])

    def _import(self, *, file: str, email: str | None, as_json: bool, dry_run: bool, **options: Any) -> None:
        """As `comity import rates` does it."""
        if email is None:
            raise CommandError("Say who proposes them: --as EMAIL.", returncode=2)
        named = {"--why": options["why"], "--announced-on": options["announced_on"], "--as": email}
        named["--set-aside"] = options["set_aside"]
        said = [f"{name}={value}" for name, value in named.items() if value]
        said += ["--json"] * as_json + ["--dry-run"] * dry_run
        call_command("import_file", "rates", file, *said, stdout=self.stdout, stderr=self.stderr)

    def _sheet(self, out: Path, on: date, form: str | None) -> None:
        form = form or out.suffix.removeprefix(".").lower()
        if form not in {"csv", "pdf"}:
            raise CommandError("Say --format csv or --format pdf.", returncode=2)
        rates = sheet_on(on, None)
        try:
            if form == "pdf":
                out.write_bytes(pdf_of(on))
            else:
                columns = [column.of(RateVersion) for column in sheet_columns()]
                head = [column.csv or column.key for column in columns]
                with out.open("w", encoding="utf-8", newline="") as file:
                    file.writelines(lines(head, ([one.read_csv(row) for one in columns] for row in rates)))
        except OSError as error:
            raise CommandError(f"{out} cannot be written: {error.strerror or error}.") from error
        self.stdout.write(f"{rates.count():,} rates on {on} written to {out}.")
