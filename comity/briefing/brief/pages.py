"""The brief as a page, and as a PDF of one sheet.

What the template of the PDF reads (`comity/briefing/print/brief.typ`); every text is plain:

    title, kicker, office, sentence, footer, language; name: the title for who does not see it
    facts      [name, words] each
    questions  heading, lines
    sections   heading, lines, more; a line is words and note
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import slugify
from django.utils.translation import gettext as _

from comity.briefing.brief.gathering import Brief, Line, brief_of, log_url
from comity.briefing.capabilities import SEE_OFFICE_PAGES
from comity.briefing.healths import with_health
from comity.office.services import current_office, today
from comity.partners.models import Partner
from comity.people.access import Request, requires
from comity.ui.components.days import day
from comity.ui.typesetting import pdf_response, typeset

TEMPLATE = Path(__file__).resolve().parents[1] / "print" / "brief.typ"


def _brief(request: Request, pk: int) -> Brief:
    rows = Partner.objects.visible_to(request.user).standing().select_related("parent", "tier")
    return brief_of(get_object_or_404(with_health(rows), pk=pk), request.user, today())


@requires(SEE_OFFICE_PAGES, "GET")
def page(request: Request, pk: int) -> HttpResponse:
    brief = _brief(request, pk)
    context = {"brief": brief, "partner": brief.partner, "visit_url": log_url(brief.partner)}
    return render(request, "briefing/brief.html", context)


@requires(SEE_OFFICE_PAGES, "GET")
def pdf(request: Request, pk: int) -> HttpResponse:
    brief = _brief(request, pk)
    name = f"brief-{slugify(brief.partner.code or brief.partner.name)}-{today().isoformat()}"
    return pdf_response(typeset(TEMPLATE, data_of(brief)), name)


def data_of(brief: Brief) -> dict[str, Any]:
    """All that stands on the sheet; see above."""
    about = _("Brief of %(day)s, for our office only") % {"day": day(today())}
    return {
        "title": str(brief.partner),
        "name": _("Brief: %(name)s") % {"name": brief.partner},
        **current_office().on_paper(about, first=str(brief.partner)),
        "sentence": brief.sentence,
        "facts": brief.facts,
        "questions": {"heading": _("Three questions to ask"), "lines": _lines(brief.questions)},
        "sections": [
            {"heading": each.heading, "lines": _lines(each.lines), "more": each.more}
            for each in brief.sections
        ],
    }


def _lines(lines: list[Line]) -> list[dict[str, str]]:
    return [{"words": line.words, "note": line.note} for line in lines]
