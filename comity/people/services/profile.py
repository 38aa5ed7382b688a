"""What is said of someone: by themselves and by an administrator; their address, what they may do, who supervises them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.editing.changing import what_differs
from comity.editing.values import Related, Values, plain_values
from comity.nouns import Trait, all_of
from comity.people.models import RoleGrant, User
from comity.people.pictures import portrait
from comity.people.roles import OFFICE_ROLES, Role
from comity.people.services.inviting import checked_address, invite_again, write_to
from comity.people.services.sessions import drop_sessions

UPDATE_PROFILE = "people.update_profile"
RESET_SECOND_FACTOR = "people.reset_second_factor"
SET_ROLES = "people.set_roles"
SET_SUPERVISOR = "people.set_supervisor"
CHANGE_EMAIL = "people.change_email"

TOLD = ("name", "title", "phone", "language", "time_zone", "single_keys")
ROLES = {"roles": Related(lambda user: sorted(user.roles))}


@dataclass(frozen=True)
class AddressFollower(Trait):
    """Who else has to know of a new address: follow(user, the address before, by), in the same transaction."""

    follow: Callable[[User, str, User], None]


def update_profile(
    user: User,
    *,
    by: User | str,
    photo: UploadedFile[bytes] | None = None,
    remove_photo: bool = False,
    **told: Any,
) -> None:
    """Change what is said of someone: any of TOLD, and their photo.

    Raises DomainError for a photo that is no picture.
    """
    unknown = set(told) - set(TOLD)
    if unknown:
        raise TypeError(f"A profile does not hold {', '.join(sorted(unknown))}.")
    # Drawn before the transaction begins: nobody waits for a picture.
    drawn = portrait(photo) if photo is not None else "" if remove_photo else None
    with transaction.atomic():
        _write_profile(user, told, drawn, by)


def _write_profile(
    user: User, told: dict[str, Any], photo: ContentFile[bytes] | str | None, by: User | str
) -> None:
    """Keep what was told; `photo` is the new one, "" for none any more, None where it stays."""
    before = {name: getattr(user, name) for name in told if getattr(user, name) != told[name]}
    after = {name: told[name] for name in before}
    for name, value in after.items():
        setattr(user, name, value)
    old_photo = user.photo.name
    if photo or (photo == "" and old_photo):
        user.photo = photo
        before["photo"], after["photo"] = bool(old_photo), bool(photo)
        if old_photo:
            transaction.on_commit(partial(user.photo.storage.delete, old_photo))
    if before:
        user.save(update_fields=list(before))
        audit.record(by=by, action=UPDATE_PROFILE, target=user, before=before, after=after)


@transaction.atomic
def reset_second_factor(user: User, *, by: User) -> None:
    """For someone who has lost phone and codes: take away their second factors, so that they set up new ones.

    All their sessions end, and they are told by mail.
    """
    gone, _each = Authenticator.objects.filter(user=user).delete()
    drop_sessions(user)
    audit.record(
        by=by, action=RESET_SECOND_FACTOR, target=user, before={"factors": gone}, after={"factors": 0}
    )
    write_to(user, "security", "factor_reset", {"by": by}, about=user)


@transaction.atomic
def set_roles(user: User, roles: Iterable[str], *, by: User | str) -> None:
    """Give one of the office's people exactly these roles.

    Raises DomainError for roles that are not the office's, and if no administrator would be left or someone would take
    that role from themselves.
    """
    wanted = set(roles)
    if not user.is_office or not wanted <= {role.value for role in OFFICE_ROLES}:
        raise DomainError(_("This person cannot have these roles."))
    held = set(RoleGrant.objects.filter(user=user).values_list("role", flat=True))
    if Role.ADMINISTRATOR in held - wanted:
        refuse_to_lose_administrator(user, by=by)
    if held == wanted:
        return
    RoleGrant.objects.filter(user=user, role__in=held - wanted).delete()
    RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role) for role in sorted(wanted - held))
    user.forget_rights()
    audit.record(
        by=by, action=SET_ROLES, target=user, before={"roles": sorted(held)}, after={"roles": sorted(wanted)}
    )


def refuse_to_lose_administrator(user: User, *, by: User | str) -> None:
    """Raise DomainError if `user` is the last administrator, or the very person who asks.

    Two administrators who remove each other at the same moment wait for one another here; the second is refused.
    """
    administrators = User.objects.select_for_update().active().with_role(Role.ADMINISTRATOR)
    others = [someone for someone in administrators if someone.pk != user.pk and someone.has_joined]
    if user == by:
        raise DomainError(_("You cannot remove your own access. Ask another administrator."))
    if not others:
        raise DomainError(
            _("%(name)s is the last administrator. Make someone else an administrator first.")
            % {"name": user}
        )


@transaction.atomic
def set_supervisor(user: User, supervisor: User | None, *, by: User | str) -> None:
    """Say who supervises someone: whoever hears of what is late. Raises DomainError for a circle."""
    if supervisor == user.supervisor:
        return
    if supervisor is not None and not (supervisor.is_active and supervisor.is_office):
        raise DomainError(_("%(name)s cannot supervise anyone.") % {"name": supervisor})
    above, seen = supervisor, {user.pk}
    while above is not None:
        if above.pk in seen:
            raise DomainError(
                _("Choose someone else: %(name)s would end up as their own supervisor.") % {"name": user}
            )
        seen.add(above.pk)
        above = above.supervisor
    before = user.supervisor
    user.supervisor = supervisor
    user.save(update_fields=["supervisor"])
    audit.record(
        by=by,
        action=SET_SUPERVISOR,
        target=user,
        before={"supervisor": str(before or "")},
        after={"supervisor": str(supervisor or "")},
    )


@transaction.atomic
def edit_person(user_id: int, values: Values, *, by: User, seen: Values | None = None) -> User:
    """Change what is written about someone together: name, title, phone, and for the office's people roles and supervisor.

    Raises ConflictError, DomainError.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    wanted = what_differs(user, values, plain_values(user, values, ROLES), seen)
    update_profile(user, by=by, **{name: value for name, value in wanted.items() if name in TOLD})
    if "roles" in wanted:
        set_roles(user, wanted["roles"], by=by)
    if "supervisor" in wanted:
        set_supervisor(user, wanted["supervisor"], by=by)
    return user


@transaction.atomic
def change_email(user: User, email: str, *, by: User) -> None:
    """Let someone sign in with another address from now on.

    Their sessions stay, and the address before is told. Links mailed there to choose a password stop working; who was
    invited there and never came is invited at the new address instead.

    Raises DomainError for what is no address, for one that signs in already, and for someone who cannot sign in.
    """
    email = checked_address(email)
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        raise DomainError(_("%(name)s can no longer sign in. Reactivate the account first.") % {"name": user})
    old = user.email
    if email == old:
        return
    user.email = email
    try:
        with transaction.atomic():
            user.save(update_fields=["email"])
    except IntegrityError:
        raise DomainError(_("Someone already signs in with %(email)s.") % {"email": email}) from None
    audit.record(by=by, action=CHANGE_EMAIL, target=user, before={"email": old}, after={"email": email})
    for follower in all_of(AddressFollower):
        follower.follow(user, old, by)
    if not user.has_joined:
        invite_again(user, by=by)
        return
    write_to(user, "security", "email_changed", {"by": by, "old": old}, to=old, about=user)
