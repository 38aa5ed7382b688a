"""The questions of a draft: added, changed, hung on another, moved, removed and put back."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.editing.answering import act, answer
from comity.people.access import Request, requires
from comity.surveys.capabilities import RUN
from comity.surveys.forms.building import GOOD_FOR, HangForm, QuestionForm
from comity.surveys.models import Question, Version
from comity.surveys.services import building
from comity.surveys.services.building.checks import answers_of
from comity.surveys.services.building.differences import condition_words
from comity.surveys.views.finding import of_a_draft, question_or_404, version_or_404

REMOVED = "surveys-removed"
KIND = Question.Kind


def _at(question: Question) -> str:
    """The draft, at a question."""
    return f"{reverse('surveys:version', args=[question.version_id])}#q-{question.key}"


@requires(RUN)
@of_a_draft(version_or_404)
def new(request: Request, version: Version) -> HttpResponse:
    """What kind of answer? Then, with `?kind=`, the question itself."""
    kind = request.GET.get("kind", "")
    if kind not in KIND.values:
        kinds = [(key, label, GOOD_FOR[KIND(key)]) for key, label in KIND.choices]
        context = {"version": version, "kinds": kinds}
        status = 422 if request.method == "POST" else 200
        return render(request, "surveys/building/kinds.html", context, status=status)
    return _write(request, Question(version=version, kind=kind))


@requires(RUN)
@of_a_draft(question_or_404)
def edit(request: Request, question: Question) -> HttpResponse:
    """Say a question otherwise."""
    return _write(request, question)


def _write(request: Request, question: Question) -> HttpResponse:
    """The form of a question, new or not."""
    version = question.version
    others = [] if question.pk else list(version.questions.all())
    form = QuestionForm(request.POST or None, instance=question, others=others)

    def save() -> Question:
        if question.pk:
            return building.change_question(question.pk, form.values, by=request.user, seen=form.seen)
        facts = {"kind": question.kind, **form.values}
        return building.add_question(version.pk, by=request.user, after=form.place, **facts)

    return answer(
        request,
        form,
        save,
        page="surveys/building/question.html",
        context={"question": question, "version": version},
        told=_("Saved.") if question.pk else _("The question is added."),
        to=_at,
        also=[form.lines] if form.lines else [],
        sent=request.method == "POST" and "more" not in request.POST,
    )


@requires(RUN)
@of_a_draft(question_or_404)
def hang(request: Request, question: Question) -> HttpResponse:
    """Ask a question only after some answers to an earlier one: which one, then, with `?on=`, which answers."""
    version = question.version
    questions = list(version.questions.all())
    earlier = [each for each in questions[: questions.index(question)] if answers_of(each)]
    on = next((each for each in earlier if each.key == request.GET.get("on")), None)
    context: dict[str, Any] = {
        "question": question,
        "version": version,
        "earlier": earlier,
        "condition": condition_words(question, questions),
        "on": on,
    }

    def save(key: str, values: list[Any]) -> Question:
        return building.hang_question(question.pk, on=key, values=values, by=request.user)

    if on is not None:
        present = question.show_if_values if question.show_if_question == on.key else []
        form = HangForm(on, present, request.POST or None)
        return answer(
            request,
            form,
            lambda: save(on.key, form.chosen),
            page="surveys/building/hang.html",
            context=context,
            told=_("Saved."),
            to=_at,
        )
    if request.method == "POST":
        return act(request, lambda: save("", []), told=_("Saved."), to=_at(question))
    return render(request, "surveys/building/hang.html", context)


@requires(RUN, "POST")
@of_a_draft(question_or_404)
def move(request: Request, question: Question) -> HttpResponse:
    """One place up, or down with `way=down`."""
    up = request.POST.get("way") != "down"
    return act(request, lambda: building.move_question(question.pk, up=up, by=request.user), to=_at(question))


@requires(RUN, "POST")
@of_a_draft(question_or_404)
def remove(request: Request, question: Question) -> HttpResponse:
    """Ask it no more; the next page can put it back."""
    version = question.version_id

    def save() -> None:
        facts = building.remove_question(question.pk, by=request.user)
        request.session[REMOVED] = {"version": version, "facts": facts}

    return act(
        request,
        save,
        told=_("The question is removed."),
        to=reverse("surveys:version", args=[version]),
        undo=lambda _done: reverse("surveys:restore_question", args=[version]),
        refused_to=_at(question),
    )


@requires(RUN, "POST")
@of_a_draft(version_or_404)
def restore(request: Request, version: Version) -> HttpResponse:
    """Put back the question this person removed last from this draft."""

    def save() -> Question:
        removed = request.session.get(REMOVED) or {}
        if removed.get("version") != version.pk:
            raise DomainError(_("There is nothing to undo."))
        question = building.restore_question(version.pk, removed["facts"], by=request.user)
        del request.session[REMOVED]
        return question

    return act(request, save, to=_at, refused_to=reverse("surveys:version", args=[version.pk]))
