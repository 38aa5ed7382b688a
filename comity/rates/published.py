"""The rate sheet as CSV that can be brought in again, and as a PDF for print and for screen readers.

What the PDF's template reads (`comity/rates/print/sheet.typ`); every text is plain:

    title, kicker, office, sentence, footer, language, nothing (what to say of no rates); name: the title
    head     of the rows of each part
    parts    one for each service: heading, rows: what and price, each words and note, and last: since when
    changes  heading, head, rows: the same, last: why; of what changed, then of what is coming
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.office.services import current_office
from comity.people.models import User
from comity.rates.models import RateVersion
from comity.rates.services import sheet as sheets
from comity.rates.services.wording import price_words
from comity.ui.components.days import day
from comity.ui.csv import lines
from comity.ui.tables import Column, only_csv
from comity.ui.typesetting import typeset

TEMPLATE = Path(__file__).resolve().parent / "print" / "sheet.typ"

Data = dict[str, Any]

BY_SERVICE = ("offering__service__sort_name", "offering__sort_name")
COLUMNS = (
    Column("name", gettext_lazy("Offering"), value=str, sort="offering__sort_name"),
    Column("offering.service", gettext_lazy("Service"), csv="service", sort=BY_SERVICE),
    Column("offering.code", gettext_lazy("Meter code"), csv="offering", wide=True, whole=True),
    Column(
        "offering.unit",
        gettext_lazy("Counted per"),
        csv="unit",
        csv_value=lambda row: row.offering.get_unit_display(),
        wide=True,
    ),
    Column("customer_class"),
    Column("price", gettext_lazy("Price"), value=price_words),
    Column("starts_on", gettext_lazy("Since")),
    Column("announced_on", wide=True),
    *only_csv("ends_on", "why"),
)


def csv_of(rates: Iterable[RateVersion]) -> Iterator[str]:
    """Its lines."""
    columns = [column.of(RateVersion) for column in COLUMNS]
    head = [column.csv or column.key for column in columns]
    return lines(head, ([column.read_csv(row) for column in columns] for row in rates))


def pdf_of(on: date, user: User | None = None) -> bytes:
    """The sheet of a day, as somebody may see it; all of it for nobody."""
    return typeset(TEMPLATE, data_of(on, user))


def data_of(on: date, user: User | None) -> Data:
    """All that stands on the sheets; see above."""
    office = current_office()
    title = _("Rates on %(day)s") % {"day": day(on)}
    rates = list(sheets.sheet_on(on, user))
    changed, later = sheets.changes(rates, on), sheets.coming(on, user)
    return {
        "title": title,
        "name": f"{title}, {office.name}",
        **office.on_paper(_("Rate sheet")),
        "sentence": _("What %(office)s charges for each of its services.") % {"office": office.name},
        "nothing": _("No rates."),
        "head": [_("Offering"), _("Price"), _("Since")],
        "parts": [
            {"heading": str(service), "rows": [_row(rate) for rate in each]}
            for service, each in groupby(rates, lambda rate: rate.offering.service)
        ],
        "changes": {
            "heading": _("What changed, and why"),
            "head": [_("What"), _("Price"), _("Why")],
            "rows": [_change(each) for each in (*changed, *later)],
        },
    }


def _row(rate: RateVersion) -> Data:
    parts = (rate.offering.code, rate.offering.get_unit_display(), rate.customer_class)
    return {
        "what": {"words": str(rate), "note": " · ".join(str(part) for part in parts if part)},
        "price": {"words": price_words(rate), "note": ""},
        "last": day(rate.starts_on),
    }


def _change(each: sheets.Changed) -> Data:
    return {
        "what": {"words": str(each.rate), "note": ", ".join(each.since)},
        "price": {"words": each.price, "note": each.was},
        "last": each.rate.why,
    }
