"""`comity levels MONTH`: what a month came to, for each partner and service."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from comity.levels.models import OF_TICKETS, Month, Result
from comity.levels.services.reports import share


class Command(BaseCommand):
    help = "Show the service levels of a month, by partner and service."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("month", help="as 2026-10")
        parser.add_argument("--partner", default="", help="the code of one partner")
        parser.add_argument("--json", action="store_true", help="print the result as one JSON object")

    def handle(self, *, month: str, partner: str, **options: Any) -> None:
        try:
            of = Month.objects.standing().filter(first=date.fromisoformat(f"{month}-01")).first()
        except ValueError:
            raise CommandError(f"“{month}” is not a month. Write it like 2026-10.", returncode=2) from None
        if of is None:
            raise CommandError(f"{month} has not been worked out yet.")
        found = of.results.select_related("partner", "service")
        rows = list(found.filter(partner__code__iexact=partner) if partner else found)
        if partner and not rows:
            raise CommandError(f"Nothing was counted of {partner} in {month}. Is that its code?")
        if options["json"]:
            said = {"month": month, "results": [_item(row) for row in rows]}
            self.stdout.write(json.dumps(said, ensure_ascii=False))
            return
        for row in rows:
            figures = "  ".join(f"{one} {share(row, one).full or '-'}" for one in OF_TICKETS)
            self.stdout.write(f"{_code(row) or '-':<8} {row.service}  {figures}  {row.up_words}".rstrip())
        self.stdout.write(f"{len(rows)} in all.")


def _code(row: Result) -> str:
    return row.partner.code if row.partner else ""


def _item(row: Result) -> dict[str, Any]:
    """One as scripts read it; these keys stay."""
    tickets = {one: dict(zip(("counted", "met"), row.counted(one), strict=True)) for one in OF_TICKETS}
    about = {"partner": _code(row), "service": row.service.name, "availability": row.up_words}
    return {**about, **tickets, "missed": row.late}
