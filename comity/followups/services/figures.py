"""The ring's figures: how many were heard, owned within a day, done in time, told, and helped.

What each counts is said once, as a condition on rows, used by the figure and by the list behind its link.
docs/calculations/ring.md says it in words, with an example.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from comity.followups import kinds
from comity.followups.models import FollowUp, FollowUpQuerySet, Helped, State
from comity.partners.models import Partner
from comity.people.models import User
from comity.prepared import prepared
from comity.search.sorting import sort_key

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
        "done_in_time": _("Done on time"),
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
    whole.add(rows.order_by().aggregate(**counters()))
    return whole


def by_month_and_kind(
    rows: FollowUpQuerySet, first: date, last: date, kind: str = ""
) -> tuple[list[Line], list[Line]]:
    """A line for each month in which they were heard, from that of `first` to that of `last`, and for each kind."""
    months, by_kind = _months(first, last), dict[str, Line]()
    heard = rows.heard_between(first, last).order_by().values("heard_on", "kind")
    counted = heard.annotate(**counters(kind)).values_list("heard_on", "kind", *CONDITIONS)
    for day, key, *numbers in counted:
        if any(numbers):
            counts = dict(zip(CONDITIONS, numbers, strict=True))
            months[day.replace(day=1)].add(counts)
            if key not in by_kind:
                by_kind[key] = Line(key, kinds.label(key))
            by_kind[key].add(counts)
    return list(months.values()), _most_heard_first(by_kind.values())


def by_month(user: User, first: date, last: date, *figures: str) -> list[Line]:
    """A line for each month of all that one of the office's people sees, with these figures alone counted."""
    months = _months(first, last)
    for day, *numbers in _by_day(*figures, user=user, first=first, last=last):
        line = months[day.replace(day=1)]
        for figure, number in zip(figures, numbers, strict=True):
            line.counts[figure] += number
    return list(months.values())


@prepared
def _by_day(*figures: str, user: Any, first: Any, last: Any) -> QuerySet[Any, Any]:
    heard = FollowUp.objects.visible_to(user).heard_between(first, last).order_by().values("heard_on")
    counted = {figure: counter for figure, counter in counters().items() if figure in figures}
    return heard.annotate(**counted).values_list("heard_on", *figures)


def _months(first: date, last: date) -> dict[date, Line]:
    months: dict[date, Line] = {}
    month = first.replace(day=1)
    while month <= last:
        months[month] = Line(month, "")
        month = month_end(month) + timedelta(days=1)
    return months


def month_end(first: date) -> date:
    """The last day of the month that begins then."""
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def by_partner(rows: FollowUpQuerySet, first: date, last: date, kind: str, most: int) -> list[Line]:
    """A line for each of the partners heard most often in this time."""
    heard = rows.heard_between(first, last).order_by().values("partner")
    times = heard.filter(STANDING).annotate(times=Count("pk", filter=Q(kind=kind) if kind else None))
    most_heard = times.order_by("-times", "partner").values_list("partner", "times")[:most]
    often = [key for key, number in most_heard if number]
    names = Partner.objects.in_bulk([key for key in often if key])
    lines = []
    for counts in heard.filter(Q(partner__in=names) | Q(partner=None)).annotate(**counters(kind)):
        key = counts["partner"]
        if key in often:
            lines.append(Line(key, str(names[key]) if key else _("Our office as a whole")))
            lines[-1].add(counts)
    return _most_heard_first(lines)


def counters(kind: str = "", *, among: Q | None = None) -> dict[str, Count]:
    """A number for each figure; of one kind by what is counted, so that every row is still read from the one index.

    among  which rows are counted, where others are asked for too
    """
    of_kind = (among or Q()) & (Q(kind=kind) if kind else Q())
    return {figure: Count("pk", filter=condition & of_kind) for figure, condition in CONDITIONS.items()}


def _most_heard_first(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (-line.counts["heard"], sort_key(line.name)))
