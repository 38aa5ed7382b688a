"""Passwords and sign-in as allauth does them, with our sentences, our outbox and our count of failures."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.people import services
from comity.people.models import User, as_stored
from comity.people.throttle import ACCOUNT, ADDRESS
from comity.people.tokens import client_address
from comity.ui.components.page import tell


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy("The email and password do not match. Check both."),
        "too_many_login_attempts": gettext_lazy(
            "Too many attempts. Wait 15 minutes and try again, or choose a new password by email."
        ),
        "enter_current_password": gettext_lazy("This is not your password."),
        "incorrect_password": gettext_lazy("This is not your password."),
        "incorrect_code": gettext_lazy("This code is wrong or has expired. Enter the one shown now."),
        "rate_limited": gettext_lazy("Too many attempts. Wait 15 minutes and try again."),
    }

    # --- who may come in ---

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs themselves up; people are invited."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt before it is made, for the account, whether or not there is one, and for the address.

        Counting first means that many attempts at the same moment cannot slip through together.
        """
        too_many = [
            ACCOUNT.hit(as_stored(credentials.get("email", ""))),
            ADDRESS.hit(client_address(request)),
        ]
        if any(too_many):
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        user: User | None = super().authenticate(request, **credentials)
        if user is not None:
            ACCOUNT.forgive(user.email)
            # Only this one attempt: who owns one account cannot wipe out what was counted of their guesses at others.
            ADDRESS.take_back(client_address(request))
        return user

    def reauthenticate(self, user: User, password: str) -> bool:
        right = self.authenticate(self.request, email=user.email, password=password) == user
        if right:
            services.renew_session(self.request)
        return right

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        services.begin_session(request)

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Not in the first minutes after signing in, in which one has just proved who one is."""
        return not services.has_just_signed_in(self.request)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """A passkey outlives an account: its holder is told what everyone is told who cannot sign in."""
        tell(request, _("We do not recognize this passkey."), level=messages.ERROR)
        return redirect("account_login")

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request) or "127.0.0.1"

    # --- what follows ---

    def set_password(self, user: User, password: str) -> None:
        services.set_password(user, password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("people:me")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        raise NotImplementedError(f"{template_prefix} has no mail in our outbox.")

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """allauth reports here each change to how someone signs in: it goes into the trail, and to its owner."""
        services.note_sign_in_change(
            user, template_prefix.rsplit("/", 1)[-1], address=self.get_client_ip(self.request)
        )
