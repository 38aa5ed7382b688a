"""Survey figures: scales, what is counted, how sure it is, what changed, and what must stay hidden.

Plain values in, plain values out. Each method has a page with an example in docs/calculations/survey-*.md.
Nothing here imports numpy or scipy before a figure needs it (docs/decisions/statistics.md).
"""

from comity.core.surveys.change import FEWEST_PAIRS, Change, change_between, change_within, judged_together
from comity.core.surveys.drivers import (
    FEWEST_ROWS,
    MOST_DRIVERS,
    Alpha,
    Column,
    Driver,
    Drivers,
    Point,
    cronbach_alpha,
    drivers_of,
    importance_against_performance,
)
from comity.core.surveys.effect import Effect, measured_effect
from comity.core.surveys.figures import (
    Interval,
    Score,
    Share,
    Summary,
    effective_n,
    share_of,
    summarise,
    wilson,
)
from comity.core.surveys.rounding import percent, rounded
from comity.core.surveys.scales import (
    EFFORT,
    MOST_CHOICES,
    NUMBER_SCALES,
    RATING,
    RECOMMENDATION,
    YES_NO,
    Scale,
    choice_scale,
    scale_from,
)
from comity.core.surveys.sharing import fewest_shared, neighbour_alone
from comity.core.surveys.suppression import (
    Breakdowns,
    Cell,
    Crossing,
    Reason,
    Suppression,
    hidden_cells,
    suppress,
)
from comity.core.surveys.tallies import PairTally, Tally
from comity.core.surveys.timing import EarlyLate, early_and_late
from comity.core.surveys.weighting import Weighted, by_head_count, one_vote_each
