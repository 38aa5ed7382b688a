"""`comity restore FILE`: restore the database and the files from an archive, after proving that it is whole."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, call_command

from comity.audit import heads
from comity.audit import services as audit
from comity.people.management.acting import COMMAND_LINE
from comity.site import archive

MADE = "site.restore"


class Command(BaseCommand):
    help = "Restore from an archive. Everything in it is verified before anything here is touched."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="an archive that `comity backup` wrote")
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help="replace everything in this installation, if it is not empty",
        )

    def handle(self, *, file: Path, overwrite: bool, **options: Any) -> None:
        with archive.opened(file.expanduser().absolute()) as unpacked:
            manifest = unpacked.manifest
            archive.refuse_what_does_not_fit(manifest)
            here = archive.people_here()
            if here and not overwrite:
                raise CommandError(
                    f"This installation is in use: it has {here} people. "
                    "To replace everything in it with the backup, add --overwrite."
                )
            archive.replace_with(unpacked)
        # A backup of an older version is brought up to this one.
        call_command("prepare", verbosity=0, stdout=self.stderr)
        audit.record(
            by=COMMAND_LINE,
            action=MADE,
            after={"file": file.name, "made_at": manifest.made_at, "replaced": here},
        )
        self.stdout.write(
            f"Restored as of {manifest.made:%Y-%m-%d %H:%M}: {manifest.rows:,} rows in {len(manifest.tables)} tables, "
            f"{len(manifest.files):,} files, all as they were. If the secret key is different, everyone has to sign in again."
        )
        # Whoever keeps heads of the trail that was here hears that it is another one now.
        heads.begin(f"comity restore {file.name}, made {manifest.made:%Y-%m-%d %H:%M}")
