"""A wave is prepared in steps: survey, who, how, look it over. Each is kept at once, so that one can come back to it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.editing.answering import answer
from comity.editing.forms import RowForm
from comity.people.access import Request, requires
from comity.surveys.capabilities import RUN
from comity.surveys.forms.waves import PROMISES, HowForm, WhatForm, WhoForm
from comity.surveys.models import Mode, Participant, Series, Wave
from comity.surveys.services import audience, waves
from comity.surveys.services.audience import Asked, Candidate
from comity.surveys.services.sending import Letters
from comity.surveys.views.finding import wave_or_404
from comity.surveys.views.surveys import spanish_gap
from comity.ui.csv import response

MOST_LISTED = 100
State = Participant.State


def steps(wave: Wave | None, now: str) -> list[tuple[str, str, bool]]:
    """The steps of a wave in preparation, for chips: words, address, whether one is there."""
    named = (("what", _("1 Survey")), ("who", _("2 Who")), ("how", _("3 How")), ("look", _("4 Review")))
    if wave is None:
        return [(words, reverse("surveys:new_wave"), name == now) for name, words in named[:1]]
    return [(words, reverse(f"surveys:wave_{name}", args=[wave.pk]), name == now) for name, words in named]


@requires(RUN)
def new(request: Request) -> HttpResponse:
    """Step 1 of a wave that is not there yet."""
    form = WhatForm(request.POST or None)
    if not form.is_bound:
        form.begin_with(request.GET.get("version", ""))
    return answer(
        request,
        form,
        lambda: waves.create_wave(by=request.user, **form.values),
        page="surveys/waves/step.html",
        context={"steps": steps(None, "what"), "step": "what"},
        to=lambda wave: reverse("surveys:wave_who", args=[wave.pk]),
    )


@requires(RUN)
def what(request: Request, pk: int) -> HttpResponse:
    wave = wave_or_404(request, pk)
    return _step(request, wave, WhatForm(request.POST or None, instance=wave), "what")


@requires(RUN)
def who(request: Request, pk: int) -> HttpResponse:
    wave = wave_or_404(request, pk)
    form = WhoForm(request.POST or None, user=request.user, instance=wave)
    if form.is_bound:
        return _step(request, wave, form, "who")
    return _step(
        request, wave, form, "who", found=found_for(wave), described=audience.described(wave.audience)
    )


@requires(RUN)
def how(request: Request, pk: int) -> HttpResponse:
    wave = wave_or_404(request, pk)
    return _step(request, wave, HowForm(request.POST or None, instance=wave), "how")


NEXT = {"what": "surveys:wave_who", "who": "surveys:wave_how", "how": "surveys:wave_look"}


def _step(request: Request, wave: Wave, form: RowForm, step: str, **context: Any) -> HttpResponse:
    """Keep a step and go on to the next one, or to where one wished (`to`); `again` stays, to see what it comes to."""
    if wave.state != Wave.State.DRAFT:
        return redirect(wave)
    return answer(
        request,
        form,
        lambda: waves.change_wave(wave.pk, form.values, by=request.user, seen=form.seen),
        page="surveys/waves/step.html",
        context={"wave": wave, "steps": steps(wave, step), "step": step, **context},
        to=_onward(request, wave, step),
    )


def _onward(request: Request, wave: Wave, step: str) -> str:
    wished = request.POST.get("to", "")
    if wished in (wave.get_absolute_url(), *(url for _words, url, _on in steps(wave, step))):
        return wished
    return reverse(f"surveys:wave_{step}" if "again" in request.POST else NEXT[step], args=[wave.pk])


@requires(RUN, "GET")
def look(request: Request, pk: int) -> HttpResponseBase:
    """Everything once more before anybody is asked: who, how many, who rests, and the mail."""
    wave = wave_or_404(request, pk)
    if wave.state != Wave.State.DRAFT:
        return redirect(wave)
    found = found_for(wave)
    if isinstance(found, Asked) and request.GET.get("format") == "csv":
        return _csv(request, wave, found)
    to_ask = found.to_ask if isinstance(found, Asked) else []
    questions = list(wave.version.questions.all())
    languages = {one.language for one in to_ask}
    context = {
        "wave": wave,
        "steps": steps(wave, "look"),
        "found": found,
        "groups": groups(found) if isinstance(found, Asked) else [],
        "promise": PROMISES[Mode(wave.mode)],
        "described": audience.described(wave.audience),
        "questions": len(questions),
        "too_few": wave.hides_who and 0 < len(to_ask) < wave.smallest_group,
        "spanish_gap": spanish_gap(wave.version, questions) if "es" in languages else "",
        "letters": _letters(wave, languages),
    }
    return render(request, "surveys/waves/look.html", context)


def _letters(wave: Wave, languages: set[str]) -> list[tuple[str, str, dict[str, Any]]]:
    """The mail in each language that is read by somebody who would be asked; in English always."""
    named = (("en", _("The email, in English")), ("es", _("The email, in Spanish")))
    letters = Letters(wave)
    return [
        (code, label, letters.context(code)) for code, label in named if code == "en" or code in languages
    ]


def found_for(asking: Wave | Series) -> Asked | str:
    """Who would be asked today; a sentence where that cannot be worked out."""
    try:
        return audience.find(asking.audience)
    except DomainError as error:
        return str(error)


def groups(found: Asked) -> list[dict[str, Any]]:
    """Those who would be asked, and those who cannot be, the first of each by name."""
    named = (
        (State.WAITING, _("Would be asked")),
        (State.RESTING, _("Asked too recently")),
        (State.NO_ADDRESS, _("No email address")),
        (State.BOUNCED, _("Email bounced")),
        (State.OPTED_OUT, _("Asked us to stop")),
    )
    return [
        {
            "label": label,
            "count": len(people),
            "people": people[:MOST_LISTED],
            "more": max(0, len(people) - MOST_LISTED),
        }
        for state, label in named
        if (people := found.of(state))
    ]


def _csv(request: Request, wave: Wave, found: Asked) -> HttpResponseBase:
    facts = ("person_id", "name", "email", "language", "partner_id", "partner", "kind", "tier", "size")

    def row(one: Candidate) -> list[object]:
        state = "to ask" if one.state == State.WAITING else one.state
        return [*(getattr(one, name) for name in facts), one.title, state]

    head = [*facts, "post", "state"]
    return response(request, f"{wave.key}-audience", head, map(row, found.everyone))
