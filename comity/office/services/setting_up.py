"""The one time an empty install is set up."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.core.places import BY_FIPS
from comity.office.memory import forget
from comity.office.models import Office
from comity.office.services.changing import locked_office
from comity.people.models import RoleGrant, User, as_stored
from comity.people.roles import Role

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
