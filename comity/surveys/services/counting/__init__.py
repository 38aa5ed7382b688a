"""From answers to tallies: everything a page of results reads is counted here, in the background, once.

Only answers that were sent off are counted. Of open waves only named ones are counted as answers come; what promises to
keep names back is counted when it closes. How it is kept small and hidden: docs/surveys.md.
"""

from comity.surveys.services.counting.refreshing import (
    is_stale,
    refresh,
    refresh_open,
    something_to_count,
    write,
)
from comity.surveys.services.counting.sheet import Row, Sheet, tally_rows
from comity.surveys.services.counting.statistics import FEWEST_IN_COMMON, pair_up
