"""Driver figures: all that there are, those of a day, beginning and removing them."""

from __future__ import annotations

from django.db.models import Count, Sum
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.editing.answering import FormPage, drop, keep
from comity.imports.pages import list_page
from comity.partners.models import Partner
from comity.people.access import Request, requires, row_or_404
from comity.rates.capabilities import EDIT, READ
from comity.rates.forms.costs import FiguresForm
from comity.rates.models import Driver, DriverSnapshot
from comity.rates.services.costs import FIGURES
from comity.ui.components.days import day
from comity.ui.components.signs import tag
from comity.ui.tables import Choice, Column, Search, Table


@requires(READ, "GET")
def listing(request: Request) -> HttpResponseBase:
    rows = DriverSnapshot.objects.visible_to(request.user).select_related("offering")
    table = Table(
        request,
        rows.annotate(count=Count("values"), total=Sum("values__amount")),
        name="driver-figures",
        columns=[
            Column("driver", link=True),
            Column("offering", _("Offering"), wide=True),
            Column("as_of"),
            Column("source", wide=True),
            Column("count", _("With figures"), numeric=True),
            Column("total", _("Total"), numeric=True),
            Column("used_at", _("Used"), value=_used),
        ],
        filters=[Choice("driver", _("Driver"), Driver.choices, "driver")],
        default_sort="-as_of",
        empty=_("No driver figures yet."),
    )
    add = _("Begin new figures"), reverse("rates:add_figures"), EDIT
    return list_page(request, table, _("Driver figures"), add=add)


def _used(figures: DriverSnapshot) -> object:
    return tag(_("Used"), kind="good") if figures.used_at else ""


@requires(READ, "GET")
def figures(request: Request, pk: int) -> HttpResponseBase:
    """The figures of a day; what they give as CSV comes in again."""
    found = row_or_404(request, DriverSnapshot, pk, "offering")
    table = Table(
        request,
        found.values.select_related("partner"),
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
        export_name=f"figures-{found.driver}-{found.as_of}",
        empty=_("No figures yet. Import a list with a partner and an amount in each line."),
    )
    of = f" · {found.offering}" if found.offering else ""
    stay = f" · {_('Bills were split by these figures, so they stay.')}" if found.used_at else ""
    remove = _("Remove"), reverse("rates:remove_figures", args=[pk]), EDIT
    return list_page(
        request,
        table,
        f"{found.get_driver_display()}{of}, {day(found.as_of)}",
        lead=f"{found.source}{stay}",
        crumbs=_crumbs(),
        acts=[] if found.used_at else [remove],
        profile="" if found.used_at else "driver-figures",
        about={"snapshot": pk},
    )


@requires(EDIT)
def add(request: Request) -> HttpResponse:
    form, page = FiguresForm(request.POST or None), FormPage(_("Begin driver figures"), crumbs=_crumbs())
    told = _("Now import the list of partners and amounts.")
    return keep(request, FIGURES, form, page, told=told, to=lambda done: done)


@requires(EDIT)
def remove(request: Request, pk: int) -> HttpResponse:
    found = row_or_404(request, DriverSnapshot, pk, "offering")
    crumbs = [*_crumbs(), (str(found), found.get_absolute_url())]
    lead = _("All its amounts go with them.")
    return drop(request, FIGURES, found, crumbs=crumbs, lead=lead, to="rates:drivers")


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Driver figures"), reverse("rates:drivers"))]
