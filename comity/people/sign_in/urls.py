"""The addresses of signing in: of allauth's pages those we use, under our own words.

They wear none of our decorators, so it is said here who they are for.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from comity.access import Audience, declare

View = Callable[..., HttpResponseBase]
ANYONE = "Whoever signs in has not signed in yet."


def page(route: str, view: View, name: str, public: str = "") -> URLPattern:
    """One of their pages, for the methods it has; OPTIONS of a class would answer even for what does not exist.

    public  why anyone may see it; else whoever is signed in, of whom it shows and changes only what is their own
    """
    answered = require_http_methods(["GET", "HEAD", "POST"])(_refusing(view))
    audience = Audience("public", reason=public) if public else Audience("signed in")
    return path(route, declare(answered, audience), name=name)


def _refusing(view: View) -> View:
    """Their forms answer 200 with what is wrong; a form that was taken leads on. Ours say 422."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **more: Any) -> HttpResponseBase:
        answer = view(request, *args, **more)
        if request.method == "POST" and answer.status_code == 200:
            answer.status_code = 422
        return answer

    return answered


urlpatterns = [
    page("sign-in/", account.login, "account_login", ANYONE),
    page("sign-in/second-factor/", mfa.authenticate, "mfa_authenticate", ANYONE),
    page("sign-in/passkey/", login_not_required(passkeys.login_webauthn), "mfa_login_webauthn", ANYONE),
    page(
        "sign-out/",
        login_not_required(account.logout),
        "account_logout",
        "Who is signed out already may ask for it again.",
    ),
    page("confirm/", account.reauthenticate, "account_reauthenticate"),
    page("confirm/code/", mfa.reauthenticate, "mfa_reauthenticate"),
    page("confirm/passkey/", passkeys.reauthenticate_webauthn, "mfa_reauthenticate_webauthn"),
    page("password/", account.password_change, "account_change_password"),
    page(
        "password/forgotten/",
        account.password_reset,
        "account_reset_password",
        "Who forgot the password cannot sign in.",
    ),
    page(
        "password/forgotten/sent/",
        account.password_reset_done,
        "account_reset_password_done",
        "It says only that a mail may have been sent.",
    ),
    page(
        "password/new/done/",
        account.password_reset_from_key_done,
        "account_reset_password_from_key_done",
        "It says only that one can sign in now.",
    ),
    page(
        "password/new/<str:uidb36>/<str:key>/",
        account.password_reset_from_key,
        "account_reset_password_from_key",
        "The link of the mail stands for the person.",
    ),
    page("me/second-factor/", mfa.index, "mfa_index"),
    page("me/second-factor/app/add/", app.activate_totp, "mfa_activate_totp"),
    page("me/second-factor/app/remove/", app.deactivate_totp, "mfa_deactivate_totp"),
    page("me/second-factor/recovery-codes/", codes.view_recovery_codes, "mfa_view_recovery_codes"),
    page(
        "me/second-factor/recovery-codes/new/", codes.generate_recovery_codes, "mfa_generate_recovery_codes"
    ),
    page(
        "me/second-factor/recovery-codes/file/", codes.download_recovery_codes, "mfa_download_recovery_codes"
    ),
    page("me/second-factor/passkeys/", passkeys.list_webauthn, "mfa_list_webauthn"),
    page("me/second-factor/passkeys/add/", passkeys.add_webauthn, "mfa_add_webauthn"),
    page("me/second-factor/passkeys/<int:pk>/rename/", passkeys.edit_webauthn, "mfa_edit_webauthn"),
    page("me/second-factor/passkeys/<int:pk>/remove/", passkeys.remove_webauthn, "mfa_remove_webauthn"),
]
