"""`comity audit verify` and `comity audit head`."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management import BaseCommand, CommandError

from comity.audit.chain import verify
from comity.audit.models import Block


class Command(BaseCommand):
    help = "Check that the trail is as it was written, or print the digest that proves its end."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        proving = acts.add_parser("verify", help="read every sealed entry and check every block")
        proving.add_argument(
            "--head", metavar="DIGEST", help="a digest printed earlier by `comity audit head`"
        )
        proving.add_argument("--json", action="store_true", help="print one JSON object")
        acts.add_parser("head", help="print the digest of the last block; keep it where this database is not")

    def handle(self, *, act: str, head: str | None = None, json: bool = False, **options: Any) -> None:
        if act == "head":
            self._head()
        else:
            self._verify(head, as_json=json)

    def _verify(self, head: str | None, *, as_json: bool) -> None:
        found = verify(head)
        if as_json:
            self.stdout.write(json.dumps({"ok": found.ok, **asdict(found)}))
        elif found.ok:
            self.stdout.write(found.sentence())
        if not found.ok:
            raise CommandError("\n".join([found.sentence(), *found.problems]))

    def _head(self) -> None:
        last = Block.objects.order_by("-pk").first()
        if last is None:
            raise CommandError("Nothing is sealed yet. The worker seals new entries every minute.")
        self.stdout.write(last.digest)
