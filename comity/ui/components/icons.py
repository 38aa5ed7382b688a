"""Icons as inline SVG, in the colour of the words beside them. See docs/decisions/icons-as-inline-svg.md."""

from __future__ import annotations

from functools import cache

from django.utils.html import format_html
from django.utils.safestring import SafeString

# Drawn on 24 by 24 with a line of 2; what is said is always said in words too.
_PATHS = {
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


@cache
def icon(name: str, size: int = 20) -> SafeString:
    """{% icon "lock" %}: a picture beside words; hidden from those who hear the page, who hear the words.

    Raises ValueError for a name that is not drawn.
    """
    if name not in _PATHS:
        raise ValueError(f"There is no icon {name!r}.")
    return format_html(
        '<svg class="icon icon-{2}" width="{0}" height="{0}" viewBox="0 0 24 24" aria-hidden="true"><path d="{1}"/></svg>',
        int(size),
        _PATHS[name],
        name,
    )


def icon_names() -> list[str]:
    """Every icon there is, for the style page."""
    return sorted(_PATHS)
