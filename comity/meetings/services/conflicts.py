"""Two people who write on one row at once: the later one is told, and loses nothing."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from comity.audit.models import Entry
from comity.core.errors import DomainError


class ConflictError(DomainError):
    """Somebody changed the row since this person opened it.

    row        as it is now
    originals  the fields the other changed, as this person saw them
    """

    def __init__(self, row: Any, originals: dict[str, Any]) -> None:
        self.row, self.originals = row, originals
        super().__init__(
            _("Somebody changed this while you were writing. Look it over, then send yours again.")
        )


def refuse_conflict(row: Any, version: int | None, edit: str) -> None:
    """Raises ConflictError unless the row is as the person saw it.

    version  the one they saw; None when a machine asks
    edit     the act by which changes stand in the trail
    """
    if version is not None and version != row.version:
        raise ConflictError(row, _originals(row, version, edit))


def _originals(row: models.Model, version: int, edit: str) -> dict[str, Any]:
    """The fields that others changed, as they were at that version; from the trail."""
    seen: dict[str, Any] = {}
    for entry in Entry.objects.about(row).filter(action=edit):
        if (entry.after or {}).get("version", 0) > version:
            seen.update(entry.before or {})  # newest first, so that the oldest has the last word
    seen.pop("version", None)
    return seen
