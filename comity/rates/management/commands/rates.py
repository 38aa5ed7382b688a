"""`comity rates import FILE` and `comity rates sheet OUT`: bring proposals in, write the rates of a day out."""

from __future__ import annotations

from argparse import REMAINDER, ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, call_command

from comity.office.services import today
from comity.rates.sheet import csv_of, pdf_of, sheet_on


class Command(BaseCommand):
    help = "Import rates as proposals from a CSV or XLSX file, or write the rate sheet of a day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="import|sheet")
        bring = acts.add_parser("import", help="propose the rates of a file, as `comity import rates` does")
        bring.add_argument("rest", nargs=REMAINDER, metavar="FILE --as EMAIL", help="and what `import` takes")
        write = acts.add_parser("sheet", help="write the rates that hold on a day")
        write.add_argument("out", type=Path, help="the file to write")
        write.add_argument("--on", type=date.fromisoformat, metavar="DAY", help="as 2026-07-01; else today")
        write.add_argument("--format", choices=["csv", "pdf"], help="else as the name of the file ends")

    def handle(self, *, act: str, **options: Any) -> None:
        if act == "sheet":
            self._sheet(options["out"], options["on"] or today(), options["format"])
            return
        if not any(said.startswith("--as") for said in options["rest"]):
            raise CommandError("Say who proposes them: --as EMAIL.", returncode=2)
        call_command("import_file", "rates", *options["rest"], stdout=self.stdout, stderr=self.stderr)

    def _sheet(self, out: Path, on: date, form: str | None) -> None:
        form = form or out.suffix.removeprefix(".").lower()
        if form not in {"csv", "pdf"}:
            raise CommandError("Say --format csv or --format pdf.", returncode=2)
        rates = sheet_on(on, None)
        try:
            out.write_bytes(pdf_of(on) if form == "pdf" else "".join(csv_of(rates)).encode())
        except OSError as error:
            raise CommandError(f"{out} cannot be written: {error.strerror or error}.") from error
        self.stdout.write(f"{rates.count():,} rates on {on} written to {out}.")
