"""The rate sheet: which rates hold on a day, for whom, and what changed since the fiscal year before.

It goes out as CSV that can be brought in again, and as a PDF for print and for screen readers. What the PDF's template reads (`comity/rates/print/sheet.typ`); every text is plain:

    title, kicker, office, sentence, footer, language, nothing (what to say of no rates); name: the title
    head     of the rows of each part
    parts    one for each service: heading, rows: what and price, each words and note, and last: since when
    changes  heading, head, rows: the same, last: why; of what changed, then of what is coming
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from comity.office.services import current_office, fiscal_year
from comity.partners.models import Partner
from comity.people.models import User
from comity.rates.models import RateVersion, RateVersionQuerySet
from comity.rates.services.wording import price_words
from comity.services.models import CustomerClass
from comity.ui.components.days import day
from comity.ui.csv import lines
from comity.ui.tables import Column, only_csv
from comity.ui.typesetting import typeset


def sheet_on(on: date, user: User | None) -> RateVersionQuerySet:
    """The rates of a day: all of them for the office; for a partner's user those of what its partners may have, and of
    these what they pay themselves. For nobody, as a command asks, all of them."""
    return _theirs(_visible(user).on(on), user, on)


def _visible(user: User | None) -> RateVersionQuerySet:
    rows = RateVersion.objects.visible_to(user) if user else RateVersion.objects.all()
    return rows.approved()


def _theirs(rows: RateVersionQuerySet, user: User | None, on: date) -> RateVersionQuerySet:
    """Without rates of other classes, and without the general one where the only class of theirs has its own."""
    rows = rows.select_related("offering__service", "customer_class")
    if user is None or user.is_office:
        return rows
    classes = set(CustomerClass.objects.of(Partner.objects.visible_to(user)).values())
    own = [each.pk for each in classes if each is not None]
    rows = rows.filter(customer_class=None) | rows.filter(customer_class__in=own)
    if len(classes) == 1 and own:
        special = RateVersion.objects.on(on).filter(offering=OuterRef("offering"), customer_class__in=own)
        rows = rows.exclude(Exists(special), customer_class=None)
    return rows


@dataclass(frozen=True)
class Changed:
    """A rate that is new since the fiscal year before, or that is coming.

    price, was  in words: what is paid, and what was paid before it
    since       from when on, and when that was announced
    """

    rate: RateVersion
    price: str
    was: str
    since: list[str]


def changes(rows: Iterable[RateVersion], on: date) -> list[Changed]:
    """Those of the rates that hold on a day that began in its fiscal year, with what held on the last day of the one before.

    A rate that is said again at the same price is not a change.
    """
    since = fiscal_year(on).first_day
    return _with_before([rate for rate in rows if rate.starts_on >= since], since - timedelta(days=1))


def coming(on: date, user: User | None) -> list[Changed]:
    """What begins after a day, with what it follows."""
    later = _visible(user).filter(starts_on__gt=on)
    found = list(_theirs(later, user, on).order_by("starts_on", "offering__sort_name", "pk"))
    return _with_before(found, on)


def _with_before(rates: list[RateVersion], on: date) -> list[Changed]:
    rows = RateVersion.objects.on(on).filter(offering__in={rate.offering_id for rate in rates})
    held = {(each.offering_id, each.customer_class_id): each for each in rows.select_related("offering")}
    found = []
    for rate in rates:
        before = held.get((rate.offering_id, rate.customer_class_id), held.get((rate.offering_id, None)))
        price, was = price_words(rate), price_words(before) if before else ""
        if price != was:
            since = [_("from %(day)s") % {"day": day(rate.starts_on)}]
            if rate.announced_on:
                since.append(_("announced on %(day)s") % {"day": day(rate.announced_on)})
            was = _("%(price)s before") % {"price": was} if was else _("new")
            found.append(Changed(rate, price, was, since))
    return found


# --- as CSV and PDF ---

TEMPLATE = Path(__file__).resolve().parent / "print" / "sheet.typ"


def _unit(rate: RateVersion) -> str:
    return rate.offering.get_unit_display()


BY_SERVICE = ("offering__service__sort_name", "offering__sort_name")
COLUMNS = (
    Column("name", _l("Offering"), value=str, sort="offering__sort_name"),
    Column("offering.service", _l("Service"), csv="service", sort=BY_SERVICE),
    Column("offering.code", _l("Meter code"), csv="offering", wide=True, whole=True),
    Column("unit", _l("Counted per"), value=_unit, sort="offering__unit", wide=True),
    Column("customer_class"),
    Column("price", _l("Price"), value=price_words),
    Column("starts_on", _l("Since")),
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
    office = current_office()
    title = _("Rates on %(day)s") % {"day": day(on)}
    rates = list(sheet_on(on, user))
    changed = [*changes(rates, on), *coming(on, user)]
    data = {
        "title": title,
        "name": f"{title}, {office.name}",
        **office.on_paper(_("Rate sheet")),
        "sentence": _("What %(office)s charges for each of its services.") % {"office": office.name},
        "nothing": _("No rates."),
        "head": [_("Offering"), _("Price"), _("Since")],
        "parts": [
            {"heading": str(service), "rows": [_rate(rate) for rate in each]}
            for service, each in groupby(rates, lambda rate: rate.offering.service)
        ],
        "changes": {
            "heading": _("What changed, and why"),
            "head": [_("What"), _("Price"), _("Why")],
            "rows": [
                _row(str(each.rate), each.since, each.price, each.was, each.rate.why) for each in changed
            ],
        },
    }
    return typeset(TEMPLATE, data)


def _rate(rate: RateVersion) -> dict[str, Any]:
    about = [rate.offering.code, _unit(rate), str(rate.customer_class or "")]
    return _row(str(rate), about, price_words(rate), "", day(rate.starts_on))


def _row(name: str, about: Iterable[str], price: str, was: str, last: str) -> dict[str, Any]:
    what = {"words": name, "note": " · ".join(filter(None, about))}
    return {"what": what, "price": {"words": price, "note": was}, "last": last}
