"""Writing a draft of the charter, and putting it in force."""

from __future__ import annotations

from functools import partial

from django.db.models import Case, Sum, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.charter import capabilities
from comity.charter.models import ROLES, Charter, Part
from comity.core.errors import DomainError
from comity.editing.changing import change, create
from comity.editing.values import Values
from comity.notifications.services import notify, settle
from comity.people.models import User

WRITE, ENDORSE = "charter.write", "charter.endorse"
TO_ENDORSE = "charter.to_endorse"  # the kind of notice


def draft() -> Charter:
    """The draft there is, or an unsaved one that begins as the charter in force."""
    if found := Charter.objects.drafts().first():
        return found
    begun = Charter.objects.endorsed().first() or Charter()
    begun.pk, begun.endorsed_by, begun.endorsed_at, begun.version = None, None, None, 1
    return begun


def write(values: Values, *, by: User, seen: Values | None = None) -> Charter:
    """Keep a draft, and tell whoever may endorse it. Raises ConflictError, DomainError."""
    values = {**values, "written_by": by}
    found = Charter.objects.drafts().first()
    if found is None:
        made = create(Charter, values, by=by, action=WRITE, check=_check)
    else:
        made = change(
            Charter.objects.drafts(), found.pk, values, by=by, action=WRITE, seen=seen, check=_check
        ).row
        settle(made, kind=TO_ENDORSE)
    text = partial(_, "A draft of the chief customer officer’s charter waits for you")
    able = User.objects.who_can(capabilities.ENDORSE)
    notify(able, kind=TO_ENDORSE, text=text, url=made.get_absolute_url(), about=made, but_not=by)
    return made


def endorse(charter_id: int, *, version: int, by: User) -> Charter:
    """Put a draft in force; partners read it from now on, and it never changes again.

    version  of the draft, as this person read it

    Raises DomainError for what is no draft anymore, or has changed meanwhile.
    """

    def check(charter: Charter) -> None:
        if charter.version != version:
            raise DomainError(_("This draft has changed since you opened it. Read it again."))

    values = {"endorsed_by": by, "endorsed_at": timezone.now()}
    made = change(Charter.objects.drafts(), charter_id, values, by=by, action=ENDORSE, check=check).row
    settle(made, kind=TO_ENDORSE)
    return made


def counters() -> dict[str, Sum]:
    """What a charter says of each role, to be counted with other numbers: 0 ours, 1 shared, 2 not ours."""
    places = {part: Value(place) for place, part in enumerate(Part)}

    def place(role: str) -> Sum:
        return Sum(Case(*(When(**{role: part}, then=at) for part, at in places.items())), default=0)

    return {role: place(role) for role in ROLES}


def _check(charter: Charter) -> None:
    charter.purpose = charter.purpose.strip()
    if not charter.purpose:
        raise DomainError(_("Say why your office has this role."), "purpose")
    if all(role.part == Part.NOT_OURS for role in charter.roles):
        raise DomainError(_("Choose at least one role that is yours or shared."))
