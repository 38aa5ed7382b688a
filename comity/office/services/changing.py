"""Setting up the office, once; and changing its settings, its closures and its tiers."""

from __future__ import annotations

from functools import partial

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.core.places import BY_FIPS
from comity.editing.changing import Changed, change, create
from comity.editing.values import Values, references
from comity.office.memory import forget
from comity.office.models import Closure, Office, VisitTier
from comity.people.models import RoleGrant, User, as_stored
from comity.people.pictures import emblem
from comity.people.roles import Role

UPDATE_OFFICE = "office.update"
SET_LOGO = "office.set_logo"
ADD_CLOSURE = "office.add_closure"
REMOVE_CLOSURE = "office.remove_closure"
SAVE_TIER = "office.save_tier"
REMOVE_TIER = "office.remove_tier"


def update_office(values: Values, *, by: User | str, seen: Values | None = None) -> Changed[Office]:
    """Change settings of the office, those in `values`; `seen` is how whoever asks has seen them.

    What someone else changed meanwhile stays unless it is changed here as well. Raises ConflictError, DomainError.
    """
    Office.objects.get_or_create(pk=1)
    changed = change(
        Office.objects.all(), 1, values, by=by, action=UPDATE_OFFICE, seen=seen, check=_follow_state
    )
    if changed:
        forget()
    return changed


def locked_office() -> Office:
    """The office's row, made if there is none yet, kept from others until the transaction ends."""
    Office.objects.get_or_create(pk=1)
    return Office.objects.select_for_update().get(pk=1)


def _follow_state(office: Office) -> None:
    """The state's name and its public holidays go with its FIPS code."""
    if state := BY_FIPS.get(office.state_fips):
        office.state_name, office.state_holidays = state.name, state.code


def set_logo(*, by: User, logo: UploadedFile[bytes] | None) -> None:
    """Show this logo, or with None the product's own sign. Raises DomainError for what is no picture."""
    drawn = emblem(logo) if logo is not None else ""  # before the transaction: nobody waits for a picture
    with transaction.atomic():
        office = locked_office()
        old = office.logo.name
        office.logo = drawn
        office.save(update_fields=["logo"])
        forget()
        if old:
            transaction.on_commit(partial(office.logo.storage.delete, old))
        before, after = {"logo": bool(old)}, {"logo": bool(office.logo)}
        audit.record(by=by, action=SET_LOGO, target=office, before=before, after=after)


def add_closure(values: Values, *, by: User) -> Closure:
    """Write down a day on which the office is closed; due days promised before stay as they are. Raises DomainError."""
    closure = create(Closure, values, by=by, action=ADD_CLOSURE)
    forget()
    return closure


@transaction.atomic
def remove_closure(closure: Closure, *, by: User) -> None:
    """The office is open that day after all."""
    audit.record(
        by=by, action=REMOVE_CLOSURE, target=closure, before={"day": str(closure.day), "name": closure.name}
    )
    closure.delete()
    forget()


def add_tier(values: Values, *, by: User) -> VisitTier:
    """Add a tier, after the others. Raises DomainError for a name that another tier has."""

    def last(tier: VisitTier) -> None:
        tier.order = VisitTier.objects.count()

    return create(VisitTier, values, by=by, action=SAVE_TIER, check=last)


def change_tier(tier_id: int, values: Values, *, by: User, seen: Values | None = None) -> VisitTier:
    """Change a tier. Raises ConflictError, DomainError."""
    return change(VisitTier.objects.all(), tier_id, values, by=by, action=SAVE_TIER, seen=seen).row


@transaction.atomic
def remove_tier(tier: VisitTier, *, by: User) -> None:
    """Take a tier away. Raises DomainError while anyone is in it."""
    if _is_used(tier):
        raise DomainError(
            _("“%(name)s” is still in use. Move everyone in it to another tier first.") % {"name": tier.name}
        )
    before = {"name": tier.name, "every_days": tier.every_days}
    audit.record(by=by, action=REMOVE_TIER, target=tier, before=before)
    tier.delete()


def _is_used(tier: VisitTier) -> bool:
    """Whether any row of any room above points here; the rooms are not known by name."""
    return any(
        field.model._base_manager.filter(**{field.name: tier}).exists() for field in references(VisitTier)
    )


SET_UP = "office.set_up"


class AlreadySetUpError(DomainError):
    """Someone else was first."""


def is_set_up() -> bool:
    """Whether the office was set up, or has an administrator by another way; it then stays so for ever."""
    return (
        Office.objects.filter(pk=1, set_up_at__isnull=False).exists()
        or User.objects.with_role(Role.ADMINISTRATOR).exists()
    )


@transaction.atomic
def set_up(*, office_name: str, state_fips: str, name: str, email: str, password: str) -> User:
    """Name the office and make its first administrator, once.

    Two who try at the same moment wait for one another at the office's row. Raises AlreadySetUpError for the second,
    DomainError for a password that cannot be accepted.
    """
    office = locked_office()
    if is_set_up():
        raise AlreadySetUpError(_("This office is already set up."))
    user = User(email=as_stored(email), name=name)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise DomainError(" ".join(error.messages), "password") from error
    user = User.objects.create_user(email, password, name=name)
    RoleGrant.objects.create(user=user, role=Role.ADMINISTRATOR)
    state = BY_FIPS[state_fips]
    office.name, office.set_up_at = office_name, timezone.now()
    office.state_fips, office.state_name, office.state_holidays = state.fips, state.name, state.code
    office.save()
    forget()
    audit.record(by=user, action=SET_UP, target=office, after={"name": office_name, "state": state.name})
    return user
