"""Survey figures: scales, what is counted, how sure it is, what changed, and what must stay hidden.

Plain values in, plain values out. Each method has a page with an example in docs/calculations/survey-*.md.
Nothing here imports numpy or scipy before a figure needs it (docs/decisions/statistics.md).
"""

from comity.core.surveys.figures import (
    Interval,
    Score,
    Share,
    Summary,
    effective_n,
    recommendation_score,
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
    ScaleKind,
    choice_scale,
    scale_from,
)
from comity.core.surveys.suppression import (
    FEWEST,
    Breakdowns,
    Cell,
    Crossing,
    Reason,
    Suppression,
    hidden_cells,
    suppress,
)
from comity.core.surveys.tallies import Answer, PairTally, Tally

__all__ = [
    "EFFORT",
    "FEWEST",
    "MOST_CHOICES",
    "NUMBER_SCALES",
    "RATING",
    "RECOMMENDATION",
    "YES_NO",
    "Answer",
    "Breakdowns",
    "Cell",
    "Crossing",
    "Interval",
    "PairTally",
    "Reason",
    "Scale",
    "ScaleKind",
    "Score",
    "Share",
    "Summary",
    "Suppression",
    "Tally",
    "choice_scale",
    "effective_n",
    "hidden_cells",
    "percent",
    "recommendation_score",
    "rounded",
    "scale_from",
    "share_of",
    "summarise",
    "suppress",
    "wilson",
]
