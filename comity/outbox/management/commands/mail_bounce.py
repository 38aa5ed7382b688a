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
        "Record a bounce notice, read from standard input: the email is marked as not delivered, and an address "
        "that does not exist is blocked. For a mail server’s alias: bounces: |comity mail-bounce"
    )
    requires_system_checks = []

    def handle(self, **options: Any) -> None:
        raw = sys.stdin.buffer.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            raise CommandError("This email is too large to read here.")
        try:
            self.stdout.write(bounces.take_in(raw))
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
