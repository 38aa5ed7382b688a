"""The results of one wave: a sentence, the core questions, pictures with their tables, words and files."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from comity.office import services as office
from comity.partners.pickers import of_partner
from comity.people.access import Request, requires
from comity.surveys.capabilities import READ
from comity.surveys.models import Mode, Question, Response, Tally, Wave
from comity.surveys.models.answers import DONT_KNOW
from comity.surveys.services import answer_filters, results_context
from comity.surveys.services.answers import KIND, offered, places
from comity.surveys.services.response_status import count_silent_partners
from comity.surveys.services.results import QuestionResult, Results, results_of
from comity.surveys.views.finding import wave_or_404
from comity.surveys.views.responses import answers_url, breakdown_url, responses_url
from comity.surveys.views.results import comparisons, sections, sentences
from comity.ui import csv
from comity.ui.tables import Column, Search, Table


@dataclass(frozen=True, kw_only=True)
class Row(sentences.Figures):
    """One question in the table of figures; texts, "" where there is nothing to say."""

    name: str
    url: str
    hidden: bool = False
    n_url: str = ""
    na: str = ""
    na_url: str = ""
    top_url: str = ""
    change: str = ""
    change_note: str = ""
    tone: str = ""
    score: str = ""


@dataclass(frozen=True)
class Chosen:
    """A question with choices: each choice, how many took it, their share, and where they are."""

    name: str
    url: str
    n: str
    rows: list[tuple[str, str, str, str]]
    n_url: str = ""


@require_safe
@requires(READ)
def page(request: Request, pk: int) -> HttpResponse:
    """What a wave says, or when it will."""
    wave = wave_or_404(request, pk, "against")
    results = results_of(wave)
    context = {
        "wave": wave,
        "results": results,
        "responses_url": responses_url(wave),
        "heading": sentences.heading(results),
        "lead": sentences.lead(results, request.user),
        "too_few": sentences.too_few(),
        "silent_partners": count_silent_partners(wave, request.user) if wave.is_open else None,
        "why_nothing": sentences.why_nothing(wave) if results.too_few else "",
    }
    if not results.too_few:
        context |= _figures(wave, results)
    return render(request, "surveys/results/page.html", context)


def _figures(wave: Wave, results: Results) -> dict[str, object]:
    core, others = measured_of(results)
    past = results_context.past_of(wave, [one.question for one in core])
    return {
        "tables": [
            (name, [row_of(wave, one) for one in rows])
            for name, rows in ((_("The core questions"), core), (_("The other questions"), others))
            if rows
        ],
        "pictures": [
            picture
            for picture in (
                sections.answers([*core, *others], wave),
                sections.changes(core, results),
                sections.importance(results),
            )
            if picture is not None
        ],
        "trend": sections.trend(past, core),
        "chosen": [
            _chosen(wave, one) for one in results.questions if one.question.kind in (KIND.ONE, KIND.MANY)
        ],
        "weights": comparisons.weights(wave, core),
        "early_late": comparisons.early_late(wave, core),
        "reliability": sections.reliability(results),
        "said": [
            (one, reverse("surveys:said", args=[wave.pk, one.question.key]), sentences.whole(one.n))
            for one in results.questions
            if one.question.kind == KIND.TEXT and not one.is_hidden
        ],
        "breakdowns": [
            (label, reverse("surveys:breakdown", args=[wave.pk, table]))
            for table, label in Tally.Table.choices
            if table != Tally.Table.ALL
        ],
    }


def measured_of(results: Results) -> tuple[list[QuestionResult], list[QuestionResult]]:
    """The questions with figures: the core ones (all, where none is marked as such), and the others."""
    measured = [
        one for one in results.questions if one.question.is_numeric or one.question.kind == KIND.YES_NO
    ]
    core = [one for one in measured if one.question.core] or measured
    return core, [one for one in measured if one not in core]


def question_url(wave: Wave, found: QuestionResult) -> str:
    """One question by kind."""
    return breakdown_url(wave, Tally.Table.KIND, found.question)


def row_of(wave: Wave, found: QuestionResult) -> Row:
    """One question as it stands in the table."""
    question, summary = found.question, found.summary
    name, url = question.said("ask", "en"), question_url(wave, found)
    if found.is_hidden or summary is None or found.tally is None:
        return Row(name=name, url=url, hidden=True)
    verdict = found.change.verdict if found.change else ""
    return Row(
        **asdict(sentences.in_words(found.n, summary, found.tally.scale)),
        name=name,
        url=url,
        n_url=answers_url(wave, question),
        na=sentences.whole(found.na),
        na_url=answers_url(wave, question, DONT_KNOW),
        top_url=answers_url(wave, question, answer_filters.GOOD) if summary.top else "",
        change=sentences.change_words(found.change),
        change_note=sentences.change_note(found.change),
        tone={"better": "good", "worse": "bad"}.get(verdict, ""),
        score=sentences.score_words(summary.score),
    )


def _chosen(wave: Wave, found: QuestionResult) -> Chosen:
    name, url = found.question.said("ask", "en"), question_url(wave, found)
    if found.is_hidden or found.tally is None or found.summary is None:
        return Chosen(name, url, "", [])
    words = [words for _key, words in offered(found.question)]
    counted = zip(words, places(found.question), found.tally.counts, found.summary.distribution, strict=True)
    rows = [
        (
            word,
            sentences.whole(count),
            sentences.share(part.share),
            answers_url(wave, found.question, place) if count else "",
        )
        for word, place, count, part in counted
    ]
    return Chosen(name, url, sentences.whole(found.n), rows, answers_url(wave, found.question))


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


@require_safe
@requires(READ)
def tallies(request: Request, pk: int) -> HttpResponseBase:
    """What was counted, group by group, without what is hidden."""
    wave = wave_or_404(request, pk)
    return csv.response(
        request, f"counts-{wave.key}", results_context.TALLIES_HEAD, results_context.tally_lines(wave)
    )


@require_safe
@requires(READ)
def codebook(request: Request, pk: int) -> HttpResponseBase:
    """What the questions were, and what each answer is called in the files."""
    wave = wave_or_404(request, pk)
    return csv.response(
        request, f"codebook-{wave.key}", results_context.CODEBOOK_HEAD, results_context.codebook_lines(wave)
    )
