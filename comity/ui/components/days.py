"""A day as people read it: one way on every page, in the language of the page."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext


def day(value: date | datetime | None) -> str:
    """{{ follow_up.due_on|day }}: "Nov 6, 2026", in Spanish "6 nov 2026"; of a moment the reader's day; "" for none"""
    return _written(_local(value), get_language(), "day") if value else ""


def near_day(value: date | datetime | None) -> str:
    """{{ meeting.held_on|near_day }}: "Nov 6", and "Nov 6, 2025" when it is of another year than today"""
    if not value or _local(value).year != timezone.localdate().year:
        return day(value)
    return _written(_local(value), get_language(), "near")


def month(first: date | None) -> str:
    """{{ period.first_on|month }}: "October 2026", in Spanish "octubre 2026"; "" for none"""
    return _written(first, get_language(), "month") if first else ""


def near_month(first: date, beside: date) -> str:
    """A month beside another one: without its year, where both are of one."""
    return date_format(first, "F") if first.year == beside.year else month(first)


def _local(value: date | datetime) -> date:
    if not isinstance(value, datetime):
        return value
    return (timezone.localtime(value) if timezone.is_aware(value) else value).date()


@lru_cache(maxsize=4096)
def _written(value: date, _language: str | None, how: str) -> str:
    """A page says the same few days again and again, and putting one into words is among the dearest things on a list."""
    forms = {
        "day": pgettext("date format", "M j, Y"),
        "near": pgettext("date format of this year", "M j"),
        "month": pgettext("date format of a month", "F Y"),
    }
    return date_format(value, forms[how])
