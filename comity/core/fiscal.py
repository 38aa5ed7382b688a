"""Months, and fiscal years: twelve months from a month of the state's choosing, named by the year in which they end."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta


def month_after(first: date, count: int = 1) -> date:
    """The first day of the month so many after one; before it where `count` is below zero."""
    year, month = divmod(first.year * 12 + first.month - 1 + count, 12)
    return date(year, month + 1, 1)


def days_of(month: date) -> list[date]:
    """The days of the month that a day lies in."""
    return [month.replace(day=day) for day in range(1, monthrange(month.year, month.month)[1] + 1)]


def year_until(last: date) -> tuple[date, date]:
    """First and last day of the twelve months that end with the last day of a month."""
    after = last + timedelta(days=1)
    return after.replace(year=after.year - 1), last


def within(day: date, first: date | None, last: date | None) -> bool:
    """Whether a day lies in a span, both ends included; None for one that is open."""
    return (first is None or first <= day) and (last is None or day <= last)


@dataclass(frozen=True)
class FiscalYear:
    """One fiscal year.

    ends_in      the calendar year of its last day, which is its name: July 2026 to June 2027 is FY 2027
    start_month  the month it starts with, 1 to 12; one that starts in January is the calendar year

    Raises ValueError for a month that is none.
    """

    ends_in: int
    start_month: int

    def __post_init__(self) -> None:
        if not 1 <= self.start_month <= 12:
            raise ValueError(f"There is no month {self.start_month}.")

    @classmethod
    def of(cls, day: date, start_month: int) -> FiscalYear:
        """The fiscal year that a day lies in."""
        ends_next_year = start_month > 1 and day.month >= start_month
        return cls(day.year + ends_next_year, start_month)

    @property
    def before(self) -> FiscalYear:
        """The one that ended last when this one began."""
        return FiscalYear(self.ends_in - 1, self.start_month)

    @property
    def first_day(self) -> date:
        return date(self.ends_in - (self.start_month > 1), self.start_month, 1)

    @property
    def last_day(self) -> date:
        return FiscalYear(self.ends_in + 1, self.start_month).first_day - timedelta(days=1)

    def months_from(self, day: date) -> list[date]:
        """The first days of its months, from the month of a day on."""
        last = self.last_day
        count = (last.year - day.year) * 12 + last.month - day.month + 1
        return [month_after(day, number) for number in range(count)]

    def __str__(self) -> str:
        return f"FY {self.ends_in}"
