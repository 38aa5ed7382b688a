"""The lists of rates and of driver figures."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from comity.office.services import today
from comity.people.access import Request
from comity.rates.models import RateVersion, RateVersionQuerySet
from comity.rates.services.wording import price_words
from comity.services.models import CustomerClass, Offering, Service
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


def _search(rows: RateVersionQuerySet, text: str) -> RateVersionQuerySet:
    return rows.filter(offering__in=Offering.objects.search(text))


def _code(rate: RateVersion) -> str:
    return rate.offering.code


def _state(rate: RateVersion) -> Any:
    return "withdrawn" if rate.withdrawn_at else "approved" if rate.approved_at else "proposed"
