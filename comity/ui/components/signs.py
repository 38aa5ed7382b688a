"""Small signs: the ring, a tag, a bar. A colour never stands without its words."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from comity.core.ring import Ring
from comity.ui.charts import Sheet, meter
from comity.ui.components.checks import both_or_none, is_a, one_of

KINDS = ("", "good", "warn", "bad", "none")

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


@lru_cache(maxsize=512)
def ring(state: Ring, *, size: int = 30) -> SafeString:
    """{% ring follow_up.ring size=30 %}"""
    is_a("ring", "state", state, Ring)
    is_a("ring", "size", size, int)
    parts = format_html_join("", '<path class="{}" d="{}"/>', zip(state.parts, _QUARTERS, strict=True))
    return format_html(_RING, size, state.title, parts)


def mark(size: int = 26) -> SafeString:
    """{% mark %}: the whole ring as the product's own sign, beside its name."""
    parts = format_html_join("", '<path class="on" d="{}"/>', ((quarter,) for quarter in _QUARTERS))
    return format_html(
        '<svg class="ring" width="{0}" height="{0}" viewBox="0 0 32 32" aria-hidden="true">{1}</svg>',
        size,
        parts,
    )


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
