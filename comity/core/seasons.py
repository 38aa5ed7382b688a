"""Seasons of a year: when one comes that returns every year on the same days, or once.

A season is its first and its last day, both included. Each year's time of one that returns lies on the same months and
days; February 29 becomes February 28 in a year without one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date


def times(first: date, last: date, *, yearly: bool, begins: date, ends: date) -> Iterator[tuple[date, date]]:
    """The times of a season that touch the days from `begins` to `ends`, both included; whole, the earliest first.

    One that returns does so in every year, also before that of `first`. It may go over the turn of a year, and is shorter
    than a year, so its times never overlap.

    Raises ValueError if it ends before it begins, or returns and is not shorter than a year.
    """
    if last < first:
        raise ValueError("A season cannot end before it begins.")
    if yearly and last >= in_year(first, first.year + 1):
        raise ValueError("A season that returns is shorter than a year.")
    years = range(begins.year - last.year, ends.year - first.year + 1) if yearly else range(1)
    for later in years:
        start, end = in_year(first, first.year + later), in_year(last, last.year + later)
        if start <= ends and end >= begins:
            yield start, end


def next_time(first: date, last: date, *, yearly: bool, today: date) -> tuple[date, date] | None:
    """The time of a season that is under way on a day, or else the next to come; None for one that is over for good."""
    until = date(today.year + 1, 12, 31) if yearly else date.max
    return next(times(first, last, yearly=yearly, begins=today, ends=until), None)


def in_year(day: date, year: int) -> date:
    """The same day of another year."""
    if (day.month, day.day) == (2, 29):
        try:
            return day.replace(year=year)
        except ValueError:
            return date(year, 2, 28)
    return day.replace(year=year)
