"""Who the views of allauth are for. They wear none of our decorators, so it is said here, by the name of each URL."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponseBase

from comity.access import Audience, declare

ANYONE = "Whoever signs in has not signed in yet."
OWN = Audience("signed in")  # each shows and changes only what belongs to whoever asks

AUDIENCES: dict[str, Audience] = {
    "account_login": Audience("public", reason=ANYONE),
    "account_logout": Audience("public", reason="Who is signed out already may ask for it again."),
    "account_reset_password": Audience("public", reason="Who forgot the password cannot sign in."),
    "account_reset_password_done": Audience("public", reason="It says only that a mail may have been sent."),
    "account_reset_password_from_key": Audience(
        "public", reason="The link of the mail stands for the person."
    ),
    "account_reset_password_from_key_done": Audience(
        "public", reason="It says only that one can sign in now."
    ),
    "account_reauthenticate": OWN,
    "account_change_password": OWN,
    "mfa_authenticate": Audience("public", reason=ANYONE),
    "mfa_login_webauthn": Audience("public", reason=ANYONE),
    "mfa_index": OWN,
    "mfa_reauthenticate": OWN,
    "mfa_activate_totp": OWN,
    "mfa_deactivate_totp": OWN,
    "mfa_view_recovery_codes": OWN,
    "mfa_generate_recovery_codes": OWN,
    "mfa_download_recovery_codes": OWN,
    "mfa_list_webauthn": OWN,
    "mfa_add_webauthn": OWN,
    "mfa_remove_webauthn": OWN,
    "mfa_edit_webauthn": OWN,
    "mfa_reauthenticate_webauthn": OWN,
}

View = Callable[..., HttpResponseBase]


def stated(name: str, view: View) -> View:
    """The view, wearing the audience its URL has here. Raises KeyError for one of which nothing is said."""
    return declare(view, AUDIENCES[name])
