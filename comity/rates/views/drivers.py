"""Driver figures: all that there are, those of a day, beginning and removing them."""

from __future__ import annotations

from django.forms import Form
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.editing.answering import FormPage, answer
from comity.people.access import Request, requires
from comity.rates import tables
from comity.rates.capabilities import EDIT, READ
from comity.rates.forms.drivers import FiguresForm
from comity.rates.models import DriverSnapshot
from comity.rates.services import drivers


@requires(READ)
@require_safe
def listing(request: Request) -> HttpResponseBase:
    context = {
        "heading": _("Driver figures"),
        "add": (reverse("rates:add_figures"), _("Begin new figures")) if request.user.can(EDIT) else None,
    }
    return tables.drivers_table(request).respond("rates/list.html", context)


@requires(READ)
@require_safe
def figures(request: Request, pk: int) -> HttpResponseBase:
    found = _figures(request, pk)
    context = {"figures": found, "may_edit": request.user.can(EDIT) and not found.used_at}
    return tables.values_table(request, found).respond("rates/figures.html", context)


@requires(EDIT)
def add(request: Request) -> HttpResponse:
    form = FiguresForm(request.POST or None)
    page = FormPage(_("Begin driver figures"), crumbs=_crumbs())
    told = _("Now import the list of partners and amounts.")
    return answer(
        request, form, lambda: drivers.add_figures(form.values, by=request.user), page=page, told=told
    )


@requires(EDIT)
def remove(request: Request, pk: int) -> HttpResponse:
    found = _figures(request, pk)
    return answer(
        request,
        Form(request.POST),
        lambda: drivers.remove_figures(found, by=request.user),
        page=FormPage(
            _("Remove the figures “%(name)s”?") % {"name": found},
            lead=_("All its amounts go with them."),
            crumbs=[*_crumbs(), (str(found), found.get_absolute_url())],
            submit=_("Remove"),
            danger=True,
        ),
        told=_("Removed."),
        to="rates:drivers",
    )


def _figures(request: Request, pk: int) -> DriverSnapshot:
    rows = DriverSnapshot.objects.visible_to(request.user).select_related("offering")
    found: DriverSnapshot = get_object_or_404(rows, pk=pk)
    return found


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Driver figures"), reverse("rates:drivers"))]
