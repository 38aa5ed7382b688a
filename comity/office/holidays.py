"""The public holidays of a state, as the library `holidays` knows them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

import holidays

FIRST_YEAR = 2000
YEARS_AHEAD = 10


@cache
def public_holidays(state: str, year: int) -> Mapping[date, str]:
    """The public holidays of one year: day to name. `state` is its postal code, or "" for the nation's own."""
    return dict(sorted(holidays.country_holidays("US", subdiv=state or None, years=year).items()))


@cache
def days_off(state: str, this_year: int) -> frozenset[date]:
    """The public holidays as far as anything here reaches, back and ahead of `this_year`."""
    years = range(FIRST_YEAR, this_year + YEARS_AHEAD + 1)
    return frozenset(day for year in years for day in public_holidays(state, year))
