"""The surveys there are, one of them with its versions, and one version with its questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, IntegerField, Max, OuterRef, QuerySet, Subquery
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from comity.people.access import Request, requires
from comity.surveys.capabilities import READ, RUN
from comity.surveys.drivers import driver_words
from comity.surveys.models import Purpose, Question, Survey, Version, Wave
from comity.surveys.services import building
from comity.surveys.services.building.conditions import condition_words
from comity.surveys.views.building.finding import survey_or_404, version_or_404
from comity.ui.tables import Choice, Column, Search, Table, Toggle, only_csv

MOST_WAVES = 20


@requires(READ)
@require_safe
def listing(request: Request) -> HttpResponseBase:
    """Every survey, with how often it was reworded and when it was sent last."""
    may_run = request.user.can(RUN)
    table = Table(
        request,
        _with_counts(Survey.objects.visible_to(request.user)),
        name="surveys",
        columns=_columns(),
        filters=[
            Search("q", _("Find"), lambda rows, text: rows.filter(name__icontains=text)),
            Choice("purpose", _("Purpose"), Purpose.choices, "purpose"),
            Toggle("retired", _("Retired"), lambda rows: rows.exclude(retired_at=None)),
        ],
        default_sort="name",
        export_name="surveys",
        empty=_("There are no surveys yet. The library has four to start with."),
        empty_url=reverse("surveys:new_survey") if may_run else "",
        empty_action=_("Build a survey") if may_run else "",
    )
    said = ngettext("%(count)s survey", "%(count)s surveys", table.total) % {"count": f"{table.total:,}"}
    context = {"heading": said if table.total else _("Surveys"), "may_run": may_run}
    return table.respond("surveys/building/list.html", context)


def _with_counts(rows: QuerySet[Survey]) -> QuerySet[Survey]:
    """Each with its number of versions, of questions of the latest one, and the day it was last sent."""
    latest = Version.objects.filter(survey=OuterRef("pk")).order_by("-number")
    waves = Wave.objects.filter(version__survey=OuterRef("pk")).order_by().values("version__survey")
    return rows.annotate(
        version_count=Count("versions"),
        question_count=Subquery(
            latest.annotate(count=Count("questions")).values("count")[:1], output_field=IntegerField()
        ),
        last_sent=Subquery(waves.annotate(last=Max("opened_at")).values("last")[:1]),
    )


def _columns() -> list[Column]:
    return [
        Column("name", link=True),
        Column("purpose", gettext_lazy("Purpose"), wide=True),
        Column("questions", gettext_lazy("Questions"), value=lambda row: row.question_count, numeric=True),
        Column(
            "versions", gettext_lazy("Versions"), value=lambda row: row.version_count, numeric=True, wide=True
        ),
        Column("last_sent", gettext_lazy("Last sent"), sort="last_sent", value=_sent),
        *only_csv("key", "retired_at"),
    ]


def _sent(row: Any) -> Any:
    if row.retired_at:
        return _("Retired")
    return row.last_sent.date() if row.last_sent else _("Not yet")


@dataclass(frozen=True)
class Told:
    """A version on its survey's page: how many questions it has, and what changed since the one before."""

    version: Version
    count: int
    changes: list[str]
    is_first: bool


@requires(READ)
@require_safe
def survey(request: Request, pk: int) -> HttpResponse:
    """One survey: its versions with what changed from each to the next, and the waves it was sent in."""
    found = survey_or_404(request, pk)
    versions = list(found.versions.prefetch_related("questions"))
    waves = Wave.objects.visible_to(request.user).filter(version__survey=found).select_related("version")
    context = {
        "survey": found,
        "versions": _told(versions),
        "wave_url": _wave_with(versions[0]) if versions else "",
        "draft": next((version for version in versions if not version.frozen_at), None),
        "waves": waves[:MOST_WAVES],
        "may_run": request.user.can(RUN),
    }
    return render(request, "surveys/building/survey.html", context)


def _wave_with(version: Version) -> str:
    """Where a wave with this version is prepared."""
    return f"{reverse('surveys:new_wave')}?version={version.pk}"


def _told(versions: list[Version]) -> list[Told]:
    """The latest first."""
    questions = {version.pk: list(version.questions.all()) for version in versions}
    told = []
    for version, older in zip(versions, [*versions[1:], None], strict=True):
        asked = questions[version.pk]
        changes = building.differences(older, version, questions[older.pk], asked) if older else []
        told.append(Told(version, len(asked), changes, older is None))
    return told


@dataclass(frozen=True)
class Row:
    """A question on the page of its version."""

    question: Question
    number: int
    condition: str
    driver: str
    is_first: bool
    is_last: bool


@requires(READ)
@require_safe
def version(request: Request, pk: int) -> HttpResponse:
    """A version with its questions: a draft to be worked on, or what was sent."""
    found = version_or_404(request, pk)
    questions = list(found.questions.all())
    rows = [_row(question, place, questions) for place, question in enumerate(questions)]
    context = {
        "version": found,
        "survey": found.survey,
        "rows": rows,
        "left": left_to_do(found, questions),
        "may_change": request.user.can(RUN) and not found.frozen_at,
        "was_sent_before": found.number > 1,
        "wave_url": _wave_with(found) if questions and not found.survey.retired_at else "",
    }
    return render(request, "surveys/building/version.html", context)


def _row(question: Question, place: int, questions: list[Question]) -> Row:
    return Row(
        question,
        number=place + 1,
        condition=condition_words(question, questions),
        driver=driver_words(question.driver) if question.driver else "",
        is_first=place == 0,
        is_last=place == len(questions) - 1,
    )


def left_to_do(version: Version, questions: list[Question]) -> list[str]:
    """What a draft still lacks, or would do better with; none of it is an error."""
    if not questions:
        return [_("It has no questions yet.")]
    left = []
    if gap := spanish_gap(version, questions):
        left.append(gap)
    if any(question.driver for question in questions) and not any(each.outcome for each in questions):
        left.append(_("Some ratings are drivers, but there is no overall rating for them to explain."))
    if not any(question.core for question in questions):
        left.append(_("No question is marked to be compared from wave to wave."))
    return left


def spanish_gap(version: Version, questions: list[Question]) -> str:
    """How much of a version is said in English alone, as a sentence; nothing where all has its Spanish."""
    parts = sum(map(building.without_spanish, questions))
    parts += any(
        getattr(version, f"{name}_en") and not getattr(version, f"{name}_es")
        for name in ("title", "intro", "thanks")
    )
    if not parts:
        return ""
    return ngettext(
        "One part has no Spanish yet. Spanish readers see the English there.",
        "%(count)s parts have no Spanish yet. Spanish readers see the English there.",
        parts,
    ) % {"count": parts}
