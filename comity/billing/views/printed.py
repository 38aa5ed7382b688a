"""A bill as a PDF for print and for screen readers.

What the template reads (`comity/billing/print/bill.typ`); every text is plain:

    title, kicker, office, sentence, footer, language; name: the title for who does not see it
    facts  [name, words] each
    why    heading, svg and what it says in words: alt, note, head, rows of three; None where nothing changed
    lines  heading, head, nothing (what to say of none), rows: words, note, cells, strong
    last   what stands below them
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.billing.models import Bill
from comity.billing.services.explaining import Explained, explained
from comity.billing.views.bills import bill_or_404, chart_of, groups_of, imputed
from comity.office.services import current_office
from comity.people.access import Request, signed_in
from comity.people.models import User
from comity.ui.charts import Sheet
from comity.ui.components.days import day
from comity.ui.money import money, signed
from comity.ui.typesetting import typeset

TEMPLATE = Path(__file__).resolve().parents[1] / "print" / "bill.typ"
WIDE = 720  # of a picture, which the sheet makes as wide as itself: so its letters are as small as the others

Data = dict[str, Any]


@signed_in
@require_safe
def pdf(request: Request, pk: int) -> HttpResponse:
    bill = bill_or_404(request, pk)
    answer = HttpResponse(next(pdfs([bill], request.user)), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="bill-{bill.number}.pdf"'
    return answer


def pdfs(bills: Iterable[Bill], user: User) -> Iterator[bytes]:
    """Each bill as a PDF, as this person may see it. They come with their runs' periods and their partners."""
    for bill in bills:
        yield typeset(TEMPLATE, data_of(explained(bill, user)))


def data_of(found: Explained) -> Data:
    """All that stands on the sheets; see above."""
    bill, office = found.bill, current_office()
    less = imputed(found.lines)
    full = _("At the rates for everybody it would be %(full)s: %(less)s more.")
    until = _("A line can be disputed until %(day)s, on its page in the portal.")
    return {
        "title": str(bill.partner),
        "name": f"{bill.number}, {bill.partner}",
        "kicker": " · ".join([*office.letterhead, _("Bill %(number)s") % {"number": bill.number}]),
        "office": office.name,
        "sentence": found.sentence,
        "language": (get_language() or "en").partition("-")[0],
        "footer": " · ".join(part for part in (bill.number, office.name, office.phone, office.email) if part),
        "facts": [
            (words, told)
            for words, told in (
                (_("Total"), money(bill.total_cents)),
                (_("Month"), found.month),
                (_("Due"), day(bill.due_on)),
                (_("Issued"), day(bill.issued_at) or str(bill.run.get_state_display())),
            )
            if told
        ],
        "why": _why(found),
        "lines": {
            "heading": _("What is charged"),
            "head": [_("What"), _("Quantity"), _("Rate"), _("Amount"), _("Change")],
            "nothing": _("Nothing was used or shared in %(month)s.") % {"month": found.month},
            "rows": list(_rows(found)),
        },
        "last": [
            *([full % {"full": money(bill.total_cents + less), "less": money(less)}] if less else []),
            *([until % {"day": day(bill.dispute_until)}] if bill.dispute_until else []),
        ],
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


def _rows(found: Explained) -> Iterator[Data]:
    """Each service with what it comes to, its lines, and the total."""
    for group in groups_of(found):
        alone = len(group.rows) == 1
        if not alone:
            yield _row(group.service, money(group.cents), strong=True)
        for row in group.rows:
            line = row.line
            note = row.note or str(line.offering.get_unit_display())
            note = f"{group.service} · {note}" if alone else note
            yield _row(str(line), money(line.cents), row.used, row.rate, row.change, note=note)
    if found.lines:
        change = signed(found.change) if found.before else ""
        yield _row(_("Total"), money(found.bill.total_cents), change=change, strong=True)


def _row(
    words: str,
    amount: str,
    used: str = "",
    rate: str = "",
    change: str = "",
    *,
    note: str = "",
    strong: bool = False,
) -> Data:
    return {"words": words, "note": note, "cells": [used, rate, amount, change], "strong": strong}
