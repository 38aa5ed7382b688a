"""How it stands with one partner: the arithmetic, the trend, what is done about it, and what people say of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.editing.answering import FormPage, act, answer
from comity.health.capabilities import READ, WORK
from comity.health.forms import MaturityForm, OverrideForm
from comity.health.models import Band, Maturity, Override, Snapshot, Started, Step, Weights
from comity.health.parts import STOPS
from comity.health.services import plays, sides, snapshots
from comity.health.services.evidence import lines, reason
from comity.health.services.weights import weights_of
from comity.health.tables import moved, signed
from comity.nouns import Words
from comity.office.services import today
from comity.partners.models import Partner
from comity.people.access import Request, requires, row_or_404
from comity.ui.charts import Chart, Plot, Series

MONTHS = 24
MATURITY = gettext_lazy("How mature is the relationship?")
SENTENCES = {
    Band.RISK: gettext_lazy("%(name)s is at risk"),
    Band.WATCH: gettext_lazy("%(name)s is worth watching"),
    Band.GOOD: gettext_lazy("It goes well with %(name)s"),
    Band.UNKNOWN: gettext_lazy("There is not enough data about %(name)s"),
}


@requires(READ, "GET")
def page(request: Request, pk: int) -> HttpResponse:
    partner = row_or_404(request, Partner, pk)
    rows = Snapshot.objects.visible_to(request.user).filter(partner=partner).select_related("weights")
    history = list(rows.order_by("taken_on"))
    last = history[-1] if history and history[-1].is_last else None
    context: dict[str, Any] = {
        "partner": partner,
        "last": last,
        "override": Override.objects.filter(partner=partner).on(today()).select_related("made_by").last(),
        "sides": sides.sides_of(partner),
        "may_work": request.user.can(WORK),
    }
    if last is not None:
        last.partner = partner
        context |= _counted(last, history)
        context["may_start"] = context["may_work"] and any(begun is None for _step, begun in context["steps"])
    return render(request, "health/partner.html", context)


def _counted(last: Snapshot, history: list[Snapshot]) -> dict[str, Any]:
    """What the page says of the last count."""
    health = last.under(last.weights.values)
    return {
        "sentence": str(SENTENCES[Band(last.band)]) % {"name": last.partner.name},
        "lines": lines(last),
        "health": health,
        "by_score": Band(health.by_score.value).label,
        "stops": [STOPS.get(stop, stop) for stop in last.stops],
        "was": Band(last.was).label if last.was else "",
        "why": reason(last),
        "change": signed(last.change),
        "moved": moved(last),
        "trend": _trend(history),
        "steps": _steps(last),
    }


def _trend(history: list[Snapshot]) -> Chart | None:
    """Month by month, all by the weights in force; where these were changed, by those of before as well."""
    months = list({(row.taken_on.year, row.taken_on.month): row for row in history}.values())[-MONTHS:]
    if len(months) < 2:
        return None
    versions = list(Weights.objects.order_by("-pk")[:2])
    names = _("By the weights in force"), _("By those before")
    series = [
        Series(name, [row.under(weights_of(weights)).score for row in months])
        for name, weights in zip(names, versions, strict=False)
    ]
    places = [date_format(row.taken_on, "M Y") for row in months]
    known = [pair for pair in zip(places, series[0].values, strict=True) if pair[1] is not None]
    title = _("There has been no score yet")
    if known:
        (then, was), (last, score) = known[0], known[-1]
        said = {"score": score, "now": last, "was": was, "then": then}
        title = _("%(score)s in %(now)s, %(was)s in %(then)s") % said
    return Chart(title, Plot("line", places, series, x_name=_("Month"), ends_at=100))


def _steps(last: Snapshot) -> list[tuple[Step, Started | None]]:
    """The play of its band, and what of it was begun since it came into it."""
    begun = Started.objects.filter(partner=last.partner_id, since=last.since).select_related(
        "follow_up__owner"
    )
    by_step = {row.step_id: row for row in begun}
    return [(step, by_step.get(step.pk)) for step in Step.objects.filter(band=last.band)]


@requires(WORK, "POST")
def count(request: Request, pk: int) -> HttpResponse:
    partner = row_or_404(request, Partner, pk)
    return act(request, lambda: snapshots.take(partner), told=_("Counted."), to=_at(partner))


@requires(WORK, "POST")
def play(request: Request, pk: int) -> HttpResponse:
    last = _last_or_404(request, pk)
    told = _("The play has begun. Each step is a follow-up now.")
    return act(request, lambda: plays.start(last, by=request.user), told=told, to=last.get_absolute_url())


def _last_or_404(request: Request, pk: int) -> Snapshot:
    partner = row_or_404(request, Partner, pk)
    rows = Snapshot.objects.visible_to(request.user).filter(partner=partner, is_last=True)
    found: Snapshot = get_object_or_404(rows.select_related("partner"))
    return found


@requires(WORK)
def override(request: Request, pk: int) -> HttpResponse:
    partner = row_or_404(request, Partner, pk)
    form = OverrideForm(request.POST or None)
    lead = _("What is counted stays in sight beside it.")
    return answer(
        request,
        form,
        lambda: sides.override(partner, form.values, by=request.user),
        page=_page(_("What do you hold it to be?"), partner, lead, draft=f"override-{pk}"),
        told=_("Saved."),
        to=_at(partner),
    )


@requires(WORK, "POST")
def end_override(request: Request, pk: int) -> HttpResponse:
    partner = row_or_404(request, Partner, pk)
    return act(
        request, lambda: sides.end_override(partner, by=request.user), told=_("Ended."), to=_at(partner)
    )


@requires(WORK)
def rate(request: Request, pk: int) -> HttpResponse:
    """How far the office sees the relationship."""
    partner = row_or_404(request, Partner, pk)
    page = _page(MATURITY, partner, _("It rates the relationship, and nobody’s work."))
    return answer_rating(request, partner, Maturity.Side.OURS, page, _("Saved."))


def answer_rating(
    request: Request, partner: Partner, side: Maturity.Side, page: FormPage, told: str
) -> HttpResponse:
    """The form on which either side says how far it sees the relationship."""
    form = MaturityForm(request.POST or None)
    return answer(
        request,
        form,
        lambda: sides.rate(partner, form.values, side, by=request.user),
        page=page,
        told=told,
        to=page.cancel,
    )


def _at(partner: Partner) -> str:
    return reverse("health:partner", args=[partner.pk])


def _page(heading: Words, partner: Partner, lead: str, draft: str = "") -> FormPage:
    crumbs = [(partner.name, partner.get_absolute_url()), (_("Health"), _at(partner))]
    return FormPage(heading, lead=lead, crumbs=crumbs, draft=draft)
