"""Small signs: the ring, a tag, a bar, a sparkline. A colour never stands without its words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from comity.core.ring import Ring
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
    max: float | Decimal = 100,  # noqa: A002 - the word pages use
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
        '<div class="bar {}"><p class="bar-words">{}<span>{}</span></p>'
        '<svg width="100%" height="6" aria-hidden="true"><rect class="track" width="100%" height="6" rx="3"/>{}</svg></div>',
        "none" if value is None else kind or "plain",
        format_html("<b>{}</b>", name) if name else "",
        label,
        format_html('<rect class="fill" width="{}%" height="6" rx="3"/>', f"{share * 100:.1f}")
        if share > 0
        else "",
    )


def sparkline(
    values: Iterable[float | Decimal | None], *, label: str, width: int = 120, height: int = 28
) -> SafeString:
    """{% sparkline wait.months label="Median wait by month: 9 days in January, 4 in June" %}

    A line without axes beside a figure; gaps (None) stay gaps. The label says what it shows, in words.
    """
    is_a("sparkline", "label", label, str)
    if not label.strip():
        raise ValueError("{% sparkline %}: a sparkline needs a label.")
    points = _points(list(values), width, height)
    lines = format_html_join(
        "", '<polyline points="{}"/>', ((" ".join(run),) for run in points if len(run) > 1)
    )
    last = points[-1][-1].split(",") if points else None
    dot = format_html('<circle cx="{}" cy="{}" r="2.5"/>', *last) if last else ""
    return format_html(
        '<svg class="sparkline" width="{0}" height="{1}" viewBox="0 0 {0} {1}" role="img"><title>{2}</title>{3}{4}</svg>',
        width,
        height,
        label,
        lines,
        dot,
    )


def _points(values: Sequence[float | Decimal | None], width: int, height: int) -> list[list[str]]:
    """The runs between gaps, each a list of "x,y", inside a margin of 3."""
    known = [float(value) for value in values if value is not None]
    if not known:
        return []
    low, spread = min(known), (max(known) - min(known)) or 1.0
    step = (width - 6) / max(1, len(values) - 1)
    runs: list[list[str]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            if runs[-1]:
                runs.append([])
            continue
        y = height - 3 - (float(value) - low) / spread * (height - 6)
        runs[-1].append(f"{3 + index * step:.1f},{y:.1f}")
    return [run for run in runs if run]
