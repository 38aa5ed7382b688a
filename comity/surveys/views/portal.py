"""The surveys in which a partner's people were asked, and their answers beside those of all."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.core.surveys import percent
from comity.office.services import day_of
from comity.partners.models import Partner
from comity.people.access import Request, requires
from comity.surveys.capabilities import PORTAL
from comity.surveys.models import Account
from comity.surveys.services.accounts import path_for
from comity.surveys.services.partner_results import Pair, Shared, partners_in, shared_with, waves_for
from comity.surveys.views.results import sentences
from comity.surveys.views.results.sections import spread
from comity.ui.charts import Chart, Figures, Row, Rows
from comity.ui.tables import Column, Table


@require_safe
@requires(PORTAL)
def listing(request: Request) -> HttpResponseBase:
    """Closed waves in which people of this person's partners were asked, the latest first."""
    language = _language()
    rows = waves_for(request.user).select_related("version")
    table = Table(
        request,
        rows,
        name="portal-surveys",
        columns=[
            Column(
                "title",
                _("What we asked"),
                value=lambda row: row.version.said("title", language),
                link=lambda row: reverse("surveys:portal_wave", args=[row.pk]),
            ),
            Column(
                "closed",
                _("Closed"),
                sort="closed_at",
                value=lambda row: row.closed_at and day_of(row.closed_at),
            ),
        ],
        default_sort="-closed",
        row_name=lambda row: row.version.said("title", language),
        export_name="surveys",
        empty=_("None of your people have been asked yet, or the survey is still open."),
    )
    return table.respond("surveys/portal/list.html", {"total": table.total})


@require_safe
@requires(PORTAL)
def wave(request: Request, pk: int) -> HttpResponse:
    """One of them: own answers beside those of all."""
    found = get_object_or_404(waves_for(request.user).select_related("version"), pk=pk)
    partners = list(partners_in(found, request.user))
    partner = _chosen(request, partners)
    shared = shared_with(found, partner, [one.pk for one in partners])
    account = Account.objects.visible_to(request.user).filter(wave=found).first()
    language = _language()
    context = {
        "wave": found,
        "title": found.version.said("title", language),
        "partner": partner,
        "heading": heading(shared),
        "why": _why_not(shared),
        "rows": [
            {
                "ask": pair.whole.question.said("ask", language),
                "own": sentences.in_words(pair.own) if pair.own else None,
                "all": sentences.in_words(pair.whole),
            }
            for pair in shared.pairs
        ],
        "own_is_shown": any(pair.own for pair in shared.pairs),
        "picture": _picture(_on_one_scale(shared.pairs), language),
        "smallest": found.smallest_group,
        "others": [(str(one), f"{request.path}?partner={one.pk}", one == partner) for one in partners],
        "account_url": path_for(found, partner.pk) if account else "",
    }
    return render(request, "surveys/portal/wave.html", context)


def _language() -> str:
    return (get_language() or "en").partition("-")[0]


def _chosen(request: Request, partners: list[Partner]) -> Partner:
    """The partner the address asks for, or the first."""
    key = request.GET.get("partner")
    if key is None and partners:
        return partners[0]
    chosen = next((one for one in partners if str(one.pk) == key), None)
    if chosen is None:
        raise Http404
    return chosen


def heading(shared: Shared) -> str:
    """How own people and all rate the office as a whole, in one sentence."""
    results = shared.results
    if shared.too_few:
        return _("Too few people answered to show results.")
    answered = results.answered or 0
    pair = next((one for one in shared.pairs if one.whole.question.outcome), shared.pairs[0])
    whole = pair.whole.summary
    if pair.own is None or pair.own.summary is None or whole is None:
        return ngettext("%(n)s person answered in all.", "%(n)s people answered in all.", answered) % {
            "n": sentences.whole(answered)
        }
    highest = pair.whole.tally.scale.highest if pair.whole.tally else 5
    return _("Your people rate us %(own)s out of %(most)s. Everyone together rates us %(all)s.") % {
        "own": sentences.number(pair.own.summary.mean),
        "most": highest,
        "all": sentences.number(whole.mean),
    }


def _why_not(shared: Shared) -> str:
    """Why own answers are not there, or only of some questions."""
    if shared.too_few or all(pair.own for pair in shared.pairs):
        return ""
    if any(pair.own for pair in shared.pairs):
        return _("Where too few of your people answered a question, only everyone’s answers are shown.")
    return _(
        "Your people’s answers are not shown separately. Too few of them answered, or others "
        "could be recognized from what is left."
    )


def _on_one_scale(pairs: tuple[Pair, ...]) -> tuple[Pair, ...]:
    """Those on the scale of the first: two scales in the same colors would be read as one. The table has them all."""
    return tuple(one for one in pairs if one.whole.question.kind == pairs[0].whole.question.kind)


def _picture(pairs: tuple[Pair, ...], language: str) -> Chart | None:
    """The answers of both, one bar above the other, question by question."""
    if not any(pair.own for pair in pairs):
        return None
    shown = [
        (pair.whole.question.said("ask", language), who, shares, sentences.part_of(top.count, top.n))
        for pair in pairs
        for who, figures in ((_("You"), pair.own), (_("Everyone"), pair.whole))
        for _one, top, shares in spread([figures] if figures else [])
    ]
    return Chart(
        title=_about(pairs, language),
        drawing=Rows([Row(f"{ask} · {who}", shares, good) for ask, who, shares, good in shown]),
        note=_("From the lowest answer on the left to the highest on the right. Good answers are green."),
        figures=Figures(
            (_("Question"), _("Who"), _("Shares"), _("Good answers")),
            [(ask, who, shares.said, good) for ask, who, shares, good in shown],
        ),
    )


def _about(pairs: tuple[Pair, ...], language: str) -> str:
    """Where own people and all are furthest apart."""
    good = [
        (sentences.good_share(pair.own), sentences.good_share(pair.whole), pair) for pair in pairs if pair.own
    ]
    apart = [(own - every, pair) for own, every, pair in good if own is not None and every is not None]
    if not apart:
        return _("How the answers are spread")
    gap, pair = max(apart, key=lambda one: abs(one[0]))
    ask = pair.whole.question.said("ask", language)
    points = abs(percent(gap))
    if not points:
        return _("Your people answer much like everyone else.")
    said = (
        _("Biggest difference, %(points)s points better than everyone: %(ask)s")
        if gap > 0
        else _("Biggest difference, %(points)s points worse than everyone: %(ask)s")
    )
    return said % {"points": points, "ask": ask}
