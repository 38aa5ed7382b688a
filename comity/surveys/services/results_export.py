"""Results as scripts read them. The keys stay, nothing is rounded, and what is hidden is null and said to be."""

from __future__ import annotations

from typing import Any

from comity.core.surveys import Change, Interval
from comity.surveys.services.results import QuestionResult, Results

VERDICTS = {
    "better": "better",
    "worse": "worse",
    "no_clear_change": "no clear change",
    "too_few": "too few",
}
FIGURES = ("n", "na", "mean", "mean_ci", "sd", "top2", "top2_n", "top2_ci")

Plain = dict[str, Any]


def plain(results: Results) -> Plain:
    """The results of a wave as one object. Questions in own words have no figures and are not in it."""
    drivers, alpha = results.drivers, results.alpha
    return {
        "wave": results.wave.key,
        "mode": results.wave.mode,
        "invited": results.invited,
        "reached": results.reached,
        "answered": results.answered,
        "questions": [
            _question(one) for one in results.questions if one.is_hidden or one.summary is not None
        ],
        "alpha": {"value": alpha and alpha.value, "n": alpha.n if alpha else 0},
        "drivers": [
            {"key": one.key, "rho": one.rho, "importance": one.importance, "n": one.n}
            for one in (drivers.drivers if drivers else ())
        ],
    }


def _question(one: QuestionResult) -> Plain:
    summary = one.summary
    if summary is None:
        hidden = dict.fromkeys(FIGURES)
        return {"key": one.question.key, **hidden, "change": None, "suppressed": True}
    top = summary.top
    return {
        "key": one.question.key,
        "n": summary.n,
        "na": summary.na,
        "mean": summary.mean,
        "mean_ci": _interval(summary.mean_ci),
        "sd": summary.sd,
        "top2": top and top.share,
        "top2_n": top and top.count,
        "top2_ci": _interval(None if top is None else top.ci),
        "change": None if one.change is None else _change(one.change),
    }


def _change(change: Change) -> Plain:
    return {
        "top2": change.top,
        "z": change.z,
        "p": change.p,
        "holm_p": change.holm_p,
        "verdict": VERDICTS[change.verdict],
    }


def _interval(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [interval.low, interval.high]
