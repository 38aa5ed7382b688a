"""The survey, version, question or wave that an address names; and what is said where it can no longer be changed."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from comity.people.access import Request
from comity.surveys.models import Question, Survey, Version, Wave


def wave_or_404(request: Request, pk: int, *related: str) -> Wave:
    """A wave this person may see, with its version and survey at hand, and what else is `related`."""
    rows = Wave.objects.visible_to(request.user).select_related("version__survey", *related)
    return get_object_or_404(rows, pk=pk)


Found = TypeVar("Found", bound=Version | Question)


def survey_or_404(request: Request, pk: int) -> Survey:
    return get_object_or_404(Survey.objects.visible_to(request.user), pk=pk)


def version_or_404(request: Request, pk: int) -> Version:
    rows = Version.objects.filter(survey__in=Survey.objects.visible_to(request.user))
    return get_object_or_404(rows.select_related("survey"), pk=pk)


def question_or_404(request: Request, pk: int) -> Question:
    rows = Question.objects.filter(version__survey__in=Survey.objects.visible_to(request.user))
    return get_object_or_404(rows.select_related("version__survey"), pk=pk)


def of_a_draft(
    find: Callable[[Request, int], Found],
) -> Callable[[Callable[[Request, Found], HttpResponse]], Callable[[Request, int], HttpResponse]]:
    """A view that changes what is found. Of a version that was sent it changes nothing, and offers to begin a new one."""

    def guard(view: Callable[[Request, Found], HttpResponse]) -> Callable[[Request, int], HttpResponse]:
        @wraps(view)
        def guarded(request: Request, pk: int) -> HttpResponse:
            row = find(request, pk)
            version = row if isinstance(row, Version) else row.version
            if version.frozen_at is None:
                return view(request, row)
            context = {"version": version, "draft": version.survey.draft()}
            return render(request, "surveys/building/frozen.html", context, status=409)

        return guarded

    return guard
