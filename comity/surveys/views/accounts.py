"""*What you told us, what we did*: written and published by the office, read by those who were asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from comity.core.surveys import percent
from comity.editing.answering import FormPage, act, answer
from comity.followups.models import FollowUp, State
from comity.office.services import today
from comity.people import tokens
from comity.people.access import Request, public, requires
from comity.surveys.capabilities import READ, RUN
from comity.surveys.forms.accounts import DeedForm, IntroForm
from comity.surveys.models import Account, Deed, Wave
from comity.surveys.services import accounts
from comity.surveys.services.accounts import page_behind, path_for
from comity.surveys.services.results import results_of
from comity.surveys.views.answering import language_of, others_than
from comity.surveys.views.results.sentences import good_share
from comity.ui.pickers import as_key
from comity.ui.tables.columns import Words

CANDIDATES = 20
READERS = gettext_lazy(
    "The people who were asked read this. Say it so that nobody who told us can be recognized."
)


def _wave(request: Request, pk: int) -> Wave:
    rows = Wave.objects.visible_to(request.user).exclude(state=Wave.State.DRAFT)
    return get_object_or_404(rows.select_related("version__survey"), pk=pk)


@require_safe
@requires(READ)
def page(request: Request, pk: int) -> HttpResponse:
    """What is said so far, what might be said, and whether it can be read."""
    wave = _wave(request, pk)
    account = accounts.account_of(wave)
    deeds = list(account.deeds.select_related("partner").prefetch_related("follow_ups")) if account.pk else []
    heard = accounts.follow_ups_of(wave, request.user)
    open_ones = heard.exclude(state=State.TOLD).count()
    candidates = heard.filter(deeds=None, state__in=[State.DONE, State.TOLD]).select_related(
        "partner", "owner"
    )
    day = today()
    partners = sorted({deed.partner for deed in deeds if deed.partner}, key=lambda one: one.sort_name)
    context = {
        "wave": wave,
        "account": account,
        "heading": _heading(account.published_at is not None, len(deeds)),
        "for_all": [deed for deed in deeds if deed.partner is None],
        "for_one": [deed for deed in deeds if deed.partner is not None],
        "candidates": [(row, row.ring(day)) for row in candidates.order_by("-done_at", "-pk")[:CANDIDATES]],
        "open_ones": open_ones,
        "links": [
            (_("For everyone"), path_for(wave)),
            *((str(one), path_for(wave, one.pk)) for one in partners),
        ],
        "readers": accounts.readers_of(wave).count(),
        "may_run": request.user.can(RUN),
        "may_publish": wave.state == Wave.State.CLOSED and bool(deeds),
    }
    return render(request, "surveys/accounts/page.html", context)


def _heading(published: bool, deeds: int) -> str:
    if not deeds:
        return _("Nothing has been said yet about what came of it.")
    said = ngettext("%(count)s thing said", "%(count)s things said", deeds) % {"count": deeds}
    return f"{said}, {_('published') if published else _('not published yet')}."


@requires(RUN)
def say(request: Request, pk: int) -> HttpResponse:
    """One thing more."""
    wave = _wave(request, pk)
    form = DeedForm(
        request.POST or None,
        user=request.user,
        offered=_offered(request, wave),
        chosen=_asked_for(request, wave),
    )
    return answer(
        request,
        form,
        lambda: accounts.say(wave, form.values, by=request.user),
        page=_page(wave, _("What came of it?"), READERS),
        told=_("Saved. It can be read once you publish it."),
        to=_at(wave),
    )


def _at(wave: Wave) -> str:
    return reverse("surveys:account", args=[wave.pk])


def _page(wave: Wave, heading: str, lead: Words) -> FormPage:
    crumbs = [(str(wave), wave.get_absolute_url()), (_("What came of it"), _at(wave))]
    return FormPage(heading, f"{heading}: {wave}", lead, crumbs=crumbs)


def _asked_for(request: Request, wave: Wave) -> FollowUp | None:
    key = as_key(request.GET.get("follow_up", ""))
    if key is None:
        return None
    return accounts.follow_ups_of(wave, request.user).filter(pk=key).select_related("partner").first()


def _offered(request: Request, wave: Wave) -> Any:
    """The follow-ups of the wave of which nothing is said yet, those furthest along first."""
    rows = accounts.follow_ups_of(wave, request.user).filter(deeds=None).select_related("partner")
    return rows.order_by("-told_at", "-done_at", "pk")[:CANDIDATES]


@requires(RUN)
def change(request: Request, pk: int) -> HttpResponse:
    """In other words, or for others."""
    rows = Deed.objects.visible_to(request.user).select_related("account__wave__version__survey", "partner")
    deed = get_object_or_404(rows, pk=pk)
    wave = deed.account.wave
    form = DeedForm(request.POST or None, user=request.user, offered=_offered(request, wave), instance=deed)
    return answer(
        request,
        form,
        lambda: accounts.change_deed(pk, form.values, by=request.user, seen=form.seen),
        page=_page(wave, _("Edit"), READERS),
        told=_("Saved."),
        to=_at(wave),
    )


@requires(RUN)
def intro(request: Request, pk: int) -> HttpResponse:
    """What stands above all of it."""
    wave = _wave(request, pk)
    form = IntroForm(request.POST or None, instance=accounts.account_of(wave))
    lead = _("A sentence or two before the list: thanks, and an overall summary.")
    return answer(
        request,
        form,
        lambda: accounts.word(wave, form.values, by=request.user, seen=form.seen),
        page=_page(wave, _("Introduction"), lead),
        told=_("Saved."),
        to=_at(wave),
    )


@require_POST
@requires(RUN)
def remove(request: Request, pk: int) -> HttpResponse:
    """Say it no more."""
    deed = get_object_or_404(Deed.objects.visible_to(request.user).select_related("account__wave"), pk=pk)
    said, at = _("Removed."), _at(deed.account.wave)
    return act(request, lambda: accounts.remove(pk, by=request.user), told=said, to=at)


def _button(do: Callable[..., object], said: Words) -> Callable[..., HttpResponseBase]:
    """A view that does something with the whole of what came of a wave."""

    @require_POST
    @requires(RUN)
    def pressed(request: Request, pk: int) -> HttpResponse:
        wave = _wave(request, pk)
        return act(request, lambda: do(wave, by=request.user), told=str(said), to=_at(wave))

    return pressed


publish = _button(accounts.publish, gettext_lazy("Published. Anyone with a link can now read it."))
take_back = _button(accounts.take_back, gettext_lazy("Unpublished. The links no longer work."))
tell_all = _button(accounts.tell_all, gettext_lazy("We are telling them now."))


@require_safe
@public(
    "Whoever was asked reads what came of it from the mail, without a sign-in; it says only what the office published."
)
def read(request: HttpRequest, token: str) -> HttpResponse:
    """What was heard and done, for the people of one partner or for all."""
    found = page_behind(token)
    if found is None:
        return tokens.refuse_guess(request)
    account, partner = found.account, found.partner
    language = language_of(request, translation.get_language() or "")
    with translation.override(language):
        deeds = account.deeds.for_readers_at(partner)
        said = [
            (deed.said("heard", language), deed.said("done", language), deed.partner_id is not None)
            for deed in deeds
        ]
        context = {
            "title": account.wave.version.said("title", language),
            "partner": partner,
            "intro": account.said("intro", language),
            "sections": [
                (partner, [(heard, done) for heard, done, own in said if own]),
                (_("From everyone we asked"), [(heard, done) for heard, done, own in said if not own]),
            ],
            "figures": _figures(account),
            "others": others_than(language),
        }
        answer = render(request, "surveys/accounts/public.html", context)
    answer["Content-Language"] = language
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _figures(account: Account) -> str:
    """How many answered, and how many find us good as a whole; "" where that may not be said."""
    results = results_of(account.wave)
    answered = results.answered
    if results.too_few or answered is None or answered < account.wave.smallest_group:
        return ""
    said = ngettext("%(n)s person answered.", "%(n)s people answered.", answered) % {"n": f"{answered:,}"}
    whole = [one for one in results.questions if one.question.outcome and one.summary is not None]
    good = good_share(whole[0]) if whole else None
    if good is None:
        return said
    return f"{said} {_('%(share)s gave a good rating overall.') % {'share': f'{percent(good)}%'}}"
