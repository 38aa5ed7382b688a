"""`comity patterns`: problems that several have, as people judged, and what the night proposed."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from comity.office.services import today
from comity.patterns.models import Pattern, Proposal
from comity.patterns.services.comparing import regroup


class Command(BaseCommand):
    help = "Show the patterns, those of most partners first, and what is proposed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--now", action="store_true", help="compare first, as is done every night")
        parser.add_argument("--json", action="store_true", help="print the result as one JSON object")

    def handle(self, **options: Any) -> None:
        if options["now"]:
            regroup()
        rows = Pattern.objects.standing().counted(today()).select_related("owner")
        found = list(rows.order_by("-partner_count", "-item_count", "sort_name"))
        proposed = list(Proposal.objects.open())
        if options["json"]:
            said = {"patterns": list(map(_pattern, found)), "proposals": list(map(_proposal, proposed))}
            self.stdout.write(json.dumps(said, ensure_ascii=False))
            return
        every: dict[str, list[Any]] = {"Patterns": found, "Proposed": proposed}
        for heading, several in every.items():
            self.stdout.write(f"{heading}: {len(several)}")
            for row in several:
                self.stdout.write(f"{row.partner_count:>5} partners {row.item_count:>5} items  {row.name}")


def _pattern(row: Any) -> dict[str, Any]:
    """One as scripts read it; these keys stay."""
    return {
        "id": row.pk,
        "name": row.name,
        "status": row.status,
        "partners": row.partner_count,
        "items": row.item_count,
        "lately": row.lately,
        "first_on": row.first_on.isoformat() if row.first_on else None,
        "owner": str(row.owner or ""),
        "solution": row.solution,
    }


def _proposal(row: Proposal) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "partners": row.partner_count,
        "items": row.item_count,
        "quote": row.quote,
    }
