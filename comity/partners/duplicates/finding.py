"""Looking for pairs that may be one."""

from __future__ import annotations

from django.db import models


def look_again(*, by: models.Model | str) -> None:
    """Look for pairs in the background; called when many rows came in."""
