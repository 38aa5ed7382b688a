"""Survey figures: scales, what is counted, how sure it is, what changed, and what must stay hidden.

Plain values in, plain values out. Each method has a page with an example in docs/calculations/survey-*.md.
Nothing here imports numpy or scipy before a figure needs it (docs/decisions/statistics.md).
"""

from comity.core.surveys.change import (
    FEWEST_PAIRS,
    Change,
    EarlyLate,
    Effect,
    change_between,
    change_within,
    early_and_late,
    judged_together,
    measured_effect,
)
from comity.core.surveys.distributions import r2_p
from comity.core.surveys.drivers import (
    Alpha,
    Driver,
    Drivers,
    cronbach_alpha,
    drivers_of,
    fewest_rows,
    importance_against_performance,
)
from comity.core.surveys.figures import (
    Interval,
    Score,
    Share,
    Summary,
    percent,
    rounded,
    share_of,
    summarise,
    tells_percent,
)
from comity.core.surveys.scales import (
    EFFORT,
    MOST_CHOICES,
    NUMBER_SCALES,
    RATING,
    RECOMMENDATION,
    YES_NO,
    Scale,
    ScaleKind,
    choice_scale,
)
from comity.core.surveys.suppression import Breakdowns, Cell, fewest_shared, neighbour_alone, suppress
from comity.core.surveys.tallies import PairTally, Tally
from comity.core.surveys.weighting import Weighted, by_head_count, one_vote_each
