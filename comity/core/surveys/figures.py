"""The figures of one question, from how often each answer was given, and how they are rounded where people read them.

Worked by hand and with the reasons: docs/calculations/survey-figures.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import sqrt

from comity.core.surveys.distributions import Z, t_quantile
from comity.core.surveys.tallies import Tally

PROMOTERS = frozenset({9, 10})
DETRACTORS = frozenset(range(7))
# A percentage of fewer people, or about fewer, says no more than the two numbers, and looks as if it did.
FEWEST_OF, FEWEST_IN = 20, 5
# Floats carry about 16 digits, of which the last few are noise of the calculation.
CERTAIN_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Interval:
    """From where to where the figure of all who were asked plausibly lies (95 percent)."""

    low: float
    high: float

    def within(self, low: float, high: float) -> Interval:
        """The same, cut to what is possible at all; for pictures and sentences, not for further sums."""
        return Interval(max(low, self.low), min(high, self.high))


@dataclass(frozen=True, slots=True)
class Share:
    """A part of those who answered; share is between 0 and 1, and None of nobody."""

    count: int
    n: int
    share: float | None
    ci: Interval | None


@dataclass(frozen=True, slots=True)
class Score:
    """The recommendation score: percent who gave 9-10 minus percent who gave 0-6, from -100 to 100."""

    promoters: int
    detractors: int
    n: int
    value: float | None
    ci: Interval | None


@dataclass(frozen=True, slots=True)
class Summary:
    """All figures of one question. What is not defined is None.

    n             how many gave an answer
    na            how many said "don't know"
    skipped       how many left it
    audience      how many were asked, None if unknown
    everyone      all who were asked answered: the figures are facts, so there are no intervals
    distribution  one share for each value of the scale, in its order
    mean, sd      on scales that may be averaged; sd needs two answers
    mean_ci       needs two answers that differ
    top           the good answers (4-5, 9-10, 5-7, yes)

    score         of a recommendation only
    """

    n: int
    na: int
    skipped: int
    audience: int | None
    everyone: bool
    distribution: tuple[Share, ...]
    mean: float | None
    mean_ci: Interval | None
    sd: float | None
    top: Share | None
    score: Score | None


def summarise(tally: Tally, audience: int | None = None) -> Summary:
    """The figures of one question.

    audience  how many people could have answered, which narrows the intervals; None if unknown

    Intervals hold for those who could have answered. They say nothing about people who do not answer because of
    what they think: compare early and late answers for that.

    Raises ValueError where more people answered than there are.
    """
    if audience is not None and tally.n + tally.na > audience:
        raise ValueError(f"{tally.n + tally.na} of {audience} people cannot have answered.")
    everyone = audience is not None and 0 < audience == tally.n + tally.na
    scale = tally.scale

    def share(count: int) -> Share:
        return share_of(count, tally.n, audience, everyone=everyone)

    return Summary(
        n=tally.n,
        na=tally.na,
        skipped=tally.skipped,
        audience=audience,
        everyone=everyone,
        distribution=tuple(share(count) for count in tally.counts),
        mean=tally.mean,
        mean_ci=None if everyone else mean_interval(tally, audience),
        sd=None if tally.variance is None else sqrt(tally.variance),
        top=share(tally.top_n) if scale.top else None,
        score=recommendation_score(tally, audience) if scale.kind == "recommendation" else None,
    )


def share_of(count: int, n: int, audience: int | None = None, *, everyone: bool = False) -> Share:
    """A share with its interval; without one where everyone answered."""
    ci = None if everyone or not n else wilson(count / n, effective_n(n, audience))
    return Share(count, n, count / n if n else None, ci)


def effective_n(n: int, audience: int | None) -> float | None:
    """How many answers from an endless audience would say as much: n(N-1)/(N-n); None where n = N."""
    if audience is None:
        return float(n)
    return n * (audience - 1) / (audience - n) if n < audience else None


def wilson(share: float, n: float | None) -> Interval | None:
    """Wilson's score interval of a share among n answers, where n may be an effective number; None without answers.

    Source: Wilson (1927); without continuity correction.
    """
    if not n:
        return None
    weight = 1 + Z * Z / n
    middle = (share + Z * Z / (2 * n)) / weight
    reach = Z * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n)) / weight
    return Interval(max(0.0, middle - reach), min(1.0, middle + reach))


def correction(n: int, audience: int | None) -> float:
    """By how much a finite audience narrows a standard error: sqrt((N-n)/(N-1)), 1 where N is unknown."""
    return 1.0 if audience is None else sqrt((audience - n) / (audience - 1))


def mean_interval(tally: Tally, audience: int | None = None) -> Interval | None:
    """Student's t interval of the mean, narrowed for a finite audience.

    None below two answers, and where all are alike (the formula would claim to be certain).
    It may reach past the ends of the scale: cut it with `within` where it is shown.
    """
    if tally.mean is None or not tally.variance:
        return None
    reach = t_quantile(tally.n - 1) * sqrt(tally.variance / tally.n) * correction(tally.n, audience)
    return Interval(tally.mean - reach, tally.mean + reach)


def recommendation_score(tally: Tally, audience: int | None = None) -> Score:
    """Percent promoters (9-10) minus percent detractors (0-6), with its interval.

    The variance is that of two shares of one multinomial: (p + d - (p - d)^2) / n, narrowed for a finite audience.
    No interval where all stand in one camp, nor where everyone answered.
    """
    n, promoters, detractors = tally.n, tally.among(PROMOTERS), tally.among(DETRACTORS)
    if not n:
        return Score(promoters, detractors, n, None, None)
    value = 100 * (promoters - detractors) / n
    if audience == n + tally.na or n in {promoters, detractors, n - promoters - detractors}:
        return Score(promoters, detractors, n, value, None)
    variance = (promoters + detractors) / n - ((promoters - detractors) / n) ** 2
    reach = 100 * Z * sqrt(variance / n) * correction(n, audience)
    return Score(promoters, detractors, n, value, Interval(value - reach, value + reach))


def rounded(value: float, places: int = 1) -> Decimal:
    """A figure as it is shown: halves away from zero, one place unless told otherwise, never "-0.0".

    So 4.25 becomes 4.3, -4.25 becomes -4.3, and 14.5 percent that a computer holds as 14.499999999999998 becomes 15
    with no places.
    """
    exact = Decimal(f"{value:.{CERTAIN_DIGITS}g}")
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP) + 0


def percent(share: float) -> Decimal:
    """A share between 0 and 1 as it is shown: whole percent."""
    return rounded(share * 100, 0)


def tells_percent(count: int, n: int) -> bool:
    """Whether "72%" may be said instead of "18 of 25": of enough people, and neither some as 0% nor not quite all as 100%."""
    return n >= FEWEST_OF and count >= FEWEST_IN and (count == n or 0 < percent(count / n) < 100)
