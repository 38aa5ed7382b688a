"""`comity check`: say what this installation still lacks for real use."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, CommandError

from comity.site import readiness


class Command(BaseCommand):
    help = (
        "Say what this installation still lacks before people may rely on it. Exits with 1 when something is."
    )
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        for sentence in readiness.advice():
            self.stdout.write(f"Advice: {sentence}")
        lacking = readiness.lacking()
        if lacking:
            raise CommandError(
                "\n".join(["This is still lacking:", *(f"- {sentence}" for sentence in lacking)])
            )
        self.stdout.write("Nothing is lacking.")
