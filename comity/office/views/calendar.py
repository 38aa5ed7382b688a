"""The fiscal year, the public holidays, and the days the office closes besides."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comity.editing.answering import FormPage, answer
from comity.office import services
from comity.office.capabilities import MANAGE
from comity.office.forms import ClosureForm, YearForm
from comity.office.models import Closure
from comity.office.views.general import change, crumbs
from comity.people.access import Request, requires
from comity.ui.components.page import tell


@requires(MANAGE)
def calendar(request: Request) -> HttpResponse:
    """When the fiscal year starts; which days the office is closed."""
    today = services.today()
    days = services.closed_days(today, today + timedelta(days=730))
    year = services.fiscal_year(today)
    return change(request, YearForm, "office/calendar.html", "office:calendar", days=days, fiscal_year=year)


@requires(MANAGE)
def add_closure(request: Request) -> HttpResponse:
    """Close the office on a day."""
    form = ClosureForm(request.POST or None)
    calendar = reverse("office:calendar")
    page = FormPage(
        _("On which day are you closed?"),
        _("Add a closed day"),
        _("That day no longer counts as a business day. Days already promised stay the same."),
        crumbs=crumbs((_("Calendar"), calendar)),
        submit=_("Add this day"),
    )
    return answer(
        request,
        form,
        lambda: services.add_closure(form.values, by=request.user),
        page=page,
        told=_("Saved. Days already promised stay the same."),
        to=calendar,
    )


@requires(MANAGE)
@require_POST
def remove_closure(request: Request, pk: int) -> HttpResponse:
    """Open the office that day after all."""
    services.remove_closure(get_object_or_404(Closure, pk=pk), by=request.user)
    tell(request, _("Removed. Removed. The office is open that day."))
    return redirect("office:calendar")
