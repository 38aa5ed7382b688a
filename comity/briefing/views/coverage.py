"""Who looks after whom."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from comity.briefing import capabilities as can
from comity.briefing.coverage import coverage, sentence
from comity.briefing.getting_started import getting_started
from comity.office.services import today
from comity.partners.models import Partner
from comity.people.access import Request, requires
from comity.ui.tables import Choice, Column, Search, Table


@requires(can.SEE_COVERAGE)
@require_safe
def page(request: Request) -> HttpResponseBase:
    now = today()
    gaps = Partner.objects.visible_to(request.user).served().filter(lead_gap_since__isnull=False)
    table = Table(
        request,
        gaps,
        name="gaps",
        columns=[
            Column("name", link=True),
            Column("kind", wide=True),
            Column(
                "since",
                _("No contact since"),
                sort="lead_gap_since",
                value=lambda row: row.lead_gap_since,
                wide=True,
            ),
            Column("days", _("Days"), value=lambda row: (now - row.lead_gap_since).days, numeric=True),
            Column("headcount", _("People"), wide=True),
        ],
        filters=[
            Search("q", _("Find"), lambda rows, text: rows.search(text)),
            Choice("kind", _("Kind"), Partner.Kind.choices, "kind"),
        ],
        default_sort="since",
        caption=_("Nobody to call"),
        export_name="without-a-contact",
    )
    found = coverage(request.user, now)
    return table.respond(
        "briefing/coverage.html",
        {"coverage": found, "sentence": sentence(found), **getting_started(request.user)},
    )
