"""`comity check`: list what this installation still needs for real use."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, CommandError

from comity.site import readiness


class Command(BaseCommand):
    help = "List what this installation still needs before people can rely on it. Exits with 1 if anything is missing."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        for sentence in readiness.advice():
            self.stdout.write(f"Advice: {sentence}")
        compared: list[str] = []
        lacking = readiness.lacking(compared)
        for sentence in compared:
            self.stdout.write(f"The trail: {sentence}")
        if lacking:
            raise CommandError("\n".join(["Still needed:", *(f"- {sentence}" for sentence in lacking)]))
        self.stdout.write("Nothing is missing.")
