"""A bill as its partner and the office read it: what matters, why it changed, its lines; as PDF and CSV.

What the template of the PDF reads (`comity/billing/print/bill.typ`); every text is plain:

    title, kicker, office, sentence, footer, language; name: the title for who does not see it
    facts  [name, words] each
    why    heading, svg and what it says in words: alt, note, head, rows of three; None where nothing changed
    lines  heading, head, nothing (what to say of none), rows: words, note, cells, strong
    last   what stands below them
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from comity.billing import tables
from comity.billing.models import Bill, Dispute, Line
from comity.billing.services.explaining import Explained, explained
from comity.imports.pages import list_page
from comity.office.services import current_office
from comity.people.access import Request, row_or_404, signed_in
from comity.people.models import User
from comity.ui import csv
from comity.ui.charts import Chart, Figures, Sheet, Waterfall
from comity.ui.components.days import day
from comity.ui.money import brief, money, plain_dollars, quantity, signed
from comity.ui.typesetting import pdf_response, typeset

TEMPLATE = Path(__file__).resolve().parents[1] / "print" / "bill.typ"
SMALL_CENTS = 1_000_00  # a bill of less says its cents in the picture, too
WIDE = 720  # of a picture, which the sheet makes as wide as itself: so its letters are as small as the others

Data = dict[str, Any]

CSV_HEAD = (
    "bill", "partner", "partner_name", "month", "service", "offering", "meter_code", "kind", "belongs_to",
    "quantity", "unit", "rate", "amount", "amount_at_full_rate", "corrects_line", "line", "explanation",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """What a bill says in a row, on the page and on paper: of a line, or of several lines what they come to.

    cells  its figures, each below its head
    """

    words: str
    cells: list[tuple[str, str]]
    note: str = ""
    line: Line | None = None
    in_dispute: bool = False


def heads() -> list[str]:
    return [_("What"), _("Quantity"), _("Rate"), _("Amount"), _("Change")]


def _cells(*, used: str = "", rate: str = "", amount: int, change: str = "") -> list[tuple[str, str]]:
    return list(zip(heads()[1:], (used, rate, money(amount), change), strict=True))


@signed_in("GET")
def listing(request: Request) -> HttpResponseBase:
    return list_page(request, tables.bills_table(request), _("Bills"))


def bill_or_404(request: Request, pk: int) -> Bill:
    """A bill that this person may see."""
    return row_or_404(request, Bill, pk, "run__period", "partner")


@signed_in("GET")
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
        "less": less_than_full(found.lines, found.bill.total_cents),
    }
    return render(request, "billing/bill.html", context)


@signed_in("GET")
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
            *(line.quantity, offering.unit, line.rate_words, plain_dollars(line.cents)),
            *(plain_dollars(line.full_cents), line.corrects_id, line.pk, line.words),
        ]


def groups_of(found: Explained) -> Iterator[list[Row]]:
    """The lines under their services, in the order of the bill; the last group is the total alone."""
    disputed = set(Dispute.objects.open().filter(line__bill=found.bill).values_list("line", flat=True))
    for service, of_it in groupby(found.lines, lambda line: str(line.offering.service)):
        lines = list(of_it)
        alone = len(lines) == 1
        rows = [] if alone else [Row(service, _cells(amount=sum(line.cents for line in lines)))]
        for line in lines:
            note = line.note or str(line.offering.get_unit_display())
            cells = _cells(
                used=quantity(line.quantity) if line.quantity else "",
                rate=line.rate_words,
                amount=line.cents,
                change=signed(found.changes[line.pk]) if line.pk in found.changes else "",
            )
            note = f"{service} · {note}" if alone else note
            rows.append(Row(str(line), cells, note, line, line.pk in disputed))
        yield rows
    change = signed(found.change) if found.before else ""
    yield [Row(_("Total"), _cells(amount=found.bill.total_cents, change=change))]


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
    small = max(begin[1], end[1]) < SMALL_CENTS
    fall = Waterfall(
        begin,
        [(each.label, each.cents) for each in found.causes],
        end,
        more="bad",
        said=lambda cents, is_step: (
            (signed if is_step else money)(cents) if small else brief(cents, sign=is_step)
        ),
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


def less_than_full(lines: Iterable[Line], total: int) -> str:
    """What lines that come to so much would cost more at the rates for everybody, in a sentence; "" where it is nothing."""
    less = sum(line.full_cents - line.cents for line in lines if line.full_cents is not None)
    said = {"full": money(total + less), "less": money(less)}
    return _("At the rates for everybody it would be %(full)s: %(less)s more.") % said if less else ""


@signed_in("GET")
def pdf(request: Request, pk: int) -> HttpResponse:
    bill = bill_or_404(request, pk)
    return pdf_response(pdf_of(bill, request.user), f"bill-{bill.number}")


def pdf_of(bill: Bill, user: User) -> bytes:
    """A bill as a PDF, as this person may see it. It comes with its run's period and its partner."""
    return typeset(TEMPLATE, data_of(explained(bill, user)))


def data_of(found: Explained) -> Data:
    """All that stands on the sheets; see above."""
    bill = found.bill
    until = _("A line can be disputed until %(day)s, on its page in the portal.")
    less = less_than_full(found.lines, bill.total_cents)
    last = (less, bill.dispute_until and until % {"day": day(bill.dispute_until)})
    return {
        "title": str(bill.partner),
        "name": f"{bill.number}, {bill.partner}",
        **current_office().on_paper(_("Bill %(number)s") % {"number": bill.number}, first=bill.number),
        "sentence": found.sentence,
        "facts": facts_of(found),
        "why": _why(found),
        "lines": {
            "heading": _("What is charged"),
            "head": heads(),
            "nothing": _("Nothing was used or shared in %(month)s.") % {"month": found.month},
            "rows": [_row(row) for rows in groups_of(found) for row in rows] if found.lines else [],
        },
        "last": [words for words in last if words],
    }


def _why(found: Explained) -> Data | None:
    chart = chart_of(found)
    if chart is None:
        return None
    rows = [(each.label, each.sentence, signed(each.cents)) for each in found.causes]
    return {
        "heading": chart.title,
        "svg": chart.drawing.draw(Sheet(WIDE)),
        "alt": "; ".join(f"{label}: {cents}" for label, _sentence, cents in rows),
        "note": chart.note,
        "head": [_("Cause"), _("What happened"), _("Amount")],
        "rows": rows,
    }


def _row(row: Row) -> Data:
    figures = [figure for _head, figure in row.cells]
    return {"words": row.words, "note": row.note, "cells": figures, "strong": row.line is None}
