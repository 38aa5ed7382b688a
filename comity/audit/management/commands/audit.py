"""`comity audit verify`, `comity audit head` and `comity audit begin`."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management import BaseCommand, CommandError

from comity.audit import heads
from comity.audit.chain import verify
from comity.core.errors import DomainError


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
        acts.add_parser("head", help="print the digest of the last block, and give it to every witness")
        begin = acts.add_parser(
            "begin", help="tell every witness that the database was replaced by other means than ours"
        )
        begin.add_argument("why", help="who replaced it with what, in a sentence")

    def handle(
        self, *, act: str, head: str | None = None, json: bool = False, why: str = "", **options: Any
    ) -> None:
        try:
            if act == "head":
                self.stdout.write(heads.keep())
            elif act == "begin":
                heads.begin(why)
            else:
                self._verify(head, as_json=json)
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal

    def _verify(self, head: str | None, *, as_json: bool) -> None:
        found = verify(head)
        if as_json:
            self.stdout.write(json.dumps({"ok": found.ok, **asdict(found)}))
        else:
            for sentence in [found.sentence(), *found.compared] if found.ok else found.compared:
                self.stdout.write(sentence)
        if not found.ok:
            raise CommandError("\n".join([found.sentence(), *found.problems]))
