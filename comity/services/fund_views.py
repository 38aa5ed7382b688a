"""What the office books and prices by: funds, cost centers and customer classes, and what entries of the catalog choose from: each a list and a form."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _l

from comity.editing.forms import RowForm
from comity.editing.keeping import Keeping
from comity.editing.row_pages import RowPages
from comity.imports.pages import list_page
from comity.nouns import Words
from comity.people.access import Request, requires, row_or_404
from comity.services import services, tables
from comity.services.capabilities import EDIT, READ
from comity.services.forms import CostCenterForm, CustomerClassForm, DataClassForm, FundForm, SubjectForm
from comity.services.models import CustomerClass


def _kept(keeping: Keeping[Any], form: type[RowForm], name: str, new: Words, heading: Words) -> RowPages:
    every = f"services:{name}es" if name.endswith("s") else f"services:{name}s"
    return RowPages(keeping, form, EDIT, name, new, heading, every, template="services/kept.html")


# By where they lie.
KEPT = {
    "funds": _kept(services.FUNDS, FundForm, "fund", _l("Add a fund"), _l("Funds")),
    "cost-centers": _kept(
        services.COST_CENTERS, CostCenterForm, "cost_center", _l("Add a cost center"), _l("Cost centers")
    ),
    "classes": _kept(
        services.CLASSES,
        CustomerClassForm,
        "customer_class",
        _l("Add a customer class"),
        _l("Customer classes"),
    ),
    "data-classes": _kept(
        services.DATA_CLASSES, DataClassForm, "data_class", _l("Add a data class"), _l("Data classes")
    ),
    "subjects": _kept(services.SUBJECTS, SubjectForm, "subject", _l("Add a subject"), _l("Subjects")),
}


@requires(READ, "GET")
def listing(request: Request, kept: RowPages) -> HttpResponseBase:
    """All of a kind."""
    table, add = tables.kept_table(request, kept.keeping.model), reverse(f"services:add_{kept.name}")
    return list_page(request, table, kept.heading, add=(kept.new, add, EDIT), profile=table.name)


@requires(READ, "GET")
def customer_class(request: Request, pk: int) -> HttpResponseBase:
    """Who is in it: the first in order whose kinds and size fit, or that names the partner."""
    found = row_or_404(request, CustomerClass, pk)
    context = {"found": found, "kinds": tables.kind_words(found), "named": found.partners.all()}
    context["may_edit"] = request.user.can(EDIT)
    return tables.members_table(request, found).respond("services/class.html", context)
