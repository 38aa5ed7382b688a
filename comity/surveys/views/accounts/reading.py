"""The page that those who were asked read, behind a link that is the same for everybody at a partner."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from comity.core.surveys import percent
from comity.people import tokens
from comity.people.access import public
from comity.surveys.models import Account
from comity.surveys.services.accounts.links import page_behind
from comity.surveys.services.results import results_of
from comity.surveys.views.answering import language_of


@require_safe
@public(
    "Whoever was asked reads what came of it from the mail, without a sign-in; it says only what the office published."
)
def page(request: HttpRequest, token: str) -> HttpResponse:
    """What was heard and done, for the people of one partner or for all."""
    found = page_behind(token)
    if found is None:
        return tokens.refuse_guess(request)
    account, partner = found.account, found.partner
    language = language_of(request, settings.LANGUAGE_CODE)
    with translation.override(language):
        deeds = account.deeds.for_readers_at(partner)
        said = [
            (deed.said("heard", language), deed.said("done", language), deed.partner_id is not None)
            for deed in deeds
        ]
        context = {
            "account": account,
            "title": account.wave.version.said("title", language),
            "partner": partner,
            "intro": account.said("intro", language),
            "own": [(heard, done) for heard, done, own in said if own],
            "all": [(heard, done) for heard, done, own in said if not own],
            "figures": _figures(account),
            "language": language,
            "others": [(code, name) for code, name in settings.LANGUAGES if code != language],
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
    top = whole[0].summary.top if whole and whole[0].summary else None
    if top is None or top.share is None:
        return said
    good = _("%(share)s gave a good rating overall.") % {"share": f"{percent(top.share)}%"}
    return f"{said} {good}"
