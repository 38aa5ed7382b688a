"""What a month came to, in words: shares with their interval, lists where there are few, what was promised, and the PDF.

What the PDF's template reads (`comity/levels/print/report.typ`); every text is plain:

    title, kicker, office, sentence, footer, language; name: the title
    head     of the rows of each part
    parts    one for each service: heading, rows of texts
    missed   heading, head, rows: the same, of the tickets that were not in time
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

from django.db.models import Sum
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from comity.core.fiscal import month_after
from comity.core.service_levels import Level, Verdict
from comity.core.surveys.figures import percent, tells_percent, wilson
from comity.levels.models import MEASURES, OF_TICKETS, Miss, Result
from comity.levels.services.clocks import Clocks, changes_of, seconds, told
from comity.office.services import current_office
from comity.services.models import Service
from comity.tickets.models import Ticket
from comity.ui.components.days import day
from comity.ui.typesetting import typeset

TEMPLATE = Path(__file__).resolve().parent.parent / "print" / "report.typ"
MOST_LISTED = 500


@dataclass(frozen=True)
class Share:
    """How many were in time."""

    counted: int
    met: int

    @property
    def words(self) -> str:
        """ "95%" of many, "11 of 12" of few, "" of none."""
        if tells_percent(self.met, self.counted):
            return f"{percent(self.met / self.counted)}%"
        return self.of if self.counted else ""

    @property
    def of(self) -> str:
        return _("%(met)s of %(all)s") % {"met": f"{self.met:,}", "all": f"{self.counted:,}"}

    @property
    def interval(self) -> str:
        """Wilson's, in percent; "" where no percentage is said."""
        found = wilson(self.met / self.counted, self.counted) if self.words.endswith("%") else None
        return f"{percent(found.low)}–{percent(found.high)}%" if found else ""

    @property
    def full(self) -> str:
        """With what it is of, and its interval."""
        if not self.interval:
            return self.words
        return f"{self.words} ({self.of}; {self.interval})"


def share(row: Result, measure: str) -> Share:
    return Share(*row.counted(measure))


def took(seconds: int) -> str:
    """A length of time in hours and minutes, a minute begun counting whole: "12 h 5 min"."""
    hours, minutes = divmod(-(-seconds // 60), 60)
    parts = f"{hours:,} h" if hours else "", f"{minutes} min" if minutes or not hours else ""
    return " ".join(filter(None, parts))


def by_service(rows: Any) -> list[tuple[Service, dict[str, Share], str]]:
    """What some results of a month come to for each service; how much of the time it ran as a whole."""
    sums = {f"{one}_{what}": Sum(f"{one}_{what}") for one in OF_TICKETS for what in ("counted", "met")}
    shares = {
        row["service"]: {one: Share(row[f"{one}_counted"], row[f"{one}_met"]) for one in OF_TICKETS}
        for row in rows.order_by().values("service").annotate(**sums)
    }
    up = {row.service_id: row.up_words for row in rows.filter(partner=None, agreed__isnull=False)}
    services = sorted(Service.objects.in_bulk(shares).values(), key=attrgetter("sort_name"))
    return [(each, shares[each.pk], up.get(each.pk, "")) for each in services]


def in_time(row: Result, measure: str, priority: int) -> list[tuple[Ticket, Level]]:
    """The tickets that a closed or open month counted as in time, worked out again from the same versions."""
    first = row.month.first
    clocks = Clocks(month_after(first))
    tickets = Ticket.objects.of_month(first).filter(partner=row.partner_id, service=row.service_id)
    facts = list(told(tickets))
    changes = changes_of(one.pk for one in facts)
    found: dict[int, Level] = {}
    start = seconds(first)
    for one in facts:
        for each in clocks.measured(one, changes[one.pk]):
            asked = (each.measure, each.priority) == (measure, priority) and len(found) < MOST_LISTED
            counts = asked and each.decided_within(start, clocks.now)
            if counts and each.level and each.level.verdict is Verdict.MET:
                found[one.pk] = each.level
    known = Ticket.objects.defer("description", "office_notes").in_bulk(found)
    return [(known[pk], level) for pk, level in found.items()]


def pdf_of(results: list[Result]) -> bytes:
    """Results of a month as a sheet: of one partner, or of several."""
    results.sort(key=lambda row: (row.service.sort_name, row.partner.sort_name if row.partner else ""))
    of, office, whose = results[0].month, current_office(), {row.partner for row in results}
    whom = str(results[0].partner or "") if len(whose) == 1 else ""
    title = _("Service levels in %(month)s") % {"month": of}
    closed = _("closed on %(day)s") % {"day": day(of.frozen_at)} if of.frozen_at else _("not closed yet")
    missed = Miss.objects.filter(result__in=results).select_related("ticket", "result__service")
    data = {
        "title": title,
        "name": f"{title}, {whom or office.name}",
        **office.on_paper(_("Service levels")),
        "sentence": " · ".join(filter(None, (whom, closed))),
        "head": [*([] if whom else [_("Whose")]), *(str(words) for words in MEASURES.values())],
        "parts": [
            {"heading": str(service), "rows": [_row(row, named=not whom) for row in each]}
            for service, each in groupby(results, lambda row: row.service)
        ],
        "missed": {
            "heading": _("Tickets that were not in time"),
            "head": [_("Ticket"), _("Level"), _("Was due"), _("Took"), _("Allowed")],
            "rows": [_miss(one) for one in missed[:MOST_LISTED]],
        },
    }
    return typeset(TEMPLATE, data)


def _miss(one: Miss) -> list[str]:
    level = f"{one.result.service}, {one.get_measure_display()}"
    due = f"{localtime(one.due_at):%Y-%m-%d %H:%M}"
    return [str(one.ticket), level, due, took(one.elapsed), took(one.allowed)]


def _row(row: Result, *, named: bool) -> list[str]:
    whose = [str(row.partner or _("nobody’s yet"))] if named else []
    return [*whose, *(share(row, one).full or "–" for one in OF_TICKETS), row.up_words or "–"]
