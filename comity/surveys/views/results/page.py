"""The results of one wave: a sentence, the core questions, pictures with their tables, ways of counting, words and files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.core.surveys import Tally as Answers
from comity.office import services as office
from comity.partners.pickers import of_partner
from comity.people.access import Request, requires
from comity.search.sorting import named
from comity.surveys.capabilities import READ
from comity.surveys.models import Mode, Question, Tally, Wave
from comity.surveys.models.answers import DONT_KNOW
from comity.surveys.services import answer_filters, results_context
from comity.surveys.services.answers import KIND, offered, places
from comity.surveys.services.response_status import count_silent_partners
from comity.surveys.services.results import QuestionResult, Results, results_of
from comity.surveys.views.finding import wave_or_404
from comity.surveys.views.responses import answers_url, breakdown_url, linked, responses_url
from comity.surveys.views.results import sections, sentences
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
            *sections.answers([*core, *others], wave),
            sections.changes(core, results),
            sections.importance(results),
        ],
        "trend": sections.trend(past, core),
        "chosen": [
            _chosen(wave, one) for one in results.questions if one.question.kind in (KIND.ONE, KIND.MANY)
        ],
        "beside": [_weights(wave, core), _early_late(wave, core)],
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


def _beside(
    heading: str, words: str, head: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]]
) -> dict[str, Any]:
    """Each question by several ways of counting: what it means, the ways, and a row for each, its figures by their ways.

    A name or a figure is a link where something stands behind it.
    """
    labelled = [(name, list(zip(head, cells, strict=True))) for name, cells in rows]
    return {"heading": heading, "words": words, "head": head, "rows": labelled}


def _weights(wave: Wave, core: Sequence[QuestionResult]) -> dict[str, Any] | None:
    """Three ways of counting, side by side and each by its name; behind them stands what each partner said."""
    found = [one for one in core if one.one_vote is not None and one.one_vote.partners > 1]
    if not found:
        return None
    rows = [
        (
            linked(one.question.ask_en, breakdown_url(wave, Tally.Table.PARTNER, one.question)),
            (_each(one), sentences.weighted_words(one.one_vote), sentences.weighted_words(one.head_count)),
        )
        for one in found
    ]
    vote, heads = found[0].one_vote, found[0].head_count
    words = _(
        "One partner one vote: each of %(partners)s counts once, however many of its people "
        "answered. By head count: each counts by the number of its people, for the %(known)s "
        "whose number is known."
    ) % {"partners": vote.partners if vote else 0, "known": heads.partners if heads else 0}
    head = (_("Every answer equally"), _("One partner one vote"), _("By head count"))
    return _beside(_("Counted three ways"), words, head, rows)


def _each(found: QuestionResult) -> str:
    summary = found.summary
    if summary is None or summary.top is None:
        return "–"
    mean = "" if summary.mean is None else f"{sentences.number(summary.mean)}; "
    return f"{mean}{sentences.share(summary.top.share)}"


def _early_late(wave: Wave, core: Sequence[QuestionResult]) -> dict[str, Any] | None:
    """Whoever needed a reminder stands nearest to those who never answered."""
    found = [(one, one.early_late) for one in core if one.early_late is not None]
    rows = [
        (
            one.question.ask_en,
            (
                _share(wave, one, each.early, day_to=each.late_from - timedelta(days=1)),
                _share(wave, one, each.late, day_from=each.late_from),
                sentences.change_words(each.change),
            ),
        )
        for one, each in found
        if each.early.n and each.late.n
    ]
    if not rows:
        return None
    words = _(
        "Good answers of those who answered before %(day)s and from then on. People who needed a "
        "reminder are most like those who never answered: where late answers are worse, the "
        "missing ones are likely worse too."
    ) % {"day": date_format(found[0][1].late_from, "MONTH_DAY_FORMAT")}
    return _beside(
        _("Early and late answers"), words, (_("Early"), _("Late"), _("Late compared with early")), rows
    )


def _share(wave: Wave, found: QuestionResult, answers: Answers, **days: date) -> str:
    """How many of these were good, and of how many, each with its rows."""
    good = answers_url(wave, found.question, answer_filters.GOOD, **days)
    share = linked(sentences.share(answers.top_n / answers.n), good)
    whole = linked(sentences.whole(answers.n), answers_url(wave, found.question, "", **days))
    return format_html("{}\u00a0({})", share, whole)


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
        return rows.filter(named(text, "person__sort_name", "partner__sort_name", also=["said"]))

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
