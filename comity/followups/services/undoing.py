"""Taking back one's own last step, for some minutes."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.followups.models import FollowUp, Step
from comity.followups.services.changing import change, column, locked
from comity.people.models import User

UNDO = "followups.undo"
FOR = timedelta(minutes=10)
UNDOABLE = (
    Step.What.OWNED,
    Step.What.HANDED_OVER,
    Step.What.DUE_MOVED,
    Step.What.DONE,
    Step.What.WITHDRAWN,
)  # never *told*: what a person has heard cannot be taken back


def undoable_step(follow_up: FollowUp, user: User) -> Step | None:
    """The step this person may take back now: their own, the last one, a few minutes old at most."""
    step = follow_up.steps.filter(version=follow_up.version).order_by("-pk").first()
    if step is None or step.by_id != user.pk or not step.before:
        return None
    fresh = step.what in UNDOABLE and step.at > timezone.now() - FOR
    return step if fresh else None


@transaction.atomic
def undo(follow_up_id: int, *, by: User, version: int | None = None) -> FollowUp:
    """Put the fields of one's own last step back as they were; the step stays in the history."""
    follow_up = locked(follow_up_id, version)
    step = undoable_step(follow_up, by)
    if step is None:
        raise DomainError(_("This can no longer be undone."))
    fields = {name: column(name).to_python(value) for name, value in step.before.items()}
    change(
        follow_up,
        by=by,
        action=UNDO,
        what=Step.What.UNDONE,
        fields=fields,
        named={"by": str(by), "what": step.what},
    )
    return follow_up
