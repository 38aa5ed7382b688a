"""Cells that hold a name, and fields whose values are few."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from comity.core.errors import DomainError
from comity.imports import parsing
from comity.partners import names
from comity.partners.models import Partner, Position


def name(cell: str, longest: int = names.LONGEST_NAME) -> str:
    """A name as it is kept. Raises CellError for one that is too long."""
    try:
        return names.tidy(cell, longest=longest)
    except DomainError as error:
        raise parsing.CellError(str(error)) from error


def choices(of: type[Partner.Kind | Partner.Status | Position.Function]) -> Callable[[], dict[Any, Any]]:
    """What a field may be: value -> label, in the language of the moment."""
    return lambda: dict(of.choices)
