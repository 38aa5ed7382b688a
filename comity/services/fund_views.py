"""What the office books and prices by: funds, cost centers and customer classes, and what entries of the catalog choose from: each a list and a form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _l

from comity.editing.answering import FormPage, drop, keep
from comity.editing.forms import RowForm
from comity.editing.keeping import Keeping
from comity.imports.pages import list_page
from comity.nouns import Words
from comity.people.access import Request, requires, row_or_404
from comity.services import services, tables
from comity.services.capabilities import EDIT, READ
from comity.services.forms import CostCenterForm, CustomerClassForm, DataClassForm, FundForm, SubjectForm


@dataclass(frozen=True)
class Kept:
    """One of them; its URL names end with `one` and `several`."""

    keeping: Keeping[Any]
    form: type[RowForm]
    one: str
    heading: Words
    act: Words

    @property
    def several(self) -> str:
        return f"{self.one}es" if self.one.endswith("s") else f"{self.one}s"

    def row(self, request: Request, pk: int) -> Any:
        return row_or_404(request, self.keeping.model, pk)

    @property
    def crumbs(self) -> list[tuple[Words, str]]:
        return [(self.heading, reverse(f"services:{self.several}"))]


CLASS = Kept(
    services.CLASSES, CustomerClassForm, "customer_class", _l("Customer classes"), _l("Add a customer class")
)
KEPT = (
    Kept(services.FUNDS, FundForm, "fund", _l("Funds"), _l("Add a fund")),
    Kept(services.COST_CENTERS, CostCenterForm, "cost_center", _l("Cost centers"), _l("Add a cost center")),
    CLASS,
    Kept(services.DATA_CLASSES, DataClassForm, "data_class", _l("Data classes"), _l("Add a data class")),
    Kept(services.SUBJECTS, SubjectForm, "subject", _l("Subjects"), _l("Add a subject")),
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
    page = FormPage.of(row, kept.act, crumbs=kept.crumbs, remove=f"services:remove_{kept.one}")
    return keep(request, kept.keeping, form, page, template="services/kept.html")


@requires(EDIT)
def remove(request: Request, kept: Kept, pk: int) -> HttpResponse:
    return drop(request, kept.keeping, kept.row(request, pk), crumbs=kept.crumbs)


@requires(READ, "GET")
def customer_class(request: Request, pk: int) -> HttpResponseBase:
    """Who is in it: the first in order whose kinds and size fit, or that names the partner."""
    found = CLASS.row(request, pk)
    context = {"found": found, "kinds": tables.kind_words(found), "named": found.partners.all()}
    context["may_edit"] = request.user.can(EDIT)
    return tables.members_table(request, found).respond("services/class.html", context)
