"""Changing what is written about a follow-up."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.followups.models import FollowUp, Severity, Step
from comity.followups.services.changing import Actor, change, locked, required
from comity.followups.services.raising import LONGEST_TITLE
from comity.partners.models import Partner

EDIT = "followups.edit"


@transaction.atomic
def edit(
    follow_up_id: int,
    *,
    title: str,
    said: str,
    severity: str,
    office_only: bool,
    partner: Partner | None,
    by: Actor,
    version: int | None = None,
) -> FollowUp:
    """Mend what is written. The day promised stays: moving it is an act of its own.

    Raises ConflictError, DomainError.
    """
    follow_up = locked(follow_up_id, version)
    title = required(title, _("Say in one line what it is about."))
    if len(title) > LONGEST_TITLE:
        raise DomainError(_("One line has at most %(most)s characters.") % {"most": LONGEST_TITLE})
    wanted: dict[str, Any] = {
        "title": title,
        "said": said.replace("\0", "").strip(),
        "severity": Severity(severity),
        "office_only": office_only,
        "partner": partner,
    }
    changed = {name: value for name, value in wanted.items() if getattr(follow_up, name) != value}
    if changed:
        change(
            follow_up,
            by=by,
            action=EDIT,
            what=Step.What.EDITED,
            fields=changed,
            named={"by": str(by)},
            office_only=True,
        )
    return follow_up
