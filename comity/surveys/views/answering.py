"""The page behind the link of an invitation. Opening it changes nothing; mail scanners open links too."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from comity.core.errors import DomainError
from comity.people import tokens
from comity.people.access import public
from comity.surveys.forms.answering import AnswerForm
from comity.surveys.models import Mode, Participant
from comity.surveys.services import answering
from comity.surveys.services.answering import ClosedError, SavedMeanwhileError, Stored
from comity.surveys.services.answers import allows, asked, minutes_for

SCOPE = "answer"
REFUSED = 422  # the form once more, with what is wrong
# A whole agency may come from one address, and a reminder ends the links before it. A token is not to be guessed anyway.
MISSES = 200
SEND, SAVE = "send", "save"

View = Callable[[HttpRequest, str], HttpResponse]


def between_us(view: View) -> View:
    """Keeps the address, which is the key to the answers, from caches, from other sites and from search engines."""

    @never_cache
    @wraps(view)
    def kept(request: HttpRequest, token: str) -> HttpResponse:
        answer = view(request, token)
        # Not "no-referrer": browsers then send forms without an origin, which the check for forged forms refuses.
        answer["Referrer-Policy"] = "strict-origin"
        answer["X-Robots-Tag"] = "noindex, nofollow"
        return answer

    return kept


@public("Whoever was asked answers from the mail, without a sign-in; the link stands for them.")
@between_us
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Answer a survey, go on with it, or change what was answered. Dead links of every kind get one answer."""
    participant = _find(request, token)
    if participant is None:
        return refused(request)
    language = language_of(request, participant.language)
    with translation.override(language):
        if request.method == "POST":
            answer = _posted(request, token, participant, language)
        else:
            answer = _opened(request, participant, language)
    answer["Content-Language"] = language
    return answer


def refused(request: HttpRequest) -> HttpResponse:
    """What a link that was made up, was ended by a reminder, or is of a closed survey is answered."""
    hint = _(
        "A survey link works until the last day to answer. A reminder brings a new link, and the "
        "old one stops working. Open the newest email, and check that you copied the whole link."
    )
    return tokens.refuse(request, SCOPE, limit=MISSES, hint=hint)


def _find(request: HttpRequest, token: str) -> Participant | None:
    return tokens.find(request, SCOPE, Participant.objects.answerable(), token, limit=MISSES)


def language_of(request: HttpRequest, own: str) -> str:
    """The one switched to, else the one the page is in, else the reader's own."""
    known = dict(settings.LANGUAGES)
    wished = (request.POST.get("switch"), request.POST.get("language"), request.GET.get("language"))
    return next((code for code in (*wished, own) if code in known), settings.LANGUAGE_CODE)


def _opened(request: HttpRequest, participant: Participant, language: str) -> HttpResponse:
    stored = answering.stored_of(participant)
    clicked = _clicked(request, participant)
    form = _form(participant, language, stored, answers={**stored.answers, **clicked})
    return _drawn(request, participant, form, stored, clicked=bool(clicked))


def _clicked(request: HttpRequest, participant: Participant) -> dict[str, Any]:
    """The one click in a mail, `?overall=2`: filled in, and kept only when it is sent."""
    found: dict[str, Any] = {}
    for question in participant.wave.version.questions.all():
        given = request.GET.get(question.key, "")
        value = next((each for each in question.values if str(each) == given), None)
        if value is not None and question.is_numeric and allows(question, value):
            found[question.key] = value
    return found


def _posted(request: HttpRequest, token: str, participant: Participant, language: str) -> HttpResponse:
    form = _form(participant, language, data=request)
    if "switch" in request.POST:
        ticked = Stored(may_contact="may_contact" in request.POST, revision=form.revision)
        form = _form(participant, language, ticked, answers=form.now())
        return _drawn(request, participant, form, answering.stored_of(participant))
    if not form.is_valid():
        return _drawn(request, participant, form, answering.stored_of(participant), status=REFUSED)
    complete = request.POST.get("act") != SAVE
    try:
        answering.answer(
            participant,
            form.answers,
            complete=complete,
            language=language,
            may_contact=form.cleaned_data.get("may_contact", False),
            revision=form.revision,
        )
    except SavedMeanwhileError as error:
        again = _form(participant, language, error.stored, data=request, stored=error.stored)
        return _drawn(request, participant, again, error.stored, said=str(error), status=409)
    except ClosedError:
        return refused(request)
    except DomainError as error:
        form.add_error(None, str(error))
        return _drawn(request, participant, form, answering.stored_of(participant), status=REFUSED)
    return redirect(_next(token, participant, form, language, complete=complete))


def _next(token: str, participant: Participant, form: AnswerForm, language: str, *, complete: bool) -> str:
    """Thanks; or the page again, for what is still to come."""
    if complete and not form.unseen:
        return _address("surveys:thanks", token, participant, language)
    return _address("surveys:answer", token, participant, language, now="more" if complete else "saved")


def _address(name: str, token: str, participant: Participant, language: str, **query: str) -> str:
    """A page of this link, in the language switched to."""
    if language != participant.language:
        query["language"] = language
    return reverse(name, args=[token]) + (f"?{urlencode(query)}" if query else "")


def _form(
    participant: Participant,
    language: str,
    kept: Stored | None = None,
    *,
    data: HttpRequest | None = None,
    answers: dict[str, Any] | None = None,
    stored: Stored | None = None,
) -> AnswerForm:
    wave = participant.wave
    return AnswerForm(
        list(wave.version.questions.all()),
        language=language,
        data=data.POST if data else None,
        answers=answers,
        stored=stored.answers if stored else None,
        revision=kept.revision if kept else None,
        consents=wave.mode == Mode.CONFIDENTIAL,
        may_contact=bool(kept and kept.may_contact),
    )


def _drawn(
    request: HttpRequest,
    participant: Participant,
    form: AnswerForm,
    stored: Stored,
    *,
    said: str = "",
    clicked: bool = False,
    status: int = 200,
) -> HttpResponse:
    wave, language = participant.wave, form.language
    more = [one for one in asked(form.questions, form.now()) if one.show_if_question]
    context = {
        "form": form,
        "participant": participant,
        "wave": wave,
        "language": language,
        "others": [(code, name) for code, name in settings.LANGUAGES if code != language],
        "title": wave.version.said("title", language),
        "intro": wave.version.said("intro", language),
        "foreign": {name: wave.version.foreign(name, language) for name in ("title", "intro")},
        "minutes": minutes_for(form.questions),
        "stored": stored,
        "now": request.GET.get("now", "") if request.method == "GET" else "",
        "more": [one for one in more if one.key not in stored.answers],
        "meanwhile": said,
        "clicked": clicked,
    }
    return render(request, "surveys/answering/page.html", context, status=status)


@require_safe
@public("Thanks for an answer; whoever has the link has read it already.")
@between_us
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    """What will happen with the answers, and until when they can be changed."""
    participant = _find(request, token)
    if participant is None:
        return refused(request)
    language = language_of(request, participant.language)
    with translation.override(language):
        context = {
            "wave": participant.wave,
            "said": participant.wave.version.said("thanks", language),
            "foreign": participant.wave.version.foreign("thanks", language),
            "back": _address("surveys:answer", token, participant, language),
        }
        answer = render(request, "surveys/answering/thanks.html", context)
    answer["Content-Language"] = language
    return answer
