"""More is heard of what is a follow-up already."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from comity.followups import notices
from comity.followups.models import FollowUp, Severity, Step
from comity.followups.services.changing import Actor, change, locked, required
from comity.followups.services.editing import EDIT

ORDER = list(Severity)


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
