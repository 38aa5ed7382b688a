"""`comity services import FILE` and `comity services export OUT`: the catalog in and out."""

from __future__ import annotations

import json
from argparse import REMAINDER, ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, call_command

from comity.services.models import Service
from comity.services.tables import service_columns
from comity.ui.csv import lines


class Command(BaseCommand):
    help = "Import services and their entries from a CSV or XLSX file, or write them all to a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="import|export")
        bring = acts.add_parser("import", help="as `comity import services` does")
        bring.add_argument("rest", nargs=REMAINDER, metavar="FILE", help="and what `import` takes")
        write = acts.add_parser("export", help="write the drafts of all entries")
        write.add_argument("out", type=Path, help="the file to write: CSV, or JSON if its name ends so")

    def handle(self, *, act: str, **options: Any) -> None:
        if act == "import":
            call_command("import_file", "services", *options["rest"], stdout=self.stdout, stderr=self.stderr)
            return
        out: Path = options["out"]
        columns = [column.of(Service) for column in service_columns()]
        head = [column.csv or column.key for column in columns]
        rows = Service.objects.select_related("owner", "cost_center", "followed_by").order_by("sort_name")
        cells = [[column.read_csv(row) for column in columns] for row in rows]
        said = "".join(lines(head, cells))
        if out.suffix.lower() == ".json":
            plain = [dict(zip(head, each, strict=True)) for each in cells]
            said = json.dumps({"services": plain}, ensure_ascii=False, default=str)
        try:
            out.write_text(said, encoding="utf-8", newline="")
        except OSError as error:
            raise CommandError(f"{out} cannot be written: {error.strerror or error}.") from error
        self.stdout.write(f"{len(cells):,} services written to {out}.")
