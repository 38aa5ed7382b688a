"""`comity mail-bounce < message`: take in mail that came back."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management import BaseCommand, CommandError

from comity.core.errors import DomainError
from comity.outbox import bounces

MOST_BYTES = 10_000_000


class Command(BaseCommand):
    help = (
        "Take in a mail that says another one came back, from standard input: the mail is marked, and an address "
        "that is none gets no more mail. For a mail server's alias: bounces: |comity mail-bounce"
    )
    requires_system_checks = []

    def handle(self, **options: Any) -> None:
        raw = sys.stdin.buffer.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            raise CommandError("This mail is too large to be read here.")
        try:
            self.stdout.write(bounces.take_in(raw))
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
