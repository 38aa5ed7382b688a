"""Making a survey, naming it, retiring it; beginning and discarding a draft of it, and its words."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comity.editing.answering import FormPage, act, answer
from comity.people.access import Request, requires
from comity.surveys.capabilities import RUN
from comity.surveys.forms.building import SurveyForm, WordsForm
from comity.surveys.models import Version
from comity.surveys.services import building
from comity.surveys.services.building import library
from comity.surveys.views.building.finding import of_a_draft, survey_or_404, version_or_404
from comity.ui.components.page import tell

EMPTY = "empty"


@requires(RUN)
def new(request: Request) -> HttpResponse:
    """What to begin with? Then, with `?from=`, its name."""
    templates, asked = library.templates(), request.GET.get("from", "")
    template = next((each for each in templates if each.key == asked), None)
    if template is None and asked != EMPTY:
        status = 422 if request.method == "POST" else 200
        return render(request, "surveys/building/library.html", {"templates": templates}, status=status)
    initial = {"name": template.name, "purpose": template.purpose} if template else {}
    form = SurveyForm(request.POST or None, initial=initial)
    here = reverse("surveys:new_survey")
    page = FormPage(
        _("Start with “%(name)s”") % {"name": template.name} if template else _("Start with an empty survey"),
        _("Build a survey"),
        _("Nobody is asked anything until you open a wave."),
        crumbs=[(_("Surveys"), reverse("surveys:list")), (_("Build a survey"), here)],
        submit=_("Create the draft"),
        back=here,
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
    heading, here = _("Name and purpose"), survey.get_absolute_url()
    crumbs = [(_("Surveys"), reverse("surveys:list")), (str(survey), here)]
    return answer(
        request,
        form,
        lambda: building.rename(pk, form.values, by=request.user, seen=form.seen),
        page=FormPage(heading, f"{heading}: {survey}", crumbs=crumbs, back=here),
        told=_("Saved."),
    )


@requires(RUN)
@require_POST
def retire(request: Request, pk: int) -> HttpResponse:
    """Send it no more."""
    survey = survey_or_404(request, pk)
    building.retire(pk, by=request.user)
    undo = reverse("surveys:bring_back", args=[pk])
    tell(request, _("The survey is retired. Its answers are kept."), undo=undo)
    return redirect(survey)


@requires(RUN)
@require_POST
def bring_back(request: Request, pk: int) -> HttpResponse:
    """Let it be sent again."""
    survey = survey_or_404(request, pk)
    back = _("The survey is restored.")
    return act(request, lambda: building.bring_back(pk, by=request.user), told=back, to=survey)


@requires(RUN)
@require_POST
def begin(request: Request, pk: int) -> HttpResponse:
    """Begin a draft, or go on with the one there is."""
    survey = survey_or_404(request, pk)
    return act(
        request,
        lambda: building.begin_draft(pk, by=request.user),
        to=lambda draft: reverse("surveys:version", args=[draft.pk]),
        refused_to=survey,
    )


@requires(RUN)
@require_POST
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
        context={"version": version, "survey": version.survey},
        told=_("Saved."),
        to=reverse("surveys:version", args=[version.pk]),
    )
