"""Signing in, and fetching who is signed in with all a page needs to know of them, in one query."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from comity.people.models import User, UserQuerySet, as_stored
from comity.prepared import prepared


@prepared
def _who(*, pk: Any) -> UserQuerySet:
    """Somebody who may sign in, with the roles they were granted."""
    return User.objects.active().with_roles().filter(pk=pk).order_by()


class Backend(AuthenticationBackend):
    """By e-mail and password; inactive people are nobody, and roles come along."""

    def get_user(self, user_id: Any) -> User | None:
        return next(iter(_who(pk=user_id)), None)

    def _authenticate_by_email(self, email: str, password: str) -> User | None:
        # Who was deactivated, or has no password yet, is as unknown as a stranger, and the answer takes as long:
        # where no password is compared, allauth hashes this one for nothing.
        user = User.objects.active().filter(email=as_stored(email)).first()
        if user is None or not user.has_usable_password():
            return None
        found: User | None = self._check_password(user, password)
        return found
