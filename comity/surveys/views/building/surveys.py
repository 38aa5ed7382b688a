"""Making a survey, naming it, retiring it; beginning and discarding a draft of it, and its words."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.people.access import Request, requires
from comity.surveys.capabilities import RUN
from comity.surveys.forms.building import SurveyForm, WordsForm
from comity.surveys.models import Purpose
from comity.surveys.services import building
from comity.surveys.services.building import library
from comity.surveys.services.building.drafts import WORDS
from comity.surveys.views.building.finding import frozen, survey_or_404, version_or_404
from comity.ui.components.page import tell

EMPTY = "empty"


@requires(RUN)
def new(request: Request) -> HttpResponse:
    """What to begin with? Then, with `?from=`, its name."""
    begun = {template.key: template for template in library.templates()}
    asked = request.GET.get("from", "")
    template = begun.get(asked)
    if template is None and asked != EMPTY:
        return render(request, "surveys/building/library.html", {"templates": library.templates()})
    initial = {"name": template.name, "purpose": template.purpose} if template else {"purpose": Purpose.OWN}
    form = SurveyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = building.create_survey(
                template=template.key if template else "", by=request.user, **form.cleaned_data
            )
        except DomainError as error:
            form.add_error("name", str(error))
        else:
            tell(request, _("The draft is made. Nobody is asked anything before you send a wave."))
            return redirect("surveys:version", made.versions.get().pk)
    return render(request, "surveys/building/new.html", {"form": form, "template": template})


@requires(RUN)
def edit(request: Request, pk: int) -> HttpResponse:
    """What the office calls it, and what it is for."""
    survey = survey_or_404(request, pk)
    form = SurveyForm(request.POST or None, initial={"name": survey.name, "purpose": survey.purpose})
    if request.method == "POST" and form.is_valid():
        try:
            building.rename(pk, by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error("name", str(error))
        else:
            tell(request, _("Saved."))
            return redirect(survey)
    return render(request, "surveys/building/edit.html", {"form": form, "survey": survey})


@requires(RUN)
@require_POST
def retire(request: Request, pk: int) -> HttpResponse:
    """Send it no more."""
    survey = survey_or_404(request, pk)
    building.retire(pk, by=request.user)
    undo = reverse("surveys:bring_back", args=[pk])
    tell(request, _("The survey is retired. What was answered stays."), undo=undo)
    return redirect(survey)


@requires(RUN)
@require_POST
def bring_back(request: Request, pk: int) -> HttpResponse:
    """Let it be sent again."""
    survey = survey_or_404(request, pk)
    try:
        building.bring_back(pk, by=request.user)
    except DomainError as refusal:
        tell(request, str(refusal), level=messages.ERROR)
    else:
        tell(request, _("The survey is back."))
    return redirect(survey)


@requires(RUN)
@require_POST
def begin(request: Request, pk: int) -> HttpResponse:
    """Begin a draft, or go on with the one there is."""
    survey = survey_or_404(request, pk)
    try:
        draft = building.begin_draft(pk, by=request.user)
    except DomainError as refusal:
        tell(request, str(refusal), level=messages.ERROR)
        return redirect(survey)
    return redirect("surveys:version", draft.pk)


@requires(RUN)
@require_POST
def discard(request: Request, pk: int) -> HttpResponse:
    """Throw a draft away."""
    version = version_or_404(request, pk)
    try:
        building.discard_draft(pk, by=request.user)
    except building.FrozenError:
        return frozen(request, version)
    except DomainError as refusal:
        tell(request, str(refusal), level=messages.ERROR)
        return redirect("surveys:version", pk)
    tell(request, _("The draft is discarded. What was sent stays as it is."))
    return redirect(version.survey)


@requires(RUN)
def words(request: Request, pk: int) -> HttpResponse:
    """The title, what it says first and what it says at its end, in both languages."""
    version = version_or_404(request, pk)
    if version.frozen_at:
        return frozen(request, version)
    form = WordsForm(audit.values(version, WORDS), request.POST or None)
    context: dict[str, Any] = {"form": form, "version": version, "survey": version.survey}
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            building.change_words(pk, by=request.user, seen=form.seen, **form.said)
        except building.ConflictError as error:
            context["conflict"], status = form.begin_again(error.present), 409
        except building.FrozenError:
            return frozen(request, version)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            tell(request, _("Saved."))
            return redirect("surveys:version", pk)
    return render(request, "surveys/building/words.html", context, status=status)
