"""`comity coverage`: which partners nobody looks after, and what each contact carries."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Count, Q

from comity.followups.models import OPEN
from comity.office.services import today, words
from comity.partners.models import Assignment, Partner


class Command(BaseCommand):
    help = "Show which partners have no lead contact, and since when, and how much each contact carries."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the result as one JSON object")

    def handle(self, **options: Any) -> None:
        found = _coverage()
        self.stdout.write(json.dumps(found, ensure_ascii=False) if options["json"] else _as_text(found))


def _coverage() -> dict[str, Any]:
    served = Partner.objects.served()
    gaps = served.filter(lead_gap_since__isnull=False).order_by("lead_gap_since", "sort_name")
    leads = Assignment.objects.on(today()).leads().filter(partner__in=served).order_by()
    waiting = Count("partner__follow_ups", filter=Q(partner__follow_ups__state__in=OPEN))
    loads = leads.values("user__email").annotate(partners=Count("partner", distinct=True), open=waiting)
    without = [
        {"code": row.code, "name": row.name, "since": str(row.lead_gap_since)} for row in gaps.iterator(2000)
    ]
    count = served.count()
    return {
        "partners": count,
        "with_lead": count - len(without),
        "without_lead": without,
        "contacts": [
            {"email": row["user__email"], "partners": row["partners"], "open_follow_ups": row["open"]}
            for row in loads.order_by("user__email")
        ],
    }


def _as_text(found: dict[str, Any]) -> str:
    said = words()
    lines = [f"{found['with_lead']} of {found['partners']} {said.partners} have a lead contact."]
    lines += [
        f"  nobody since {gap['since']}: {gap['name']} {gap['code']}".rstrip()
        for gap in found["without_lead"]
    ]
    lines += [
        f"  {load['email']}: {load['partners']} {said.partners}, {load['open_follow_ups']} follow-ups open"
        for load in found["contacts"]
    ]
    return "\n".join(lines)
