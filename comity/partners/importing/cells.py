"""Cells that hold a name, and the words other people use for a field or a choice."""

from __future__ import annotations

from comity.core.errors import DomainError
from comity.imports import parsing
from comity.partners import names


def name(cell: str, longest: int = names.LONGEST_NAME) -> str:
    """A name as it is kept. Raises CellError for one that is too long."""
    try:
        return names.tidy(cell, longest=longest)
    except DomainError as error:
        raise parsing.CellError(str(error)) from error


def also(words: str) -> list[str]:
    """Other words for one thing, separated by commas."""
    return words.split(", ")


def meaning(**words: str) -> dict[str, str]:
    """What other people call the choices: by each spelling the choice that is meant."""
    return {spelling: value for value, spellings in words.items() for spelling in also(spellings)}
