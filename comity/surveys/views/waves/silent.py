"""Partners of whom nobody answered: a worklist for those who look after them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from comity.office.services import today, words
from comity.partners.models import Partner, with_lead
from comity.people.access import Request, requires
from comity.surveys.capabilities import READ
from comity.surveys.models import Wave
from comity.surveys.services import response_status
from comity.surveys.views.finding import wave_or_404
from comity.ui.tables import Choice, Column, Search, Table, Toggle


@require_safe
@requires(READ)
def partners(request: Request, pk: int) -> HttpResponseBase:
    """Whom to call. Where names are kept back from this reader, so is who was silent."""
    wave = wave_or_404(request, pk)
    if not response_status.may_know_who_answered(wave, request.user):
        raise Http404
    day = today()
    rows = with_lead(response_status.silent_partners(wave, Partner.objects.visible_to(request.user)), day)
    table = Table(
        request,
        rows,
        name="silent-partners",
        columns=_columns(wave),
        filters=[
            Search("q", _("Find"), lambda rows, text: rows.search(text)),
            Choice("kind", _("Kind"), Partner.Kind.choices, "kind"),
            Toggle("mine", _("I look after them"), lambda rows: rows.looked_after_by(request.user, day)),
        ],
        default_sort="name",
        export_name=f"{wave.key}-silent",
        empty=_("Someone has answered from every place we asked."),
    )
    return table.respond("surveys/waves/silent.html", {"wave": wave, "heading": _heading(table.total)})


def _heading(count: int) -> str:
    said = words()
    if not count:
        return _("No %(partner)s is without an answer.") % {"partner": said.partner}
    return ngettext(
        "Nobody has answered from %(count)s %(partner)s.",
        "Nobody has answered from %(count)s %(partners)s.",
        count,
    ) % {"count": f"{count:,}", "partner": said.partner, "partners": said.partners}


def _columns(wave: Wave) -> list[Column]:
    people = reverse("surveys:wave_people", args=[wave.pk])
    return [
        Column("name", words().Partner, link=True),
        Column("code", csv_only=True),
        Column("kind", wide=True),
        Column("lead", _("Lead contact"), sort="lead_name", value=lambda row: row.lead_name or _("nobody")),
        Column(
            "silent_people",
            _("People with no answer yet"),
            sort="silent_people",
            numeric=True,
            link=lambda row: f"{people}?silent=1&partner={row.pk}",
        ),
        Column("last_met_on", _("Last met"), value=_last_met, wide=True),
    ]


def _last_met(row: Any) -> object:
    return row.last_met_on or _("never")
