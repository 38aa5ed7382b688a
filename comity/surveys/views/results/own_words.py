"""What was said in own words: with its author in a named wave, else shuffled and alone."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from comity.office import services as office
from comity.partners.pickers import of_partner
from comity.people.access import Request, requires
from comity.surveys.capabilities import READ
from comity.surveys.models import Mode, Question, Response, Wave
from comity.surveys.services import results_context
from comity.surveys.services.wording import KIND
from comity.surveys.views.finding import wave_or_404
from comity.surveys.views.results import sentences
from comity.ui.tables import Column, Search, Table


@require_safe
@requires(READ)
def said(request: Request, pk: int, key: str) -> HttpResponseBase:
    """All answers to one question in own words."""
    wave = wave_or_404(request, pk)
    question = get_object_or_404(wave.version.questions.all(), key=key)
    if question.kind != KIND.TEXT:
        raise Http404
    context = {"wave": wave, "question": question, "asked": question.said("ask", "en")}
    if wave.mode == Mode.NAMED:
        return _table(request, wave, question).respond("surveys/results/words.html", context)
    number = request.GET.get("page", "")
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 1
    found = results_context.said_without_names(wave, question, page)
    context |= {"said": found, "too_few": sentences.too_few(), "closed": wave.state == Wave.State.CLOSED}
    return render(request, "surveys/results/words.html", context)


def _table(request: Request, wave: Wave, question: Question) -> Table:
    rows = results_context.said_by_name(wave, question, request.user).select_related("person", "partner")
    return Table(
        request,
        rows,
        name="survey-words",
        columns=[
            Column("said", gettext_lazy("In their words"), link=_response_url),
            Column("person", gettext_lazy("Who")),
            Column("partner", office.words().Partner, link=True),
            Column("day", gettext_lazy("Day")),
        ],
        filters=[
            Search(
                "q", gettext_lazy("Find"), _find, hint=gettext_lazy("Words, a person, or where they work")
            ),
            of_partner(request.user),
        ],
        default_sort="-day",
        row_name=lambda row: str(row.person or row.pk),
        export_name=f"words-{wave.key}-{question.key}",
        empty=gettext_lazy("Nobody wrote anything here."),
    )


def _response_url(row: Response) -> str:
    return reverse("surveys:response", args=[row.pk])


def _find(rows: Any, text: str) -> Any:
    return rows.filter(
        Q(said__icontains=text) | Q(person__name__icontains=text) | Q(partner__name__icontains=text)
    )
