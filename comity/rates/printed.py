"""The rate sheet as a PDF for print and for screen readers.

What the template reads (`comity/rates/print/sheet.typ`); every text is plain:

    title, kicker, office, sentence, footer, language, nothing (what to say of no rates); name: the title
    parts    one for each service: heading, head, rows: what and price, each words and note, and when
    changes  heading, head, rows: what, price, why; of what changed, then of what is coming
"""

from __future__ import annotations

from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from comity.office.services import current_office
from comity.people.models import User
from comity.rates.models import RateVersion
from comity.rates.services import sheet as sheets
from comity.rates.services.wording import price_words
from comity.ui.components.days import day
from comity.ui.typesetting import typeset

TEMPLATE = Path(__file__).resolve().parent / "print" / "sheet.typ"

Data = dict[str, Any]


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
        "kicker": " · ".join([*office.letterhead, _("Rate sheet")]),
        "office": office.name,
        "sentence": _("What %(office)s charges for each of its services.") % {"office": office.name},
        "language": (get_language() or "en").partition("-")[0],
        "footer": " · ".join(part for part in (office.name, office.phone, office.email) if part),
        "nothing": _("No rates."),
        "parts": [
            _part(str(service), list(each))
            for service, each in groupby(rates, lambda rate: rate.offering.service)
        ],
        "changes": {
            "heading": _("What changed, and why"),
            "head": [_("What"), _("Price"), _("Why")],
            "rows": [_change(each) for each in (*changed, *later)],
        },
    }


def _part(service: str, rates: list[RateVersion]) -> Data:
    return {
        "heading": service,
        "head": [_("Offering"), _("Price"), _("Since")],
        "rows": [
            {
                "what": {"words": str(rate), "note": _notes(rate)},
                "price": {"words": price_words(rate), "note": ""},
                "when": day(rate.starts_on),
            }
            for rate in rates
        ],
    }


def _notes(rate: RateVersion) -> str:
    parts = (rate.offering.code, rate.offering.get_unit_display(), rate.customer_class)
    return " · ".join(str(part) for part in parts if part)


def _change(each: sheets.Changed) -> Data:
    rate = each.rate
    said = [_("from %(day)s") % {"day": day(rate.starts_on)}]
    if rate.announced_on:
        said.append(_("announced on %(day)s") % {"day": day(rate.announced_on)})
    was = _("%(price)s before") % {"price": each.was} if each.was else _("new")
    return {
        "what": {"words": str(rate), "note": ", ".join(said)},
        "price": {"words": each.price, "note": was},
        "why": rate.why,
    }
