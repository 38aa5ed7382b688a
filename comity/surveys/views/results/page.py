"""The results of one wave: a sentence, the core questions, pictures with their tables, words and files."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.office import services as office
from comity.partners.pickers import of_partner
from comity.people.access import Request, requires
from comity.surveys.capabilities import READ
from comity.surveys.models import Mode, Question, Tally, Wave
from comity.surveys.models.answers import DONT_KNOW
from comity.surveys.services import answer_filters, results_context
from comity.surveys.services.answers import KIND, offered, places
from comity.surveys.services.response_status import count_silent_partners
from comity.surveys.services.results import QuestionResult, Results, results_of
from comity.surveys.views.finding import wave_or_404
from comity.surveys.views.responses import answers_url, breakdown_url, linked, responses_url
from comity.surveys.views.results import comparisons, sections, sentences
from comity.surveys.views.results.groups import TABLES
from comity.ui import csv
from comity.ui.tables import Column, Search, Table


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
            (name, [_row(wave, one) for one in rows])
            for name, rows in ((_("The core questions"), core), (_("The other questions"), others))
            if rows
        ],
        "pictures": [
            sections.answers([*core, *others], wave),
            sections.changes(core, results),
            sections.importance(results),
        ],
        "trend": sections.trend(past, core),
        "chosen": [
            _chosen(wave, one) for one in results.questions if one.question.kind in (KIND.ONE, KIND.MANY)
        ],
        "beside": [comparisons.weights(wave, core), comparisons.early_late(wave, core)],
        "reliability": sections.reliability(results),
        "said": [
            (one, reverse("surveys:said", args=[wave.pk, one.question.key]), sentences.whole(one.n))
            for one in results.questions
            if one.question.kind == KIND.TEXT and not one.is_hidden
        ],
        "breakdowns": [
            (label, reverse("surveys:breakdown", args=[wave.pk, table])) for table, label in TABLES
        ],
    }


def measured_of(results: Results) -> tuple[list[QuestionResult], list[QuestionResult]]:
    """The questions with figures: the core ones (all, where none is marked as such), and the others."""
    measured = [
        one for one in results.questions if one.question.is_numeric or one.question.kind == KIND.YES_NO
    ]
    core = [one for one in measured if one.question.core] or measured
    return core, [one for one in measured if one not in core]


def _row(wave: Wave, found: QuestionResult) -> dict[str, str]:
    """One question as it stands in the table; its name alone where it shows no figures."""
    question, summary = found.question, found.summary
    name = linked(question.ask_en, breakdown_url(wave, Tally.Table.KIND, question))
    if summary is None:
        return {"name": name}
    figures = sentences.in_words(found)
    good = answers_url(wave, question, answer_filters.GOOD) if summary.top else ""
    return {
        **vars(figures),
        "name": name,
        "n": linked(figures.n, answers_url(wave, question)),
        "na": linked(sentences.whole(found.na), answers_url(wave, question, DONT_KNOW)),
        "top": linked(figures.top, good),
        "change": sentences.change_words(found.change),
        "change_note": sentences.change_note(found.change),
        "tone": sections.TONES.get(found.change.verdict, "") if found.change else "",
        "score": sentences.score_words(summary.score),
    }


def _chosen(wave: Wave, found: QuestionResult) -> dict[str, Any]:
    """A question with choices: how many answered it, and each choice: how many took it, and their share."""
    question = found.question
    if found.tally is None or found.summary is None:
        return {"name": question.ask_en}
    words = [words for _key, words in offered(question)]
    counted = zip(words, places(question), found.tally.counts, found.summary.distribution, strict=True)
    return {
        "name": question.ask_en,
        "url": breakdown_url(wave, Tally.Table.KIND, question),
        "n": linked(_("%(n)s answered") % {"n": sentences.whole(found.n)}, answers_url(wave, question)),
        "rows": [
            (
                word,
                linked(sentences.whole(count), answers_url(wave, question, place) if count else ""),
                sentences.share(part.share),
            )
            for word, place, count, part in counted
        ],
    }


@require_safe
@requires(READ)
def said(request: Request, pk: int, key: str) -> HttpResponseBase:
    """All answers to one question in own words."""
    wave = wave_or_404(request, pk)
    question = get_object_or_404(wave.version.questions.all(), key=key)
    if question.kind != KIND.TEXT:
        raise Http404
    context = {"wave": wave, "asked": question.ask_en}
    if wave.mode == Mode.NAMED:
        return _table(request, wave, question).respond("surveys/results/words.html", context)
    found = results_context.said_without_names(wave, question, request.GET.get("page", ""))
    context |= {"said": found, "too_few": sentences.too_few(), "closed": wave.state == Wave.State.CLOSED}
    return render(request, "surveys/results/words.html", context)


def _table(request: Request, wave: Wave, question: Question) -> Table:
    rows = results_context.said_by_name(wave, question, request.user).select_related("person", "partner")

    def find(rows: Any, text: str) -> Any:
        return rows.filter(
            Q(said__icontains=text) | Q(person__name__icontains=text) | Q(partner__name__icontains=text)
        )

    return Table(
        request,
        rows,
        name="survey-words",
        columns=[
            Column("said", _("In their words"), link=lambda row: reverse("surveys:response", args=[row.pk])),
            Column("person", _("Who")),
            Column("partner", office.words().Partner, link=True),
            Column("day", _("Day")),
        ],
        filters=[
            Search("q", _("Find"), find, hint=_("Words, a person, or where they work")),
            of_partner(request.user),
        ],
        default_sort="-day",
        row_name=lambda row: str(row.person or row.pk),
        export_name=f"words-{wave.key}-{question.key}",
        empty=_("Nobody wrote anything here."),
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
