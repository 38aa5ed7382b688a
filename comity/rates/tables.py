"""The lists of rates and of driver figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Sum
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from comity.office.services import today
from comity.partners.models import Partner
from comity.people.access import Request
from comity.rates.models import Driver, DriverSnapshot, RateVersion, RateVersionQuerySet
from comity.rates.services.sheet import sheet_on
from comity.rates.services.wording import price_words
from comity.services.models import CustomerClass, Offering, Service
from comity.ui.components.days import day
from comity.ui.components.signs import tag
from comity.ui.tables import Choice, Column, Search, Table, Toggle, only_csv


def state_sign(rate: RateVersion) -> SafeString:
    """Where a rate stands today, as a tag."""
    if rate.withdrawn_at:
        return tag(_("Withdrawn"), kind="none")
    if not rate.approved_at:
        return tag(_("Proposed"), kind="warn")
    if rate.holds_on(today()):
        return tag(_("In force"), kind="good")
    return tag(_("Coming") if rate.starts_on > today() else _("Ended"), kind="none")


def rates_table(request: Request) -> Table:
    return Table(
        request,
        RateVersion.objects.visible_to(request.user).select_related("offering__service", "customer_class"),
        name="rates",
        columns=[
            Column("offering", link=lambda row: row.get_absolute_url(), csv="offering", csv_value=_code),
            Column("offering.service", _("Service"), wide=True, csv="service"),
            Column("customer_class", wide=True),
            Column("price", _("Price"), value=price_words),
            Column("starts_on", whole=True),
            Column("ends_on", wide=True),
            Column("announced_on", wide=True),
            Column("state", _("State"), value=state_sign, csv_value=_state),
            *only_csv("why", "id"),
        ],
        filters=[
            Search("q", _("Find"), _search),
            Choice(
                "service",
                _("Service"),
                lambda: Service.objects.values_list("pk", "name"),
                "offering__service",
            ),
            Choice(
                "class",
                _("Customer class"),
                lambda: CustomerClass.objects.values_list("pk", "name"),
                "customer_class",
            ),
            Toggle("now", _("In force"), lambda rows: rows.on(today())),
            Toggle("proposed", _("Proposed"), lambda rows: rows.proposed()),
        ],
        views=[
            (_("In force"), "now=1"),
            (_("Proposed"), "proposed=1"),
            (_("All"), ""),
        ],
        default_sort="offering",
        export_name="rates",
        empty=_("No rates yet."),
    )


def sheet_table(request: Request, on: date, others: Sequence[date]) -> Table:
    """The rates of a day, and the days on which they will change."""
    views = [(_("Today"), "")] + [(_("From %(day)s") % {"day": day(each)}, f"on={each}") for each in others]
    return Table(
        request,
        sheet_on(on, request.user),
        name="rate-sheet",
        columns=sheet_columns(),
        filters=[
            Search("q", _("Find"), _search),
            Choice("service", _("Service"), lambda: _services(request), "offering__service"),
        ],
        views=views if others else (),
        default_sort="service",
        per_page=200,
        alone=False,
        export_name=f"rates-{on}",
        empty=_("No rates hold on this day."),
    )


def _services(request: Request) -> Any:
    return Service.objects.visible_to(request.user).values_list("pk", "name")


def sheet_columns() -> list[Column]:
    """What a rate sheet says of each rate; its CSV can be brought in again."""
    return [
        Column("name", _("Offering"), value=str, sort="offering__sort_name"),
        Column(
            "service",
            _("Service"),
            value=lambda row: row.offering.service,
            sort=("offering__service__sort_name", "offering__sort_name"),
        ),
        Column("offering", _("Meter code"), value=_code, sort="offering__code", wide=True, whole=True),
        Column("unit", _("Counted per"), value=lambda row: row.offering.get_unit_display(), wide=True),
        Column("customer_class", csv_value=lambda row: row.customer_class),
        Column("price", _("Price"), value=price_words),
        Column("starts_on", _("Since")),
        Column("announced_on", wide=True),
        *only_csv("ends_on", "why"),
    ]


def drivers_table(request: Request) -> Table:
    rows = DriverSnapshot.objects.visible_to(request.user).select_related("offering")
    return Table(
        request,
        rows.annotate(count=Count("values"), total=Sum("values__amount")),
        name="driver-figures",
        columns=[
            Column("driver", link=lambda row: row.get_absolute_url()),
            Column("offering", _("Offering"), wide=True),
            Column("as_of"),
            Column("source", wide=True),
            Column("count", _("With figures"), value=lambda row: row.count, numeric=True),
            Column("total", _("Total"), value=lambda row: row.total, numeric=True),
            Column(
                "used_at", _("Used"), value=lambda row: tag(_("Used"), kind="good") if row.used_at else ""
            ),
        ],
        filters=[Choice("driver", _("Driver"), Driver.choices, "driver")],
        default_sort="-as_of",
        export_name="driver-figures",
        empty=_("No driver figures yet."),
    )


def values_table(request: Request, snapshot: DriverSnapshot) -> Table:
    return Table(
        request,
        snapshot.values.select_related("partner"),
        name="driver-values",
        columns=[
            Column("partner", link=True, csv_value=lambda row: row.partner.code or row.partner.name),
            Column("amount"),
            Column("starts_on", wide=True),
            Column("ends_on", wide=True),
        ],
        filters=[
            Search("q", _("Find"), lambda rows, text: rows.filter(partner__in=Partner.objects.search(text)))
        ],
        default_sort="partner",
        export_name=f"figures-{snapshot.driver}-{snapshot.as_of}",
        empty=_("No figures yet. Import a list with a partner and an amount in each line."),
    )


def _search(rows: RateVersionQuerySet, text: str) -> RateVersionQuerySet:
    return rows.filter(offering__in=Offering.objects.search(text))


def _code(rate: RateVersion) -> str:
    return rate.offering.code


def _state(rate: RateVersion) -> Any:
    return "withdrawn" if rate.withdrawn_at else "approved" if rate.approved_at else "proposed"
