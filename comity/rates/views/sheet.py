"""The rate sheet as page, CSV and PDF, for the office and in the portal."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.office.services import today
from comity.people.access import Request, requires
from comity.rates.capabilities import PORTAL, READ
from comity.rates.published import COLUMNS, pdf_of
from comity.rates.services import sheet as sheets
from comity.rates.views.rates import found
from comity.services.models import Service
from comity.ui.components.days import day
from comity.ui.tables import Choice, Search, Table


@requires(READ)
@require_safe
def sheet(request: Request) -> HttpResponseBase:
    return _page(request, "rates:sheet")


@requires(PORTAL)
@require_safe
def portal(request: Request) -> HttpResponseBase:
    """The rates of what the reader's partners may have, in English and Spanish."""
    return _page(request, "rates:portal")


@requires(READ)
@require_safe
def pdf(request: Request) -> HttpResponse:
    return _pdf(request)


@requires(PORTAL)
@require_safe
def portal_pdf(request: Request) -> HttpResponse:
    return _pdf(request)


def _page(request: Request, name: str) -> HttpResponseBase:
    on, user = _day(request), request.user
    others = sheets.days_of_change(today(), user)
    views = [(_("Today"), ""), *((_("From %(day)s") % {"day": day(each)}, f"on={each}") for each in others)]
    table = Table(
        request,
        sheets.sheet_on(on, user),
        name="rate-sheet",
        columns=COLUMNS,
        filters=[
            Search("q", _("Find"), found),
            Choice("service", _("Service"), Service.objects.visible_to(user), "offering__service"),
        ],
        views=views if others else (),
        default_sort="service",
        per_page=200,
        alone=False,
        export_name=f"rates-{on}",
        empty=_("No rates hold on this day."),
    )
    context = {
        "on": on,
        "table": table,
        "changes": sheets.changes(sheets.sheet_on(on, user), on),
        "coming": sheets.coming(on, user),
        "pdf": f"{reverse(f'{name}_pdf')}?on={on}",
    }
    return table.respond("rates/sheet.html", context)


def _pdf(request: Request) -> HttpResponse:
    on = _day(request)
    answer = HttpResponse(pdf_of(on, request.user), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="rates-{on}.pdf"'
    return answer


def _day(request: Request) -> date:
    """The day that was asked for; today, if none was."""
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return today()
