"""What changed, and whether it is more than chance: since the last wave, after something was done, and between early and late answers.

Worked by hand and with the reasons: docs/calculations/survey-change.md, of early and late answers survey-drivers.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from math import sqrt
from typing import Literal

from comity.core.surveys.distributions import ALPHA, Z, fisher_p, normal_p, sign_p, t_p, t_quantile
from comity.core.surveys.figures import Interval, wilson
from comity.core.surveys.tallies import PairTally, Tally

Verdict = Literal["better", "worse", "no_clear_change", "too_few"]
Method = Literal["two_proportions", "fisher", "mcnemar", "mcnemar_exact"]

# Below so many answers in either wave, or so many people in both, nothing is said about a change.
FEWEST_ANSWERS = 5
FEWEST_PAIRS = 6
# From so many people who changed sides on, the normal approximation of McNemar's test will do.
MANY_CHANGED = 25
# A table with a cell below this is left to Fisher's exact test.
SMALL_CELL = 5


@dataclass(frozen=True, slots=True)
class MeanChange:
    """By how much the mean moved: after minus before. ci, t, df and p are None where answers do not differ at all."""

    difference: float
    ci: Interval | None
    t: float | None
    df: float | None
    p: float | None


@dataclass(frozen=True, slots=True)
class Change:
    """What changed in the share of good answers, and in the mean.

    paired     the same people are compared; n_before and n_after are then both the number of pairs
    top        share of good answers after minus before, between -1 and 1
    top_ci     its interval
    z          of the tests by approximation; None of the exact ones
    p          how often chance alone goes so far; None where too few answered
    holm_p     p raised for the number of questions judged together (`judged_together`); alone it is p
    verdict    what may be said: decided by holm_p, not by the size of the change
    mean       None on a scale without one, or where a wave has fewer than two answers
    """

    paired: bool
    n_before: int
    n_after: int
    top: float | None
    top_ci: Interval | None
    method: Method | None
    z: float | None
    p: float | None
    holm_p: float | None
    verdict: Verdict
    mean: MeanChange | None


def change_between(before: Tally, after: Tally) -> Change:
    """Compare two waves as answers of different people: also where some are the same, but nobody knows who.

    The good answers by the two-proportion z test (pooled), or Fisher's exact test where a cell of the table holds
    fewer than five people, or should; the means by Welch's t test. The interval of the share is Newcombe's.

    Raises ValueError for two scales, or one without good answers.
    """
    if before.scale != after.scale or not after.scale.top:
        raise ValueError("Only the good answers on one scale can be compared.")
    if not before.n or not after.n:
        return _too_few(before.n, after.n, None, None, paired=False)
    top = after.top_n / after.n - before.top_n / before.n
    ci, mean = _newcombe(before, after), _welch(before, after)
    if min(before.n, after.n) < FEWEST_ANSWERS:
        return replace(_too_few(before.n, after.n, top, mean, paired=False), top_ci=ci)
    method: Method
    if _has_small_cell(before, after):
        method, z = "fisher", None
        p = fisher_p(after.top_n, after.n - after.top_n, before.top_n, before.n - before.top_n)
    else:
        method, z = "two_proportions", _pooled_z(before, after)
        p = normal_p(z)
    return Change(False, before.n, after.n, top, ci, method, z, p, p, verdict_of(p, top), mean)


def change_within(pairs: PairTally) -> Change:
    """Compare the same people's answers in two waves. Only where the wave's promise allows to know who they are.

    The good answers by McNemar's test: exact where fewer than 25 people changed sides, else z without continuity
    correction; the means by the paired t test. The interval of the share is Bonett and Price's.

    Raises ValueError for a scale without good answers.
    """
    scale, n = pairs.scale, pairs.n
    if not scale.top:
        raise ValueError("Only the good answers on a scale can be compared.")
    if not n:
        return _too_few(n, n, None, None, paired=True)
    gained = sum(
        count for (old, new), count in pairs.counts.items() if new in scale.top and old not in scale.top
    )
    lost = sum(
        count for (old, new), count in pairs.counts.items() if old in scale.top and new not in scale.top
    )
    top = (gained - lost) / n
    ci, mean = _bonett_price(gained, lost, n), paired_mean(pairs)
    if n < FEWEST_PAIRS:
        return replace(_too_few(n, n, top, mean, paired=True), top_ci=ci)
    method: Method
    if gained + lost < MANY_CHANGED:
        method, z, p = "mcnemar_exact", None, sign_p(gained, lost)
    else:
        z = (gained - lost) / sqrt(gained + lost)
        method, p = "mcnemar", normal_p(z)
    return Change(True, n, n, top, ci, method, z, p, p, verdict_of(p, top), mean)


def judged_together(family: Mapping[str, Change]) -> dict[str, Change]:
    """The same changes, judged as one family of questions: of twenty questions one moves by chance alone.

    Method: Holm (1979). Questions that too few answered are not counted in the family.
    """
    judged = dict(family)
    ranked = sorted((change.p, key) for key, change in family.items() if change.p is not None)
    raised = 0.0
    for place, (p, key) in enumerate(ranked):
        raised = max(raised, min(1.0, p * (len(ranked) - place)))
        judged[key] = replace(family[key], holm_p=raised, verdict=verdict_of(raised, family[key].top or 0.0))
    return judged


def verdict_of(p: float, difference: float) -> Verdict:
    """What may be said of a difference that chance alone reaches with this p."""
    if p >= ALPHA or not difference:
        return "no_clear_change"
    return "better" if difference > 0 else "worse"


def paired_mean(pairs: PairTally) -> MeanChange | None:
    """By how much the same people's answers moved, by the paired t test; None below two pairs or without a mean."""
    n, differences = pairs.n, pairs.differences()
    if n < 2 or not pairs.scale.has_mean:
        return None
    total = sum(value * count for value, count in differences.items())
    squares = sum(value * value * count for value, count in differences.items())
    spread = squares * n - total**2
    if not spread:
        return MeanChange(total / n, None, None, None, None)
    return _mean_change(total / n, sqrt(spread / (n * (n - 1)) / n), n - 1)


def _too_few(before: int, after: int, top: float | None, mean: MeanChange | None, *, paired: bool) -> Change:
    return Change(paired, before, after, top, None, None, None, None, None, "too_few", mean)


def _pooled_z(before: Tally, after: Tally) -> float:
    pooled = (before.top_n + after.top_n) / (before.n + after.n)
    error = sqrt(pooled * (1 - pooled) * (1 / before.n + 1 / after.n))
    return (after.top_n / after.n - before.top_n / before.n) / error


def _has_small_cell(before: Tally, after: Tally) -> bool:
    """Whether a cell of the table (wave by good or not) holds fewer than five people, or should if nothing changed."""
    seen = (before.top_n, before.n - before.top_n, after.top_n, after.n - after.top_n)
    good, everybody = before.top_n + after.top_n, before.n + after.n
    expected = min(before.n, after.n) * min(good, everybody - good) / everybody
    return min(*seen, expected) < SMALL_CELL


def _newcombe(before: Tally, after: Tally) -> Interval:
    """Of the difference of two shares, from their Wilson intervals. Source: Newcombe (1998), method 10."""
    old, new = before.top_n / before.n, after.top_n / after.n
    was, now = wilson(old, before.n), wilson(new, after.n)
    assert was is not None  # both waves have answers
    assert now is not None
    low = new - old - sqrt((new - now.low) ** 2 + (was.high - old) ** 2)
    high = new - old + sqrt((now.high - new) ** 2 + (old - was.low) ** 2)
    return Interval(low, high)


def _bonett_price(gained: int, lost: int, n: int) -> Interval:
    """Of the difference of two shares among the same people: Wald's, with one person added to either side.

    Source: Bonett and Price (2012).
    """
    up, down = (gained + 1) / (n + 2), (lost + 1) / (n + 2)
    reach = Z * sqrt((up + down - (up - down) ** 2) / (n + 2))
    return Interval(up - down - reach, up - down + reach).within(-1, 1)


def _welch(before: Tally, after: Tally) -> MeanChange | None:
    if before.mean is None or after.mean is None or before.variance is None or after.variance is None:
        return None
    difference = after.mean - before.mean
    was, now = before.variance / before.n, after.variance / after.n
    if not was + now:
        return MeanChange(difference, None, None, None, None)
    df = (was + now) ** 2 / (was**2 / (before.n - 1) + now**2 / (after.n - 1))
    return _mean_change(difference, sqrt(was + now), df)


def _mean_change(difference: float, error: float, df: float) -> MeanChange:
    reach, t = t_quantile(df) * error, difference / error
    return MeanChange(difference, Interval(difference - reach, difference + reach), t, df, t_p(t, df))


@dataclass(frozen=True, slots=True)
class Effect:
    """The mean before and after, over the same n people.

    better, same, worse   how many rated higher, alike, lower than before
    ci                    of the difference; None below six pairs, or where all moved alike
    p                     of the exact sign test on those who moved; None below six pairs
    """

    n: int
    before: float | None
    after: float | None
    difference: float | None
    ci: Interval | None
    better: int
    same: int
    worse: int
    p: float | None
    verdict: Verdict


def measured_effect(pairs: PairTally) -> Effect:
    """How the ratings of the same people moved. Below six pairs the numbers stand alone and nothing is claimed.

    Who was asked because of a low rating tends to rate higher the next time whatever was done: compare with the
    wave as a whole before calling it a success.

    Raises ValueError for a scale without a mean.
    """
    if not pairs.scale.has_mean:
        raise ValueError("An effect needs a scale that has a mean.")
    moved = pairs.differences()
    better = sum(count for value, count in moved.items() if value > 0)
    worse = sum(count for value, count in moved.items() if value < 0)
    before, after = pairs.before.mean, pairs.after.mean
    difference = None if before is None or after is None else after - before
    change = paired_mean(pairs)
    enough = pairs.n >= FEWEST_PAIRS and change is not None
    p = sign_p(better, worse) if enough else None
    return Effect(
        n=pairs.n,
        before=before,
        after=after,
        difference=difference,
        ci=change.ci if change is not None and enough else None,
        better=better,
        same=pairs.n - better - worse,
        worse=worse,
        p=p,
        verdict="too_few" if p is None else verdict_of(p, better - worse),
    )


@dataclass(frozen=True, slots=True)
class EarlyLate:
    """The early answers, the late ones, and how the late differ (late minus early).

    late_from   the first day whose answers count as late
    """

    late_from: date
    early: Tally
    late: Tally
    change: Change


def early_and_late(by_day: Mapping[date, Tally], late_from: date | None = None) -> EarlyLate | None:
    """Compare the answers of early and late days.

    by_day      the answers to one question by the day on which they came
    late_from   the day of the first reminder; None to split where the halves are most nearly equal, the earlier
                day where two are

    None where all answers came on one day, or all before or all after `late_from`.
    """
    days = sorted(day for day, tally in by_day.items() if tally.n)
    if late_from is None and len(days) > 1:
        late_from = min(days[1:], key=lambda day: (abs(_before(by_day, day) - _from(by_day, day)), day))
    early = [by_day[day] for day in days if late_from is None or day < late_from]
    late = [by_day[day] for day in days if late_from is not None and day >= late_from]
    if late_from is None or not early or not late:
        return None
    first, last = _together(early), _together(late)
    return EarlyLate(late_from, first, last, change_between(first, last))


def _before(by_day: Mapping[date, Tally], day: date) -> int:
    return sum(tally.n for at, tally in by_day.items() if at < day)


def _from(by_day: Mapping[date, Tally], day: date) -> int:
    return sum(tally.n for at, tally in by_day.items() if at >= day)


def _together(tallies: list[Tally]) -> Tally:
    total = tallies[0]
    for tally in tallies[1:]:
        total += tally
    return total
