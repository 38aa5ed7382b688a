"""The parts of the page of results below its first table."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.core.surveys import FEWEST_ROWS, Drivers, importance_against_performance, percent
from comity.surveys.drivers import driver_words
from comity.surveys.models import Wave
from comity.surveys.services.picking import GOOD
from comity.surveys.services.reporting import Past
from comity.surveys.services.results import QuestionResult, Results
from comity.surveys.views.behind import answers_url, linked
from comity.surveys.views.results import pictures, sentences
from comity.surveys.views.results.pictures import Line, Part, Picture
from comity.ui.charts import Chart, Series

MOST_LINES = 5  # in one picture: more are not told apart


def _ask(found: QuestionResult) -> str:
    return found.question.said("ask", "en")


def _short(found: QuestionResult) -> str:
    """A question by what it is about, where there is little room."""
    if found.question.outcome:
        return _("Satisfaction")
    return driver_words(found.question.driver) if found.question.driver else _ask(found)


def answers(measured: Sequence[QuestionResult], wave: Wave | None = None) -> Picture | None:
    """How the answers are spread; with a wave, each share leads to its rows where there are any to read."""
    shown = [
        (one, one.summary.top, one.tally.scale, one.summary.distribution)
        for one in measured
        if one.summary is not None and one.tally is not None and one.summary.top is not None and one.n
    ]
    if not shown:
        return None
    lines, rows = [], []
    for one, top, scale, spread in shown:
        parts = pictures.parts_of(scale, spread)
        lines.append(Line(_ask(one), pictures.distribution(parts), sentences.share(top.share)))
        rows.append((_ask(one), *_spread_cells(one, parts, sentences.share(top.share), wave)))
    return Picture(
        title=sentences.about_answers([(one, top) for one, top, _scale, _spread in shown]),
        note=_(
            "From the lowest answer on the left to the highest on the right; green are the good answers (4 and 5 of 5, "
            "9 and 10 of 10, 5 to 7 of 7, yes), and at the end stands their share."
        ),
        head=(_("Question"), _("Answers"), _("Shares"), _("Good answers")),
        rows=rows,
        lines=lines,
    )


def _spread_cells(
    found: QuestionResult, parts: Sequence[Part], good: str, wave: Wave | None
) -> tuple[str, str, str]:
    """How many answered, each share, and that of good answers."""

    def rows_behind(words: str, answer: str = "") -> str:
        return linked(words, answers_url(wave, found.question, answer) if wave else "")

    each = [(rows_behind(f"{part.name}: {percent(part.share)}%", part.answer),) for part in parts]
    return (
        rows_behind(sentences.whole(found.n)),
        format_html_join(", ", "{}", each),
        rows_behind(good, GOOD),
    )


def changes(core: Sequence[QuestionResult], results: Results) -> Picture | None:
    """What changed since the wave before, with intervals."""
    against = results.against
    found = [(one, one.change) for one in core if one.change is not None and one.change.top is not None]
    if against is None or not found:
        return None
    reach = 0.05
    for _one, change in found:
        reach = max(reach, abs(change.top or 0))
        if change.top_ci:
            reach = max(reach, abs(change.top_ci.low), abs(change.top_ci.high))
    lines, rows = [], []
    for one, change in found:
        figure = sentences.points(change.top or 0)
        lines.append(Line(_ask(one), pictures.change(change, reach), figure))
        who = _("the same %(n)s people") % {"n": sentences.whole(change.n_after)}
        if not change.paired:
            who = _("%(before)s then, %(after)s now") % {
                "before": sentences.whole(change.n_before),
                "after": sentences.whole(change.n_after),
            }
        rows.append(
            (
                _ask(one),
                figure,
                sentences.points_between(change.top_ci),
                sentences.chance(change.holm_p),
                sentences.change_words(change),
                who,
            )
        )
    return Picture(
        title=sentences.about_change([change for _one, change in found], against),
        note=_(
            "Change in the share of good answers, in points; the line is where the true change plausibly lies. "
            "Whether it is more than chance is judged over all these questions together."
        ),
        head=(_("Question"), _("Points"), _("From, to"), _("p"), _("In words"), _("Who is compared")),
        rows=rows,
        lines=lines,
    )


def importance(results: Results) -> Picture | None:
    """What goes with satisfaction, against how good it is; only where enough answered to rank anything."""
    drivers = results.drivers
    if drivers is None or not drivers.enough:
        return None
    good = {
        key: one.summary.top.share
        for key, one in results.by_key.items()
        if one.summary is not None and one.summary.top is not None and one.summary.top.share is not None
    }
    points = importance_against_performance(drivers, good)
    if not points:
        return None
    names = {point.key: driver_words(results.by_key[point.key].question.driver) for point in points}
    ranked = sorted(points, key=lambda point: -point.importance)
    by_key = {driver.key: driver for driver in drivers.drivers}
    corners = {
        "mend_first": _("Mend first"),
        "keep_up": _("Keep up"),
        "can_wait": _("Can wait"),
        "good_enough": _("Good enough"),
    }
    rows = []
    for point in ranked:
        rho = by_key[point.key].rho
        rows.append(
            (
                names[point.key],
                sentences.share(point.importance),
                sentences.number(rho, 2),
                sentences.share(point.performance),
                corners[point.quadrant],
            )
        )
    return Picture(
        title=_about_importance(
            [names[point.key] for point in ranked if point.quadrant == "mend_first"], names[ranked[0].key]
        ),
        note=_(
            "Up: how much it goes with satisfaction. Right: how good the answers are. The lines are the averages. "
            "%(explained)s"
        )
        % {"explained": explained(drivers)},
        head=(_("Driver"), _("Importance"), _("Correlation"), _("Good answers"), _("What it asks for")),
        rows=rows,
        drawn=pictures.importance(points, names),
    )


def explained(drivers: Drivers) -> str:
    """How far the ranking of the drivers carries."""
    return _(
        "%(n)s people answered all of it; together the drivers explain %(r2)s of the differences in satisfaction. "
        "What goes together need not cause each other."
    ) % {"n": sentences.whole(drivers.n), "r2": sentences.share(drivers.r2)}


def _about_importance(mend: Sequence[str], first: str) -> str:
    if not mend:
        return _("What matters most is “%(first)s”, and nothing that matters is below average.") % {
            "first": first
        }
    if len(mend) == 1:
        return _("Mend first: “%(driver)s”. It matters, and answers to it are below average.") % {
            "driver": mend[0]
        }
    return _("Mend first: %(drivers)s. They matter, and answers to them are below average.") % {
        "drivers": ", ".join(f"“{one}”" for one in mend)
    }


def reliability(results: Results) -> list[str]:
    """Why there is no ranking, and whether the drivers measure one thing."""
    said = []
    if results.drivers is not None and not results.drivers.enough:
        said.append(
            _(
                "Too few answered every driver to say which matters most: it takes %(fewest)s, or the order would be chance."
            )
            % {"fewest": FEWEST_ROWS}
        )
    alpha = results.alpha
    if alpha is not None and alpha.value is not None:
        said.append(
            _(
                "The %(items)s questions about drivers hang together: Cronbach’s alpha %(value)s, of %(n)s people."
            )
            % {"items": alpha.items, "value": sentences.number(alpha.value, 2), "n": sentences.whole(alpha.n)}
        )
    return said


def trend(past: Sequence[Past], core: Sequence[QuestionResult]) -> Chart | None:
    """Good answers over the waves of the same survey."""
    if len(past) < 2:
        return None
    ordered = sorted(core, key=lambda one: not one.question.outcome)[:MOST_LINES]
    drawn = [one for one in ordered if any(each.good.get(one.question.key) for each in past)]
    if not drawn:
        return None
    series = [
        Series(
            _short(one),
            [_percent(each, one.question.key) for each in past],
            urls=[reverse("surveys:results", args=[each.wave.pk]) for each in past],
        )
        for one in drawn
    ]
    left = len(core) - len(drawn)
    note = _("Good answers, wave by wave; those of which too few answered are left out.")
    if left > 0:
        more = ngettext(
            "%(count)s more question is not drawn.", "%(count)s more questions are not drawn.", left
        )
        note = f"{note} {more % {'count': left}}"
    return Chart(
        title=sentences.about_trend(
            _short(drawn[0]), [(_percent(each, drawn[0].question.key), each.wave.name) for each in past]
        ),
        kind="line",
        x=[each.wave.name for each in past],
        series=series,
        unit=_("percent"),
        x_name=_("Wave"),
        note=note,
    )


def _percent(past: Past, key: str) -> int | None:
    found = past.good.get(key)
    return None if found is None or found.share is None else int(percent(found.share))
