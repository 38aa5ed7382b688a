"""The parts of the page of results below its first table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import TypeVar

from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comity.core.surveys import (
    Change,
    Drivers,
    Scale,
    ScaleKind,
    Share,
    fewest_rows,
    importance_against_performance,
    percent,
)
from comity.core.surveys.drivers import Point as Ranked
from comity.core.surveys.figures import FEWEST_OF
from comity.surveys.drivers import driver_words
from comity.surveys.models import Wave
from comity.surveys.services.answer_filters import CAMPS, GOOD
from comity.surveys.services.answers import NO_PLACE, YES_PLACE
from comity.surveys.services.results import GroupResult, QuestionResult, Results
from comity.surveys.services.results_context import Past
from comity.surveys.views.responses import answers_url, linked
from comity.surveys.views.results import sentences
from comity.ui.charts import (
    Chart,
    Figures,
    Interval,
    Part,
    Plot,
    Point,
    Points,
    Row,
    Rows,
    Series,
    Shares,
    Tone,
)

Result = TypeVar("Result", bound=QuestionResult | GroupResult)
TONES: dict[str, Tone] = {"better": "good", "worse": "bad"}
# Of importance against performance: the first two are those of importance above the average.
CORNERS = {
    "mend_first": gettext_lazy("Fix first"),
    "keep_up": gettext_lazy("Keep it up"),
    "can_wait": gettext_lazy("Can wait"),
    "good_enough": gettext_lazy("Good enough"),
}
HANGS_TOGETHER = 0.7  # Cronbach's alpha, from which on questions measure one thing
MOST_LINES = 5  # in one picture: more are not told apart


def _short(found: QuestionResult) -> str:
    """A question by what it is about, where there is little room."""
    if found.question.outcome:
        return _("Satisfaction")
    return driver_words(found.question.driver) if found.question.driver else found.question.ask_en


def scale_kind(found: QuestionResult) -> ScaleKind:
    return found.tally.scale.kind if found.tally else "choice"


def spread(measured: Sequence[Result]) -> list[tuple[Result, Share, Shares]]:
    """Of each question that shows them its good answers, and how all of them are spread."""
    return [
        (one, one.summary.top, Shares(parts_of(one.tally.scale, one.summary.distribution)))
        for one in measured
        if one.summary is not None and one.tally is not None and one.summary.top is not None and one.n
    ]


def spread_note(scale: ScaleKind) -> str:
    """How a picture of answers on one scale is read."""
    good = {
        "rating": _("4 and 5 of 5"),
        "recommendation": _("9 and 10 of 10"),
        "effort": _("5 to 7 of 7"),
        "yes_no": _("yes"),
    }[scale]
    return _(
        "From the lowest answer on the left to the highest on the right. Good answers are green "
        "(%(good)s), and their share is at the end."
    ) % {"good": good}


def by_scale(measured: Sequence[Result]) -> list[list[Result]]:
    """The questions of each scale together, in the order in which scales come: one picture has one, or its colors would lie."""
    found: dict[str, list[Result]] = {}
    for one in measured:
        if one.tally is not None:
            found.setdefault(one.tally.scale.kind, []).append(one)
    return list(found.values())


def answers(measured: Sequence[QuestionResult], wave: Wave) -> list[Chart]:
    """How the answers are spread, a picture for each scale."""
    return [_answers(shown, wave) for each in by_scale(measured) if (shown := spread(each))]


def _answers(shown: Sequence[tuple[QuestionResult, Share, Shares]], wave: Wave) -> Chart:
    """Each share leads to its rows where there are any to read."""
    rows, cells = [], []
    for one, top, shares in shown:
        n = linked(sentences.whole(one.n), answers_url(wave, one.question))
        good = linked(sentences.part_of(top.count, top.n), answers_url(wave, one.question, GOOD))
        each = [
            (linked(f"{part.name}: {part.figure}", answers_url(wave, one.question, part.key)),)
            for part in shares.parts
        ]
        rows.append(Row(one.question.ask_en, shares, good))
        cells.append((one.question.ask_en, n, format_html_join(", ", "{}", each), good))
    return Chart(
        title=sentences.about_answers([(one, top) for one, top, _shares in shown]),
        drawing=Rows(rows),
        note=spread_note(scale_kind(shown[0][0])),
        figures=Figures((_("Question"), _("Answers"), _("Shares"), _("Good answers")), cells),
    )


def changes(core: Sequence[QuestionResult], results: Results) -> Chart | None:
    """What changed since the wave before, with intervals."""
    against = results.against
    found = [(one, one.change) for one in core if one.change is not None and one.change.top is not None]
    if against is None or not found:
        return None
    ends = (end for _one, change in found for end in (change.top or 0, *(_ends(change) or ())))
    reach = max(0.05, *map(abs, ends))
    return Chart(
        title=sentences.about_change([change for _one, change in found], against),
        drawing=Rows(
            [
                Row(one.question.ask_en, _interval(change, reach), sentences.points(change.top or 0))
                for one, change in found
            ]
        ),
        note=_(
            "Change in the share of good answers, in points. The line shows where the true change "
            "plausibly lies. Whether it is more than chance is judged over all these questions "
            "together."
        ),
        figures=Figures(
            (_("Question"), _("Points"), _("From, to"), _("p"), _("In words"), _("Who is compared")),
            [(one.question.ask_en, *_change_cells(change)) for one, change in found],
        ),
    )


def _ends(change: Change) -> tuple[float, float] | None:
    return (change.top_ci.low, change.top_ci.high) if change.top_ci else None


def _interval(change: Change, reach: float) -> Interval:
    return Interval(
        change.top or 0,
        _ends(change),
        reach,
        said=f"{sentences.points(change.top or 0)} ({sentences.points_between(change.top_ci)})",
        tone=TONES.get(change.verdict, "none"),
    )


def _change_cells(change: Change) -> tuple[str, ...]:
    who = _("the same %(n)s people") % {"n": sentences.whole(change.n_after)}
    if not change.paired:
        who = _("%(before)s then, %(after)s now") % {
            "before": sentences.whole(change.n_before),
            "after": sentences.whole(change.n_after),
        }
    return (
        sentences.points(change.top or 0),
        sentences.points_between(change.top_ci),
        sentences.chance(change.holm_p),
        sentences.change_words(change),
        who,
    )


def importance(results: Results) -> Chart | None:
    """What goes with satisfaction, against how good it is; only where it can be ranked, and explains more than chance."""
    drivers = results.drivers
    if drivers is None or not drivers.enough or not drivers.explain:
        return None
    good = {
        key: share for key, one in results.by_key.items() if (share := sentences.good_share(one)) is not None
    }
    ranked = sorted(importance_against_performance(drivers, good), key=lambda point: -point.importance)
    if not ranked:
        return None
    names = {point.key: driver_words(results.by_key[point.key].question.driver) for point in ranked}
    tones: dict[str, Tone] = {"mend_first": "bad", "keep_up": "good"}
    corners = [str(words) for words in CORNERS.values()]
    return Chart(
        title=sentences.about_importance([(names[one.key], one) for one in ranked]),
        drawing=Points(
            [
                Point(
                    names[one.key],
                    one.performance,
                    one.importance,
                    tones.get(one.quadrant, "none") if one.matters else "none",
                )
                for one in ranked
            ],
            corners,
        ),
        note=_(
            "Up: how much it goes with satisfaction. Right: how good the answers are. The lines are the averages. "
            "In color: what clearly matters more than the average driver. %(explained)s"
        )
        % {"explained": explained(drivers)},
        figures=_importance_figures(drivers, ranked, names),
    )


def _importance_figures(drivers: Drivers, ranked: Sequence[Ranked], names: Mapping[str, str]) -> Figures:
    known = {driver.key: driver for driver in drivers.drivers}
    return Figures(
        (_("Driver"), _("Importance"), _("Correlation"), _("Good answers"), _("What to do")),
        [
            (
                names[point.key],
                sentences.with_interval(
                    sentences.share(point.importance), sentences.share_between(known[point.key].ci)
                ),
                sentences.number(known[point.key].rho, 2),
                sentences.share(point.performance),
                str(CORNERS[point.quadrant])
                if point.matters or point.quadrant not in tuple(CORNERS)[:2]
                else _("Not certain"),
            )
            for point in ranked
        ],
    )


def explained(drivers: Drivers) -> str:
    """How far the ranking of the drivers carries."""
    said = _(
        "%(n)s people answered all of it. Together the drivers explain %(r2)s of the differences "
        "in satisfaction. Things that go together need not cause each other."
    ) % {"n": sentences.whole(drivers.n), "r2": sentences.share(drivers.r2)}
    if drivers.error is None:
        return said
    drawn = ngettext(
        "With so many drivers, importance is worked out from 4,000 of the orders in which they can be added; "
        "each is right to within %(points)s point.",
        "With so many drivers, importance is worked out from 4,000 of the orders in which they can be added; "
        "each is right to within %(points)s points.",
        ceil(drivers.error * 100),
    )
    return f"{said} {drawn % {'points': ceil(drivers.error * 100)}}"


def reliability(results: Results) -> list[str]:
    """Why there is no ranking, and whether the drivers measure one thing."""
    said = []
    drivers, alpha = results.drivers, results.alpha
    if drivers is not None and not drivers.enough:
        said.append(
            _(
                "Too few people answered every driver to say which matters most. It takes %(fewest)s, or "
                "the order would be chance."
            )
            % {"fewest": fewest_rows(len(drivers.drivers))}
        )
    elif drivers is not None and not drivers.explain:
        said.append(
            _(
                "The drivers explain no more of the differences in satisfaction than chance would, so none can be said "
                "to matter (%(n)s people answered all of it)."
            )
            % {"n": sentences.whole(drivers.n)}
        )
    if results.uncounted:
        said.append(
            _(
                "When this wave was closed, at most twelve drivers were counted, so %(left)s of them are not ranked here, "
                "and the strongest may be among those."
            )
            % {"left": results.uncounted}
        )
    if alpha is not None and alpha.value is not None:
        said.append(_alpha_words(alpha.value, alpha.items, alpha.n))
    return said


def _alpha_words(alpha: float, items: int, n: int) -> str:
    """Whether the drivers measure one thing: only an alpha of .7 says so."""
    if alpha >= HANGS_TOGETHER:
        said = _(
            "The %(items)s questions about drivers hang together: Cronbach’s alpha %(value)s, from %(n)s people."
        )
    else:
        said = _(
            "The %(items)s questions about drivers do not measure one thing, so read each by itself: Cronbach’s alpha "
            "%(value)s, from %(n)s people."
        )
    return said % {"items": items, "value": sentences.number(alpha, 2), "n": sentences.whole(n)}


def trend(past: Sequence[Past], core: Sequence[QuestionResult]) -> Chart | None:
    """Good answers over the waves of the same survey."""
    if len(past) < 2:
        return None
    ordered = sorted(core, key=lambda one: not one.question.outcome)[:MOST_LINES]
    drawn = [one for one in ordered if any(each.good.get(one.question.key) for each in past)]
    if not drawn:
        return None
    urls = [reverse("surveys:results", args=[each.wave.pk]) for each in past]
    series = [
        Series(
            _short(one),
            [_percent(each, one.question.key) for each in past],
            urls,
            # Those of all lines would cover one another; the table of a wave has them.
            [_between(each, one.question.key) for each in past] if one is drawn[0] else None,
        )
        for one in drawn
    ]
    left = len(core) - len(drawn)
    note = _(
        "Good answers, wave by wave, without those too few people answered. The bar behind "
        "“%(first)s” shows where its true figure plausibly lies."
    ) % {"first": _short(drawn[0])}
    if left > 0:
        more = ngettext(
            "%(count)s more question is not shown.", "%(count)s more questions are not shown.", left
        )
        note = f"{note} {more % {'count': left}}"
    return Chart(
        title=sentences.about_trend(
            _short(drawn[0]), [(each.good.get(drawn[0].question.key), each.wave.name) for each in past]
        ),
        drawing=Plot(
            "line",
            [each.wave.name for each in past],
            series,
            urls,
            unit=_("percent"),
            x_name=_("Wave"),
            ends_at=100,
        ),
        note=note,
    )


def _percent(past: Past, key: str) -> int | None:
    found = past.good.get(key)
    return None if found is None or found.share is None else int(percent(found.share))


def _between(past: Past, key: str) -> tuple[int, int] | None:
    found = past.good.get(key)
    if found is None or found.ci is None:
        return None
    return int(percent(found.ci.low)), int(percent(found.ci.high))


def parts_of(scale: Scale, distribution: Sequence[Share]) -> list[Part]:
    """The answers in the order of the scale; those of a recommendation in its three camps."""
    if scale.kind == "recommendation":
        low, middle, high = CAMPS
        return [
            _part("0–6", distribution[:7], "bad", low),
            _part("7–8", distribution[7:9], "middle", middle),
            _part("9–10", distribution[9:], "good", high),
        ]
    if scale.kind == "yes_no":
        return [
            _part(_("No"), distribution[:1], "bad", NO_PLACE),
            _part(_("Yes"), distribution[1:], "good", YES_PLACE),
        ]
    return [
        _part(str(value), [part], _tone(scale, value), str(value))
        for value, part in zip(scale.values, distribution, strict=True)
    ]


def _part(name: str, shares: Sequence[Share], tone: Tone, answer: str) -> Part:
    """Answers drawn together. Of few people it says how many they are, not how many percent."""
    count, n = sum(one.count for one in shares), shares[0].n
    figure = sentences.whole(count)
    if n >= FEWEST_OF:
        figure = "<1%" if 0 < 200 * count < n else f"{percent(count / n)}%"
    return Part(name, count / n if n else 0, figure, tone, key=answer)


def _tone(scale: Scale, value: int) -> Tone:
    """Good answers are green, the middle of the scale is grey; the ends of the scale are the stronger."""
    if value in scale.top:
        return "good" if value == scale.highest else "goodish"
    if 2 * value == scale.lowest + scale.highest:
        return "middle"
    return "bad" if value == scale.lowest else "badish"
