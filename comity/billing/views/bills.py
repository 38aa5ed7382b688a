"""A bill as its partner and the office read it: what matters, why it changed, its lines; as PDF and CSV."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.billing import tables
from comity.billing.models import Bill, Dispute, Line
from comity.billing.services.explaining import Explained, explained
from comity.billing.words import note_of, rate_words
from comity.imports.pages import list_page
from comity.people.access import Request, signed_in
from comity.ui import csv
from comity.ui.charts import Chart, Figures, Waterfall
from comity.ui.components.days import day
from comity.ui.money import brief, money, plain_dollars, quantity, signed

CSV_HEAD = (
    "bill", "partner", "partner_name", "month", "service", "offering", "meter_code", "kind", "belongs_to",
    "quantity", "unit", "rate", "amount", "amount_at_full_rate", "corrects_line", "line", "explanation",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """What the bill says in a row, on the page and on paper: of a line, or of several lines what they come to."""

    words: str
    amount: str
    used: str = ""
    rate: str = ""
    change: str = ""
    note: str = ""
    line: Line | None = None
    in_dispute: bool = False

    @property
    def cells(self) -> list[tuple[str, str]]:
        """Its figures under their heads."""
        return list(zip(heads()[1:], (self.used, self.rate, self.amount, self.change), strict=True))


def heads() -> list[str]:
    return [_("What"), _("Quantity"), _("Rate"), _("Amount"), _("Change")]


@signed_in
@require_safe
def listing(request: Request) -> HttpResponseBase:
    return list_page(request, tables.bills_table(request), _("Bills"))


def bill_or_404(request: Request, pk: int) -> Bill:
    """A bill that this person may see."""
    rows = Bill.objects.visible_to(request.user).select_related("run__period", "partner")
    return get_object_or_404(rows, pk=pk)


@signed_in
@require_safe
def page(request: Request, pk: int) -> HttpResponse:
    found = explained(bill_or_404(request, pk), request.user)
    *groups, total = groups_of(found)
    context = {
        "bill": found.bill,
        "found": found,
        "heads": heads(),
        "groups": groups,
        "facts": facts_of(found),
        "total": total,
        "chart": chart_of(found),
        "less": less_than_full(found),
    }
    return render(request, "billing/bill.html", context)


@signed_in
@require_safe
def lines_csv(request: Request, pk: int) -> HttpResponseBase:
    found = explained(bill_or_404(request, pk), request.user)
    return csv.response(request, f"bill-{found.bill.number}", CSV_HEAD, _csv_rows(found))


def _csv_rows(found: Explained) -> Iterator[list[object]]:
    """The lines as CSV_HEAD says."""
    bill = found.bill
    for line in found.lines:
        offering = line.offering
        yield [
            *(bill.number, bill.partner.code, bill.partner.name, bill.run.period),
            *(offering.service.name, offering.name, offering.code, line.kind, f"{line.month:%Y-%m}"),
            *(line.quantity, offering.unit, rate_words(line), plain_dollars(line.cents)),
            *(plain_dollars(line.full_cents), line.corrects_id, line.pk, line.words),
        ]


def groups_of(found: Explained) -> Iterator[list[Row]]:
    """The lines under their services, in the order of the bill; the last group is the total alone."""
    disputed = set(Dispute.objects.open().filter(line__bill=found.bill).values_list("line", flat=True))
    for service, of_it in groupby(found.lines, lambda line: str(line.offering.service)):
        lines = list(of_it)
        alone = len(lines) == 1
        rows = [] if alone else [Row(service, money(sum(line.cents for line in lines)))]
        for line in lines:
            note, change = note_of(line) or str(line.offering.get_unit_display()), found.change_of(line)
            rows.append(
                Row(
                    str(line),
                    money(line.cents),
                    quantity(line.quantity) if line.quantity else "",
                    rate_words(line),
                    "" if change is None else signed(change),
                    f"{service} · {note}" if alone else note,
                    line,
                    line.pk in disputed,
                )
            )
        yield rows
    change_of_all = signed(found.change) if found.before else ""
    yield [Row(_("Total"), money(found.bill.total_cents), change=change_of_all)]


def facts_of(found: Explained) -> list[tuple[str, str]]:
    """What there is to know of it, as far as it has it."""
    bill = found.bill
    facts = [
        (_("Total"), money(bill.total_cents)),
        (_("Month"), found.month),
        (_("Due"), day(bill.due_on)),
        (_("Issued"), day(bill.issued_at) or str(bill.run.get_state_display())),
    ]
    return [fact for fact in facts if fact[1]]


def chart_of(found: Explained) -> Chart | None:
    """Why the bill changed, as a picture with the table of every step; None where nothing did."""
    if found.before is None or not found.causes:
        return None
    begin, end = (found.month_before, found.before.total_cents), (found.month, found.bill.total_cents)
    fall = Waterfall(
        begin,
        [(each.label, each.cents) for each in found.causes],
        end,
        more="bad",
        said=lambda cents, is_step: brief(cents, sign=is_step),
    )
    steps = [(capfirst(found.clause(step)), signed(step.cents)) for step in found.steps]
    rows = [(begin[0], money(begin[1])), *steps, (end[0], money(end[1]))]
    title = _("Why it is %(change)s more") if found.change > 0 else _("Why it is %(change)s less")
    return Chart(
        title % {"change": money(abs(found.change))} if found.change else _("What changed"),
        fall,
        note=_("The columns of the months do not begin at zero.") if fall.is_cut else "",
        figures=Figures((_("What happened"), _("Amount")), rows),
    )


def less_than_full(found: Explained) -> str:
    """What the lines would cost more at the rates for everybody, in a sentence; "" where it is nothing."""
    less = sum(line.full_cents - line.cents for line in found.lines if line.full_cents is not None)
    said = {"full": money(found.bill.total_cents + less), "less": money(less)}
    return _("At the rates for everybody it would be %(full)s: %(less)s more.") % said if less else ""
