"""A line of a bill, opened: its arithmetic, its usage, its rate and the costs behind it, and what was said of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.db.models import Sum
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from comity.billing.capabilities import DECIDE, OWN, RUN
from comity.billing.models import Dispute, Line
from comity.billing.services import righting
from comity.billing.services.explaining import WORDS, charged
from comity.billing.services.splitting import rows_under
from comity.billing.views.bills import less_than_full
from comity.core.billing.change import OF_BOTH, differences
from comity.core.billing.money import half_up
from comity.core.errors import DomainError
from comity.core.fiscal import month_after
from comity.people.access import Request, row_or_404, signed_in
from comity.people.models import User
from comity.rates.cost_pictures import arithmetic
from comity.ui import csv
from comity.ui.charts import Chart, Figures, Plot, Series
from comity.ui.components.days import day, month, near_month
from comity.ui.money import money, price, quantity, signed, units
from comity.usage import store

MOST_PARTS = 24
FIRST = 8  # rows that are shown before somebody asks for all
FEW_DAYS = 5  # on fewer days than that nothing is to be seen day by day
CSV_HEAD = ("day", "account", "meter", "description", "quantity", "days", "cost", "source", "row_id")
IN_STORE = {"day": "on_day", "quantity": "used"}  # what of it the store calls otherwise


@dataclass(frozen=True)
class Opened:
    """A line, and what stands beside it.

    last, year_ago  what the same was a month and a year before; each may be several lines, or none
    """

    line: Line
    last: Sequence[Line]
    year_ago: Sequence[Line]

    @cached_property
    def under(self) -> store.Line:
        """Which rows of the store lie under it."""
        return rows_under(self.line)

    @property
    def month(self) -> str:
        return month(self.line.month)

    @property
    def month_before(self) -> str:
        return near_month(month_after(self.line.month, -1), self.line.month)

    @cached_property
    def sentence(self) -> str:
        """What it cost, and how that differs from the month before."""
        line, old = self.line, sum(one.cents for one in self.last)
        said = {
            "name": line.offering.full_name,
            "month": self.month,
            "before": self.month_before,
            "note": line.note,
        }
        said |= {"amount": money(line.cents), "change": money(abs(line.cents - old))}
        if not line.is_own:
            return _("%(name)s, %(note)s: %(amount)s.") % said
        if not self.last:
            return _("%(name)s cost %(amount)s in %(month)s.") % said
        if line.cents == old:
            return _("%(name)s cost %(amount)s, the same as in %(before)s.") % said
        words = _("%(name)s cost %(amount)s, %(change)s less than in %(before)s")
        if line.cents == 2 * old:
            words = _("%(name)s cost %(amount)s, twice as much as in %(before)s")
        elif line.cents > old:
            words = _("%(name)s cost %(amount)s, %(change)s more than in %(before)s")
        return words % said + self._tail

    @property
    def _tail(self) -> str:
        """What differs, where one thing alone does."""
        line, last = self.line, self.last[-1]
        used, then = line.quantity, sum(one.quantity for one in self.last)
        if line.kind == Line.Kind.USAGE and line.rate_id == last.rate_id and used != then:
            said = {"now": quantity(used), "then": quantity(then)}
            return _(": %(now)s were used instead of %(then)s.") % said
        if line.rate_id != last.rate_id and used == then and line.rate_words != last.rate_words:
            said = {"now": line.rate_words, "then": last.rate_words}
            return _(": the rate is %(now)s instead of %(then)s.") % said
        return "."

    @cached_property
    def against(self) -> list[tuple[str, int]]:
        """What the difference to the month before is made of."""
        if not self.last or not self.line.is_own:
            return []
        steps = differences(charged(self.last), charged([self.line]))
        cents = {step.cause: step.cents for step in steps}
        return [(str(WORDS[cause][0]), cents.get(cause, 0)) for cause in OF_BOTH]

    @property
    def compared(self) -> Figures:
        """The line beside the same of a month and of a year ago."""
        rows = []
        for back, lines in ((0, [self.line]), (1, self.last), (12, self.year_ago)):
            if lines:
                of, used = month(month_after(self.line.month, -back)), sum(one.quantity for one in lines)
                cents = sum(one.cents for one in lines)
                rows.append((of, quantity(used), lines[-1].rate_words, money(cents)))
        return Figures((_("Month"), _("Quantity"), _("Rate"), _("Amount")), rows)


def line_or_404(request: Request, pk: int) -> Line:
    """A line that this person may see."""
    beside = ("bill__run__period", "bill__partner", "offering__service__owner", "rate", "snapshot")
    return row_or_404(request, Line, pk, *beside, "corrects__bill")


def opened(line: Line, user: User) -> Opened:
    """The line beside what the same cost a month and a year before; one query."""
    months = month_after(line.month, -1), month_after(line.month, -12)
    rows = Line.objects.visible_to(user).filter(bill__partner=line.bill.partner_id, offering=line.offering_id)
    own = rows.filter(kind__in=Line.OWN, month__in=months)
    beside = list(own.select_related("rate").order_by("month", "pk"))
    return Opened(line, *([one for one in beside if one.month == first] for first in months))


@signed_in("GET")
def page(request: Request, pk: int) -> HttpResponse:
    found = opened(line_or_404(request, pk), request.user)
    line, user = found.line, request.user
    of_it = Dispute.objects.visible_to(user).filter(line__offering=line.offering_id)
    theirs = of_it.filter(line__bill__partner=line.bill.partner_id)
    refusal = righting.why_not(line)
    derivation = line.rate.derivation if line.rate else {}
    context = {
        "found": found,
        "line": line,
        "parts": share_of(line) if line.kind == Line.Kind.SHARE else parts_of(line),
        "less": less_than_full([line], line.cents),
        "derivation": arithmetic(derivation, opens=user.is_office),
        "disputes": list(theirs.select_related("line__bill", "follow_up", "raised_by", "decided_by")),
        "refusal": refusal,
        "may_dispute": user.can(OWN) and not refusal,
        "may_decide": user.can(DECIDE),
        "corrections": line.corrections.select_related("bill"),
        "may_adjust": bool(line.bill.issued_at) and user.can(RUN),
        "waiting": line.adjustments.waiting() if user.is_office else (),
        **_usage(request, found),
    }
    return render(request, "billing/line.html", context)


def _usage(request: Request, found: Opened) -> dict[str, Any]:
    """A page of the rows under the line, and how it was used day by day; or why they cannot be read now."""
    if not found.line.usage_rows:
        return {}
    asked = request.GET.get("rows", "")
    number = int(asked) if asked.isdecimal() and 0 < len(asked) < 8 else 0
    try:
        rows, count = store.page_of(found.under, number)
        days = day_by_day(found)
    except DomainError as error:
        return {"unreadable": str(error)}
    pages = -(-count // store.PAGE) if number else 0
    shown = rows if number else rows[:FIRST]
    return {"rows": shown, "count": count, "number": number, "pages": pages, "days": days}


def day_by_day(found: Opened) -> Chart | None:
    """What was used on each day of the month and of the one before; None where days say nothing."""
    now = store.used_by(found.under, "on_day")
    if len(now) < FEW_DAYS:
        return None
    earlier = month_after(found.line.month, -1)
    under = replace(found.under, belongs_to=earlier, period=earlier, first=date.min, last=date.max)
    then = store.used_by(under, "on_day") if found.last else {}
    days = sorted({*then, *now})
    series = [
        Series(name, [float(used[one]) if one in used else None for one in days])
        for name, used in ((found.month_before, then), (found.month, now))
        if used
    ]
    unit = str(found.line.offering.get_unit_display())
    plot = Plot("bar", [date_format(one, "M j") for one in days], series, unit=unit, x_name=_("Day"))
    title = _("Day by day in %(then)s and %(now)s") if then else _("Day by day in %(now)s")
    return Chart(title % {"then": found.month_before, "now": found.month}, plot)


@signed_in("GET")
def rows_csv(request: Request, pk: int) -> HttpResponseBase:
    """All rows under a line."""
    line = line_or_404(request, pk)
    rows = store.every_row_of(rows_under(line)) if line.usage_rows else ()
    cells = ([row[IN_STORE.get(name, name)] for name in CSV_HEAD] for row in rows)
    return csv.response(request, f"{line.bill}-{line.offering.code}", CSV_HEAD, cells)


def parts_of(line: Line) -> Figures | None:
    """From units to the amount: by tier, or by account where each has a bound."""
    if not line.parts:
        return None
    amounts = [Fraction(part["cents"]) for part in line.parts]
    rows = [
        (
            _("Part %(number)s") % {"number": at} if len(amounts) > 1 else str(line.offering),
            units(part["units"]),
            price(Decimal(part["price"])),
            _exact(amounts[at - 1]),
        )
        for at, part in enumerate(line.parts[:MOST_PARTS], 1)
    ]
    if more := amounts[MOST_PARTS:]:
        rows.append((_("%(count)s more parts") % {"count": len(more)}, "", "", _exact(sum(more, Fraction()))))
    if bounded := line.cents - half_up(sum(amounts, Fraction())):
        rows.append((_("To the least or the most that a line costs"), "", "", signed(bounded)))
    head = (_("What"), str(line.offering.get_unit_display()), _("Rate"), _("Amount"))
    return Figures(head, rows, (_("The line, rounded once"), quantity(line.quantity), "", money(line.cents)))


def _exact(cents: Fraction) -> str:
    """Cents that may have a fraction, in dollars."""
    return price(round(Decimal(cents.numerator) / cents.denominator / 100, 6))


def share_of(line: Line) -> Figures:
    """How a partner's part of a common cost came about: its own figure and that of all together, nobody else's."""
    assert line.rate is not None
    of_run = Line.objects.filter(bill__run=line.bill.run_id, rate=line.rate, kind=line.kind, month=line.month)
    whole = of_run.aggregate(cents=Sum("cents"), quantity=Sum("quantity"))
    percent = Fraction(line.quantity) / Fraction(whole["quantity"]) * 100 if whole["quantity"] else Fraction()
    said = {"driver": line.rate.get_driver_display(), "name": line.bill.partner}
    rows = [
        (_("The year’s amount"), money(line.rate.annual_cents)),
        (_("The month’s part of the year’s amount"), money(whole["cents"])),
        (_("%(driver)s, all together") % said, quantity(whole["quantity"])),
        (_("%(driver)s of %(name)s") % said, quantity(line.quantity)),
        (_("Share of that"), f"{round(float(percent), 2)} %"),
        (_("Figures as of"), day(line.snapshot.as_of if line.snapshot else None)),
    ]
    known = [row for row in rows if row[1]]
    return Figures((_("What"), _("Figure")), known, (_("The line"), money(line.cents)))
