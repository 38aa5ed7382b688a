"""What the office books and prices by: funds, cost centers and customer classes, each a list and a form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.editing.answering import FormPage, answer, drop
from comity.editing.keeping import Keeping
from comity.imports.pages import list_page
from comity.nouns import Words
from comity.partners.forms.several import SeveralPartnersForm
from comity.people.access import Request, requires, row_or_404
from comity.services import services, tables
from comity.services.capabilities import EDIT, READ
from comity.services.forms import CostCenterForm, CustomerClassForm, FundForm, KeptForm


@dataclass(frozen=True)
class Kept:
    """One of the three; its URL names end with `one` and `several`."""

    keeping: Keeping[Any]
    form: type[KeptForm | SeveralPartnersForm]
    one: str
    several: str
    heading: Words
    act: Words

    def row(self, request: Request, pk: int) -> Any:
        return row_or_404(request, self.keeping.model, pk)

    @property
    def crumbs(self) -> list[tuple[Words, str]]:
        return [(self.heading, reverse(f"services:{self.several}"))]


CLASS = Kept(
    services.CLASSES,
    CustomerClassForm,
    "customer_class",
    "customer_classes",
    gettext_lazy("Customer classes"),
    gettext_lazy("Add a customer class"),
)
KEPT = (
    Kept(services.FUNDS, FundForm, "fund", "funds", gettext_lazy("Funds"), gettext_lazy("Add a fund")),
    Kept(
        services.COST_CENTERS,
        CostCenterForm,
        "cost_center",
        "cost_centers",
        gettext_lazy("Cost centers"),
        gettext_lazy("Add a cost center"),
    ),
    CLASS,
)


@requires(READ, "GET")
def listing(request: Request, kept: Kept) -> HttpResponseBase:
    add = kept.act, reverse(f"services:add_{kept.one}"), EDIT
    table = tables.kept_table(request, kept.keeping.model)
    return list_page(request, table, kept.heading, add=add, profile=table.name)


@requires(EDIT)
def edit(request: Request, kept: Kept, pk: int = 0) -> HttpResponse:
    """Change one, or add one."""
    row = kept.row(request, pk) if pk else None
    form = kept.form(request.POST or None, instance=row, user=request.user)
    return answer(
        request,
        form,
        lambda: kept.keeping.save(form, by=request.user),
        page="services/kept.html",
        context={
            "page": FormPage.of(row, kept.act, crumbs=kept.crumbs),
            "remove": reverse(f"services:remove_{kept.one}", args=[pk]) if row else "",
        },
        told=_("Saved."),
        to=f"services:{kept.several}",
    )


@requires(EDIT)
def remove(request: Request, kept: Kept, pk: int) -> HttpResponse:
    return drop(request, kept.keeping, kept.row(request, pk), crumbs=kept.crumbs)


@requires(READ, "GET")
def customer_class(request: Request, pk: int) -> HttpResponseBase:
    """Who is in it: the first in order whose kinds and size fit, or that names the partner."""
    found = CLASS.row(request, pk)
    context = {
        "found": found,
        "kinds": tables.kind_words(found),
        "named": found.partners.all(),
        "may_edit": request.user.can(EDIT),
    }
    return tables.members_table(request, found).respond("services/class.html", context)
