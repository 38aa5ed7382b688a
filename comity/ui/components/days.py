"""A day as people read it: one way on every page, in the language of the page."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import pgettext


def day(value: date | datetime | None) -> str:
    """{{ follow_up.due_on|day }}: "Nov 6, 2026", in Spanish "6 nov 2026"; of a moment the reader's day; "" for none"""
    return date_format(_local(value), pgettext("date format", "M j, Y")) if value else ""


def near_day(value: date | datetime | None) -> str:
    """{{ meeting.held_on|near_day }}: "Nov 6", and "Nov 6, 2025" when it is of another year than today"""
    if not value or _local(value).year != timezone.localdate().year:
        return day(value)
    return date_format(_local(value), pgettext("date format of this year", "M j"))


def month(first: date | None) -> str:
    """{{ period.first_on|month }}: "October 2026", in Spanish "octubre 2026"; "" for none"""
    return date_format(first, pgettext("date format of a month", "F Y")) if first else ""


def near_month(first: date, beside: date) -> str:
    """A month beside another one: without its year, where both are of one."""
    return date_format(first, "F") if first.year == beside.year else month(first)


def _local(value: date | datetime) -> date | datetime:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value
