"""From a low rating to what was told: the figures of the loop, every row behind them, and ratings given again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from math import ceil
from typing import Any
from urllib.parse import urlencode

from django.db.models import F
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from comity.core.surveys import Effect
from comity.followups.kinds import Line
from comity.followups.models import FollowUp, FollowUpQuerySet
from comity.office.services import time_zone, today, words
from comity.partners.models import Partner
from comity.partners.pickers import of_partner
from comity.people.access import Request, requires
from comity.people.models import User
from comity.people.pickers import ANYONE_OF_US
from comity.surveys.capabilities import READ
from comity.surveys.drivers import driver_words
from comity.surveys.models import Again, LowRating, Wave
from comity.surveys.services import closed_loop
from comity.surveys.services.closed_loop import STEPS, Step
from comity.surveys.services.low_ratings import LOW_RATING
from comity.surveys.services.rerating import waiting_for
from comity.ui.components.days import day
from comity.ui.components.signs import ring as ring_sign
from comity.ui.tables import Choice, Column, DateRange, Filter, Picked, Search, Table

WAVES_OFFERED = 200
FEWEST_TIMED = 2
KEPT = {"q", "wave", "owner", "partner", "partner_kind", "driver", "heard_from", "heard_to"}
NONE = "none"  # in an address: nobody, or no partner


Links = Callable[..., str]


def _links(request: Request, list_id: str) -> Links:
    """Addresses of this page with what is chosen now, and something said instead; they open at its list."""
    chosen = {name: value for name, value in request.GET.items() if name in KEPT and value}

    @cache  # hundreds begin alike
    def begun(*names: str) -> str:
        kept = {name: value for name, value in chosen.items() if name not in names}
        return f"{reverse('surveys:loop')}?{urlencode(kept)}{'&' if kept else ''}"

    return lambda **said: f"{begun(*said)}{urlencode(said)}#{list_id}"


@require_safe
@requires(READ)
def page(request: Request) -> HttpResponseBase:
    """All waves together, or those that the filters leave."""
    day = today()
    among = _filters(request.user)
    rows = closed_loop.with_what_came(closed_loop.low_ratings(request.user)).select_related(
        "partner", "owner"
    )
    whole: FollowUpQuerySet = _table(request, rows, among, day).filtered.order_by()  # type: ignore[assignment]  # a table keeps what kind of rows it was given
    # Apart from the others: the figures above the list are those of all the rest leave.
    figure = Choice("figure", _("Counted as"), closed_loop.choices, closed_loop.rows_of)
    table = _table(request, rows, [*among, figure], day)
    if request.GET.get("format") == "csv":
        return table.export()
    found, links = closed_loop.broken_down(whole), _links(request, table.id)
    steps = closed_loop.steps_of(whole, found.counts)
    context = {
        "heading": _heading(steps),
        "figures": [
            (
                f"{step.count:,}",
                closed_loop.label(step.figure).lower(),
                links(figure=step.figure),
                _time(step),
            )
            for step in steps
        ],
        "heads": [closed_loop.label(step.figure) for step in steps],
        "effect": effect_sentences(closed_loop.effect_of(whole)),
        "effect_url": links(figure="rated_again"),
        "breakdowns": _breakdowns(found, closed_loop.by_driver(whole), links),
    }
    return table.respond("surveys/low_ratings.html", context)


def _table(request: Request, rows: Any, among: list[Filter], day: date) -> Table:
    return Table(
        request,
        rows,
        name="loop",
        columns=_columns(day),
        filters=among,
        default_sort="-heard",
        alone=False,
        row_name=lambda row: row.title,
        export_name="low-ratings",
        empty=_("No named low ratings yet."),
    )


def _filters(user: User) -> list[Filter]:
    waves = Wave.objects.exclude(opened_at=None).order_by("-opened_at", "-pk")

    def offered() -> list[tuple[str, str]]:
        return list(waves.values_list("key", "name")[:WAVES_OFFERED])

    def of_wave(rows: Any, key: str) -> Any:
        wave = Wave.objects.filter(key=key).first()
        return rows.none() if wave is None else closed_loop.of_wave(rows, wave)

    return [
        Search("q", _("Find"), lambda rows, text: rows.search(text)),
        Choice("wave", _("Wave"), offered, of_wave),
        Picked("owner", _("Owner"), ANYONE_OF_US, user, "owner", none=_("nobody yet")),
        of_partner(user, none=_("our office as a whole")),
        Choice(
            "partner_kind",
            _("Kind of %(partner)s") % {"partner": words().partner},
            [*Partner.Kind.choices, (NONE, _("our office as a whole"))],
            lambda rows, kind: rows.filter(partner=None) if kind == NONE else rows.filter(partner__kind=kind),
        ),
        Choice(
            "driver",
            _("What was rated low"),
            _drivers,
            lambda rows, driver: closed_loop.of_driver(rows, "" if driver == NONE else driver),
        ),
        DateRange("heard", _("Rated"), "heard_on"),
    ]


def _drivers() -> list[tuple[str, str]]:
    """Those of which something was rated low, by their words."""
    known = LowRating.objects.order_by().values_list("driver", flat=True).distinct()
    found = [
        (driver or NONE, driver_words(driver) if driver else _("Overall, or something else"))
        for driver in known
    ]
    return sorted(found, key=lambda pair: (pair[0] == NONE, pair[1].casefold()))


def _columns(day: date) -> list[Column]:
    zone = time_zone()  # days are the office's, also of what was told in the evening
    return [
        Column(
            "title",
            gettext_lazy("Rating"),
            template="followups/_title_cell.html",
            value=lambda row: ring_sign(row.ring(day), size=22),
            csv_value=lambda row: row.title,
        ),
        Column("id", csv_only=True),
        Column(
            "partner", words().Partner, value=lambda row: row.partner or _("our office as a whole"), link=True
        ),
        Column("source_label", csv="wave", csv_only=True),
        Column("owner", gettext_lazy("Owner"), value=lambda row: row.owner or _("nobody yet")),
        Column("heard", gettext_lazy("Rated"), sort="heard_on", value=lambda row: row.heard_on, wide=True),
        Column("owned_on", csv="owned", csv_only=True),
        Column("done_on", csv="done", csv_only=True),
        Column(
            "told",
            gettext_lazy("Told"),
            sort=F("told_at").asc(nulls_last=True),
            value=lambda row: row.told_at and row.told_at.astimezone(zone).date(),
            wide=True,
        ),
        Column(
            "visited_on",
            gettext_lazy("Visited"),
            sort=F("visited_on").asc(nulls_last=True),
            csv="visited",
            wide=True,
        ),
        Column(
            "again",
            gettext_lazy("Rated again"),
            sort=F("rated_now").asc(nulls_last=True),
            value=lambda row: (
                ""
                if row.rated_now is None
                else _("%(before)s → %(after)s") % {"before": row.rated_then, "after": row.rated_now}
            ),
        ),
        Column("helped", gettext_lazy("Helped?"), sort=""),
    ]


def _heading(steps: list[Step]) -> str:
    counts = {step.figure: f"{step.count:,}" for step in steps}
    heard = steps[0].count
    if not heard:
        return _("No low ratings yet.")
    said = ngettext(
        "%(heard)s low rating: %(owned_in_time)s owned within a day, %(visited)s visited, %(told)s told, "
        "%(helped)s helped.",
        "%(heard)s low ratings: %(owned_in_time)s owned within a day, %(visited)s visited, %(told)s told, "
        "%(helped)s helped.",
        heard,
    )
    return said % counts


def _time(step: Step) -> str:
    """ "Half within 12 days": of those that came as far. Of a single one no half is said."""
    if step.days is None or step.timed < FEWEST_TIMED:
        return ""
    if not step.days:
        return _("half on the same day")
    return ngettext("half within %(days)s day", "half within %(days)s days", ceil(step.days)) % {
        "days": f"{step.days:g}"
    }


def _breakdowns(found: closed_loop.Breakdown, drivers: list[closed_loop.Line], links: Links) -> list[Any]:
    """Each a heading, the head of its names, and lines: a name, and a number with its link for each step."""
    by_kind, office = _("By kind of %(partner)s") % {"partner": words().partner}, _("our office as a whole")
    by = (
        (_("By owner"), _("Owner"), "owner", _("nobody yet"), found.by_contact),
        (
            _("By what was rated low"),
            _("What was rated low"),
            "driver",
            _("overall, or something else"),
            drivers,
        ),
        (by_kind, _("Kind"), "partner_kind", office, found.by_kind),
    )

    def cells(name: str, line: closed_loop.Line) -> list[tuple[str, str]]:
        key = NONE if line.key in (None, "") else str(line.key)
        return [(f"{line.counts[figure]:,}", links(figure=figure, **{name: key})) for figure in STEPS]

    return [
        (heading, first, [(line.name or nobody, cells(name, line)) for line in lines])
        for heading, first, name, nobody, lines in by
    ]


def effect_sentences(effect: Effect | None) -> tuple[str, str] | None:
    """ "12 rated again: 8 higher, 3 the same, 1 lower." and "On average 3.4 of 5 after 1.9: …"; None where nobody did."""
    if effect is None or effect.before is None or effect.after is None or effect.difference is None:
        return None
    counted = ngettext(
        "%(n)s rated again: %(better)s higher, %(same)s the same, %(worse)s lower.",
        "%(n)s rated again: %(better)s higher, %(same)s the same, %(worse)s lower.",
        effect.n,
    ) % {"n": effect.n, "better": effect.better, "same": effect.same, "worse": effect.worse}
    said = {
        "before": f"{effect.before:.1f}",
        "after": f"{effect.after:.1f}",
        "difference": f"{effect.difference:+.1f}",
    }
    if effect.ci is None:
        few = _("On average %(after)s of 5 after %(before)s. Too few people to say more.") % said
        return counted, few
    said |= {"low": f"{effect.ci.low:+.1f}", "high": f"{effect.ci.high:+.1f}"}
    clear = {
        "better": _("That is clearly higher."),
        "worse": _("That is clearly lower."),
    }.get(str(effect.verdict), _("No clear change."))
    moved = _(
        "On average %(after)s of 5 after %(before)s: %(difference)s, with 95%% confidence %(low)s to %(high)s."
    )
    return counted, f"{moved % said} {clear}"


def again_lines(follow_up: FollowUp, user: User) -> Iterator[Line]:
    """On a low rating's page: that its author is asked again, and what they say now."""
    if follow_up.kind != LOW_RATING or not user.can(READ):
        return
    rows = list(Again.objects.visible_to(user).filter(follow_up=follow_up).order_by("-round"))
    if not any(row.round == follow_up.reopened for row in rows):
        due = waiting_for(follow_up)
        if due is not None:
            yield Line(_("Asked again"), _("automatically, from %(day)s") % {"day": day(due)})
    for row in rows:
        url = reverse("surveys:response", args=[row.response_id])
        if row.after is not None:
            said = _("%(before)s of 5 then, %(after)s of 5 on %(day)s") % {
                "before": row.before,
                "after": row.after,
                "day": day(row.answered_on),
            }
            yield Line(_("Rated again"), said, url)
        else:
            yield Line(_("Asked again"), _("on %(day)s, no answer yet") % {"day": day(row.sent_on)}, url)
