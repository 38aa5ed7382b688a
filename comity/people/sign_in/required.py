"""Of whom a second factor is required: settings.SECOND_FACTOR, from COMITY_SECOND_FACTOR."""

from __future__ import annotations

from typing import Literal

from django.conf import settings

from comity.people.models import User

Required = Literal["required", "office", "optional"]


def is_required_of(user: User) -> bool:
    """Whether this person may go nowhere without a second factor."""
    rule: Required = settings.SECOND_FACTOR
    return rule == "required" or (rule == "office" and user.is_office)
