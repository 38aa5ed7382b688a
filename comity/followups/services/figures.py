"""The ring's figures: how many were heard, owned within a day, done in time, told, and helped.

What each counts is said once, as a condition on rows, used by the figure and by the list behind its link alike;
docs/calculations/ring.md says it in words, with an example.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from comity.followups.models import FollowUpQuerySet, Helped, State
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


def _counted(rows: FollowUpQuerySet, *by: str) -> Any:
    counts = {name: Count("pk", filter=condition) for name, condition in CONDITIONS.items()}
    return rows.order_by().values(*by).annotate(**counts)


def in_all(rows: FollowUpQuerySet) -> Line:
    """One line for all the rows."""
    whole = Line(None, _("In all"))
    whole.add(rows.order_by().aggregate(**{n: Count("pk", filter=c) for n, c in CONDITIONS.items()}))
    return whole


def by_month(rows: FollowUpQuerySet, first: date, last: date) -> list[Line]:
    """A line for each month in which they were heard, from that of `first` to that of `last`."""
    lines = {}
    month = first.replace(day=1)
    while month <= last:
        lines[month] = Line(month, "")
        month = (month.replace(day=28) + _FEW_DAYS).replace(day=1)
    for counts in _counted(rows.heard_between(first.replace(day=1), last), "heard_on"):
        lines[counts["heard_on"].replace(day=1)].add(counts)
    return list(lines.values())


def by_kind(rows: FollowUpQuerySet, name: Callable[[str], str]) -> list[Line]:
    """A line for each kind, the most often heard first."""
    return _lines(_counted(rows, "kind"), "kind", name)


def by_partner(rows: FollowUpQuerySet, most: int) -> list[Line]:
    """A line for each of the partners heard most often."""
    counted = list(_counted(rows, "partner").order_by("-heard", "partner")[:most])
    names = Partner.objects.in_bulk([each["partner"] for each in counted if each["partner"]])
    return _lines(counted, "partner", lambda key: str(names[key]) if key else _("Our office as a whole"))


def _lines(counted: Any, by: str, name: Callable[[Any], str]) -> list[Line]:
    lines = []
    for counts in counted:
        line = Line(counts[by], name(counts[by]))
        line.add(counts)
        lines.append(line)
    return sorted(lines, key=lambda line: (-line.counts["heard"], line.name.casefold()))
