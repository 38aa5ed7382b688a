"""`comity health [PARTNER]`: how it stands with everybody, or with one partner and why."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import F

from comity.health.models import Snapshot
from comity.health.parts import label
from comity.health.services.evidence import lines
from comity.health.services.snapshots import take
from comity.health.tables import signed


class Command(BaseCommand):
    help = "Show the health of all relationships, the worst first, or of one with its parts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("partner", nargs="?", help="the code of one partner")
        parser.add_argument("--now", action="store_true", help="count first, as is done every night")
        parser.add_argument("--json", action="store_true", help="print the result as one JSON object")

    def handle(self, *, partner: str | None, **options: Any) -> None:
        if options["now"]:
            take()
        rows = Snapshot.objects.last().select_related("partner", "weights")
        rows = rows.order_by(F("score").asc(nulls_last=True), "partner__sort_name")
        found = list(rows.filter(partner__code__iexact=partner) if partner else rows)
        if partner and not found:
            raise CommandError(f"Nothing is counted of {partner}. Is that its code, and is it served?")
        items = [_item(row, parts=bool(partner)) for row in found]
        if options["json"]:
            said = items[0] if partner else {"count": len(items), "partners": items}
            self.stdout.write(json.dumps(said, ensure_ascii=False, cls=DjangoJSONEncoder))
            return
        for row in found:
            self.stdout.write("\n".join(_lines(row, parts=bool(partner))))
        if not partner:
            self.stdout.write(f"{len(found)} in all.")


def _item(row: Snapshot, *, parts: bool) -> dict[str, Any]:
    """One as scripts read it; these keys stay."""
    said = {
        "code": row.partner.code,
        "name": row.partner.name,
        "on": row.taken_on,
        **{name: getattr(row, name) for name in ("score", "band", "since", "change", "moved", "stops")},
    }
    if parts:
        health = row.under(row.weights.values)
        said["parts"] = {
            key: {"value": value, "weight": health.weights[key], "on": on}
            for key, (value, on, _facts) in row.readings.items()
        }
    return said


def _lines(row: Snapshot, *, parts: bool) -> list[str]:
    score = "–" if row.score is None else row.score
    change = f"{signed(row.change)} {label(row.moved)}".strip()
    said = [
        f"{score:>4}  {row.get_band_display():<16}  {row.partner.code:<8} {row.partner}  {change}".rstrip()
    ]
    if parts:
        said += [
            f"      {line.label}: {'no data' if line.value is None else line.value} × {line.weight}  {line.words}"
            for line in lines(row)
        ]
        said += [f"      {label(stop)}: caps the band" for stop in row.stops]
    return said
