"""The settings in force: at most one query each in a request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

import holidays
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language

from comity.core.business_time import BusinessCalendar
from comity.core.fiscal import FiscalYear
from comity.office.memory import remembered
from comity.office.models import Closure, Office

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


@dataclass(frozen=True)
class Words:
    """The office's own word for those it serves, in the language in force."""

    partner: str
    partners: str

    @property
    def Partner(self) -> str:  # noqa: N802  (a capital where a sentence begins)
        return self.partner[:1].upper() + self.partner[1:]

    @property
    def Partners(self) -> str:  # noqa: N802
        return self.partners[:1].upper() + self.partners[1:]


def current_office() -> Office:
    """The one office; with its defaults when there is none yet."""
    return remembered("office", lambda: Office.objects.filter(pk=1).first() or Office(pk=1))


def words() -> Words:
    """The office's word for a partner, in the language in force."""
    office = current_office()
    if (get_language() or "en").startswith("es"):
        return Words(office.partner_word_es, office.partner_words_es)
    return Words(office.partner_word, office.partner_words)


def languages() -> list[str]:
    """The codes of the languages the office speaks, its first one first."""
    known = [code for code, _name in settings.LANGUAGES]
    return [code for code in current_office().languages if code in known] or known


def time_zone() -> ZoneInfo:
    return ZoneInfo(current_office().time_zone)


def today() -> date:
    """The date at the office."""
    return timezone.localdate(timezone=time_zone())


def day_of(moment: datetime) -> date:
    """The date at the office at that moment; `moment.date()` would be the one at Greenwich."""
    return timezone.localdate(moment, time_zone())


def calendar() -> BusinessCalendar:
    """On which days the office is open: neither a weekend, nor a public holiday of its state, nor a closure of its own."""
    office = current_office()
    closures = remembered("closures", lambda: frozenset(Closure.objects.values_list("day", flat=True)))
    return _calendar(office.state_holidays, today().year, closures)


@dataclass(frozen=True)
class ClosedDay:
    """A day on which the office is closed: a public holiday, or a closure of its own."""

    day: date
    name: str
    closure: Closure | None = None


def closed_days(first: date, last: date) -> list[ClosedDay]:
    """The days from `first` to `last` on which the office is closed, weekends aside, in order."""
    state = current_office().state_holidays
    public = {
        day: ClosedDay(day, name)
        for year in range(first.year, last.year + 1)
        for day, name in public_holidays(state, year).items()
        if first <= day <= last
    }
    own = {
        closure.day: ClosedDay(closure.day, closure.name, closure)
        for closure in Closure.objects.filter(day__range=(first, last))
    }
    return [(public | own)[day] for day in sorted(public | own)]


@lru_cache(maxsize=8)
def _calendar(state: str, this_year: int, closures: frozenset[date]) -> BusinessCalendar:
    # Kept between requests by everything it is made of, so it can never be an old one.
    return BusinessCalendar(days_off(state, this_year) | closures)


def due_on(severity: str, heard_on: date | datetime) -> date:
    """When something heard on a day is due, by the business days promised for its severity.

    A moment counts as the day it was at the office. Raises KeyError for a severity that is none.
    """
    if isinstance(heard_on, datetime):
        heard_on = heard_on.astimezone(time_zone()).date()
    return calendar().add_days(heard_on, current_office().due_days[severity])


def fiscal_year(day: date) -> FiscalYear:
    """The fiscal year of the office that a day lies in."""
    return FiscalYear.of(day, current_office().fiscal_year_start)
