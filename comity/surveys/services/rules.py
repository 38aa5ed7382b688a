"""The office's rules for asking."""

from __future__ import annotations

from comity.audit.services import Actor
from comity.editing.changing import change
from comity.editing.values import Values
from comity.surveys.models import Rules

SET_RULES = "surveys.set_rules"


def current_rules() -> Rules:
    """The office's rules for asking, or the usual ones."""
    return Rules.objects.filter(pk=1).first() or Rules(pk=1)


def set_rules(values: Values, *, by: Actor, seen: Values | None = None) -> Rules:
    """Change how often someone is asked and what counts as low, from now on; waves keep what they began with.

    Raises ConflictError, DomainError.
    """
    Rules.objects.get_or_create(pk=1)
    return change(Rules.objects.all(), 1, values, by=by, action=SET_RULES, seen=seen).row
