"""Figures in words: as they stand in tables, and the sentences above them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.core.surveys import Change, Interval, Score, Share, Weighted, percent, rounded, tells_percent
from comity.core.surveys.drivers import Point as Ranked
from comity.office import services as office
from comity.people.models import User
from comity.surveys.models import Wave
from comity.surveys.services.response_status import standing_of
from comity.surveys.services.results import GroupResult, QuestionResult, Results


def too_few() -> str:
    """What stands wherever something is hidden; never why."""
    return _("Too few to show")


def number(value: float | None, places: int = 1) -> str:
    """A mean or a score as it is read: 3.8."""
    return "–" if value is None else number_format(rounded(value, places), use_l10n=True)


def whole(value: int | None) -> str:
    return "–" if value is None else number_format(value, use_l10n=True, force_grouping=True)


def share(value: float | None) -> str:
    """A share as it is read: 72%."""
    return "–" if value is None else f"{percent(value)}%"


def between(ci: Interval | None, low: float, high: float) -> str:
    """An interval of means, cut to what is possible: "3.6 to 3.9"."""
    if ci is None:
        return ""
    ci = ci.within(low, high)
    return _("%(low)s to %(high)s") % {"low": number(ci.low), "high": number(ci.high)}


def share_between(ci: Interval | None) -> str:
    if ci is None:
        return ""
    return _("%(low)s to %(high)s%%") % {"low": percent(ci.low), "high": percent(ci.high)}


def score_words(score: Score | None) -> str:
    """The recommendation score, where one is defined."""
    if score is None or score.value is None:
        return ""
    if score.ci is None:
        return _("Recommendation score %(score)s") % {"score": points(score.value / 100)}
    ci = score.ci.within(-100, 100)
    return _("Recommendation score %(score)s (%(low)s to %(high)s)") % {
        "score": points(score.value / 100),
        "low": points(ci.low / 100),
        "high": points(ci.high / 100),
    }


def points(value: float) -> str:
    """A difference of shares: "+8", "−3", "0"."""
    whole_points = percent(value)
    return f"+{whole_points}" if whole_points > 0 else str(whole_points).replace("-", "−")


def points_between(ci: Interval | None) -> str:
    if ci is None:
        return ""
    return _("%(low)s to %(high)s") % {"low": points(ci.low), "high": points(ci.high)}


def change_words(change: Change | None) -> str:
    """What may be said of a change: "Better: +8 points"."""
    if change is None or change.top is None:
        return ""
    if change.verdict == "too_few":
        return _("Too few to compare")
    if change.verdict == "no_clear_change":
        return _("No clear change")
    said = {"better": _("Better: %(points)s points"), "worse": _("Worse: %(points)s points")}
    return said[change.verdict] % {"points": points(change.top)}


def change_note(change: Change | None) -> str:
    """The interval and the p value behind it, for who wants to check."""
    if change is None or change.holm_p is None:
        return ""
    said = chance(change.holm_p)
    p = f"p {said}" if said.startswith("<") else f"p = {said}"
    words = points_between(change.top_ci)
    return f"{words}; {p}" if words else p


def chance(p: float | None) -> str:
    """How likely chance alone would make so much of a difference: "0.010", "< 0.001"."""
    if p is None:
        return "–"
    return "< 0.001" if p < 0.001 else str(rounded(p, 3))


def with_interval(figure: str, interval: str) -> str:
    """ "3.8 (3.6 to 3.9)", where there is one."""
    return f"{figure} ({interval})" if interval else figure


def weighted_words(found: Weighted | None) -> str:
    """The mean and the share of good answers, each with its interval; what is not known is left out."""
    parts = []
    if found is not None and found.mean is not None:
        parts.append(with_interval(number(found.mean), between(found.mean_ci, -1e9, 1e9)))
    if found is not None and found.top is not None:
        parts.append(with_interval(share(found.top), share_between(found.top_ci)))
    return "; ".join(parts) or "–"


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The figures of one question in words; all "" where they are not shown."""

    n: str = ""
    mean: str = ""
    mean_ci: str = ""
    top: str = ""
    top_ci: str = ""


def in_words(found: QuestionResult | GroupResult) -> Figures:
    """How many answered, the mean and the share of good answers, each with its interval."""
    summary = found.summary
    if summary is None or found.tally is None:
        return Figures()
    return Figures(
        n=whole(found.n),
        mean=number(summary.mean),
        mean_ci=between(summary.mean_ci, found.tally.scale.lowest, found.tally.scale.highest),
        top=share(good_share(found)),
        top_ci=share_between(summary.top.ci) if summary.top else "",
    )


def good_share(found: QuestionResult | GroupResult) -> float | None:
    """Of those who answered, who gave a good answer; None where that is not known or not shown."""
    top = found.summary and found.summary.top
    return top.share if top else None


# --- the heading --------------------------------------------------------------------------------------------------


def heading(results: Results) -> str:
    """What matters most, in one sentence."""
    wave = results.wave
    if results.too_few or results.answered is None:
        return _not_yet(wave)
    start, outcome = _answered(results.answered, results), outcome_words(results)
    return f"{start}; {outcome}." if outcome else f"{start}."


def _answered(answered: int, results: Results) -> str:
    wave, said = results.wave, {"answered": whole(answered), "invited": whole(results.invited)}
    if results.invited is None:
        return ngettext("%(answered)s answered", "%(answered)s answered", answered) % said
    if wave.is_open:
        return (
            ngettext(
                "%(answered)s of %(invited)s has answered",
                "%(answered)s of %(invited)s have answered",
                answered,
            )
            % said
        )
    return _("%(answered)s of %(invited)s answered") % said


def part_of(count: int, n: int) -> str:
    """A part of those who answered: "72%", or "3 of 5" where a percentage would say more than is known."""
    if tells_percent(count, n):
        return share(count / n)
    return _("%(count)s of %(n)s") % {"count": whole(count), "n": whole(n)}


def outcome_of(results: Results) -> QuestionResult | None:
    """The question of how satisfied people are, where it was asked and its figures are shown."""
    return next((one for one in results.questions if one.question.outcome and one.summary is not None), None)


def outcome_words(results: Results) -> str:
    """How many are satisfied, and whether that changed; "" where it was not asked or is not shown."""
    found = outcome_of(results)
    top = found.summary.top if found is not None and found.summary is not None else None
    if found is None or top is None or top.share is None:
        return ""
    change, against = found.change, results.against
    satisfied = ngettext("%(now)s is satisfied", "%(now)s are satisfied", 1 if top.count == 1 else 2)
    said = satisfied % {"now": part_of(top.count, top.n)}
    since = change_since(change, top.share, against.name if against else "")
    return f"{said}, {since}" if since else said


def certainty(found: QuestionResult | GroupResult) -> str:
    """How many gave an answer, and where the true share of good answers plausibly lies: "181 answers; ..."."""
    summary = found.summary
    if summary is None or summary.top is None or not found.n:
        return ""
    said = ngettext("%(n)s answer", "%(n)s answers", found.n) % {"n": whole(found.n)}
    if summary.everyone:
        return _("%(answers)s: everyone who was asked") % {"answers": said}
    if not tells_percent(summary.top.count, summary.top.n):
        return _("%(answers)s, too few to say how it is for all") % {"answers": said}
    return _("%(answers)s; the share of all is plausibly between %(interval)s") % {
        "answers": said,
        "interval": _("%(low)s%% and %(high)s%%")
        % {"low": percent(summary.top.ci.low), "high": percent(summary.top.ci.high)}
        if summary.top.ci
        else "",
    }


def change_since(change: Change | None, now: float, wave: str) -> str:
    """What may be said of how a share changed, after the share itself; "" where nothing may be."""
    if change is None or change.top is None or change.verdict == "too_few":
        return ""
    if change.verdict == "no_clear_change":
        return _("no clear change since %(wave)s") % {"wave": wave}
    if change.paired:
        said = {
            "better": _(
                "and of those who answered both times %(by)s points more, a change too large for chance"
            ),
            "worse": _(
                "and of those who answered both times %(by)s points fewer, a change too large for chance"
            ),
        }
        return said[change.verdict] % {"by": abs(percent(change.top))}
    then = part_of(round((now - change.top) * change.n_before), change.n_before)
    said = {
        "better": _("up from %(then)s, a change too large for chance"),
        "worse": _("down from %(then)s, a change too large for chance"),
    }
    return said[change.verdict] % {"then": then}


def not_counted(results: Results, given: int | None) -> str:
    """How many have answered since an open wave was counted last; "" where none have, or it may not be said."""
    more = 0 if given is None or not results.wave.is_open else given - (results.answered or 0)
    if more <= 0:
        return ""
    return ngettext(
        "%(count)s more has come in and is not counted yet",
        "%(count)s more have come in and are not counted yet",
        more,
    ) % {"count": whole(more)}


def _not_yet(wave: Wave) -> str:
    if wave.state == Wave.State.DRAFT:
        return _("This wave has not been sent yet.")
    if wave.state == Wave.State.CLOSED:
        return _("Too few people answered to show results.")
    if not wave.hides_who:
        return _("Nobody has been counted yet. Figures appear within minutes of the first answer.")
    if wave.state == Wave.State.CLOSING:
        return _("The wave is being closed. Its figures will appear in a moment.")
    if wave.closes_on is None:
        return _("Figures appear when the wave closes.")
    day = date_format(wave.closes_on, "MONTH_DAY_FORMAT")
    return _("Figures appear when the wave closes, after %(day)s.") % {"day": day}


def why_nothing(wave: Wave) -> str:
    """What a wave without figures has to do with what was promised, or when it is counted."""
    if wave.hides_who:
        return _(
            "This wave keeps names back, so nothing is counted before it closes, and groups where too "
            "few answered are never shown."
        )
    return _("Answers are counted every five minutes while the wave is open.")


def lead(results: Results, user: User) -> str:
    """Who was asked and reached, and of when the figures are; of open waves that keep names back what this person may know."""
    wave = results.wave
    said = [str(wave.version.survey), str(wave.get_mode_display())]
    standing = standing_of(wave, user, with_states=False) if wave.is_open else None
    if standing is not None and wave.hides_who:
        shown = _("answers are shown from %(count)s on") % {"count": standing.from_on}
        said.append(shown if standing.from_on else _("%(count)s have answered") % {"count": standing.given})
    elif results.answered and results.reached and not results.too_few and not wave.imported:
        reached = {"reached": whole(results.reached), "share": share(results.response_rate)}
        if tells_percent(min(results.answered, results.reached), results.reached):
            said.append(_("%(reached)s were reached, %(share)s of them answered") % reached)
        else:
            said.append(_("%(reached)s were reached") % reached)
    if standing is not None and not results.too_few and (more := not_counted(results, standing.count)):
        said.append(more)
    if wave.is_open and results.counted_at is not None:
        at = results.counted_at.astimezone(office.time_zone())
        said.append(_("as of %(at)s") % {"at": date_format(at, "M j, g:i a")})
    elif wave.closed_at is not None:
        day = wave.closed_at.astimezone(office.time_zone())
        said.append(_("closed on %(day)s") % {"day": date_format(day, "DATE_FORMAT")})
    return " · ".join(said)


# --- above pictures -----------------------------------------------------------------------------------------------


def about_answers(shown: Sequence[tuple[QuestionResult, Share]]) -> str:
    """Which question has most good answers, and which fewest; all are on one scale."""
    ranked = sorted(shown, key=lambda one: one[1].share or 0)
    (worst, low), (best, high) = ranked[0], ranked[-1]
    most, fewest = part_of(high.count, high.n), part_of(low.count, low.n)
    if percent(low.share or 0) == percent(high.share or 0):
        if len(ranked) == 1:
            return _("%(share)s give a good answer.") % {"share": most}
        return _("%(share)s give a good answer, the same for every question.") % {"share": share(high.share)}
    return _("Best: %(best)s, %(high)s good answers. Worst: %(worst)s, %(low)s.") % {
        "best": _("“%(question)s”") % {"question": best.question.ask_en},
        "high": most,
        "worst": _("“%(question)s”") % {"question": worst.question.ask_en},
        "low": fewest,
    }


def about_change(changes: Sequence[Change], against: Wave) -> str:
    """How many questions clearly changed since the wave before."""
    since = {"wave": against.name}
    better, worse = (sum(change.verdict == said for change in changes) for said in ("better", "worse"))
    if not better and not worse:
        return _("Nothing clearly changed since %(wave)s.") % since
    up = ngettext("%(count)s question got better", "%(count)s questions got better", better) % {
        "count": better
    }
    down = ngettext("%(count)s question got worse", "%(count)s questions got worse", worse) % {"count": worse}
    what = _(" and ").join(said for said, count in ((up, better), (down, worse)) if count)
    return _("Since %(wave)s, %(what)s.") % {**since, "what": what}


def about_importance(ranked: Sequence[tuple[str, Ranked]]) -> str:
    """What to fix first, or what matters and is good; of drivers that clearly matter alone.

    ranked  each driver's name and point, the most important first
    """
    matter = [(name, point.quadrant) for name, point in ranked if point.matters]
    if not matter:
        return _("No driver clearly matters more than the others.")
    mend = [name for name, quadrant in matter if quadrant == "mend_first"]
    names = ", ".join(f"“{name}”" for name in mend or [name for name, _quadrant in matter])
    if mend:
        said = ngettext(
            "Fix first: %(drivers)s. It matters, and answers to it are below average.",
            "Fix first: %(drivers)s. They matter, and answers to them are below average.",
            len(mend),
        )
    else:
        said = ngettext(
            "%(drivers)s matters most, and answers to it are not below average.",
            "%(drivers)s matter most, and answers to them are not below average.",
            len(matter),
        )
    return said % {"drivers": names}


def about_trend(question: str, by_wave: Iterable[tuple[Share | None, str]]) -> str:
    """Where its share of good answers began and where it is, and between them the wave that lies farthest outside.

    by_wave  the share, or None where it is not known, and the name of the wave; oldest first, one of them known
    """
    known = [(found, wave) for found, wave in by_wave if found is not None and found.share is not None]
    first, last = known[0], known[-1]
    begun = _("%(question)s: %(share)s good answers in %(wave)s") % {
        "question": question,
        "share": part_of(first[0].count, first[0].n),
        "wave": first[1],
    }
    if len(known) == 1:
        return f"{begun}."
    low, high = sorted((_whole_percent(first[0]), _whole_percent(last[0])))
    turn = max(known, key=lambda one: max(low - _whole_percent(one[0]), _whole_percent(one[0]) - high))
    stops = [last] if low <= _whole_percent(turn[0]) <= high else [turn, last]
    after = [
        _("%(share)s in %(wave)s") % {"share": part_of(found.count, found.n), "wave": wave}
        for found, wave in stops
    ]
    return f"{begun}, {', '.join(after)}."


def _whole_percent(found: Share) -> int:
    return int(percent(found.share or 0))
