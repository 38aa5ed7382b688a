"""The rate sheet as page, CSV and PDF, for the office and in the portal."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from comity.office.services import today
from comity.people.access import Request, requires
from comity.rates.capabilities import PORTAL, READ
from comity.rates.sheet import COLUMNS, changes, coming, pdf_of, sheet_on
from comity.rates.views.lists import found_by_offering
from comity.services.models import Service
from comity.ui.components.days import day
from comity.ui.tables import Choice, Search, Table
from comity.ui.typesetting import pdf_response

MOST_COMING = 3  # days on which rates change that are offered


def _page(request: Request) -> HttpResponseBase:
    on, user = _day(request), request.user
    later = coming(on, user)
    known = later if on == today() else coming(today(), user)
    others = sorted({each.rate.starts_on for each in known})[:MOST_COMING]
    views = [(_("Today"), ""), *((_("From %(day)s") % {"day": day(each)}, f"on={each}") for each in others)]
    table = Table(
        request,
        sheet_on(on, user),
        name="rate-sheet",
        columns=COLUMNS,
        filters=[
            Search("q", _("Find"), found_by_offering),
            Choice("service", _("Service"), Service.objects.visible_to(user), "offering__service"),
        ],
        views=views if others else (),
        default_sort="offering.service",
        per_page=200,
        alone=False,
        export_name=f"rates-{on}",
        empty=_("No rates hold on this day."),
    )
    context = {
        "on": on,
        "table": table,
        "changes": changes(sheet_on(on, user), on),
        "coming": later,
        "pdf": f"{request.path.removesuffix('/')}.pdf?on={on}",
    }
    return table.respond("rates/sheet.html", context)


def _pdf(request: Request) -> HttpResponse:
    on = _day(request)
    return pdf_response(pdf_of(on, request.user), f"rates-{on}")


def _day(request: Request) -> date:
    """The day that was asked for; today, if none was."""
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return today()


# In the portal, the rates of what the reader's partners may have, in English and Spanish.
sheet, portal = (requires(whom, "GET")(_page) for whom in (READ, PORTAL))
pdf, portal_pdf = (requires(whom, "GET")(_pdf) for whom in (READ, PORTAL))
