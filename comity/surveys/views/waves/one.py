"""One wave on one screen: how far it is, whom it reached, who was not reached and why; and what is done with it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from comity.editing.answering import FormPage, act, answer
from comity.jobs.models import Work
from comity.office.services import time_zone, today
from comity.people.access import Request, requires
from comity.people.models import User
from comity.surveys.capabilities import READ, RUN, SEE_CONFIDENTIAL
from comity.surveys.forms.waves import PROMISES, ExtendForm
from comity.surveys.importing.about import takes_responses
from comity.surveys.importing.taking_back import imports_of
from comity.surveys.models import Mode, Wave
from comity.surveys.services import audience, closing, daily, response_status, waves
from comity.surveys.services.accounts import account_of
from comity.surveys.services.results import results_of
from comity.surveys.views.finding import wave_or_404
from comity.surveys.views.responses import INVITED, responses_url
from comity.surveys.views.results import sentences
from comity.surveys.views.results.page import measured_of
from comity.surveys.views.waves.lists import state_sign

SILENT_LISTED = 8


@require_safe
@requires(READ)
def page(request: Request, pk: int) -> HttpResponse:
    wave = wave_or_404(request, pk, "against", "series", "created_by")
    figures = response_status.standing_of(wave, request.user)
    context = {
        "wave": wave,
        "figures": figures,
        **_behind(wave, request.user),
        "sign": state_sign(wave),
        "heading": heading(wave, figures),
        "promise": PROMISES[Mode(wave.mode)],
        "described": audience.described(wave.audience),
        "work": _work(wave),
        "next_reminder": daily.next_reminder(wave, today()),
        "takes_responses": takes_responses(wave),
        "last_import": imports_of(wave).first()
        if wave.imported and request.user.can(SEE_CONFIDENTIAL)
        else None,
        "may_run": request.user.can(RUN),
        **_reminding(wave, figures),
        "days_left": days_left(wave),
        "said": _said(wave, figures),
        "told": _told(wave) if wave.state == Wave.State.CLOSED else "",
        "silent_partners": response_status.count_silent_partners(wave, request.user),
        **_silent(request, wave),
    }
    return render(request, "surveys/waves/wave.html", context)


def _behind(wave: Wave, user: User) -> dict[str, str]:
    """Where the rows of each figure are; "" where nobody here asked them, or where the rows would say who answered."""
    people = "" if wave.imported else reverse("surveys:wave_people", args=[wave.pk])
    reached = "reached=1" if response_status.may_know_who_answered(wave, user) else "state=sent"
    return {
        "asked_url": people and f"{people}?{INVITED}=1",
        "reached_url": people and f"{people}?{reached}",
        "answers_url": responses_url(wave),
    }


def heading(wave: Wave, figures: response_status.Standing) -> str:
    """What matters of it, in one sentence."""
    if wave.state == Wave.State.DRAFT:
        return _("“%(wave)s” is being prepared. Nobody has been asked.") % {"wave": wave}
    if wave.imported:
        return ngettext(
            "“%(wave)s”: %(given)s imported response.",
            "“%(wave)s”: %(given)s imported responses.",
            2 if figures.count is None else figures.count,
        ) % {"wave": wave, "given": figures.given}
    if wave.state == Wave.State.OPENING:
        return _("“%(wave)s”: invitations are being sent.") % {"wave": wave}
    return _("“%(wave)s”: %(answered)s.") % {"wave": wave, "answered": how_far(figures)}


def how_far(figures: response_status.Standing) -> str:
    """How many have answered, or why that is not said; without its full stop."""
    said = {"given": figures.given, "reached": sentences.whole(figures.reached), "share": figures.share}
    if figures.from_on:
        return ngettext(
            "answers are shown from %(least)s on; %(reached)s person was reached",
            "answers are shown from %(least)s on; %(reached)s people were reached",
            figures.reached or 0,
        ) % {**said, "least": figures.from_on}
    if figures.share is None:
        return (
            ngettext(
                "%(given)s of %(reached)s who were reached has answered",
                "%(given)s of %(reached)s who were reached have answered",
                2 if figures.count is None else figures.count,
            )
            % said
        )
    return _("%(given)s of %(reached)s who were reached have answered, %(share)s%%") % said


def _reminding(wave: Wave, figures: response_status.Standing) -> dict[str, Any]:
    """Whether they can be reminded, whether it is time to, and if not, when it will be."""
    all_answered = figures.count is not None and figures.count >= (figures.reached or 0)
    if wave.state != Wave.State.OPEN or wave.reminded_on == today() or all_answered:
        return {"may_remind": False}
    day = daily.remind_from(wave, today())
    due = day is not None and day <= today()
    planned = daily.next_reminder(wave, today()) is not None
    when = (
        _("the next reminder goes out by itself on %(day)s")
        if planned
        else _("a reminder makes sense from %(day)s on")
    )
    later = when % {"day": date_format(day, "MONTH_DAY_FORMAT")} if day and not due else ""
    return {"may_remind": True, "remind_now": due, "remind_later": later}


def days_left(wave: Wave) -> str:
    """How long it can still be answered, in words."""
    if not wave.is_open or wave.closes_on is None:
        return ""
    days = (wave.closes_on - today()).days
    if days < 0:
        return _("The last day has passed. The wave closes tonight.")
    if days == 0:
        return _("Today is the last day.")
    return ngettext("%(count)s day left.", "%(count)s days left.", days) % {"count": days}


def _said(wave: Wave, figures: response_status.Standing) -> list[str]:
    """What its answers say so far, in a sentence or two; none before anything is counted."""
    results = results_of(wave) if wave.figures_at else None
    if results is None or results.too_few:
        return []
    core, _others = measured_of(results)
    changed = [one.change for one in core if one.change is not None and one.change.top is not None]
    outcome = sentences.outcome_words(results)
    said = [f"{outcome}."] if outcome else []
    if len(changed) > 1 and results.against is not None:  # of one alone it is said already
        said.append(sentences.about_change(changed, results.against))
    more = sentences.not_counted(results, figures.count)
    return [*said, f"{more}."] if more else said


def _told(wave: Wave) -> str:
    """How far those who were asked have been told what came of it."""
    account = account_of(wave)
    said = account.deeds.count() if account.pk else 0
    if not said and account.published_at is None:
        return _("Nothing has been written yet about what came of it.")
    if account.published_at is None:
        return ngettext(
            "%(count)s thing that came of it is written down, but nobody can read it yet.",
            "%(count)s things that came of it are written down, but nobody can read them yet.",
            said,
        ) % {"count": said}
    if account.mailed_at is None:
        return _("What came of it is published, but nobody has been told yet.")
    day = date_format(account.mailed_at.astimezone(time_zone()), "DATE_FORMAT")
    return _("They were told on %(day)s what came of it.") % {"day": day}


def _work(wave: Wave) -> Work | None:
    """What is being done with it in the background, or what failed."""
    names = (waves.OPENING, waves.REMINDING, closing.CLOSING)
    last = Work.objects.filter(task__in=names, arguments__wave_id=wave.pk).order_by("-pk").first()
    return None if last is None or last.state == Work.State.DONE else last


def _silent(request: Request, wave: Wave) -> dict[str, Any]:
    """Who was reached and has not answered, where this person may know."""
    if not wave.is_open or not response_status.may_know_who_answered(wave, request.user):
        return {}
    rows = response_status.silent(wave)
    people = list(
        rows.select_related("person", "partner").order_by("person__sort_name", "pk")[:SILENT_LISTED]
    )
    return {"silent": people, "silent_count": rows.count()}


@require_POST
@requires(RUN)
def open_(request: Request, pk: int) -> HttpResponse:
    wave = wave_or_404(request, pk)
    back = reverse("surveys:wave_look", args=[pk]) if wave.state == Wave.State.DRAFT else ""
    return act(request, lambda: waves.open_wave(pk, by=request.user), to=wave, refused_to=back)


@require_POST
@requires(RUN)
def go_on(request: Request, pk: int) -> HttpResponse:
    """Take up what stood still."""
    return act(request, daily.go_on, told=_("We are trying again."), to=wave_or_404(request, pk))


@require_POST
@requires(RUN)
def remind(request: Request, pk: int) -> HttpResponse:
    return act(request, lambda: waves.remind(pk, by=request.user), to=wave_or_404(request, pk))


@require_POST
@requires(RUN)
def close(request: Request, pk: int) -> HttpResponse:
    return act(request, lambda: closing.close_wave(pk, by=request.user), to=wave_or_404(request, pk))


@requires(RUN)
def extend(request: Request, pk: int) -> HttpResponse:
    wave = wave_or_404(request, pk)
    form = ExtendForm(request.POST or None, initial={"closes_on": wave.closes_on})
    page = FormPage(
        _("When is the last day to answer?"),
        _("Last day of “%(wave)s”") % {"wave": wave},
        str(wave),
        crumbs=[(_("Waves"), reverse("surveys:waves")), (str(wave), wave.get_absolute_url())],
    )
    return answer(
        request,
        form,
        lambda: waves.extend_wave(pk, by=request.user, **form.cleaned_data),
        page=page,
        told=_("The last day is changed."),
    )


@require_POST
@requires(RUN)
def delete(request: Request, pk: int) -> HttpResponse:
    wave = wave_or_404(request, pk)
    return act(
        request,
        lambda: waves.delete_wave(pk, by=request.user),
        told=_("“%(wave)s” is discarded. Nobody had been asked.") % {"wave": wave},
        to="surveys:waves",
        refused_to=wave,
    )
