"""What models say often, in a line: a row that need not be there, what is there once, what always holds."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import PROTECT, CheckConstraint, ForeignKey, Model, Q, UniqueConstraint

from comity.ui.tables.columns import Words

To = TypeVar("To", bound=Model)


def perhaps(model: type[To], words: Words, **more: Any) -> ForeignKey[To | None, To | None]:
    """A row that this one may rest on, and that stays as long as it does."""
    facts = {"null": True, "blank": True, "related_name": "+", "verbose_name": words, **more}
    return ForeignKey(model, PROTECT, **facts)


def once(name: str, *fields: str, where: Q | None = None, said: Any = None) -> UniqueConstraint:
    """These fields together are there once, among all rows or some; `said` of a row that would be the second."""
    return UniqueConstraint(fields=fields, condition=where, name=name, violation_error_message=said)


def always(name: str, holds: Q, said: Any = None) -> CheckConstraint:
    """What is so of every row; `said` of one of which it is not."""
    return CheckConstraint(name=name, condition=holds, violation_error_message=said)
