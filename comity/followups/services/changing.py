"""One change to one follow-up: locked, checked against what the person saw, kept as a step and in the trail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Field
from django.utils import timezone

from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.editing.conflict import ConflictError
from comity.followups.models import FollowUp, Step
from comity.office.services import current_office
from comity.people.models import User

Actor = User | str


def locked(follow_up_id: int, version: int | None = None) -> FollowUp:
    """The follow-up, nobody else's until the transaction ends.

    version  the one the person saw; None when a machine, or a list, asks
    Raises FollowUp.DoesNotExist, ConflictError.
    """
    follow_up = FollowUp.objects.select_for_update(of=("self",)).with_people().get(pk=follow_up_id)
    if version is not None and version != follow_up.version:
        steps = follow_up.steps.filter(version__gt=version).select_related("by")
        since = [f"{step.sentence}: “{step.words}”" if step.words else str(step.sentence) for step in steps]
        raise ConflictError(follow_up, since=since, fresh={"version": str(follow_up.version)})
    return follow_up


def change(
    follow_up: FollowUp,
    *,
    by: Actor,
    action: str,
    what: str,
    fields: Mapping[str, Any],
    words: str = "",
    named: Mapping[str, str | None] | None = None,
    office_only: bool = False,
) -> Step:
    """Set the fields, save, and keep what happened as a step and in the trail. `follow_up` is locked."""
    before = plain(follow_up, fields)
    for name, value in fields.items():
        setattr(follow_up, name, value)
    follow_up.version += 1
    follow_up.save(update_fields=[*fields, "version", "updated_at"])
    step = Step.objects.create(
        follow_up=follow_up,
        at=timezone.now(),
        by=by if isinstance(by, User) else None,
        what=what,
        words=words,
        named={name: value for name, value in (named or {}).items() if value},
        before=before,
        version=follow_up.version,
        round=follow_up.reopened,
        office_only=office_only,
    )
    audit.record(
        by=by,
        action=action,
        target=follow_up,
        before=before,
        after={**plain(follow_up, fields), **({"words": words} if words else {})},
        partner_id=follow_up.partner_id,
    )
    return step


def plain(follow_up: FollowUp, names: Iterable[str]) -> dict[str, Any]:
    """Fields as JSON holds them; a person or a partner by its key."""
    found = {}
    for name in names:
        attribute = column(name).attname
        value = getattr(follow_up, attribute)
        found[attribute] = value.isoformat() if isinstance(value, (date, datetime)) else value
    return found


def column(name: str) -> Field[Any, Any]:
    """A field of a follow-up by its name, or by that of its column ("owner_id")."""
    found = FollowUp._meta.get_field(name)
    if not isinstance(found, Field):
        raise TypeError(f"{name} is no column of a follow-up.")
    return found


def required(words: str, otherwise: str) -> str:
    """The words without space around them. Raises DomainError, saying what is missing, if there are none."""
    words = words.replace("\0", "").strip()
    if not words:
        raise DomainError(otherwise)
    return words


def office_day(moment: datetime) -> date:
    """The office's calendar day of a moment."""
    return moment.astimezone(ZoneInfo(current_office().time_zone)).date()
