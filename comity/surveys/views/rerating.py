"""The page behind the link of somebody who is asked again what they rated low. Opening it changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation

from comity.core.errors import DomainError
from comity.office.services import today
from comity.people import tokens
from comity.people.access import public
from comity.surveys.forms.answering import AnswerForm, WordsField
from comity.surveys.models import Again, Question
from comity.surveys.services import rerating
from comity.surveys.services.answers import allows
from comity.surveys.services.rerating import SavedMeanwhileError, questions_of, said_then
from comity.surveys.views.answering import MISSES, REFUSED, SCOPE, between_us, language_of, refused


class AgainForm(AnswerForm):
    """The questions asked again, and room for a word on it."""

    def __init__(
        self, again: Again, questions: Sequence[Question], *, kept: Again | None = None, **more: Any
    ) -> None:
        super().__init__(questions, **more)
        self.fields["words"] = WordsField(initial=(kept or again).words)


@public(
    "Whoever rated something low says from the mail how it is now, without a sign-in; the link stands for them."
)
@between_us
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Say how it is now, or change what was said. Dead links of every kind get one answer."""
    rows = Again.objects.answerable(today())
    again = tokens.find(request, SCOPE, rows, token, limit=MISSES)
    if again is None:
        return refused(request)
    language = language_of(request, again.language)
    with translation.override(language):
        answer = (
            _posted(request, again, language)
            if request.method == "POST"
            else _opened(request, again, language)
        )
    answer["Content-Language"] = language
    return answer


def _opened(request: HttpRequest, again: Again, language: str) -> HttpResponse:
    questions = questions_of(again)
    clicked = _clicked(request, questions)
    form = AgainForm(
        again, questions, language=language, answers={**again.answers, **clicked}, revision=again.revision
    )
    return _drawn(request, again, form, clicked=bool(clicked))


def _clicked(request: HttpRequest, questions: list[Question]) -> dict[str, Any]:
    """The one click in the mail: filled in, and kept only when it is sent."""
    found: dict[str, Any] = {}
    for question in questions:
        given = request.GET.get(question.key, "")
        value = next((each for each in question.values if str(each) == given), None)
        if value is not None and allows(question, value):
            found[question.key] = value
    return found


def _posted(request: HttpRequest, again: Again, language: str) -> HttpResponse:
    form = AgainForm(again, questions_of(again), language=language, data=request.POST)
    if "switch" in request.POST:
        shown = AgainForm(
            again,
            form.questions,
            language=language,
            answers=form.now(),
            revision=form.revision,
        )
        shown.fields["words"].initial = request.POST.get("words", "")
        return _drawn(request, again, shown)
    if not form.is_valid():
        return _drawn(request, again, form, status=REFUSED)
    try:
        rerating.answer(again, form.answers, words=form.cleaned_data["words"], revision=form.revision)
    except SavedMeanwhileError as error:
        kept = error.again
        form = AgainForm(
            again,
            questions_of(again),
            language=language,
            data=request.POST,
            stored=kept.answers,
            revision=kept.revision,
        )
        return _drawn(request, again, form, said=str(error), status=409)
    except DomainError as error:
        form.add_error(None, str(error))
        return _drawn(request, again, form, status=REFUSED)
    query = "" if language == again.language else f"&language={language}"
    return redirect(f"{request.path}?now=sent{query}")


def _drawn(
    request: HttpRequest,
    again: Again,
    form: AgainForm,
    *,
    said: str = "",
    clicked: bool = False,
    status: int = 200,
) -> HttpResponse:
    first = form.questions[0]
    context = {
        "form": form,
        "again": again,
        "then": said_then(again, first, form.language),
        "language": form.language,
        "others": [(code, name) for code, name in settings.LANGUAGES if code != form.language],
        "sent": request.GET.get("now") == "sent" and request.method == "GET",
        "answered": again.answered_on is not None,
        "clicked": clicked,
        "meanwhile": said,
    }
    return render(request, "surveys/answering/again.html", context, status=status)
