"""What the office books and prices by: funds, cost centers and customer classes, each a list and two forms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.forms import Form
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from comity.editing.answering import FormPage, answer
from comity.nouns import Words
from comity.people.access import Request, requires
from comity.services import services, tables
from comity.services.capabilities import EDIT, READ
from comity.services.forms import CostCenterForm, CustomerClassForm, FundForm
from comity.services.models import CostCenter, CustomerClass, Fund

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Kept:
    """One of the three. `form` makes its form for a request and perhaps a row; `name` is the last word of its URL names."""

    model: type[Model]
    form: Callable[..., Any]
    name: str
    profile: str
    heading: Words
    act: Words

    def page(self, heading: str, **more: Any) -> FormPage:
        return FormPage(heading, crumbs=[(self.heading, self.list_url)], **more)

    @property
    def list_url(self) -> str:
        return reverse(f"services:{self.profile.replace('-', '_')}")

    def row(self, request: Request, pk: int) -> Any:
        rows: Any = self.model._default_manager
        return get_object_or_404(rows.visible_to(request.user), pk=pk)


def _pages(kept: Kept) -> tuple[View, View, View, View]:
    """The list, and the pages to add, change and remove one."""

    @requires(READ)
    @require_safe
    def listing(request: Request) -> HttpResponseBase:
        context: dict[str, Any] = {
            "heading": kept.heading,
            "add": f"services:add_{kept.name}",
            "act": kept.act,
        }
        context |= {"profile": kept.profile, "may_edit": request.user.can(EDIT)}
        return tables.kept_table(request, kept.model).respond("services/list.html", context)

    @requires(EDIT)
    def add(request: Request) -> HttpResponse:
        form = kept.form(request)
        return answer(
            request,
            form,
            lambda: services.enter(kept.model, form.values, by=request.user),
            page=kept.page(str(kept.act)),
            told=_("Saved."),
            to=kept.list_url,
        )

    @requires(EDIT)
    def edit(request: Request, pk: int) -> HttpResponse:
        row = kept.row(request, pk)
        form = kept.form(request, instance=row)
        page = kept.page(_("Change %(name)s") % {"name": row})
        return answer(
            request,
            form,
            lambda: services.mend(row, form.values, by=request.user, seen=form.seen),
            page="services/kept.html",
            context={"page": page, "remove": reverse(f"services:remove_{kept.name}", args=[pk])},
            told=_("Saved."),
            to=kept.list_url,
        )

    @requires(EDIT)
    def remove(request: Request, pk: int) -> HttpResponse:
        row = kept.row(request, pk)
        page = kept.page(_("Remove %(name)s?") % {"name": row}, submit=_("Remove"), danger=True)
        return answer(
            request,
            Form(request.POST),
            lambda: services.drop(row, by=request.user),
            page=page,
            told=_("Removed."),
            to=kept.list_url,
        )

    return listing, add, edit, remove


funds, add_fund, edit_fund, remove_fund = _pages(
    Kept(
        Fund,
        lambda request, **more: FundForm(request.POST or None, **more),
        "fund",
        "funds",
        gettext_lazy("Funds"),
        gettext_lazy("Add a fund"),
    )
)
cost_centers, add_cost_center, edit_cost_center, remove_cost_center = _pages(
    Kept(
        CostCenter,
        lambda request, **more: CostCenterForm(request.POST or None, **more),
        "cost_center",
        "cost-centers",
        gettext_lazy("Cost centers"),
        gettext_lazy("Add a cost center"),
    )
)
CLASS = Kept(
    CustomerClass,
    lambda request, **more: CustomerClassForm(request.POST or None, user=request.user, **more),
    "customer_class",
    "customer-classes",
    gettext_lazy("Customer classes"),
    gettext_lazy("Add a customer class"),
)
customer_classes, add_customer_class, edit_customer_class, remove_customer_class = _pages(CLASS)


@requires(READ)
@require_safe
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
