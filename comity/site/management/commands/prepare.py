"""`comity migrate`: bring the database and the static files up to the installed version. Safe to run again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, call_command


class Command(BaseCommand):
    help = "Bring the database and the static files up to the installed version. Safe to run again."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        quiet = {"verbosity": 0}
        call_command("migrate", interactive=False, **quiet)
        call_command("createcachetable", **quiet)
        call_command("collectstatic", interactive=False, **quiet)
        if settings.ON_SQLITE:
            # One that a version before made could be read by everybody on this machine.
            Path(settings.DATABASES["default"]["NAME"]).chmod(0o600)
        self.stdout.write("The database and the static files are up to date.")
