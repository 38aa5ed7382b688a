"""Writing to the trail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils import timezone

from comity.audit.models import Entry


def record(
    *,
    by: models.Model | str,
    action: str,
    target: models.Model | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    partner_id: int | None = None,
) -> Entry:
    """Write one act to the trail, in the caller's transaction.

    by          the user who acted, or the name of a machine that did ("command line", "worker")
    action      `room.verb`, a constant of the room that acts
    target      the object acted on; `before` and `after` hold its changed fields as plain values
    partner_id  the partner it concerns, if any, so that a partner's history can be read
    """
    return Entry.objects.create(
        at=timezone.now(),
        actor=by if isinstance(by, str) else f"{by._meta.label}:{by.pk}",
        actor_label=str(by)[:200],
        action=action,
        target_kind=target._meta.label if target else "",
        target_id=str(target.pk) if target else "",
        target_label=str(target)[:300] if target else "",
        partner_id=partner_id,
        before=dict(before) if before is not None else None,
        after=dict(after) if after is not None else None,
    )
