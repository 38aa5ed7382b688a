"""Naming who stands for each part of the office."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.meetings.models import Function, Officer
from comity.people.models import User

NAME_OFFICER = "meetings.name_officer"


@transaction.atomic
def name_officers(chosen: Mapping[str, User | None], *, by: User) -> int:
    """Say who stands for each function, None for nobody; how many changed. Raises DomainError."""
    rows = Officer.objects.select_for_update(of=("self",)).select_related("user")
    known = {row.function: row for row in rows}
    changed = 0
    for function, user in chosen.items():
        row = known.get(Function(function))
        before = row.user if row else None
        if before == user:
            continue
        changed += 1
        if user is not None:
            if not (user.is_office and user.is_active):
                raise DomainError(_("Only someone who works in our office now can represent it."))
            row, _made = Officer.objects.update_or_create(
                function=Function(function), defaults={"user": user}
            )
        assert row is not None  # it was somebody, or is now
        was, now = {"user": str(before or "")}, {"user": str(user or "")}
        audit.record(by=by, action=NAME_OFFICER, target=row, before=was, after=now)
        if user is None:
            row.delete()
    return changed


def hand_over(from_user: User, to_user: User, by: User) -> int:
    """Give all that one person stands for to another; how many functions."""
    mine = Officer.objects.filter(user=from_user).values_list("function", flat=True)
    return name_officers(dict.fromkeys(mine, to_user), by=by)
