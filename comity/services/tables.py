"""The lists of services and of offerings."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.office.services import today
from comity.partners.models import Partner
from comity.people.access import Request
from comity.services.capabilities import EDIT
from comity.services.models import Offering, Service
from comity.ui.components.signs import tag
from comity.ui.tables import Choice, Column, Search, Table, Toggle


def status_sign(service: Service) -> Any:
    """Its status as a tag."""
    return tag(service.get_status_display(), kind="good" if service.status in Service.OFFERED else "none")


def services_table(request: Request) -> Table:
    standing = Count("offerings", filter=Q(offerings__retired_on=None))
    may_edit = request.user.can(EDIT)
    return Table(
        request,
        Service.objects.visible_to(request.user).select_related("owner").annotate(offered=standing),
        name="services",
        columns=[
            Column("name", _("Service"), sort="name", link=lambda row: row.get_absolute_url()),
            Column("promise", _("What it does for them"), wide=True),
            Column("owner", _("Service owner"), sort="owner__name", csv_value=lambda row: row.owner.email),
            Column("status", _("Status"), sort="status", value=status_sign, csv_value=lambda row: row.status),
            Column("offerings", _("Offerings"), sort="offered", value=lambda row: row.offered, numeric=True),
            Column("id", "id", csv_only=True),
        ],
        filters=[
            Search("q", _("Find"), lambda rows, text: rows.search(text)),
            Choice("status", _("Status"), Service.Status.choices, "status"),
            Toggle("mine", _("I own it"), lambda rows: rows.filter(owner=request.user)),
        ],
        default_sort="name",
        export_name="services",
        empty=_("No service is entered yet."),
        empty_url=reverse("services:add") if may_edit else "",
        empty_action=_("Enter the first one") if may_edit else "",
    )


def offerings_table(request: Request) -> Table:
    return Table(
        request,
        Offering.objects.visible_to(request.user).select_related("service"),
        name="offerings",
        columns=offering_columns(),
        filters=[
            Search("q", _("Find"), lambda rows, text: rows.search(text)),
            Choice("service", _("Service"), lambda: Service.objects.values_list("pk", "name"), "service"),
            Choice("funding", _("Funding method"), Offering.Funding.choices, "funding"),
            Choice("kind", _("May be had by"), Partner.Kind.choices, lambda rows, kind: rows.for_kind(kind)),
            Toggle("retired", _("Retired only"), lambda rows: rows.filter(retired_on__lte=today())),
        ],
        default_sort="service",
        export_name="offerings",
        empty=_("No offering is entered yet."),
    )


def offering_columns() -> list[Column]:
    return [
        Column("name", _("Offering"), sort="name", link=lambda row: row.get_absolute_url()),
        Column("service", _("Service"), sort=("service__name", "name")),
        Column("code", _("Meter code"), sort="code", whole=True),
        Column(
            "unit",
            _("Counted per"),
            value=lambda row: row.get_unit_display(),
            csv_value=lambda row: row.unit,
            wide=True,
        ),
        Column(
            "funding",
            _("Funding method"),
            sort="funding",
            value=lambda row: row.get_funding_display(),
            csv_value=lambda row: row.funding,
        ),
        Column(
            "kinds",
            _("Who may have it"),
            value=lambda row: row.kind_words,
            csv_value=lambda row: "; ".join(row.kinds),
            wide=True,
        ),
        Column("retired_on", _("Retired on"), sort="retired_on"),
        Column("id", "id", csv_only=True),
    ]


def portal_table(request: Request) -> Table:
    """What the reader's partners may have."""
    return Table(
        request,
        Offering.objects.visible_to(request.user).select_related("service"),
        name="portal-offerings",
        columns=[
            Column(
                "service", _("Service"), sort=("service__name", "name"), value=lambda row: row.service.name
            ),
            Column("promise", _("What it does for you"), value=lambda row: row.service.promise),
            Column("name", _("Offering"), sort="name"),
            Column("unit", _("Counted per"), value=lambda row: row.get_unit_display()),
        ],
        filters=[Search("q", _("Find"), lambda rows, text: rows.search(text))],
        default_sort="service",
        export_name="services",
        empty=_("Nothing is offered to you yet."),
    )
