"""Putting pieces of markup together. Wrong arguments fail while the page is written, not when somebody reads it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

HEADING_LEVELS = (2, 3, 4)


def joined(pieces: Iterable[Any]) -> SafeString:
    """The pieces one after another; what is not markup yet is escaped."""
    return mark_safe("".join(map(conditional_escape, pieces)))  # each is escaped


def one_of(tag: str, argument: str, value: object, allowed: Collection[object]) -> None:
    """Raise ValueError unless `value` is among `allowed`."""
    if value not in allowed:
        names = ", ".join(repr(name) for name in allowed)
        raise ValueError(f"{{% {tag} %}}: {argument} is {value!r}, expected one of {names}.")


def is_a(tag: str, argument: str, value: object, kind: type) -> None:
    """Raise TypeError unless `value` is a `kind`."""
    if not isinstance(value, kind):
        raise TypeError(f"{{% {tag} %}}: {argument} is a {type(value).__name__}, expected {kind.__name__}.")


def both_or_none(tag: str, **arguments: object) -> None:
    """Raise ValueError if some of the arguments are given and others are not."""
    given = [bool(value) for value in arguments.values()]
    if any(given) and not all(given):
        raise ValueError(f"{{% {tag} %}}: {' and '.join(arguments)} go together.")
