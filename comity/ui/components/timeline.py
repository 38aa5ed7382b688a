"""Everything that happened, grouped by day, in the order given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.utils import timezone
from django.utils.html import format_html, format_html_join, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from comity.core.ring import Ring
from comity.ui.components.days import near_day
from comity.ui.components.markup import joined
from comity.ui.components.signs import icon
from comity.ui.components.signs import ring as ring_sign


@dataclass(frozen=True)
class Item:
    """Something that happened. `id` is for links that lead to it."""

    at: datetime
    kind: str = ""
    title: str = ""
    url: str = ""
    ring: Ring | None = None
    body: str = ""
    quote: str = ""
    office_only: bool = False
    id: str = ""


def timeline(items: Iterable[Item]) -> SafeString:
    """{% timeline items %}"""
    days = [
        (day.isoformat(), day_words(day), joined(map(_entry, entries)))
        for day, entries in groupby(items, key=lambda item: timezone.localtime(item.at).date())
    ]
    day = '<li><time class="when" datetime="{}">{}</time><div class="timeline-day">{}</div></li>'
    return format_html('<ol class="timeline">{}</ol>', format_html_join("", day, days))


def day_words(day: date) -> str:
    """Today, Yesterday, Nov 6, or Nov 6, 2025 when it was another year."""
    ago = (timezone.localdate() - day).days
    if ago == 0:
        return _("Today")
    if ago == 1:
        return _("Yesterday")
    return near_day(day)


def _entry(item: Item) -> SafeString:
    name = format_html('<a href="{}">{}</a>' if item.url else "<b>{1}</b>", item.url, item.title)
    words = mark_safe(linebreaks(item.body, autoescape=True))  # escaped there
    private = (
        format_html(' <span class="tag none">{}{}</span>', icon("lock", 14), _("office only"))
        if item.office_only
        else ""
    )
    return format_html(
        '<article class="timeline-entry"{}>{}<div><p class="timeline-head">{}{}{}</p>{}{}</div></article>',
        format_html(' id="{}"', item.id) if item.id else "",
        ring_sign(item.ring, size=22) if item.ring else "",
        format_html('<span class="soft">{}</span> ', item.kind) if item.kind else "",
        name if item.title else "",
        private,
        format_html("<blockquote>{}</blockquote>", item.quote) if item.quote else "",
        format_html('<div class="soft">{}</div>', words) if item.body else "",
    )
