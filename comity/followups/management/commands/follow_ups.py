"""`comity follow-ups`: what was heard and where it stands."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from comity.followups.models import FollowUp
from comity.office.services import today

CHUNK = 2_000


class Command(BaseCommand):
    help = "List follow-ups: all of them, or only those that are open, late or without an owner."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--open", action="store_true", help="only those not yet told")
        parser.add_argument("--late", action="store_true", help="only those whose promised day has passed")
        parser.add_argument("--unowned", action="store_true", help="only those nobody has taken on")
        parser.add_argument("--json", action="store_true", help="print the result as one JSON object")

    def handle(self, **options: Any) -> None:
        day = today()
        rows = FollowUp.objects.with_people().order_by("due_on", "pk")
        if options["open"]:
            rows = rows.open()
        if options["late"]:
            rows = rows.late(day)
        if options["unowned"]:
            rows = rows.unowned()
        items = (_item(row, day) for row in rows.iterator(chunk_size=CHUNK))
        if options["json"]:
            found = list(items)
            json.dump({"count": len(found), "items": found}, self.stdout, ensure_ascii=False)
            self.stdout.write("")
        else:
            self._list(items)

    def _list(self, items: Iterator[dict[str, Any]]) -> None:
        count = 0
        for item in items:
            count += 1
            late = ", late" if item["late"] else ""
            self.stdout.write(
                f"{item['id']:>7}  {item['due_on']}  {item['state']}{late}  {item['kind']}  "
                f"{item['owner'] or 'nobody'}  {item['partner'] or 'the office as a whole'}"
            )
        self.stdout.write(f"{count} in all.")


def _item(row: FollowUp, day: date) -> dict[str, Any]:
    """One follow-up as scripts read it; these keys stay."""
    return {
        "id": row.pk,
        "partner": str(row.partner) if row.partner else None,
        "kind": row.kind,
        "state": row.state,
        "owner": row.owner.email if row.owner else None,
        "due_on": row.due_on.isoformat(),
        "late": row.is_late(day),
    }
