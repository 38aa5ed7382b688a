"""Putting pieces of markup together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe


def escaped(value: Any) -> SafeString:
    """The value as markup: as it is if it is a component's, else escaped."""
    return conditional_escape(value)


def joined(pieces: Iterable[object]) -> SafeString:
    """The pieces one after another; what is not markup yet is escaped."""
    return mark_safe("".join(escaped(piece) for piece in pieces))  # each is escaped
