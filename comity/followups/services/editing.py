"""Changing what is written about a follow-up, and adding to it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.editing.changing import what_differs
from comity.editing.values import Values, plain_values
from comity.followups import notices
from comity.followups.models import FollowUp, Severity, Step
from comity.followups.services.changing import Actor, change, locked, required
from comity.followups.services.raising import LONGEST_TITLE

EDIT = "followups.edit"
ORDER = list(Severity)


@transaction.atomic
def edit(follow_up_id: int, values: Values, *, by: Actor, seen: Values | None = None) -> FollowUp:
    """Mend what is written: title, said, severity, office_only, partner. The day promised stays: it has an act of its own.

    Raises ConflictError, DomainError.
    """
    follow_up = locked(follow_up_id)
    changed = what_differs(follow_up, values, plain_values(follow_up, values), seen)
    if "title" in changed:
        changed["title"] = required(changed["title"], _("Say in one line what it is about."))
        if len(changed["title"]) > LONGEST_TITLE:
            raise DomainError(
                _("One line can have up to %(most)s characters.") % {"most": LONGEST_TITLE}, "title"
            )
    if "said" in changed:
        changed["said"] = changed["said"].replace("\0", "").strip()
    changed = {name: value for name, value in changed.items() if getattr(follow_up, name) != value}
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


@transaction.atomic
def add_heard(
    follow_up_id: int, *, words: str, by: Actor, said_by: str = "", severity: str = Severity.LOW
) -> FollowUp:
    """Add what was heard to what was said, and let its owner know, or those who should find one.

    said_by   whose words they are
    severity  it becomes more serious by this, never less

    The day it is due stays: moving it is an act of its own.
    """
    follow_up = locked(follow_up_id)
    words = required(words, _("Write something first."))
    fields: dict[str, object] = {"said": f"{follow_up.said}\n\n{words}".strip()}
    if ORDER.index(Severity(severity)) > ORDER.index(Severity(follow_up.severity)):
        fields["severity"] = Severity(severity)
    named = {"by": said_by or str(by)}
    change(
        follow_up,
        by=by,
        action=EDIT,
        what=Step.What.EDITED,
        fields=fields,
        words=words,
        named=named,
        office_only=True,
    )
    notices.heard_more(follow_up, by)
    return follow_up
