"""The rate sheet as page, CSV and PDF, for the office and in the portal."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from comity.office.services import today
from comity.people.access import Request, requires
from comity.rates import tables
from comity.rates.capabilities import PORTAL, READ
from comity.rates.printed import pdf_of
from comity.rates.services import sheet as sheets


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
    on = _day(request)
    table = tables.sheet_table(request, on, sheets.days_of_change(today(), request.user))
    context = {
        "on": on,
        "table": table,
        "changes": sheets.changes(sheets.sheet_on(on, request.user), on),
        "coming": sheets.coming(on, request.user),
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
