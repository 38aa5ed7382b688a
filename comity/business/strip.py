"""The year of a partner: twelve months from this one on, with what counts in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from comity.business.models import Season
from comity.business.services import Near, coming
from comity.core import seasons
from comity.core.fiscal import month_after
from comity.ui.charts import Chart, Figures, Lane, Strip
from comity.ui.components.days import day

KINDS = Season.Kind.values


def year(rows: Sequence[Season], today: date) -> Chart | None:
    """The picture with its table; None where nothing is to come."""
    found = coming(rows, today)
    if not found:
        return None
    begins = today.replace(day=1)
    months = [month_after(begins, count) for count in range(12)]
    after = month_after(begins, 12)
    whole = (after - begins).days

    def at(one: date) -> float:
        return max(0.0, min(1.0, (one - begins).days / whole))

    def lane(one: Near) -> Lane:
        first, last = one.season.days
        ends = after - timedelta(days=1)
        there = seasons.times(first, last, yearly=one.season.yearly, begins=begins, ends=ends)
        spans = [(at(start), at(end + timedelta(days=1))) for start, end in there]
        return Lane(str(one.season), spans, KINDS.index(one.season.kind), one.when)

    return Chart(
        str(found[0]),
        Strip(
            lanes=[lane(one) for one in found],
            axis=[(at(month), date_format(month, "M")) for month in months],
            now=at(today),
            kinds=[str(label) for label in Season.Kind.labels],
            table=_table(found),
        ),
    )


def _table(found: Sequence[Near]) -> Figures:
    head = (_("What"), _("What it is"), _("When"), _("First day"), _("Last day"))
    rows = [
        (str(one.season), one.season.get_kind_display(), one.when, day(one.first), day(one.last))
        for one in found
    ]
    return Figures(head, rows, words=len(head))
