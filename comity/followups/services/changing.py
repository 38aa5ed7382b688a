"""One change to one follow-up: locked, checked against what the person saw, kept as a step and in the trail.

Which steps it allows where it stands is asked before a form is shown, and again when it is sent; one's own last step can
be taken back for some minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Field
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.editing.conflict import ConflictError
from comity.followups import kinds, notices
from comity.followups.models import FollowUp, State, Step
from comity.followups.services import letters
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


def check_own(follow_up: FollowUp) -> None:
    """Raises DomainError, as all of these do, with the reason as a sentence."""
    if follow_up.state != State.HEARD:
        raise DomainError(
            _("%(name)s already owns this. Ask them to hand it over.") % {"name": follow_up.owner}
            if follow_up.owner and follow_up.is_open
            else _("This is closed, so nobody needs to own it.")
        )


def check_hand_over(follow_up: FollowUp) -> None:
    if not follow_up.is_open:
        raise DomainError(_("This is closed. Reopen it first."))


def check_move_due(follow_up: FollowUp) -> None:
    if not follow_up.is_pending:
        raise DomainError(_("This is already done, so its due date cannot change."))


def check_finish(follow_up: FollowUp, outcome: str = "") -> None:
    """outcome  given by the domain whose kind owns its ending, and only then"""
    if not follow_up.is_pending:
        raise DomainError(_("This is already done."))
    kind = kinds.get(follow_up.kind)
    if kind.owns_ending and outcome not in dict(kind.outcomes):
        raise DomainError(_("This is closed where it came from. Follow the link on its page."))


def check_tell(follow_up: FollowUp) -> None:
    if follow_up.state != State.DONE:
        raise DomainError(
            _("They have already been told.")
            if follow_up.state == State.TOLD
            else _("First say what was done. Then tell them.")
        )


def check_reopen(follow_up: FollowUp) -> None:
    if follow_up.is_pending:
        raise DomainError(_("This is already open."))


def check_withdraw(follow_up: FollowUp) -> None:
    if not follow_up.is_open:
        raise DomainError(_("This is already closed."))


UNDO = "followups.undo"
FOR = timedelta(minutes=10)
UNDOABLE = ("owned", "handed_over", "due_moved", "done", "told", "withdrawn")


def undoable_step(follow_up: FollowUp, user: User, steps: Iterable[Step] | None = None) -> Step | None:
    """The step this person may take back now: their own, the last one, a few minutes old at most.

    What was told by mail only until the mail leaves.

    steps  all of the follow-up's, where they are at hand
    """
    of_now = follow_up.steps.filter(version=follow_up.version) if steps is None else steps
    last = [step for step in of_now if step.version == follow_up.version]
    step = max(last, key=lambda each: each.pk, default=None)
    if step is None or step.by_id != user.pk or not step.before:
        return None
    mailed = step.what == Step.What.TOLD and letters.was_mailed(follow_up)
    fresh = step.what in UNDOABLE and step.at > timezone.now() - (letters.HELD_FOR if mailed else FOR)
    return step if fresh else None


@transaction.atomic
def undo(follow_up_id: int, *, by: User, version: int | None = None) -> FollowUp:
    """Put the fields of one's own last step back as they were; the step stays in the history."""
    follow_up = locked(follow_up_id, version)
    step = undoable_step(follow_up, by)
    if step is None and follow_up.state == State.TOLD and letters.was_mailed(follow_up):
        raise DomainError(_("The email has left, so this can no longer be undone."))
    if step is None:
        raise DomainError(_("This can no longer be undone."))
    if step.what == Step.What.TOLD:
        letters.take_back(follow_up)
        notices.taken_back(follow_up)
        step.office_only = True  # they have not read it, and are not to
        step.save(update_fields=["office_only"])
    fields = {name: column(name).to_python(value) for name, value in step.before.items()}
    named = {"by": str(by), "what": step.what}
    change(
        follow_up,
        by=by,
        action=UNDO,
        what=Step.What.UNDONE,
        fields=fields,
        named=named,
        office_only=step.office_only,
    )
    return follow_up
