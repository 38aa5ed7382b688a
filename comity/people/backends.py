"""Signing in, and fetching who is signed in with all a page needs to know of them in two queries."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from comity.people.models import User


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """allauth's backend; inactive people are nobody, and roles come along."""

    def get_user(self, user_id: Any) -> User | None:
        user: User | None = User.objects.active().prefetch_related("grants").filter(pk=user_id).first()
        return user
