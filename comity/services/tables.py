"""The lists of services and of offerings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Count, Model, Q
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from comity.office.services import today
from comity.partners.models import Partner
from comity.people.access import Request
from comity.services import services
from comity.services.capabilities import EDIT
from comity.services.models import CostCenter, CustomerClass, DataClass, Fund, Offering, Service, Subject
from comity.ui.components.signs import tag
from comity.ui.tables import Choice, Column, Search, Table, Toggle, only_csv

KEPT: dict[str, type[Model]] = {
    "subjects": Subject,
    "data_classes": DataClass,
    "customer_classes": CustomerClass,
    "cost_centers": CostCenter,
    "funds": Fund,
}


def status_sign(service: Service) -> Any:
    """Its status as a tag."""
    return tag(service.get_status_display(), kind="good" if service.status in Service.OFFERED else "none")


def names_of(field: str) -> Callable[[Service], str]:
    """What a row has chosen of a list, as one cell; the names of the list are read once."""
    names: Any = SimpleLazyObject(lambda: dict(services.LISTS[field].objects.values_list("pk", "name")))
    return lambda row: "; ".join(names[key] for key in getattr(row, field) if key in names)


def service_columns() -> list[Column]:
    """All that a service says of itself, as it is brought in again; the page shows the first."""
    return [
        Column("name", _("Service"), link=True),
        Column("promise", wide=True),
        Column("owner", csv_value=lambda row: row.owner.email),
        Column("status", value=status_sign, csv_value=lambda row: row.status),
        Column("review_on", wide=True),
        Column("cost_center", csv_only=True, csv_value=lambda row: row.cost_center and row.cost_center.code),
        Column("followed_by", csv_only=True, csv_value=lambda row: row.followed_by and row.followed_by.name),
        *(Column(name, csv_only=True, csv_value=names_of(name)) for name in services.LISTS),
        *only_csv("id", "name_es", "internal_name", "synonyms", *Service.DAYS),
        *only_csv(*(name for name in Service.PUBLISHED if name not in {"promise", *services.LISTS})),
    ]


def services_table(request: Request) -> Table:
    standing = Count("offerings", filter=Q(offerings__retired_on=None))
    offered = Column("offerings", _("Offerings"), sort="offered", value=lambda row: row.offered, numeric=True)
    first, *others = service_columns()
    return Table(
        request,
        Service.objects.visible_to(request.user)
        .select_related("owner", "cost_center", "followed_by")
        .annotate(offered=standing),
        name="services",
        columns=[first, *others[:3], offered, *others[3:]],
        filters=[
            Search("q", _("Find"), lambda rows, text: rows.search(text)),
            Choice("status", _("Status"), Service.Status.choices, "status"),
            Toggle("mine", _("I own it"), lambda rows: rows.filter(owner=request.user)),
            Toggle("review", _("Due for review"), lambda rows: rows.due_for_review(today())),
        ],
        links=[
            (str(model._meta.verbose_name_plural).capitalize(), reverse(f"services:{name}"))
            for name, model in KEPT.items()
        ],
        default_sort="name",
        empty=_("No services yet."),
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
            Choice("kind", _("Available to"), Partner.Kind.choices, lambda rows, kind: rows.for_kind(kind)),
            Toggle("retired", _("Retired only"), lambda rows: rows.filter(retired_on__lte=today())),
        ],
        default_sort="service",
        empty=_("No offerings yet."),
    )


def offering_columns() -> list[Column]:
    return [
        Column("name", _("Offering"), link=True),
        Column("service", sort=("service__name", "name")),
        Column("code", whole=True),
        Column("unit", wide=True),
        Column("funding"),
        Column(
            "kinds",
            _("Who can have it"),
            value=lambda row: row.kind_words,
            csv_value=lambda row: "; ".join(row.kinds),
            wide=True,
        ),
        Column("retired_on"),
        Column("id", csv_only=True),
    ]


def kept_table(request: Request, model: type[Model]) -> Table:
    """Funds, cost centers, customer classes and the like: the list of one of them."""
    rows: Any = model._default_manager
    shown = rows.visible_to(request.user)
    columns: dict[type[Model], list[Column]] = {
        Fund: [Column("code", link=_edit(request, "edit_fund")), Column("name")],
        CostCenter: [
            Column("code", link=_edit(request, "edit_cost_center")),
            Column("name"),
            Column("fund", csv_value=lambda row: row.fund.code),
        ],
        CustomerClass: [
            Column("name", link=True),
            Column("kinds", _("Kinds"), value=kind_words, csv_value=lambda row: "; ".join(row.kinds)),
            Column("headcount_max"),
            Column("order"),
        ],
        **{
            model: [Column("name", link=_edit(request, f"edit_{one}")), Column("name_es"), Column("order")]
            for model, one in ((DataClass, "data_class"), (Subject, "subject"))
        },
    }
    name = str(model._meta.verbose_name_plural).replace(" ", "-")
    return Table(
        request,
        shown.select_related("fund") if model is CostCenter else shown,
        name=name,
        columns=columns[model],
        default_sort="code" if hasattr(model, "code") else "order",
        empty=_("None yet."),
    )


def _edit(request: Request, name: str) -> Callable[[Any], str] | None:
    """Where the form of a row is, for those who may open it."""
    may = request.user.can(EDIT)
    return (lambda row: reverse(f"services:{name}", args=[row.pk])) if may else None


def kind_words(row: CustomerClass) -> str:
    """The kinds of a class, in words."""
    return ", ".join(str(Partner.Kind(kind).label) for kind in row.kinds)


def members_table(request: Request, found: CustomerClass) -> Table:
    """Those served today who are in a class."""
    served = Partner.objects.visible_to(request.user).served()
    classes = CustomerClass.objects.of(served)
    return Table(
        request,
        Partner.objects.filter(pk__in=[pk for pk, one in classes.items() if one == found]),
        name="class-partners",
        columns=[Column("name", link=True), Column("kind", wide=True), Column("headcount", wide=True)],
        filters=[Search("q", _("Find"), lambda rows, text: rows.search(text))],
        default_sort="name",
        export_name="class",
        empty=_("Nobody is in it today."),
    )
