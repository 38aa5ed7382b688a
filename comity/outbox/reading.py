"""A mail's text as it is read on a page."""

from __future__ import annotations

from django.conf import settings
from django.utils.html import linebreaks, urlize
from django.utils.safestring import SafeString, mark_safe


def with_links(text: str) -> SafeString:
    """Paragraphs, escaped, with links that can be followed; those into this site open it where it is being read."""
    linked = urlize(text, nofollow=True, autoescape=True)
    home = settings.ADDRESS.rstrip("/")
    return mark_safe(linebreaks(linked.replace(f'href="{home}/', 'href="/')))  # noqa: S308  # urlize escaped it
