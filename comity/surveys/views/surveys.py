"""Surveys, their versions and how these look on a phone: read, made, named, retired, worded."""

from __future__ import annotations

from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django.db.models import Count, IntegerField, Max, OuterRef, QuerySet, Subquery
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.clickjacking import xframe_options_sameorigin

from comity.editing.answering import FormPage, act, answer
from comity.people.access import Request, requires
from comity.search.sorting import named
from comity.surveys.capabilities import READ, RUN
from comity.surveys.drivers import driver_words
from comity.surveys.forms.answering import AnswerForm
from comity.surveys.forms.building import SurveyForm, WordsForm
from comity.surveys.models import Purpose, Question, Survey, Version, Wave
from comity.surveys.models.survey import LANGUAGES
from comity.surveys.services import building
from comity.surveys.services.building import surveys
from comity.surveys.services.building.differences import condition_words
from comity.surveys.views.finding import of_a_draft, survey_or_404, version_or_404
from comity.ui.components.page import tell
from comity.ui.tables import Choice, Column, Search, Table, Toggle, only_csv

MOST_WAVES = 20
EMPTY = "empty"


@requires(READ, "GET")
def listing(request: Request) -> HttpResponseBase:
    """Every survey, with how often it was reworded and when it was sent last."""
    may_run = request.user.can(RUN)
    table = Table(
        request,
        _with_counts(Survey.objects.visible_to(request.user)),
        name="surveys",
        columns=_columns(),
        filters=[
            Search("q", _("Find"), lambda rows, text: rows.filter(named(text, "sort_name"))),
            Choice("purpose", _("Purpose"), Purpose.choices, "purpose"),
            Toggle("retired", _("Retired"), lambda rows: rows.exclude(retired_at=None)),
        ],
        default_sort="name",
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


@requires(READ, "GET")
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


def _told(versions: list[Version]) -> list[tuple[Version, int, list[str]]]:
    """The latest first, each with how many questions it has, and what changed since the one before."""
    questions = {version.pk: list(version.questions.all()) for version in versions}
    return [
        (
            version,
            len(questions[version.pk]),
            building.differences(older, version, questions[older.pk], questions[version.pk]) if older else [],
        )
        for version, older in zip(versions, [*versions[1:], None], strict=True)
    ]


@requires(READ, "GET")
def version(request: Request, pk: int) -> HttpResponse:
    """A version with its questions: a draft to be worked on, or what was sent."""
    found = version_or_404(request, pk)
    questions = list(found.questions.all())
    rows = [
        (question, condition_words(question, questions), question.driver and driver_words(question.driver))
        for question in questions
    ]
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


def left_to_do(version: Version, questions: list[Question]) -> list[str]:
    """What a draft still lacks, or would do better with; none of it is an error."""
    if not questions:
        return [_("It has no questions yet.")]
    left = [spanish_gap(version, questions)]
    if any(question.driver for question in questions) and not any(each.outcome for each in questions):
        left.append(_("Some ratings are drivers, but there is no overall rating for them to explain."))
    if not any(question.core for question in questions):
        left.append(_("No question is marked to be compared from wave to wave."))
    return list(filter(None, left))


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


@requires(READ, "GET")
def preview(request: Request, pk: int) -> HttpResponse:
    """A phone for each language, with the survey in it."""
    version = version_or_404(request, pk)
    phone = reverse("surveys:phone", args=[pk])
    phones = [(_("English"), f"{phone}?language=en"), (_("Spanish"), f"{phone}?language=es")]
    context = {"version": version, "phones": phones}
    return render(request, "surveys/building/preview.html", context)


@requires(READ, "GET")
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})  # type: ignore[arg-type]  # views with arguments are fine too
def phone(request: Request, pk: int) -> HttpResponse:
    """The page as a respondent sees it; our own preview may put it in a frame."""
    version = version_or_404(request, pk)
    asked = request.GET.get("language", "")
    language = asked if asked in LANGUAGES else LANGUAGES[0]
    with translation.override(language):
        context = {
            "title": version.said("title", language),
            "intro": version.said("intro", language),
            "thanks": version.said("thanks", language),
            "form": AnswerForm(list(version.questions.all()), language=language),
        }
        return render(request, "surveys/building/phone.html", context)


@requires(RUN)
def new(request: Request) -> HttpResponse:
    """What to begin with? Then, with `?from=`, its name."""
    templates, asked = surveys.templates(), request.GET.get("from", "")
    template = next((each for each in templates if each.key == asked), None)
    if template is None and asked != EMPTY:
        status = 422 if request.method == "POST" else 200
        return render(request, "surveys/building/library.html", {"templates": templates}, status=status)
    initial = {"name": template.name, "purpose": template.purpose} if template else {}
    form = SurveyForm(request.POST or None, initial=initial)
    page = FormPage(
        _("Start with “%(name)s”") % {"name": template.name} if template else _("Start with an empty survey"),
        _("Build a survey"),
        _("Nobody is asked anything until you open a wave."),
        crumbs=[
            (_("Surveys"), reverse("surveys:list")),
            (_("Build a survey"), reverse("surveys:new_survey")),
        ],
        submit=_("Create the draft"),
    )
    return answer(
        request,
        form,
        lambda: building.create_survey(
            template="" if asked == EMPTY else asked, by=request.user, **form.values
        ),
        page=page,
        told=_("The draft is ready. Nobody is asked anything until you open a wave."),
        to=lambda survey: reverse("surveys:version", args=[survey.versions.get().pk]),
    )


@requires(RUN)
def edit(request: Request, pk: int) -> HttpResponse:
    """What the office calls it, and what it is for."""
    survey = survey_or_404(request, pk)
    form = SurveyForm(request.POST or None, instance=survey)
    heading = _("Name and purpose")
    crumbs = [(_("Surveys"), reverse("surveys:list")), (str(survey), survey.get_absolute_url())]
    return answer(
        request,
        form,
        lambda: building.rename(pk, form.values, by=request.user, seen=form.seen),
        page=FormPage(heading, f"{heading}: {survey}", crumbs=crumbs),
        told=_("Saved."),
    )


@requires(RUN, "POST")
def retire(request: Request, pk: int) -> HttpResponse:
    """Send it no more."""
    survey = survey_or_404(request, pk)
    building.retire(pk, by=request.user)
    undo = reverse("surveys:bring_back", args=[pk])
    tell(request, _("The survey is retired. Its answers are kept."), undo=undo)
    return redirect(survey)


@requires(RUN, "POST")
def bring_back(request: Request, pk: int) -> HttpResponse:
    """Let it be sent again."""
    survey = survey_or_404(request, pk)
    back = _("The survey is restored.")
    return act(request, lambda: building.bring_back(pk, by=request.user), told=back, to=survey)


@requires(RUN, "POST")
def begin(request: Request, pk: int) -> HttpResponse:
    """Begin a draft, or go on with the one there is."""
    survey = survey_or_404(request, pk)
    return act(
        request,
        lambda: building.begin_draft(pk, by=request.user),
        to=lambda draft: reverse("surveys:version", args=[draft.pk]),
        refused_to=survey,
    )


@requires(RUN, "POST")
@of_a_draft(version_or_404)
def discard(request: Request, version: Version) -> HttpResponse:
    """Throw a draft away."""
    return act(
        request,
        lambda: building.discard_draft(version.pk, by=request.user),
        told=_("The draft is discarded. What was sent stays as it is."),
        refused_to=reverse("surveys:version", args=[version.pk]),
    )


@requires(RUN)
@of_a_draft(version_or_404)
def words(request: Request, version: Version) -> HttpResponse:
    """The title, what it says first and what it says at its end, in both languages."""
    form = WordsForm(request.POST or None, instance=version)
    return answer(
        request,
        form,
        lambda: building.change_words(version.pk, form.values, by=request.user, seen=form.seen),
        page="surveys/building/words.html",
        context={"version": version},
        told=_("Saved."),
        to=reverse("surveys:version", args=[version.pk]),
    )
