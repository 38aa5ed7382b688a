"""The survey, version or question that an address names, and what is said where it can no longer be changed."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from comity.people.access import Request
from comity.surveys.models import Question, Survey, Version


def survey_or_404(request: Request, pk: int) -> Survey:
    return get_object_or_404(Survey.objects.visible_to(request.user), pk=pk)


def version_or_404(request: Request, pk: int) -> Version:
    rows = Version.objects.filter(survey__in=Survey.objects.visible_to(request.user))
    return get_object_or_404(rows.select_related("survey"), pk=pk)


def question_or_404(request: Request, pk: int) -> Question:
    rows = Question.objects.filter(version__survey__in=Survey.objects.visible_to(request.user))
    return get_object_or_404(rows.select_related("version__survey"), pk=pk)


def frozen(request: Request, version: Version) -> HttpResponse:
    """This version was sent; a new one can be begun."""
    context = {"version": version, "survey": version.survey, "draft": version.survey.draft()}
    return render(request, "surveys/building/frozen.html", context, status=409)
