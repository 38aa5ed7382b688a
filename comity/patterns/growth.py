"""How a pattern grew: what was said of it each month, and by whom for the first time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.office.services import words
from comity.ui.charts import Chart, Plot, Series
from comity.ui.components.days import near_month

MONTHS = 12


def growth(items: Iterable[tuple[date, int]], today: date) -> Chart:
    """Bars of the last twelve months, of the days on which something was heard, each with the partner's key."""
    count = today.year * 12 + today.month - MONTHS
    months = [date(at // 12, at % 12 + 1, 1) for at in range(count, count + MONTHS)]
    first, again, known = Counter[date](), Counter[date](), set[int]()
    for day, partner in sorted(items):
        (again if partner in known else first)[day.replace(day=1)] += 1
        known.add(partner)
    new = sum(first[month] for month in months)
    title = ngettext(
        "%(count)s %(partner)s said it for the first time in the last twelve months.",
        "%(count)s %(partners)s said it for the first time in the last twelve months.",
        new,
    )
    said = {"count": new, "partner": words().partner, "partners": words().partners}
    series = [
        Series(
            _("%(partners)s for the first time") % {"partners": words().Partners},
            [first[one] for one in months],
        ),
        Series(_("Again"), [again[one] for one in months]),
    ]
    names = [near_month(month, today) for month in months]
    return Chart(title % said, Plot("bar", names, series, x_name=_("Month")))
