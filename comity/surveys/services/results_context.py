"""What stands beside a wave's figures: earlier waves, what was said in own words, and files.

Results as scripts read them keep their keys, nothing in them is rounded, and what is hidden is null and said to be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from comity.core.surveys import Interval, Share, share_of
from comity.partners.models import Partner
from comity.people.models import User
from comity.surveys.models import Mode, Question, Response, ResponseQuerySet, Tally, Wave
from comity.surveys.models.answers import DONT_KNOW
from comity.surveys.services.answers import core_tally, has_good, offered, places, scale_of
from comity.surveys.services.results import QuestionResult, Results

MOST_WAVES = 8  # in one picture
WORDS_A_PAGE = 200  # of a wave that keeps names back
KIND = Question.Kind

TALLIES_HEAD = (
    *("table", "group", "name", "question", "answer", "count", "n", "dont_know", "left"),
    *("invited", "reached", "answered", "suppressed"),
)
CODEBOOK_HEAD = (
    *("question", "kind", "wording_en", "wording_es", "driver", "core", "outcome", "asked_only_if"),
    *("answer", "means_en", "means_es", "good"),
)
FIGURES = ("n", "na", "mean", "mean_ci", "sd", "top2", "top2_n", "top2_ci")
Plain = dict[str, Any]


@dataclass(frozen=True)
class Past:
    """One wave of a row of waves, and the good answers it got to each question; None where it shows none."""

    wave: Wave
    good: Mapping[str, Share | None]


def past_of(wave: Wave, questions: Iterable[Question]) -> list[Past]:
    """This wave and those of the same survey before it, oldest first. Two queries, however many there are."""
    asked = {one.key: one for one in questions if has_good(one)}
    waves = Wave.objects.filter(version__survey=wave.version.survey_id).exclude(state=Wave.State.DRAFT)
    if wave.opened_at is not None:
        waves = waves.filter(Q(opened_at__lte=wave.opened_at) | Q(pk=wave.pk))
    found = list(waves.order_by("-opened_at", "-pk")[:MOST_WAVES])[::-1]
    rows = Tally.objects.filter(wave__in=found, table=Tally.Table.ALL, question__in=list(asked))
    kept = {(row.wave_id, row.question): row for row in rows}
    past = [
        Past(each, {key: _good(question, kept.get((each.pk, key))) for key, question in asked.items()})
        for each in found
    ]
    return [one for one in past if any(one.good.values())]


def _good(question: Question, row: Tally | None) -> Share | None:
    if row is None or not row.n or row.counts is None or set(row.counts) - set(places(question)):
        return None  # hidden, without answers, or asked on another scale then
    tally = core_tally(question, row.counts, n=row.n)
    return share_of(tally.top_n, tally.n)


def said_by_name(wave: Wave, question: Question, user: User) -> ResponseQuerySet:
    """Answers with own words to this question, whose authors this person may know. Of a named wave only."""
    if wave.mode != Mode.NAMED:
        return Response.objects.none()
    return _with_words(Response.objects.visible_to(user).complete().filter(wave=wave), question)


def _with_words(rows: ResponseQuerySet, question: Question) -> ResponseQuerySet:
    """Those that say something, as `said`."""
    said = Cast(KeyTextTransform(question.key, "answers"), TextField())
    return rows.annotate(said=said).exclude(said=None).exclude(said__in=["", DONT_KNOW])


def said_without_names(wave: Wave, question: Question, page: str) -> Page[str]:
    """What was said in a wave that keeps names back, in random order: once it is closed, and enough answered it.

    page  counted from 1; one that is not there is the last

    The order tells nothing of when or by whom; no rating stands beside the words.
    """
    texts: Any = []
    enough = wave.tallies.filter(table=Tally.Table.ALL, question="", n__gte=wave.smallest_group)
    if wave.state == Wave.State.CLOSED and wave.hides_who and enough.exists():
        if wave.mode == Mode.ANONYMOUS:
            texts = wave.remarks.filter(question=question.key).order_by("pk").values_list("text", flat=True)
        else:
            # By the alphabet: the keys of these rows stand on the survey office's own page, beside their authors.
            texts = _with_words(wave.responses.complete(), question)
            texts = sorted(texts.values_list("said", flat=True))
    return Paginator[str](texts, WORDS_A_PAGE).get_page(page)


# --- files --------------------------------------------------------------------------------------------------------


def tally_lines(wave: Wave) -> Iterator[tuple[object, ...]]:
    """What was counted, as it may be shown: one line for each answer in each group. See TALLIES_HEAD."""
    groups = wave.tallies.filter(table=Tally.Table.PARTNER, question="").values_list("group", flat=True)
    wanted = [int(group) for group in groups if group.isdecimal()]
    partners = Partner.objects.filter(pk__in=wanted).values_list("pk", "name")
    names = {str(pk): name for pk, name in partners}
    rows = wave.tallies.order_by("table", "group", "question")
    for row in rows.iterator(chunk_size=500):
        name = names.get(row.group, "") if row.table == Tally.Table.PARTNER else row.group
        start = (row.table, row.group, name, row.question)
        if not row.question:
            hidden = "yes" if row.is_hidden else "no"
            asked = (None, None) if wave.imported else (row.invited, row.reached)
            yield (*start, "", None, None, None, None, *asked, row.n, hidden)
        elif row.n is None:
            yield (*start, "", None, None, None, None, None, None, None, "yes")
        else:
            for answer, count in (row.counts or {"": None}).items():
                yield (*start, answer, count, row.n, row.na, row.skipped, None, None, None, "no")


def codebook_lines(wave: Wave) -> Iterator[tuple[object, ...]]:
    """What each column and each number of the other files means: one line for each answer to each question."""
    for question in wave.version.questions.all():
        only_if = ""
        if question.show_if_question:
            values = ", ".join(str(value) for value in question.show_if_values)
            only_if = f"{question.show_if_question}: {values}"
        asked = (question.key, question.kind, question.ask_en, question.ask_es)
        counts = (question.driver, question.core, question.outcome, only_if)
        for meaning in _meanings(question):
            yield (*asked, *counts, *meaning)


def _meanings(question: Question) -> Iterator[tuple[str, str, str, str]]:
    """Every answer as the files have it, its meaning in both languages, and whether it counts as good."""
    scale = scale_of(question)
    if scale is None:
        yield "", "own words", "palabras propias", ""
    else:
        english, spanish = dict(offered(question, "en")), dict(offered(question, "es"))
        for place, value in zip(places(question), scale.values, strict=True):
            key = {"1": "yes", "0": "no"}[place] if question.kind == KIND.YES_NO else place
            good = ("yes" if value in scale.top else "no") if scale.top else ""
            yield key, english[key], spanish.get(key, ""), good
    if question.dont_know:
        yield DONT_KNOW, "I don’t know", "No sé", ""


def plain(results: Results) -> Plain:
    """The results of a wave as one object. Questions in own words have no figures and are not in it."""
    drivers, alpha = results.drivers, results.alpha
    return {
        "wave": results.wave.key,
        "mode": results.wave.mode,
        "invited": results.invited,
        "reached": results.reached,
        "answered": results.answered,
        "questions": [_question(one) for one in results.questions if one.is_hidden or one.summary],
        "alpha": {"value": alpha and alpha.value, "n": alpha.n if alpha else 0},
        "drivers": [
            {
                "key": one.key,
                "rho": one.rho,
                "importance": one.importance,
                "importance_ci": _interval(one.ci),
                "n": one.n,
            }
            for one in (drivers.drivers if drivers else ())
        ],
    }


def _question(one: QuestionResult) -> Plain:
    summary, change = one.summary, one.change
    if summary is None:
        hidden = dict.fromkeys(FIGURES)
        return {"key": one.question.key, **hidden, "change": None, "suppressed": True}
    top = summary.top
    return {
        "key": one.question.key,
        "n": summary.n,
        "na": summary.na,
        "mean": summary.mean,
        "mean_ci": _interval(summary.mean_ci),
        "sd": summary.sd,
        "top2": top and top.share,
        "top2_n": top and top.count,
        "top2_ci": _interval(top.ci if top else None),
        "change": change
        and {
            "top2": change.top,
            "z": change.z,
            "p": change.p,
            "holm_p": change.holm_p,
            "verdict": change.verdict.replace("_", " "),
        },
    }


def _interval(interval: Interval | None) -> list[float] | None:
    return [interval.low, interval.high] if interval else None
