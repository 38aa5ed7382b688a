"""A bill as its partner and the office read it: what matters, why it changed, its lines; as PDF and CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.billing import tables
from comity.billing.models import Bill, Dispute, Line
from comity.billing.services.explaining import Explained, explained
from comity.billing.words import note_of, rate_words
from comity.core.billing.money import half_up
from comity.people.access import Request, signed_in
from comity.ui import csv
from comity.ui.charts import Chart, Figures, Waterfall
from comity.ui.money import MINUS, money, plain_dollars, quantity, signed

MILLION = 1_000_000

CSV_HEAD = (
    "bill", "partner", "partner_name", "month", "service", "offering", "meter_code", "kind", "belongs_to",
    "quantity", "unit", "rate", "amount", "amount_at_full_rate", "corrects_line", "line", "explanation",
)  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """A line as a row of the bill."""

    line: Line
    note: str
    used: str
    rate: str
    change: str
    in_dispute: bool


@dataclass(frozen=True)
class Group:
    """The lines of one service."""

    service: str
    rows: list[Shown]

    @property
    def cents(self) -> int:
        return sum(row.line.cents for row in self.rows)


@signed_in
@require_safe
def listing(request: Request) -> HttpResponseBase:
    return tables.bills_table(request).respond("billing/list.html", {"heading": _("Bills")})


def bill_or_404(request: Request, pk: int) -> Bill:
    """A bill that this person may see."""
    rows = Bill.objects.visible_to(request.user).select_related("run__period", "partner")
    return get_object_or_404(rows, pk=pk)


@signed_in
@require_safe
def page(request: Request, pk: int) -> HttpResponse:
    found = explained(bill_or_404(request, pk), request.user)
    context = {
        "bill": found.bill,
        "found": found,
        "groups": groups_of(found),
        "chart": chart_of(found),
        "less": imputed(found.lines),
        "full": found.bill.total_cents + imputed(found.lines),
    }
    return render(request, "billing/bill.html", context)


@signed_in
@require_safe
def lines_csv(request: Request, pk: int) -> HttpResponseBase:
    found = explained(bill_or_404(request, pk), request.user)
    return csv.response(request, f"bill-{found.bill.number}", CSV_HEAD, csv_rows(found))


def csv_rows(found: Explained) -> Iterator[list[object]]:
    """The lines as CSV_HEAD says."""
    bill = found.bill
    for line in found.lines:
        offering = line.offering
        yield [
            *(bill.number, bill.partner.code, bill.partner.name, f"{bill.run.period}"),
            *(offering.service.name, offering.name, offering.code, line.kind, f"{line.month:%Y-%m}"),
            *(line.quantity, offering.unit, rate_words(line), plain_dollars(line.cents)),
            plain_dollars(line.full_cents),
            *(line.corrects_id, line.pk, line.words),
        ]


def groups_of(found: Explained) -> list[Group]:
    """The lines under their services, in the order of the bill."""
    disputed = set(Dispute.objects.open().filter(line__bill=found.bill).values_list("line", flat=True))
    groups: list[Group] = []
    for line in found.lines:
        service = str(line.offering.service)
        if not groups or groups[-1].service != service:
            groups.append(Group(service, []))
        change = found.change_of(line)
        used = quantity(line.quantity) if line.quantity else ""
        said = (note_of(line), used, rate_words(line), "" if change is None else signed(change))
        groups[-1].rows.append(Shown(line, *said, in_dispute=line.pk in disputed))
    return groups


def chart_of(found: Explained) -> Chart | None:
    """Why the bill changed, as a picture with the table of every step; None where nothing did."""
    if found.before is None or not found.causes:
        return None
    fall = Waterfall(
        (found.month_before, found.before.total_cents),
        [(each.label, each.cents) for each in found.causes],
        (found.month, found.bill.total_cents),
        more="bad",
        said=brief,
    )
    steps = [(f"{capfirst(found.clause(step))}", signed(step.cents)) for step in found.steps]
    whole = [
        (found.month_before, money(found.before.total_cents)),
        (found.month, money(found.bill.total_cents)),
    ]
    title = _("Why it is %(change)s more") if found.change > 0 else _("Why it is %(change)s less")
    return Chart(
        title % {"change": money(abs(found.change))} if found.change else _("What changed"),
        fall,
        note=_("The columns of the months do not begin at zero.") if fall.is_cut else "",
        figures=Figures((_("What happened"), _("Amount")), [whole[0], *steps, whole[1]]),
    )


def brief(cents: int, is_step: bool) -> str:
    """An amount in few letters: whole dollars, of millions two decimals."""
    sign = MINUS if cents < 0 else "+" if is_step and cents else ""
    dollars = Fraction(abs(cents), 100)
    if dollars >= MILLION:
        return f"{sign}${float(dollars / MILLION):,.2f}M"
    return f"{sign}${half_up(dollars):,}"


def imputed(lines: Iterable[Line]) -> int:
    """What the lines would cost more at the rate for everybody."""
    return sum(line.full_cents - line.cents for line in lines if line.full_cents is not None)
