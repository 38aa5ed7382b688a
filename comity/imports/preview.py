"""A staged row in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from comity.imports.models import Import, ImportRow
from comity.imports.profiles import Profile

_MOST_FACTS = 8
_LONGEST_FACT = 60


def row_changes(profile: Profile, row: ImportRow) -> list[tuple[str, str, str]]:
    """What a row changes: (field, old, new); old is empty where there was nothing."""
    return [
        (
            str(profile.field(key).label if profile.has(key) else _("Position")),
            "" if old in (None, "", []) else shown(profile, key, old),
            shown(profile, key, new),
        )
        for key, (old, new) in row.changes.items()
    ]


def row_facts(batch: Import, row: ImportRow) -> list[tuple[str, str]]:
    """What the row says, as it stands in the file: (header, cell) of the columns that are read."""
    facts = [
        (header, _short(cell))
        for header, cell in zip(batch.headers, row.cells, strict=False)
        if cell.strip() and batch.mapping.get(header)
    ]
    return facts[:_MOST_FACTS]


def _short(cell: str) -> str:
    """The beginning of a long cell; a word without end would push the rest off the page."""
    return cell if len(cell) <= _LONGEST_FACT else f"{cell[:_LONGEST_FACT]}…"


def shown(profile: Profile, key: str, value: Any) -> str:
    """A value as people read it: a choice by its label, cents as dollars, lists in one line."""
    if value is None or value in ("", []):
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    if key.endswith("_cents"):
        return f"${value / 100:,.2f}"
    if profile.has(key) and (choices := profile.field(key).choices):
        return str(choices().get(value, value))
    return f"{value:,}" if isinstance(value, int) else str(value)[:300]
