"""The address someone signs in with, changed by an administrator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.nouns import Trait, all_of
from comity.outbox import services as outbox
from comity.people.models import User
from comity.people.services.inviting import checked_address, invite_again

CHANGE_EMAIL = "people.change_email"


@dataclass(frozen=True)
class AddressFollower(Trait):
    """Who else has to know of a new address: follow(user, the address before, by), in the same transaction."""

    follow: Callable[[User, str, User], None]


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
    outbox.put(
        to=old,
        to_name=user.name,
        kind="people.security",
        template="people/mail/email_changed",
        context={"person": user, "by": by, "old": old},
        language=user.language,
        about=user,
    )
