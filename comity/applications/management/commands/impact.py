"""`comity impact ITEM`: what falls with an item, whose work stops, and whom to call."""

from __future__ import annotations

import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from comity.applications.answers import if_down
from comity.applications.models import Item


class Command(BaseCommand):
    help = "Say what falls if an item goes down, whose work stops, and whom to call."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("item", help="the id or the name of an item")
        parser.add_argument("--json", action="store_true", help="print the result as one JSON object")

    def handle(self, *, item: str, **options: object) -> None:
        rows = Item.objects.standing()
        found = list(rows.filter(external_id__iexact=item) or rows.filter(name__iexact=item)[:2])
        if len(found) != 1:
            words = "Several items are" if found else "No item is"
            raise CommandError(f"{words} called {item}. Give its id.")
        answer = if_down(found[0])
        if options["json"]:
            self.stdout.write(json.dumps(answer.plain(), ensure_ascii=False))
            return
        for hit in answer.hits:
            calls = "; ".join(f"{call.name} {' '.join(call.phones)}".strip() for call in hit.calls)
            self.stdout.write(f"{hit.partner.code:<8} {hit.partner}: {len(hit.processes)} processes. {calls}")
        unknown = Item.objects.on_nothing().count()
        said = f"{len(answer.down)} items fall. Of {unknown} applications nobody knows where they run."
        self.stdout.write(said)
