"""The office's rules for asking."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from comity.audit import services as audit
from comity.audit.services import Actor
from comity.surveys.models import Rules
from comity.surveys.services.audience import current_rules

SET_RULES = "surveys.set_rules"
FIELDS = ("rest_days", "most_a_year", "low_rating", "ask_again_after", "smallest_group")


@transaction.atomic
def set_rules(*, by: Actor, **fields: Any) -> Rules:
    """Change how often someone is asked and what counts as low, from now on; waves keep what they began with."""
    rules = current_rules()
    before = audit.values(rules, FIELDS)
    for name in FIELDS:
        setattr(rules, name, fields.get(name, getattr(rules, name)))
    rules.save()
    old, new = audit.changes(before, rules, FIELDS)
    if new:
        audit.record(by=by, action=SET_RULES, target=rules, before=old, after=new)
    return rules
