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
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.billing.models import Bill
from comity.billing.services.explaining import Explained, explained
from comity.billing.views.bills import Row, bill_or_404, chart_of, facts_of, groups_of, heads, less_than_full
from comity.office.services import current_office
from comity.people.access import Request, signed_in
from comity.people.models import User
from comity.ui.charts import Sheet
from comity.ui.components.days import day
from comity.ui.money import signed
from comity.ui.typesetting import pdf_response, typeset

TEMPLATE = Path(__file__).resolve().parents[1] / "print" / "bill.typ"
WIDE = 720  # of a picture, which the sheet makes as wide as itself: so its letters are as small as the others

Data = dict[str, Any]


@signed_in
@require_safe
def pdf(request: Request, pk: int) -> HttpResponse:
    bill = bill_or_404(request, pk)
    return pdf_response(next(pdfs([bill], request.user)), f"bill-{bill.number}")


def pdfs(bills: Iterable[Bill], user: User) -> Iterator[bytes]:
    """Each bill as a PDF, as this person may see it. They come with their runs' periods and their partners."""
    for bill in bills:
        yield typeset(TEMPLATE, data_of(explained(bill, user)))


def data_of(found: Explained) -> Data:
    """All that stands on the sheets; see above."""
    bill = found.bill
    until = _("A line can be disputed until %(day)s, on its page in the portal.") % {
        "day": day(bill.dispute_until)
    }
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
        "last": [words for words in (less_than_full(found), until if bill.dispute_until else "") if words],
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
    cells = [figure for _head, figure in row.cells]
    return {"words": row.words, "note": row.note, "cells": cells, "strong": row.line is None}
