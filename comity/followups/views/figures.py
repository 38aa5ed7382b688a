"""The ring's figures. Every one of them is a link to the rows it counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from comity.followups import kinds
from comity.followups.capabilities import READ
from comity.followups.models import FollowUp, FollowUpQuerySet
from comity.followups.services import figures
from comity.nouns import named
from comity.office import services as office
from comity.partners.models import Partner
from comity.people.access import Request, requires
from comity.ui.charts import Chart, Plot, Series

MONTHS = 12
PARTNERS = 15
DRAWN = ("heard", "done_in_time", "helped")  # the tables have the others too
EARLIEST = date(1900, 1, 1)


@dataclass(frozen=True)
class Cell:
    """One figure: how many, of those heard, and where its rows are."""

    count: int
    share: str
    url: str


@dataclass(frozen=True)
class Row:
    name: str
    cells: list[Cell]


@dataclass(frozen=True)
class Asked:
    """What the address asks for: the months, and one partner or kind alone."""

    first: date
    last: date
    partner: Partner | None
    kind: str

    def link(self, figure: str, **more: Any) -> str:
        """The list of the rows a figure counts, narrowed as the figure is."""
        asked = {
            "view": "all",
            "figure": figure,
            "heard_from": self.first,
            "heard_to": self.last,
            "partner": self.partner.pk if self.partner else "",
            "kind": self.kind,
            **more,
        }
        query = urlencode({key: value for key, value in asked.items() if value not in ("", None)})
        return f"{reverse('followups:list')}?{query}"


def asked_of(request: Request) -> Asked:
    """The last twelve months, unless another last month is asked for."""
    last = today = office.today()
    try:
        year, month = map(int, request.GET.get("to", "").split("-"))
        asked = date(year, month, 1)
    except (ValueError, OverflowError):
        asked = today
    if EARLIEST <= asked < today:
        last = min(figures.month_end(asked), today)
    first = last.replace(day=1)
    for _month in range(MONTHS - 1):
        first = (first - first.resolution).replace(day=1)
    key = request.GET.get("partner", "")
    partner = (
        Partner.objects.visible_to(request.user).filter(pk=int(key[:18])).first()
        if key.isascii() and key.isdigit()
        else None
    )
    kind = request.GET.get("kind", "")
    return Asked(first, last, partner, kind if named(kinds.Kind, kind) else "")


@requires(READ, "GET")
def page(request: Request) -> HttpResponse:
    asked = asked_of(request)
    rows = FollowUp.objects.visible_to(request.user)
    if asked.partner:
        rows = rows.filter(partner=asked.partner)
    months, by_kind = figures.by_month_and_kind(rows, asked.first, asked.last, asked.kind)
    whole = figures.Line(None, _("In all"))
    for line in months:
        whole.add(line.counts)
    context = {
        "asked": asked,
        "heading": _sentence(whole),
        "heads": [figures.label(name) for name in figures.CONDITIONS],
        "chart": _chart(months, asked),
        "tables": [
            ("by-month", _("By month"), _("Month"), _rows([*reversed(months), whole], asked, _of_month)),
            ("by-kind", _("By kind"), _("Kind"), _rows(by_kind, asked, lambda line: {"kind": line.key})),
            *(() if asked.partner else (_partner_table(rows, asked),)),
        ],
        "earlier": _earlier(request, asked),
    }
    return render(request, "followups/figures.html", context)


def _partner_table(rows: FollowUpQuerySet, asked: Asked) -> tuple[str, str, str, list[Row]]:
    lines = figures.by_partner(rows, asked.first, asked.last, asked.kind, PARTNERS)
    words = office.words()
    heading = _("By %(partner)s, most often heard first") % {"partner": words.partner}
    found = _rows(lines, asked, lambda line: {"partner": line.key or "-"})
    return "by-partner", heading, words.Partner, found


def _of_month(line: figures.Line) -> dict[str, Any]:
    return {"heard_from": line.key, "heard_to": figures.month_end(line.key)} if line.key else {}


def _rows(lines: Iterable[figures.Line], asked: Asked, narrowed: Any) -> list[Row]:
    return [
        Row(
            line.name or date_format(line.key, "YEAR_MONTH_FORMAT"),
            [_cell(line, figure, asked.link(figure, **narrowed(line))) for figure in figures.CONDITIONS],
        )
        for line in lines
    ]


def _cell(line: figures.Line, figure: str, url: str) -> Cell:
    count, heard = line.counts[figure], line.counts["heard"]
    share = f"{round(100 * count / heard)}%" if heard and figure not in ("heard", "withdrawn") else ""
    return Cell(count, share, url)


def _sentence(whole: figures.Line) -> str:
    counts = whole.counts
    if not counts["heard"]:
        return _("Nothing was heard in these months.")
    return _("Of %(heard)s things heard, %(owned)s were owned within a day and %(told)s have been told.") % {
        "heard": f"{counts['heard']:,}",
        "owned": f"{counts['owned_in_time']:,}",
        "told": f"{counts['told']:,}",
    }


def _chart(months: list[figures.Line], asked: Asked) -> Chart:
    return Chart(
        title=_("What was heard each month, and how far it got"),
        drawing=Plot(
            "nested",
            [date_format(line.key, "M Y") for line in months],
            [Series(figures.label(name), [line.counts[name] for line in months]) for name in DRAWN],
            urls=[asked.link(DRAWN[0], **_of_month(line)) for line in months],
            x_name=_("Month heard"),
        ),
        note=_("Each follow-up counts in the month it was heard."),
        table_url="#by-month",
    )


def _earlier(request: Request, asked: Asked) -> str:
    before = asked.first - asked.first.resolution
    params = request.GET.copy()
    params["to"] = f"{before:%Y-%m}"
    return f"{request.path}?{params.urlencode()}"
