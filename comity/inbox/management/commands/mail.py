"""`comity mail take < message`: take in a mail that was sent to a partner's own address."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from comity.core.errors import DomainError
from comity.inbox import services


class Command(BaseCommand):
    help = (
        "Take in one message, read from standard input, that was sent to a partner’s own address. For a mail server’s alias: "
        "log: |comity mail take"
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["take"], help="read one message from standard input")

    def handle(self, **options: Any) -> None:
        try:
            self.stdout.write(services.take(sys.stdin.buffer.read(services.MOST_BYTES + 1)))
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
