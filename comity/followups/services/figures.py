"""The ring's figures: how many were heard, owned within a day, done in time, told, and helped.

What each counts is said once, as a condition on rows, used by the list behind a figure's link. The figures of whole months
are kept by the database in the same words (`comity.followups.counting`), so that their page costs the same however many
follow-ups there are. docs/calculations/ring.md says it in words, with an example.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext as _

from comity.followups.models import FollowUpQuerySet, Helped, RingCountQuerySet, State
from comity.partners.models import Partner

_FEW_DAYS = timedelta(days=4)
STANDING = ~Q(state=State.WITHDRAWN)
CONDITIONS: dict[str, Q] = {
    "heard": STANDING,
    "owned_in_time": STANDING & Q(owned_on__lte=F("own_by")),
    "done_in_time": STANDING & Q(done_on__lte=F("promised_on")),
    "told": Q(state=State.TOLD),
    "helped": Q(state=State.TOLD, helped=Helped.YES),
    "withdrawn": Q(state=State.WITHDRAWN),
}


def label(figure: str) -> str:
    return {
        "heard": _("Heard"),
        "owned_in_time": _("Owned within a day"),
        "done_in_time": _("Done in time"),
        "told": _("Told"),
        "helped": _("Said it helped"),
        "withdrawn": _("Withdrawn"),
    }[figure]


def choices() -> list[tuple[str, str]]:
    return [(figure, label(figure)) for figure in CONDITIONS]


def rows_of(rows: FollowUpQuerySet, figure: str) -> FollowUpQuerySet:
    """The rows a figure counts: what its link opens."""
    return rows.filter(CONDITIONS[figure])


@dataclass
class Line:
    """The figures of one month, partner or kind."""

    key: Any
    name: str
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(CONDITIONS, 0))

    def add(self, counts: Mapping[str, Any]) -> None:
        for figure in CONDITIONS:
            self.counts[figure] += int(counts[figure])


def in_all(rows: FollowUpQuerySet) -> Line:
    """One line for all the rows."""
    whole = Line(None, _("In all"))
    whole.add(rows.order_by().aggregate(**{n: Count("pk", filter=c) for n, c in CONDITIONS.items()}))
    return whole


def by_month_and_kind(
    kept: RingCountQuerySet, first: date, last: date, name: Callable[[str], str]
) -> tuple[list[Line], list[Line]]:
    """A line for each whole month in which they were heard, from that of `first` to that of `last`, and for each kind."""
    months: dict[date, Line] = {}
    month = first.replace(day=1)
    while month <= last:
        months[month] = Line(month, "")
        month = (month.replace(day=28) + _FEW_DAYS).replace(day=1)
    by_kind: dict[str, Line] = {}
    for sums in kept.of_months(first, last).summed("month", "kind"):
        counts = _counts(sums)
        if any(counts.values()):
            months[sums["month"]].add(counts)
            by_kind.setdefault(sums["kind"], Line(sums["kind"], name(sums["kind"]))).add(counts)
    return list(months.values()), _most_heard_first(by_kind.values())


def by_partner(kept: RingCountQuerySet, first: date, last: date, kind: str, most: int) -> list[Line]:
    """A line for each of the partners heard most often in these whole months."""
    rows = kept.of_months(first, last).by_partner(kind)
    heard = rows.order_by().values("partner").annotate(times=Sum("heard")).filter(times__gt=0)
    often = list(heard.order_by("-times", "partner").values_list("partner", flat=True)[:most])
    names = Partner.objects.in_bulk([key for key in often if key])
    lines = []
    for sums in rows.filter(partner__in=often).summed("partner"):
        key = sums["partner"]
        line = Line(key, str(names[key]) if key else _("Our office as a whole"))
        line.add(_counts(sums))
        lines.append(line)
    return _most_heard_first(lines)


def _counts(sums: Mapping[str, Any]) -> dict[str, int]:
    return {figure: sums[f"sum_{figure}"] for figure in CONDITIONS}


def _most_heard_first(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (-line.counts["heard"], line.name.casefold()))
