"""A line of a bill, opened: its arithmetic, its usage, its rate and the costs behind it, and what was said of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.db.models import Sum
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.billing.capabilities import DECIDE, OWN, RUN
from comity.billing.models import Dispute, Line
from comity.billing.services import disputing
from comity.billing.services.explaining import LABELS, Charge, at_old_rates, explain, sums
from comity.billing.services.explaining import OWN as OWN_KINDS
from comity.billing.services.splitting import rows_under
from comity.billing.words import near_month, note_of, rate_words, units
from comity.core.billing.change import Cause
from comity.core.billing.money import half_up
from comity.core.errors import DomainError
from comity.people.access import Request, signed_in
from comity.people.models import User
from comity.rates.models import Step as CostStep
from comity.ui import csv
from comity.ui.charts import Chart, Figures, Plot, Series
from comity.ui.components.days import month
from comity.ui.money import money, price, quantity, signed
from comity.usage import store

MOST_PARTS = 24
FIRST = 8  # rows that are shown before somebody asks for all
FEW_DAYS = 5  # on fewer days than that nothing is to be seen day by day
CSV_HEAD = ("day", "account", "meter", "description", "quantity", "days", "cost", "source", "row_id")


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
    def name(self) -> str:
        service, offering = str(self.line.offering.service), str(self.line.offering)
        return service if service == offering else f"{service} ({offering})"

    @property
    def month(self) -> str:
        return month(self.line.month)

    @property
    def month_before(self) -> str:
        return near_month(before(self.line.month), self.line.month)

    @cached_property
    def sentence(self) -> str:
        """What it cost, and how that differs from the month before."""
        line, old = self.line, sum(one.cents for one in self.last)
        said = {
            "name": self.name,
            "amount": money(line.cents),
            "month": self.month,
            "before": self.month_before,
        }
        if line.kind not in OWN_KINDS:
            return _("%(name)s, %(note)s: %(amount)s.") % {**said, "note": note_of(line)}
        if not self.last:
            return _("%(name)s cost %(amount)s in %(month)s.") % said
        said["change"] = money(abs(line.cents - old))
        if line.cents == old:
            words = _("%(name)s cost %(amount)s, the same as in %(before)s.")
        elif line.cents == 2 * old:
            words = _("%(name)s cost %(amount)s, twice as much as in %(before)s")
        elif line.cents > old:
            words = _("%(name)s cost %(amount)s, %(change)s more than in %(before)s")
        else:
            words = _("%(name)s cost %(amount)s, %(change)s less than in %(before)s")
        return words % said + ("" if line.cents == old else self._tail())

    def _tail(self) -> str:
        """What differs, where one thing alone does."""
        line, last = self.line, self.last[-1]
        used, then = line.quantity, sum(one.quantity for one in self.last)
        if line.kind == Line.Kind.USAGE and line.rate_id == last.rate_id and used != then:
            said = {"now": quantity(used), "then": quantity(then)}
            return _(": %(now)s were used instead of %(then)s.") % said
        if line.rate_id != last.rate_id and used == then and rate_words(line) != rate_words(last):
            said = {"now": rate_words(line), "then": rate_words(last)}
            return _(": the rate is %(now)s instead of %(then)s.") % said
        return "."

    @cached_property
    def against(self) -> list[tuple[str, int]]:
        """What the difference to the month before is made of."""
        if not self.last or self.line.kind not in OWN_KINDS:
            return []
        now = Charge(self.line.cents, Fraction(self.line.quantity), at_old_rates(self.line, self.last))
        steps = {step.cause: step.cents for step in explain({"": Charge(*sums(self.last))}, {"": now})}
        return [(str(LABELS[cause]), steps.get(cause, 0)) for cause in (Cause.VOLUME, Cause.PRICE, Cause.MIX)]

    @property
    def compared(self) -> Figures:
        """The line beside the same of a month and of a year ago."""
        others = ((before(self.line.month), self.last), (a_year_before(self.line.month), self.year_ago))
        rows = [(self.month, *_compared([self.line]))]
        rows += [(month(first), *_compared(lines)) for first, lines in others if lines]
        return Figures((_("Month"), _("Quantity"), _("Rate"), _("Amount")), rows)


def _compared(lines: Sequence[Line]) -> tuple[str, str, str]:
    cents, used = sums(lines)
    return units(used), rate_words(lines[-1]), money(cents)


def before(first: date) -> date:
    """The first day of the month before."""
    return (first - timedelta(days=1)).replace(day=1)


def a_year_before(first: date) -> date:
    return first.replace(year=first.year - 1)


def line_or_404(request: Request, pk: int) -> Line:
    """A line that this person may see."""
    rows = Line.objects.visible_to(request.user).select_related(
        "bill__run__period", "bill__partner", "offering__service__owner", "rate", "snapshot", "corrects__bill"
    )
    return get_object_or_404(rows, pk=pk)


def opened(line: Line, user: User) -> Opened:
    """The line beside what the same cost a month and a year before; one query."""
    last, year = before(line.month), a_year_before(line.month)
    rows = Line.objects.visible_to(user).filter(
        bill__partner=line.bill.partner_id,
        offering=line.offering_id,
        kind__in=OWN_KINDS,
        month__in=[last, year],
    )
    beside = list(rows.select_related("rate").order_by("month", "pk"))
    return Opened(
        line, [one for one in beside if one.month == last], [one for one in beside if one.month == year]
    )


@signed_in
@require_safe
def page(request: Request, pk: int) -> HttpResponse:
    found = opened(line_or_404(request, pk), request.user)
    line, user = found.line, request.user
    of_it = Dispute.objects.visible_to(user).filter(
        line__bill__partner=line.bill.partner_id, line__offering=line.offering_id
    )
    disputes = list(of_it.select_related("line__bill", "follow_up", "raised_by", "decided_by"))
    refusal = disputing.why_not(line)
    context = {
        "found": found,
        "line": line,
        "parts": share_of(line) if line.kind == Line.Kind.SHARE else parts_of(line),
        "less": (line.full_cents or line.cents) - line.cents,
        "derivation": derivation_of(line),
        "pools": pools_of(line),
        "price": rate_words(line),
        "disputes": disputes,
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
    line = found.line
    if not line.usage_rows:
        return {}
    asked = request.GET.get("rows", "")
    number = int(asked) if asked.isdecimal() and 0 < len(asked) < 8 else 0
    try:
        rows, count = store.page_of(found.under, number)
        days = day_by_day(found)
    except DomainError as error:
        return {"unreadable": str(error)}
    pages = -(-count // store.PAGE) if number else 0
    return {
        "rows": rows if number else rows[:FIRST],
        "count": count,
        "number": number,
        "pages": pages,
        "days": days,
    }


def day_by_day(found: Opened) -> Chart | None:
    """What was used on each day of the month and of the one before; None where days say nothing."""
    now = store.used_by(found.under, "on_day")
    if len(now) < FEW_DAYS:
        return None
    earlier = before(found.line.month)
    under = replace(found.under, belongs_to=earlier, period=earlier, first=date.min, last=date.max)
    then = store.used_by(under, "on_day") if found.last else {}
    months = ((found.month_before, then), (found.month, now))
    days = sorted({*then, *now})
    series = [
        Series(name, [float(used[one]) if one in used else None for one in days])
        for name, used in months
        if used
    ]
    unit = str(found.line.offering.get_unit_display())
    plot = Plot("bar", [date_format(one, "M j") for one in days], series, unit=unit, x_name=_("Day"))
    if not then:
        return Chart(_("Day by day in %(now)s") % {"now": found.month}, plot)
    return Chart(
        _("Day by day in %(then)s and %(now)s") % {"then": found.month_before, "now": found.month}, plot
    )


@signed_in
@require_safe
def rows_csv(request: Request, pk: int) -> HttpResponseBase:
    """All rows under a line."""
    line = line_or_404(request, pk)
    rows = store.every_row_of(rows_under(line)) if line.usage_rows else iter(())
    return csv.response(request, f"{line.bill}-{line.offering.code}", CSV_HEAD, map(_row, rows))


def _row(row: dict[str, Any]) -> list[object]:
    return [row["on_day"], row["account"], row["meter"], row["description"], row["used"],
            row["days"], row["cost"], row["source"], row["row_id"]]  # fmt: skip


# --- arithmetic -------------------------------------------------------------------------------------------------------


def parts_of(line: Line) -> Figures | None:
    """From units to the amount: by tier, or by account where each has a bound."""
    if not line.parts:
        return None
    said = [
        (units(part["units"]), price(Decimal(part["price"])), Fraction(part["cents"])) for part in line.parts
    ]
    many = len(said) > 1
    rows = [
        (_("Part %(number)s") % {"number": at} if many else str(line.offering), used, each, _exact(cents))
        for at, (used, each, cents) in enumerate(said[:MOST_PARTS], 1)
    ]
    if more := said[MOST_PARTS:]:
        count = _("%(count)s more parts") % {"count": len(more)}
        rows.append((count, "", "", _exact(sum((cents for _u, _e, cents in more), Fraction()))))
    together = sum((cents for _u, _e, cents in said), Fraction())
    if half_up(together) != line.cents:
        rows.append(
            (_("To the least or the most that a line costs"), "", "", signed(line.cents - half_up(together)))
        )
    head = (_("What"), str(line.offering.get_unit_display()), _("Rate"), _("Amount"))
    return Figures(head, rows, (_("The line, rounded once"), quantity(line.quantity), "", money(line.cents)))


def _exact(cents: Fraction) -> str:
    """Cents that may have a fraction, in dollars."""
    return price(round(Decimal(cents.numerator) / cents.denominator / 100, 6))


def share_of(line: Line) -> Figures:
    """How a partner's part of a common cost came about: its own figure and that of all together, nobody else's."""
    of_run = Line.objects.filter(
        bill__run=line.bill.run_id,
        offering=line.offering_id,
        rate=line.rate_id,
        kind=line.kind,
        month=line.month,
    )
    whole = of_run.aggregate(cents=Sum("cents"), quantity=Sum("quantity"))
    percent = Fraction(line.quantity) / Fraction(whole["quantity"]) * 100 if whole["quantity"] else Fraction()
    driver = line.rate.get_driver_display() if line.rate else ""
    rows = [
        (_("The month’s part of the year’s amount"), money(whole["cents"])),
        (_("%(driver)s, all together") % {"driver": driver}, quantity(whole["quantity"])),
        (
            _("%(driver)s of %(name)s") % {"driver": driver, "name": line.bill.partner},
            quantity(line.quantity),
        ),
        (_("Share of that"), f"{round(float(percent), 2)} %"),
    ]
    if line.rate and line.rate.annual_cents is not None:
        rows.insert(0, (_("The year’s amount"), money(line.rate.annual_cents)))
    if line.snapshot:
        rows.append((_("Figures as of"), date_format(line.snapshot.as_of, "M j, Y")))
    return Figures((_("What"), _("Figure")), rows, (_("The line"), money(line.cents)))


def derivation_of(line: Line) -> list[tuple[str, str]]:
    """How the rate came from costs, as it stood when it was approved; nothing for one that rests on no forecast."""
    told: dict[str, Any] = line.rate.derivation if line.rate else {}
    if not told:
        return []
    rows = [
        (
            _("Cost of %(name)s, %(year)s") % {"name": told["service_name"], "year": told["year"]},
            told["service_cents"],
        ),
        (_("of which overhead"), sum(each["cents"] for each in told["overhead"])),
    ]
    if told["allocated_cents"] != told["service_cents"]:
        rows.append((_("of which for this offering"), told["allocated_cents"]))
    rows.append((_("Carried over from before"), told["carry_forward_cents"]))
    said = [(words, money(cents)) for words, cents in rows]
    expected = (_("Units expected"), quantity(Decimal(told["units"])))
    return [*said, expected, (_("Rate"), price(Decimal(told["price"])))]


def pools_of(line: Line) -> Figures | None:
    """The cost pools behind the rate: what the service costs by itself, and what was passed on to it, by what."""
    told: dict[str, Any] = line.rate.derivation if line.rate else {}
    if not told:
        return None
    direct = [(each["name"], _("its own cost"), money(each["cents"])) for each in told["direct"]]
    drivers = {value: str(words).lower() for value, words in CostStep.Driver.choices}
    passed = [
        (
            each["from"],
            _("%(weight)s of %(of)s by %(driver)s")
            % {"weight": units(each["weight"]), "of": units(each["of"]), "driver": drivers[each["driver"]]},
            money(each["cents"]),
        )
        for each in told["overhead"]
    ]
    return Figures((_("Cost pool"), _("How much of it"), _("Cost")), [*direct, *passed])
