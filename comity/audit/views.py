"""The trail as a page: who did what, when, and what it changed."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.access import Request, requires
from comity.audit.capabilities import VIEW_TRAIL
from comity.audit.models import Block, Entry
from comity.audit.words import action_words, changes_of, kind_words
from comity.nouns import named, noun_of
from comity.ui.pickers import Picker
from comity.ui.tables import Column, DateRange, Picked, Search, Table, only_csv
from comity.ui.tables.filters import Filter


def _json(values: dict[str, Any] | None) -> str:
    return "" if values is None else json.dumps(values, ensure_ascii=False, sort_keys=True)


# The CSV has the trail as it is kept, so that another program can read it.
EXPORTED = [
    Column("id"),
    Column("at", value=lambda entry: entry.at.isoformat()),
    *only_csv("actor", "actor_label", "action", "target_kind", "target_id", "target_label", "partner_id"),
    Column("before", value=lambda entry: _json(entry.before)),
    Column("after", value=lambda entry: _json(entry.after)),
]


@requires(VIEW_TRAIL, "GET")
def trail(request: Request) -> HttpResponseBase:
    """Every act, newest first, with filters; CSV holds the whole of what was before and after."""
    table = Table(
        request,
        Entry.objects.order_by("-pk"),
        name="trail",
        columns=[
            Column("at", _("When"), sort="", whole=True),
            Column("actor_label", _("Who"), sort=""),
            Column("action", _("What"), sort="", value=lambda entry: action_words(entry.action)),
            Column(
                "target_label",
                _("Record"),
                sort="",
                value=lambda entry: kind_words(entry.target_kind),
                template="audit/_target.html",
            ),
            Column("changes", _("What changed"), value=changes_of, template="audit/_changes.html"),
        ],
        filters=_filters(request),
        export_columns=EXPORTED,
        empty=_("Nothing is recorded yet."),
    )
    last = Block.objects.order_by("-pk").first()
    return table.respond("audit/trail.html", {"last": last})


def _filters(request: Request) -> list[Filter]:
    found: list[Filter] = [
        Search(
            "who", _("Who"), lambda rows, text: rows.filter(actor_label__icontains=text), hint=_("A name")
        ),
        Search("what", _("What"), lambda rows, text: rows.did(text), hint=_("An action or a record")),
        DateRange("when", _("When"), _written_between),
    ]
    # By name, for the trail lies below the room.
    partners, picker = noun_of("partners.Partner"), named(Picker, "partner")
    if partners is not None and picker is not None:
        found.append(Picked("partner", partners.one, picker, request.user, "partner_id"))
    return found


def _written_between(rows: Any, first: date | None, last: date | None) -> Any:
    """From the first day's beginning to the last day's end, as the reader's clock has it."""
    if first:
        rows = rows.filter(at__gte=_beginning(first))
    return rows.filter(at__lt=_beginning(last + timedelta(days=1))) if last else rows


def _beginning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
