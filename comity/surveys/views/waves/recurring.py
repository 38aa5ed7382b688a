"""How often people are asked: what is asked again and again by itself, and the rules that no wave may break."""

from __future__ import annotations

from django.db.models import OuterRef, Subquery
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comity.editing.answering import act, answer
from comity.people.access import Request, requires
from comity.surveys.capabilities import READ, RUN
from comity.surveys.forms.waves import PROMISES, RulesForm, SeriesForm
from comity.surveys.models import Mode, Series, Version, Wave
from comity.surveys.services import audience, response_status
from comity.surveys.services import recurring as services
from comity.surveys.services.audience import Asked, current_rules, set_rules
from comity.surveys.views.waves.lists import state_sign
from comity.surveys.views.waves.one import how_far
from comity.surveys.views.waves.preparing import found_for, groups
from comity.ui.components.signs import tag
from comity.ui.tables import Choice, Column, Table


def _series(request: Request, pk: int) -> Series:
    """One of them, with `sent` and `draft`: the numbers of its survey's version that was sent last, and of the draft."""
    versions = Version.objects.filter(survey=OuterRef("survey")).order_by("-number")
    rows = Series.objects.visible_to(request.user).select_related("survey")
    numbered = rows.annotate(
        sent=Subquery(versions.exclude(frozen_at=None).values("number")[:1]),
        draft=Subquery(versions.filter(frozen_at=None).values("number")[:1]),
    )
    return get_object_or_404(numbered, pk=pk)


@require_safe
@requires(READ)
def listing(request: Request) -> HttpResponseBase:
    may_run = request.user.can(RUN)
    table = Table(
        request,
        Series.objects.visible_to(request.user).select_related("survey"),
        name="series",
        columns=[
            Column("name", _("What"), link=True),
            Column("survey", _("Survey"), wide=True),
            Column("cadence"),
            Column("mode", _("Anonymity"), wide=True),
            Column("next_on", value=_next, csv_value=lambda row: row.next_on),
            Column("key", csv_only=True),
        ],
        filters=[Choice("cadence", _("When"), Series.Cadence.choices, "cadence")],
        default_sort="name",
        export_name="asked-again",
        empty=_("No recurring surveys yet."),
        empty_url=reverse("surveys:new_series") if may_run else "",
        empty_action=_("Set up the first recurring survey") if may_run else "",
    )
    return table.respond("surveys/waves/recurring/list.html", {"may_run": may_run})


def _next(row: Series) -> object:
    if row.stopped_at:
        return tag(_("stopped"), kind="none")
    later = _("after the next ticket") if row.cadence == Series.Cadence.TICKET else _("after the next visit")
    return row.next_on or later


@require_safe
@requires(READ)
def page(request: Request, pk: int) -> HttpResponse:
    series = _series(request, pk)
    rows = Wave.objects.visible_to(request.user).filter(series=series).order_by("-pk")
    comes_round = series.next_on is not None and series.stopped_at is None
    # Worked out when it is asked for: it reads everybody who holds a post.
    found = found_for(series) if comes_round and "who" in request.GET else None
    context = {
        "series": series,
        "comes_round": comes_round,
        "found": found,
        "groups": groups(found) if isinstance(found, Asked) else [],
        "waves": [
            (wave, state_sign(wave), how_far(figures))
            for wave, figures in response_status.with_standing(rows[:12], request.user)
        ],
        "promise": PROMISES[Mode(series.mode)],
        "described": audience.described(series.audience),
        "may_run": request.user.can(RUN) and series.stopped_at is None,
    }
    return render(request, "surveys/waves/recurring/series.html", context)


@requires(RUN)
def new(request: Request) -> HttpResponse:
    form = SeriesForm(request.POST or None, user=request.user)
    return answer(
        request,
        form,
        lambda: services.create_series(by=request.user, **form.values),
        page="surveys/waves/recurring/edit.html",
        context={"draft": "series-new"},
    )


@requires(RUN)
def edit(request: Request, pk: int) -> HttpResponse:
    series = _series(request, pk)
    form = SeriesForm(request.POST or None, user=request.user, instance=series)
    return answer(
        request,
        form,
        lambda: services.change_series(pk, form.values, by=request.user, seen=form.seen),
        page="surveys/waves/recurring/edit.html",
        context={"series": series, "draft": f"series-{pk}"},
        told=_("Saved. It applies from the next wave."),
    )


@require_POST
@requires(RUN)
def stop(request: Request, pk: int) -> HttpResponse:
    said = _("Stopped. Waves that are open stay open until their last day.")
    return act(request, lambda: services.stop_series(pk, by=request.user), told=said, to=_series(request, pk))


@requires(RUN)
def rules(request: Request) -> HttpResponse:
    form = RulesForm(request.POST or None, instance=current_rules())
    return answer(
        request,
        form,
        lambda: set_rules(form.values, by=request.user, seen=form.seen),
        page="surveys/waves/rules.html",
        told=_("Saved."),
        to="surveys:waves",
    )
