"""Passwords: changed, forgotten; and word to their owner whenever something about signing in changed."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils.http import int_to_base36
from django.utils.translation import gettext_lazy as _

from comity.audit import services as audit
from comity.people.models import User
from comity.people.services.inviting import invite_again, write_to
from comity.people.services.sessions import drop_sessions

# What allauth reports, under its names; the trail keeps "people." + the name.
SIGN_IN_CHANGES = {
    "password_changed": _("Your password was changed."),
    "password_reset": _("Your password was changed using a link from an email."),
    "totp_activated": _("An authenticator app was added to your account."),
    "totp_deactivated": _("The authenticator app was removed from your account."),
    "webauthn_added": _("A passkey was added to your account."),
    "webauthn_removed": _("A passkey was removed from your account."),
    "recovery_codes_generated": _(
        "New recovery codes were made for your account. The old ones no longer work."
    ),
}


@transaction.atomic
def set_password(user: User, password: str) -> None:
    """Give someone a new password and end all their sessions; the caller may keep its own (`keep_this_session`)."""
    user.set_password(password)
    user.save(update_fields=["password"])
    drop_sessions(user)


def mail_password_link(email: str) -> None:
    """Mail a link by which a new password can be chosen, if someone signs in under this address.

    For a stranger the same work is done and thrown away, so that the answer takes as long. Who was invited and never
    came gets the invitation again.
    """
    user = User.objects.active().filter(email=email).first()
    if user is not None and not user.has_joined:
        invite_again(user, by=user)
        return
    with transaction.atomic():
        _put_link(user or User(pk=0, email=email))
        if user is None:
            transaction.set_rollback(True)


def _put_link(user: User) -> None:
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": int_to_base36(user.pk), "key": default_token_generator.make_token(user)},
    )
    context = {"link": settings.ADDRESS + path, "hours": settings.PASSWORD_RESET_TIMEOUT // 3600}
    write_to(user, "password", "password", context, wipe_after_sending=True)


@transaction.atomic
def note_sign_in_change(user: User, change: str, *, address: str) -> None:
    """Write to the trail, and to its owner, that something about how an account signs in was changed.

    change  one of SIGN_IN_CHANGES
    """
    audit.record(by=user, action=f"people.{change}", target=user, after={"address": address})
    context = {"sentence": SIGN_IN_CHANGES[change], "address": address}
    write_to(user, "security", "security", context, about=user)
