"""The pages behind a link: of an invitation, and of a low rating that is asked about again.

Opening one changes nothing; mail scanners open links too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial, wraps
from typing import Any, TypeVar
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from comity.core.errors import DomainError
from comity.office.services import today
from comity.people import tokens
from comity.people.access import public
from comity.surveys.forms.answering import AnswerForm, WordsField
from comity.surveys.models import Again, Mode, Participant, Question
from comity.surveys.services import answering, rerating
from comity.surveys.services.answering import ClosedError, Stored
from comity.surveys.services.answers import allows, asked, minutes_for

SCOPE = "answer"
REFUSED = 422  # the form once more, with what is wrong
# A whole agency may come from one address, and a reminder ends the links before it. A token is not to be guessed anyway.
MISSES = 200
SAVE = "save"

Row = TypeVar("Row", Participant, Again)
View = Callable[[HttpRequest, str, Row, str], HttpResponse]


def behind_a_link(rows: Callable[[], QuerySet[Row]]) -> Callable[[View[Row]], Callable[..., HttpResponse]]:
    """A view of the row that a link stands for, in the reader's language. Dead links of every kind get one answer.

    It keeps the address, which is the key to the answers, from caches, from other sites and from search engines. A form needs
    no cookie to be believed: nobody can forge one who does not know the link.
    """

    def guard(view: View[Row]) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, token: str) -> HttpResponse:
            row = tokens.find(request, SCOPE, rows(), token, limit=MISSES)
            if row is None:
                answer = refused(request)
            else:
                language = language_of(request, row.language)
                with translation.override(language):
                    answer = view(request, token, row, language)
                answer["Content-Language"] = language
            answer["Referrer-Policy"] = "no-referrer"
            answer["X-Robots-Tag"] = "noindex, nofollow"
            return answer

        return guarded

    return guard


def refused(request: HttpRequest) -> HttpResponse:
    """What a link that was made up, was ended by a reminder, or is of a closed survey is answered."""
    hint = _(
        "A survey link works until the last day to answer. A reminder brings a new link, and the "
        "old one stops working. Open the newest email, and check that you copied the whole link."
    )
    return tokens.refuse(request, SCOPE, limit=MISSES, hint=hint)


def language_of(request: HttpRequest, own: str) -> str:
    """The one switched to, else the one the page is in, else the reader's own."""
    known = dict(settings.LANGUAGES)
    wished = (request.POST.get("switch"), request.POST.get("language"), request.GET.get("language"))
    return next((code for code in (*wished, own) if code in known), settings.LANGUAGE_CODE)


def others_than(language: str) -> list[tuple[str, Any]]:
    """The languages one can switch to."""
    return [(code, name) for code, name in settings.LANGUAGES if code != language]


@public("Whoever was asked answers from the mail, without a sign-in; the link stands for them.")
@behind_a_link(Participant.objects.answerable)
def page(request: HttpRequest, token: str, participant: Participant, language: str) -> HttpResponse:
    """Answer a survey, go on with it, or change what was answered."""
    wave, version = participant.wave, participant.wave.version
    questions = list(version.questions.all())
    also: dict[str, forms.Field] = {}
    if wave.mode == Mode.CONFIDENTIAL:
        label = _("You may contact me about this")
        also["may_contact"] = forms.BooleanField(label=label, required=False)

    def keep(form: AnswerForm) -> str:
        """Leads to thanks; or to the page again, for what is still to come."""
        complete = request.POST.get("act") != SAVE
        answering.answer(
            participant,
            form.answers,
            complete=complete,
            language=language,
            may_contact=form.cleaned_data.get("may_contact", False),
            revision=form.revision,
        )
        if complete and not form.unseen:
            return _address("surveys:thanks", token, participant, language)
        return _address("surveys:answer", token, participant, language, now="more" if complete else "saved")

    def context(form: AnswerForm, stored: Stored) -> dict[str, Any]:
        more = [one for one in asked(questions, form.now()) if one.show_if_question]
        return {
            "wave": wave,
            "title": version.said("title", language),
            "intro": version.said("intro", language),
            "foreign": {name: version.foreign(name, language) for name in ("title", "intro")},
            "minutes": minutes_for(questions),
            "stored": stored,
            "more": [one for one in more if one.key not in stored.answers],
        }

    make = partial(AnswerForm, questions, language=language, also=also)
    stored = partial(answering.stored_of, participant)
    return _answered(request, questions, stored, make, keep, "surveys/answering/page.html", context)


@public(
    "Whoever rated something low says from the mail how it is now, without a sign-in; the link stands for them."
)
@behind_a_link(lambda: Again.objects.answerable(today()))
def again(request: HttpRequest, token: str, again: Again, language: str) -> HttpResponse:
    """Say how it is now, or change what was said."""
    questions = rerating.questions_of(again)

    def keep(form: AnswerForm) -> str:
        rerating.answer(again, form.answers, words=form.cleaned_data["words"], revision=form.revision)
        return _address("surveys:again", token, again, language, now="sent")

    def context(form: AnswerForm, stored: Again) -> dict[str, Any]:
        then = rerating.said_then(again, questions[0], language)
        return {"then": then, "answered": again.answered_on is not None}

    make = partial(AnswerForm, questions, language=language, also={"words": WordsField()})
    return _answered(request, questions, lambda: again, make, keep, "surveys/answering/again.html", context)


def _answered(
    request: HttpRequest,
    questions: Sequence[Question],
    stored: Callable[[], Any],
    make: Callable[..., AnswerForm],
    keep: Callable[[AnswerForm], str],
    template: str,
    context: Callable[[AnswerForm, Any], dict[str, Any]],
) -> HttpResponse:
    """A form opened, said in another language, refused, or kept.

    stored   gives what is kept on this link: its `answers`, its `revision`, and what else the form asks for
    make     the form, given what stands in it
    keep     keeps what was filled in rightly; gives where that leads
    context  what else the template has, of the form and of what is kept
    """

    def drawn(
        form: AnswerForm, kept: Any, *, meanwhile: str = "", clicked: bool = False, status: int = 200
    ) -> HttpResponse:
        every = {
            "form": form,
            "language": form.language,
            "others": others_than(form.language),
            "now": request.GET.get("now", "") if request.method == "GET" else "",
            "meanwhile": meanwhile,
            "clicked": clicked,
            **context(form, kept),
        }
        return render(request, template, every, status=status)

    if request.method != "POST":
        kept, clicked = stored(), _clicked(request, questions)
        form = make(initial=vars(kept), answers={**kept.answers, **clicked}, revision=kept.revision)
        return drawn(form, kept, clicked=bool(clicked))
    form = make(data=request.POST)
    if "switch" in request.POST:
        typed = {bound.name: bound.value() for bound in form}
        return drawn(make(initial=typed, answers=form.now(), revision=form.revision), stored())
    try:
        if form.is_valid():
            return redirect(keep(form))
    except (answering.SavedMeanwhileError, rerating.SavedMeanwhileError) as error:
        form.stored, form.revision = error.stored.answers, error.stored.revision
        return drawn(form, error.stored, meanwhile=str(error), status=409)
    except ClosedError:
        return refused(request)
    except DomainError as error:
        form.add_error(None, str(error))
    return drawn(form, stored(), status=REFUSED)


def _clicked(request: HttpRequest, questions: Sequence[Question]) -> dict[str, Any]:
    """The one click in a mail, `?overall=2`: filled in, and kept only when it is sent."""
    found: dict[str, Any] = {}
    for question in questions:
        given = request.GET.get(question.key, "")
        value = next((each for each in question.values if str(each) == given), None)
        if value is not None and question.is_numeric and allows(question, value):
            found[question.key] = value
    return found


def _address(name: str, token: str, row: Participant | Again, language: str, **query: str) -> str:
    """A page of this link, in the language switched to."""
    if language != row.language:
        query["language"] = language
    return reverse(name, args=[token]) + (f"?{urlencode(query)}" if query else "")


@require_safe
@public("Thanks for an answer; whoever has the link has read it already.")
@behind_a_link(Participant.objects.answerable)
def thanks(request: HttpRequest, token: str, participant: Participant, language: str) -> HttpResponse:
    """What will happen with the answers, and until when they can be changed."""
    version = participant.wave.version
    context = {
        "wave": participant.wave,
        "said": version.said("thanks", language),
        "foreign": version.foreign("thanks", language),
        "back": _address("surveys:answer", token, participant, language),
    }
    return render(request, "surveys/answering/thanks.html", context)
