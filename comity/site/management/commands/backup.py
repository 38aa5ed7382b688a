"""`comity backup FILE`: the database and the files in one archive, while people go on working."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand
from django.template.defaultfilters import filesizeformat

from comity.audit import services as audit
from comity.people.management.acting import COMMAND_LINE
from comity.site import archive

MADE = "site.backup"


class Command(BaseCommand):
    help = "Write the database and the files into one archive. People can keep working while it runs."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the archive to write, such as comity-2027-01-31.tar.gz")

    def handle(self, *, file: Path, **options: Any) -> None:
        file = file.expanduser().absolute()
        manifest = archive.write(file)
        audit.record(by=COMMAND_LINE, action=MADE, after={"file": file.name, "made_at": manifest.made_at})
        # `comity check` asks how old the last backup is, whichever database is in force.
        settings.LAST_BACKUP.write_text(json.dumps({"file": str(file), "made_at": manifest.made_at}))
        size = filesizeformat(file.stat().st_size).replace("\xa0", " ")
        self.stdout.write(
            f"Wrote {file} ({size}): {manifest.rows:,} rows in {len(manifest.tables)} tables, {len(manifest.files):,} files. "
            "The secret key is not included; keep it somewhere else."
        )
