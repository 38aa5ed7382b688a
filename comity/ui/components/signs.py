"""Small signs: an icon, the ring, a tag, a bar. A colour never stands without its words.

Icons are inline SVG, in the colour of the words beside them: docs/decisions/icons-as-inline-svg.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import cache, lru_cache
from itertools import groupby
from operator import itemgetter

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from comity.core.ring import Ring
from comity.ui.charts import Sheet, meter
from comity.ui.components.markup import both_or_none, is_a, one_of

KINDS = ("", "good", "warn", "bad", "none")

# Drawn on 24 by 24 with a line of 2; what is said is always said in words too.
ICONS = {
    "arrow-down": "M12 5v14M6 13l6 6 6-6",
    "arrow-up": "M12 19V5M6 11l6-6 6 6",
    "bell": "M6 17V11a6 6 0 0 1 12 0v6l2 2H4zM10 21h4",
    "check": "M5 12.5l4.5 4.5L19 7.5",
    "chevron-down": "M6 9l6 6 6-6",
    "chevron-left": "M15 6l-6 6 6 6",
    "chevron-right": "M9 6l6 6-6 6",
    "close": "M6 6l12 12M18 6L6 18",
    "download": "M12 4v11M7 11l5 5 5-5M5 20h14",
    "error": "M8 3h8l5 5v8l-5 5H8l-5-5V8zM12 8v5M12 16.2v.3",
    "filter": "M4 6h16M7 12h10M10 18h4",
    "info": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v6M12 7.2v.3",
    "lock": "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "more": "M5 12a.6.6 0 1 0 1.2 0a.6.6 0 1 0-1.2 0M11.4 12a.6.6 0 1 0 1.2 0a.6.6 0 1 0-1.2 0M17.8 12a.6.6 0 1 0 1.2 0a.6.6 0 1 0-1.2 0",
    "person": "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20c.8-3.6 3.8-5.5 7.5-5.5s6.7 1.9 7.5 5.5",
    "search": "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L20 20",
    "sort": "M8 10l4-4 4 4M8 14l4 4 4-4",
    "success": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8 12.5l3 3 5-6",
    "warning": "M12 3.5L22 20.5H2zM12 10v5M12 17.7v.3",
}
# Quarters of a circle, clockwise from the top: heard, owned, done, told.
_QUARTERS = (
    "M17.46 4.09A12 12 0 0 1 27.91 14.54",
    "M27.91 17.46A12 12 0 0 1 17.46 27.91",
    "M14.54 27.91A12 12 0 0 1 4.09 17.46",
    "M4.09 14.54A12 12 0 0 1 14.54 4.09",
)
_RING = (
    '<svg class="ring" width="{0}" height="{0}" viewBox="0 0 32 32" role="img"><title>{1}</title>{2}</svg>'
)


@cache
def icon(name: str, size: int = 20) -> SafeString:
    """{% icon "lock" %}: a picture beside words; hidden from those who hear the page, who hear the words.

    Raises ValueError for a name that is not drawn.
    """
    if name not in ICONS:
        raise ValueError(f"There is no icon {name!r}.")
    return format_html(
        '<svg class="icon icon-{2}" width="{0}" height="{0}" viewBox="0 0 24 24" aria-hidden="true"><path d="{1}"/></svg>',
        int(size),
        ICONS[name],
        name,
    )


@lru_cache(maxsize=512)
def ring(state: Ring, *, size: int = 30) -> SafeString:
    """{% ring follow_up.ring size=30 %}"""
    is_a("ring", "state", state, Ring)
    is_a("ring", "size", size, int)
    return format_html(_RING, size, state.title, _quarters(state.parts))


def mark(size: int = 26) -> SafeString:
    """{% mark %}: the whole ring as the product's own sign, beside its name."""
    return format_html(
        '<svg class="ring" width="{0}" height="{0}" viewBox="0 0 32 32" aria-hidden="true">{1}</svg>',
        size,
        _quarters(["on"] * len(_QUARTERS)),
    )


def _quarters(parts: Iterable[str]) -> SafeString:
    """The ring, its neighbors of one kind drawn as one: a list has fifty of them."""
    alike = groupby(zip(parts, _QUARTERS, strict=True), key=itemgetter(0))
    drawn = ((part, "".join(quarter for _part, quarter in some)) for part, some in alike)
    return format_html_join("", '<path class="{}" d="{}"/>', drawn)


def tag(label: object, *, kind: str = "") -> SafeString:
    """{% tag "late" kind="bad" %}"""
    one_of("tag", "kind", kind, KINDS)
    return format_html('<span class="tag{}{}">{}</span>', " " if kind else "", kind, label)


def bar(
    value: float | Decimal | None,
    *,
    max: float | Decimal = 100,
    kind: str = "",
    label: object = "",
    title: object = "",
    url: str = "",
) -> SafeString:
    """{% bar 96 max=90 kind="warn" title="Sullivan County" url=... label="96 days of 90" %}

    The label stands above the bar and says the figure in words; a title, if given, stands left of it.
    `None` is drawn as a short stub of kind "none": there is no figure. Values beyond the ends are drawn full or empty.
    """
    one_of("bar", "kind", kind, KINDS)
    if not label:
        raise ValueError("{% bar %}: a bar needs a label that says its figure.")
    if max <= 0:
        raise ValueError("{% bar %}: max must be above 0.")
    both_or_none("bar", **({"title": title, "url": url} if url else {}))
    share = 0.08 if value is None else min(1.0, float(value) / float(max))
    name = format_html('<a href="{}">{}</a>', url, title) if url else title
    return format_html(
        '<div class="bar {}"><p class="bar-words">{}<span>{}</span></p>{}</div>',
        "none" if value is None else kind or "plain",
        format_html("<b>{}</b>", name) if name else "",
        label,
        meter(Sheet(), share),
    )
