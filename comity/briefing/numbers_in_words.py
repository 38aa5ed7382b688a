"""Small numbers as words, and days."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.humanize.templatetags.humanize import naturaltime
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.ui.components.days import near_day


def spelled(count: int, *, inside: bool = False) -> str:
    """A number in words up to twelve, to begin a sentence with, or for the inside of one."""
    names = [_("No"), _("One"), _("Two"), _("Three"), _("Four"), _("Five"), _("Six"), _("Seven")]
    names += [_("Eight"), _("Nine"), _("Ten"), _("Eleven"), _("Twelve")]
    word = str(names[count]) if count < len(names) else f"{count:,}"
    return word.lower() if inside else word


def days_in_words(days: int) -> str:
    """A span within a sentence: "nine days", "40 days"."""
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": spelled(days, inside=True)}


def day_within(day: date, today: date) -> str:
    """A day that was, within a sentence: "today", "yesterday", "on Nov 6", "on Nov 6, 2025"."""
    match (today - day).days:
        case 0:
            return _("today")
        case 1:
            return _("yesterday")
    return _("on %(day)s") % {"day": near_day(day)}


def since_words(at: datetime, today: date) -> str:
    """How long ago a moment was: "40 minutes ago", then in days: "yesterday", "5 days ago"."""
    days = (today - localtime(at).date()).days
    if days <= 0:
        return str(naturaltime(at))
    return _("yesterday") if days == 1 else _("%(days)s ago") % {"days": days_in_words(days)}
