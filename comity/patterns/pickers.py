"""How one pattern is picked by typing."""

from __future__ import annotations

from typing import Any

from comity.patterns.capabilities import READ
from comity.patterns.models import Pattern, PatternQuerySet
from comity.ui.pickers import Picker


def _patterns(user: Any) -> PatternQuerySet:
    rows = Pattern.objects.visible_to(user).standing()
    return rows if user.can(READ) else rows.none()


PATTERN = Picker(
    "pattern",
    rows=_patterns,
    find=lambda rows, text: rows.search(text) if text else rows,
    hint=lambda row: row.get_status_display(),
    went="merged_from",
)
