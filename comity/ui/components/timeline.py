"""Everything that happened, grouped by day, latest as given."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby
from typing import Any, Protocol

from django.utils import timezone
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from comity.core.ring import Ring
from comity.ui.components.days import near_day
from comity.ui.components.icons import icon
from comity.ui.components.markup import joined
from comity.ui.components.signs import ring as ring_sign


class Entry(Protocol):
    """One thing on a timeline; mappings with the same keys do as well."""

    at: datetime | date
    kind: str
    title: str
    url: str
    ring: Ring | None
    body: str
    quote: str
    office_only: bool


def timeline(items: Iterable[Entry | dict[str, Any]]) -> SafeString:
    """{% timeline items %}: items have at, kind, title, url, ring, body, quote, office_only; all but `at` may be absent"""
    days = []
    for day, entries in groupby(items, key=lambda item: _day(_get(item, "at"))):
        inner = joined(_entry(item) for item in entries)
        days.append(
            format_html(
                '<li><time class="when" datetime="{}">{}</time><div class="timeline-day">{}</div></li>',
                day.isoformat(),
                day_words(day),
                inner,
            )
        )
    return format_html('<ol class="timeline">{}</ol>', joined(days))


def day_words(day: date) -> str:
    """Today, Yesterday, Nov 6, or Nov 6, 2025 when it was another year."""
    ago = (timezone.localdate() - day).days
    if ago == 0:
        return _("Today")
    if ago == 1:
        return _("Yesterday")
    return near_day(day)


def _get(item: object, name: str) -> Any:
    return item.get(name) if isinstance(item, dict) else getattr(item, name, None)


def _day(at: datetime | date) -> date:
    if not isinstance(at, datetime):
        return at
    return timezone.localtime(at).date() if timezone.is_aware(at) else at.date()


def _entry(item: Entry | dict[str, Any]) -> SafeString:
    title, url, kind = _get(item, "title") or "", _get(item, "url") or "", _get(item, "kind") or ""
    state, body, quote = _get(item, "ring"), _get(item, "body") or "", _get(item, "quote") or ""
    name = format_html('<a href="{}">{}</a>', url, title) if url else format_html("<b>{}</b>", title)
    words = mark_safe(linebreaks(body, autoescape=True))  # escaped there
    private = (
        format_html(' <span class="tag none">{}{}</span>', icon("lock", 14), _("office only"))
        if _get(item, "office_only")
        else ""
    )
    return format_html(
        '<article class="timeline-entry">{}<div><p class="timeline-head">{}{}{}</p>{}{}</div></article>',
        ring_sign(state, size=22) if state else "",
        format_html('<span class="soft">{}</span> ', kind) if kind else "",
        name if title else "",
        private,
        format_html("<blockquote>{}</blockquote>", quote) if quote else "",
        format_html('<div class="soft">{}</div>', words) if body else "",
    )
