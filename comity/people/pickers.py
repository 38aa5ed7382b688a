"""How one of the office's people is picked by typing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import Q, QuerySet

from comity.people.models import User, UserQuerySet
from comity.search.sorting import named
from comity.ui.fields import PickField
from comity.ui.pickers import Picker


def colleagues() -> UserQuerySet:
    """Those who may be given something to do."""
    return User.objects.active().office()


def _find(rows: QuerySet[Any, Any], text: str) -> QuerySet[Any, Any]:
    return rows.filter(named(text, "sort_name", also=["email"])) if text.strip() else rows


COLLEAGUE = Picker(
    "colleague",
    rows=lambda user: colleagues() if user.is_office else User.objects.none(),
    find=_find,
    outright=lambda text: Q(name__iexact=text) | Q(email__iexact=text),
    hint=lambda row: row.title or row.email,
)
# What is asked of lists may be of somebody who left.
ANYONE_OF_US = replace(
    COLLEAGUE,
    key="anyone-of-us",
    rows=lambda user: User.objects.office() if user.is_office else User.objects.none(),
)


def colleague_field(**more: Any) -> PickField:
    """One of those who may be given something to do."""
    return PickField(COLLEAGUE, colleagues(), **more)
