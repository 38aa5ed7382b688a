"""What it did: the same people asked again after something was done. docs/calculations/survey-change.md."""

from __future__ import annotations

from dataclasses import dataclass

from comity.core.surveys.change import FEWEST_PAIRS, Verdict, paired_mean, verdict_of
from comity.core.surveys.distributions import sign_p
from comity.core.surveys.figures import Interval
from comity.core.surveys.tallies import PairTally


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
