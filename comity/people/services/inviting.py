"""How someone comes in: an invitation by mail, or the first administrator by the command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.outbox import services as outbox
from comity.people import tokens
from comity.people.models import Invitation, RoleGrant, User, as_stored
from comity.people.roles import OFFICE_ROLES, Role

INVITE = "people.invite"
INVITE_AGAIN = "people.invite_again"
WITHDRAW_INVITATION = "people.withdraw_invitation"
ACCEPT_INVITATION = "people.accept_invitation"
MAKE_ADMINISTRATOR = "people.make_administrator"

INVITATION_DAYS = 7


@transaction.atomic
def invite(
    *,
    email: str,
    name: str,
    by: User | str,
    kind: str = User.Kind.OFFICE,
    roles: Iterable[str] = (),
    title: str = "",
    phone: str = "",
    supervisor: User | None = None,
    language: str = "en",
) -> User:
    """Make a sign-in for someone and mail the link by which they set their password.

    Someone invited before who has not come yet gets a new link instead. A partner's user gets no roles here: those
    come with the memberships that the rooms above grant.

    Raises DomainError for an address that signs in already, or did before it was deactivated.
    """
    email = checked_address(email)
    user = User.objects.select_for_update().filter(email=email).first()
    if user is not None:
        _refuse_if_known(user, kind)
        invite_again(user, by=by)
        return user
    user = User.objects.create_user(
        email,
        name=name.strip(),
        kind=kind,
        title=title.strip(),
        phone=phone.strip(),
        supervisor=supervisor,
        language=language,
        invited_at=timezone.now(),
    )
    granted = _grant(user, roles)
    audit.record(
        by=by,
        action=INVITE,
        target=user,
        after={"email": email, "name": user.name, "kind": kind, "roles": granted},
    )
    _mail(user, _new_link(user, by))
    return user


@transaction.atomic
def invite_again(user: User, *, by: User | str) -> None:
    """Mail a new link to someone who has not come yet; the links before it stop working."""
    if user.has_joined or not user.is_active:
        raise DomainError(_("%(name)s already has an account, so no invitation is needed.") % {"name": user})
    link = _new_link(user, by)
    audit.record(by=by, action=INVITE_AGAIN, target=user)
    _mail(user, link)


@transaction.atomic
def withdraw_invitation(user: User, *, by: User) -> None:
    """Take an invitation back: its link stops working, and nobody can sign in under it."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.has_joined:
        raise DomainError(
            _("%(name)s has accepted the invitation. Deactivate the account instead.") % {"name": user}
        )
    _withdraw_links(user)
    user.is_active, user.deactivated_at = False, timezone.now()
    user.save(update_fields=["is_active", "deactivated_at"])
    audit.record(by=by, action=WITHDRAW_INVITATION, target=user)


@transaction.atomic
def accept(invitation_id: int, *, password: str, name: str = "") -> User:
    """Take up an invitation, once: set the password and, if given, correct the name.

    Raises DomainError if the link was used or ended meanwhile, or if the password cannot be accepted.
    """
    now = timezone.now()
    if not Invitation.objects.open().filter(pk=invitation_id).update(used_at=now):
        raise DomainError(_("This link no longer works. Ask for a new one."))
    user = User.objects.select_for_update().get(invitations=invitation_id)
    user.name = name.strip() or user.name
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise DomainError(" ".join(error.messages), "password") from error
    user.set_password(password)
    user.joined_at = now
    user.save(update_fields=["name", "password", "joined_at"])
    _withdraw_links(user)
    audit.record(by=user, action=ACCEPT_INVITATION, target=user)
    return user


@transaction.atomic
def make_administrator(email: str, *, by: User | str) -> tuple[User, str]:
    """Make the owner of an address an administrator; the person, and a link to set a password or "".

    Done twice it changes nothing but the link: the one before stops working. Someone who has a password already needs
    none.
    """
    email = checked_address(email)
    user = User.objects.select_for_update().filter(email=email).first()
    if user is not None and not (user.is_active and user.is_office):
        raise DomainError(
            _("%(email)s belongs to someone who is deactivated or outside the office.") % {"email": email}
        )
    if user is None:
        name = email.partition("@")[0].replace(".", " ").title()
        user = User.objects.create_user(email, name=name, invited_at=timezone.now())
    if RoleGrant.objects.get_or_create(user=user, role=Role.ADMINISTRATOR)[1]:
        audit.record(by=by, action=MAKE_ADMINISTRATOR, target=user)
    return user, "" if user.has_joined else _new_link(user, by)


def checked_address(email: str) -> str:
    """An address as it is stored. Raises DomainError for what is none."""
    email = as_stored(email)
    try:
        validate_email(email)
    except ValidationError:
        raise DomainError(_("“%(email)s” is not an email address.") % {"email": email}, "email") from None
    return email


def _refuse_if_known(user: User, kind: str) -> None:
    if not user.is_active:
        raise DomainError(_("%(name)s has a deactivated account. Reactivate it instead.") % {"name": user})
    if user.has_joined or user.kind != kind:
        raise DomainError(_("Someone already signs in with %(email)s.") % {"email": user.email}, "email")


def _grant(user: User, roles: Iterable[str]) -> list[str]:
    granted = sorted(set(roles))
    if granted and not (user.is_office and set(granted) <= {role.value for role in OFFICE_ROLES}):
        raise DomainError(_("This person cannot have these roles."))
    RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role) for role in granted)
    return granted


def _new_link(user: User, by: User | str) -> str:
    """A fresh link, the only one that works from now on."""
    _withdraw_links(user)
    raw, token_hash = tokens.new_token()
    Invitation.objects.create(
        user=user,
        token_hash=token_hash,
        invited_by=by if isinstance(by, User) else None,
        expires_at=timezone.now() + timedelta(days=INVITATION_DAYS),
    )
    return settings.ADDRESS + reverse("people:accept", args=[raw])


def _withdraw_links(user: User) -> None:
    Invitation.objects.open().filter(user=user).update(withdrawn_at=timezone.now())


def _mail(user: User, link: str) -> None:
    context = {"link": link, "days": INVITATION_DAYS}
    write_to(user, "invitation", "invitation", context, about=user, wipe_after_sending=True)


def write_to(
    user: User, kind: str, template: str, context: Mapping[str, Any], *, to: str = "", **more: Any
) -> None:
    """Put a mail to someone who signs in into the outbox, in their language.

    to    another address than theirs
    more  as `outbox.put` takes it
    """
    outbox.put(
        to=to or user.email,
        to_name=user.name,
        kind=f"people.{kind}",
        template=f"people/mail/{template}",
        context={"person": user, **context},
        language=user.language,
        **more,
    )
