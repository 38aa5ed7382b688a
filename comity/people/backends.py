"""Signing in, and fetching who is signed in with all a page needs to know of them, in one query."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from comity.people.models import User, as_stored


class Backend(AuthenticationBackend):
    """By e-mail and password; inactive people are nobody, and roles come along."""

    def get_user(self, user_id: Any) -> User | None:
        return User.objects.active().with_roles().filter(pk=user_id).first()

    def _authenticate_by_email(self, email: str, password: str) -> User | None:
        # Who was deactivated, or has no password yet, is as unknown as a stranger, and the answer takes as long:
        # where no password is compared, allauth hashes this one for nothing.
        user = User.objects.active().filter(email=as_stored(email)).first()
        if user is None or not user.has_usable_password():
            return None
        found: User | None = self._check_password(user, password)
        return found
