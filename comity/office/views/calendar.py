"""The fiscal year, the public holidays, and the days the office closes besides."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comity.core.errors import DomainError
from comity.office import services
from comity.office.capabilities import MANAGE
from comity.office.forms import ClosureForm, YearForm
from comity.office.models import Closure
from comity.office.views.general import change
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
    if request.method == "POST" and form.is_valid():
        try:
            services.add_closure(by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error("day", str(error))
        else:
            tell(request, _("Written down. Due days that were promised before stay as they are."))
            return redirect("office:calendar")
    return render(request, "office/closure.html", {"form": form})


@requires(MANAGE)
@require_POST
def remove_closure(request: Request, pk: int) -> HttpResponse:
    """Open the office that day after all."""
    services.remove_closure(get_object_or_404(Closure, pk=pk), by=request.user)
    tell(request, _("The office is open that day."))
    return redirect("office:calendar")
