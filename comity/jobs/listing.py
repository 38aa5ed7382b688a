"""What the page of all background work says: whose it is, how long it took, how often it comes round."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.apps import apps
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.jobs.models import Due, Work
from comity.jobs.registry import Recurring
from comity.nouns import named


def began_by(rows: Iterable[Work]) -> dict[str, str]:
    """Who began each, by `Work.owner`: a person by name, a machine as it calls itself. One query for each kind."""
    owners = {row.owner for row in rows}
    names = {owner: owner for owner in owners}
    keys: dict[str, set[str]] = {}
    for owner in owners:
        label, _colon, key = owner.partition(":")
        if key.isdigit() and "." in label:
            keys.setdefault(label, set()).add(key)
    for label, wanted in keys.items():
        for key, row in apps.get_model(label)._base_manager.in_bulk(wanted).items():
            names[f"{label}:{key}"] = str(row)
    return names


def lasted(begun: datetime | None, ended: datetime | None) -> str:
    """How long it took, or has taken so far; "" for what has not begun, or was begun anew since it last ended."""
    if begun is None or (ended is not None and ended < begun):
        return ""
    return in_words((ended or timezone.now()) - begun)


def in_words(length: timedelta) -> str:
    seconds = length.total_seconds()
    if seconds < 1:
        return _("under a second")
    if seconds < 60:
        return ngettext("%(n)d second", "%(n)d seconds", int(seconds)) % {"n": int(seconds)}
    if seconds < 3600:
        return ngettext("%(n)d minute", "%(n)d minutes", int(seconds // 60)) % {"n": int(seconds // 60)}
    return ngettext("%(n)d hour", "%(n)d hours", int(seconds // 3600)) % {"n": int(seconds // 3600)}


def what(due: Due) -> str:
    """What recurring work does; its name where its room has said nothing, or is installed no more."""
    return str(one.label if (one := named(Recurring, due.name)) else "") or due.name


def how_often(due: Due) -> str:
    """ "every hour", "every day at 2:30 a.m."; for what no room does any more that nobody does it."""
    found = named(Recurring, due.name)
    if found is None:
        return _("no longer run")
    if found.daily_at is not None:
        return _("every day at %(time)s") % {"time": time_format(found.daily_at)}
    return _("every %(time)s") % {"time": _interval(found.interval or timedelta())}


def _interval(length: timedelta) -> str:
    return {
        timedelta(minutes=1): _("minute"),
        timedelta(hours=1): _("hour"),
        timedelta(days=1): _("day"),
    }.get(length) or in_words(length)
