"""The questions of a draft: added, changed, hung on another, moved, removed and put back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.people.access import Request, requires
from comity.surveys.capabilities import RUN
from comity.surveys.forms.building import (
    GOOD_FOR,
    HangForm,
    QuestionForm,
    choice_forms,
    choices_said,
    is_choice,
)
from comity.surveys.models import Question, Version
from comity.surveys.services import building
from comity.surveys.services.building.checks import answers_of
from comity.surveys.services.building.conditions import condition_words
from comity.surveys.services.building.questions import SAID
from comity.surveys.views.building.finding import frozen, question_or_404, version_or_404
from comity.ui.components.page import tell

REMOVED = "surveys-removed"


def _to(version_id: int, key: str = "") -> HttpResponseRedirect:
    """Back to the draft, at a question."""
    url = reverse("surveys:version", args=[version_id])
    return HttpResponseRedirect(f"{url}#q-{key}" if key else url)


@requires(RUN)
def new(request: Request, pk: int) -> HttpResponse:
    """What kind of answer? Then, with `?kind=`, the question itself."""
    version = version_or_404(request, pk)
    if version.frozen_at:
        return frozen(request, version)
    kind = request.GET.get("kind", "")
    if kind not in Question.Kind.values:
        kinds = [(key, label, GOOD_FOR[Question.Kind(key)]) for key, label in Question.Kind.choices]
        context = {"version": version, "survey": version.survey, "kinds": kinds}
        return render(request, "surveys/building/kinds.html", context)
    return _write(request, version, Question(version=version, kind=kind))


@requires(RUN)
def edit(request: Request, pk: int) -> HttpResponse:
    """Say a question otherwise."""
    question = question_or_404(request, pk)
    if question.version.frozen_at:
        return frozen(request, question.version)
    return _write(request, question.version, question)


def _write(request: Request, version: Version, question: Question) -> HttpResponse:
    """The form of a question, new or not."""
    seen = audit.values(question, [name for name in SAID if name != "kind"])
    others = [] if question.pk else list(version.questions.all())
    data = request.POST or None
    form = QuestionForm(seen, data, kind=question.kind, others=others)
    lines = choice_forms(data, question.choices) if is_choice(question.kind) else None
    context: dict[str, Any] = {
        "form": form,
        "lines": lines,
        "question": question,
        "version": version,
        "survey": version.survey,
    }
    sent = request.method == "POST" and "more" not in request.POST
    if not (sent and form.is_valid() and (lines is None or lines.is_valid())):
        return render(request, "surveys/building/question.html", context)
    choices = {} if lines is None else {"choices": choices_said(lines)}
    said = {**form.said, **choices}
    status = 200
    try:
        if question.pk:
            written = building.change_question(question.pk, by=request.user, seen=form.seen, **said)
        else:
            written = building.add_question(
                version.pk, by=request.user, after=form.place, kind=question.kind, **said
            )
    except building.ConflictError as error:
        context["conflict"], status = form.begin_again(error.present, **choices), 409
    except building.FrozenError:
        return frozen(request, version)
    except DomainError as error:
        form.add_error(None, str(error))
    else:
        tell(request, _("Saved.") if question.pk else _("The question is added."))
        return _to(version.pk, written.key)
    return render(request, "surveys/building/question.html", context, status=status)


@requires(RUN)
def hang(request: Request, pk: int) -> HttpResponse:
    """Ask a question only after some answers to an earlier one: which one, then, with `?on=`, which answers."""
    question = question_or_404(request, pk)
    version = question.version
    if version.frozen_at:
        return frozen(request, version)
    questions = list(version.questions.all())
    earlier = [each for each in questions[: questions.index(question)] if answers_of(each)]
    on = next((each for each in earlier if each.key == request.GET.get("on")), None)
    context: dict[str, Any] = {
        "question": question,
        "version": version,
        "survey": version.survey,
        "earlier": earlier,
        "condition": condition_words(question, questions),
        "on": on,
    }
    if on is not None:
        present = question.show_if_values if question.show_if_question == on.key else []
        form = context["form"] = HangForm(on, present, request.POST or None)
        if request.method == "POST" and form.is_valid():
            return _hang(request, question, on=on.key, values=form.chosen)
    elif request.method == "POST":
        return _hang(request, question, on="", values=[])
    return render(request, "surveys/building/hang.html", context)


def _hang(request: Request, question: Question, *, on: str, values: list[Any]) -> HttpResponse:
    try:
        building.hang_question(question.pk, on=on, values=values, by=request.user)
    except building.FrozenError:
        return frozen(request, question.version)
    except DomainError as refusal:
        tell(request, str(refusal), level=messages.ERROR)
    else:
        tell(request, _("Saved."))
    return _to(question.version_id, question.key)


@requires(RUN)
@require_POST
def move(request: Request, pk: int) -> HttpResponse:
    """One place up, or down with `way=down`."""
    question = question_or_404(request, pk)
    try:
        building.move_question(pk, up=request.POST.get("way") != "down", by=request.user)
    except building.FrozenError:
        return frozen(request, question.version)
    except DomainError as refusal:
        tell(request, str(refusal), level=messages.ERROR)
    return _to(question.version_id, question.key)


@requires(RUN)
@require_POST
def remove(request: Request, pk: int) -> HttpResponse:
    """Ask it no more; the next page can put it back."""
    question = question_or_404(request, pk)
    version_id = question.version_id
    try:
        facts = building.remove_question(pk, by=request.user)
    except building.FrozenError:
        return frozen(request, question.version)
    except DomainError as refusal:
        tell(request, str(refusal), level=messages.ERROR)
        return _to(version_id, question.key)
    request.session[REMOVED] = {"version": version_id, "facts": facts}
    tell(request, _("The question is removed."), undo=reverse("surveys:restore_question", args=[version_id]))
    return _to(version_id)


@requires(RUN)
@require_POST
def restore(request: Request, pk: int) -> HttpResponse:
    """Put back the question this person removed last from this draft."""
    version = version_or_404(request, pk)
    removed = request.session.get(REMOVED) or {}
    if removed.get("version") != pk:
        tell(request, _("There is nothing to put back."), level=messages.ERROR)
        return _to(pk)
    try:
        question = building.restore_question(pk, removed["facts"], by=request.user)
    except building.FrozenError:
        return frozen(request, version)
    except DomainError as refusal:
        tell(request, str(refusal), level=messages.ERROR)
        return _to(pk)
    del request.session[REMOVED]
    return _to(pk, question.key)
