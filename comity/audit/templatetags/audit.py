"""{% load audit %}"""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.db import models
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from comity.audit.models import Entry
from comity.audit.words import Change, action_words, changes_of
from comity.ui.components.boxes import empty
from comity.ui.components.timeline import Item, timeline

register = template.Library()


@register.simple_tag
def history(target: models.Model, limit: int = 50) -> SafeString:
    """{% history partner %}: what happened to one object, newest first, in words; one query.

    It shows everything the trail has of the object, so it belongs on pages for the office only.
    """
    return _told(_item(entry) for entry in Entry.objects.about(target)[:limit])


@register.simple_tag
def acts_of(entries: Iterable[Entry], without: str = "") -> SafeString:
    """{% acts_of entries without="partner" %}: what was done to what, in words and in this order, but for one field"""
    return _told(_item(entry, without, f": {entry.target_label}") for entry in entries)


def _told(items: Iterable[Item]) -> SafeString:
    found = list(items)
    return timeline(found) if found else empty(_("Nothing is recorded about this yet."))


def _item(entry: Entry, without: str = "", to_what: str = "") -> Item:
    changes = (_words(change) for change in changes_of(entry, without))
    title = f"{capfirst(action_words(entry.action))}{to_what}"
    return Item(entry.at, title=title, body="\n".join([entry.actor_label, *changes]))


def _words(change: Change) -> str:
    if change.before and change.after:
        return f"{change.name}: {change.before} → {change.after}"
    if change.before:
        return _("%(name)s: %(before)s (removed)") % {"name": change.name, "before": change.before}
    return f"{change.name}: {change.after}"
