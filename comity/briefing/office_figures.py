"""How the office stands as a whole: the figures that those who answer for it see first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from comity.briefing import links
from comity.briefing.glance import YEAR, Glance
from comity.briefing.links import Figure
from comity.briefing.numbers import Numbers, quarter_start
from comity.followups.services import figures as ring_figures
from comity.people.models import User
from comity.surveys.services import closed_loop
from comity.ui.charts import Chart, Plot, Series

MONTHS = 12
DRAWN = ("heard", "done_in_time", "helped")


@dataclass(frozen=True)
class OfficeFigures:
    """How many have nobody to call, and how many follow-ups stand where they should not."""

    gaps: int
    unowned: int
    late: int
    late_long: int  # by more than a week: these stand on the CIO's page
    untold: int

    def figures(self) -> list[Figure]:
        """Each with its rows."""
        unowned = links.follow_ups(view="unowned")
        return [
            Figure(str(self.gaps), _("with nobody to call"), reverse("coverage"), "bad" if self.gaps else ""),
            Figure(str(self.unowned), _("without an owner"), unowned, "warn" if self.unowned else ""),
            Figure(str(self.late), _("late"), links.follow_ups(view="late"), "bad" if self.late else ""),
            Figure(str(self.untold), _("done, not told"), links.follow_ups(view="untold")),
        ]


def of_office(numbers: Numbers) -> OfficeFigures:
    """How the whole office stands."""
    unowned, late, late_long, untold, *_rest = numbers["office"]
    return OfficeFigures(numbers["gaps"][0], unowned, late, late_long, untold)


def quarter(numbers: Numbers, today: date, *, owner: User | None = None) -> list[tuple[str, int, str]]:
    """The ring's figures since the quarter began, each with the rows behind it; of one owner, or of all. None while all are 0."""
    counts = dict(zip(ring_figures.CONDITIONS, numbers["promises"], strict=True))
    filters: dict[str, object] = {"heard_from": quarter_start(today), "heard_to": today}
    if owner is not None:
        filters["owner"] = owner.pk
    if owner is not None:  # of one's own, what there is; of all, what there is not says something too
        counts = {figure: count for figure, count in counts.items() if count}
    return _ring(counts, filters) if any(counts.values()) else []


def low_ratings(numbers: Numbers, today: date) -> list[tuple[str, int, str]]:
    """What became of the low ratings since the quarter began, each figure with its rows; none where nobody rated low."""
    counts = dict(zip(closed_loop.STEPS, numbers.get("ratings", ()), strict=False))
    if not counts.get("heard"):
        return []
    first = quarter_start(today)
    return [
        (closed_loop.label(figure), counts[figure], links.low_ratings(figure=figure, heard_from=first))
        for figure in closed_loop.STEPS
    ]


def of_partner(glance: Glance, today: date) -> list[tuple[str, int, str]]:
    """The ring's figures of one partner over a year, each with the rows behind it."""
    filters = {"heard_from": today - YEAR, "heard_to": today, "partner": glance.partner.pk}
    return _ring(glance.open.year, filters)


def _ring(counts: Mapping[str, int], filters: Mapping[str, object]) -> list[tuple[str, int, str]]:
    return [
        (ring_figures.label(figure), counts[figure], links.follow_ups(figure=figure, **filters))
        for figure in ("heard", "owned_in_time", "done_in_time", "told", "helped")
        if figure in counts
    ]


def promises_by_month(user: User, today: date) -> Chart:
    """Heard and done in time over a year, month by month; the title says which way it goes."""
    first = (today.replace(day=1) - timedelta(days=31 * (MONTHS - 1))).replace(day=1)
    months = ring_figures.by_month(user, first, today, *DRAWN)[-MONTHS:]

    def urls(figure: str) -> list[str]:
        return [
            links.follow_ups(figure=figure, heard_from=month.key, heard_to=ring_figures.month_end(month.key))
            for month in months
        ]

    return Chart(
        title=_trend(months),
        drawing=Plot(
            "nested",
            [date_format(month.key, "M Y") for month in months],
            [
                Series(ring_figures.label(figure), [month.counts[figure] for month in months], urls(figure))
                for figure in DRAWN
            ],
            urls=urls(DRAWN[0]),
            x_name=_("Month"),
        ),
        note=_("Each follow-up counts in the month it was heard. The last two months are not complete yet."),
    )


def _trend(months: list[ring_figures.Line]) -> str:
    """How many were done on time, of the half year before the running months and of the one before it: what is drawn, added up."""
    settled = months[:-2]
    before, after = settled[: len(settled) // 2], settled[len(settled) // 2 :]
    (was, of), (now, whole) = _done(before), _done(after)
    if not of or not whole:
        return _("Heard, done on time and helped, by month")
    return _(
        "Done on time: %(now)s of %(whole)s from %(first)s to %(last)s, %(was)s of %(of)s in the %(count)s months before"
    ) % {
        "now": now,
        "whole": whole,
        "first": date_format(after[0].key, "F"),
        "last": date_format(after[-1].key, "F"),
        "was": was,
        "of": of,
        "count": len(before),
    }


def _done(months: list[ring_figures.Line]) -> tuple[int, int]:
    return sum(month.counts["done_in_time"] for month in months), sum(
        month.counts["heard"] for month in months
    )
