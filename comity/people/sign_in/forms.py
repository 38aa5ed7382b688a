"""allauth's forms in our words; what they count, they count in the database."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms as codes
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.contrib.auth.tokens import default_token_generator
from django.utils.translation import gettext_lazy as _

from comity.people import services, throttle
from comity.people.models import User, as_stored
from comity.people.tokens import client_address

PASSWORD_HINT = _("At least 15 characters of any kind. A few words in a row work well.")
LONGEST_PASSWORD = 1000


def email_field() -> forms.EmailField:
    return forms.EmailField(
        label=_("Email"), widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"})
    )


def password_field(label: Any, *, new: bool = False, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password" if new else "current-password"}),
    )


class LoginForm(account.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = email_field()
        self.fields["password"] = password_field(_("Password"))


class ReauthenticateForm(account.ReauthenticateForm):
    password = password_field(_("Your password"))


class _NewPassword:
    """The new password is typed once: a browser shows it on demand, and a reset mends a slip."""

    user: User
    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        self.fields["password1"] = password_field(_("New password"), new=True, hint=PASSWORD_HINT)

    def clean_password1(self) -> str:
        typed: str = self.cleaned_data["password1"]
        get_adapter().clean_password(typed, user=self.user)
        return typed


class ChangePasswordForm(_NewPassword, account.ChangePasswordForm):
    oldpassword = password_field(_("Current password"))

    def clean_oldpassword(self) -> str:
        typed: str = self.cleaned_data["oldpassword"]
        if not get_adapter().reauthenticate(self.user, typed):
            raise get_adapter().validation_error("enter_current_password")
        return typed


class ResetPasswordKeyForm(_NewPassword, account.ResetPasswordKeyForm):
    pass


class UserTokenForm(account.UserTokenForm):
    """A link of a reset mail: expired, used, cut short and made up are all the same, and all are counted."""

    token_generator = default_token_generator

    def clean(self) -> dict[str, Any]:
        address = client_address(context.request)
        if throttle.LINK.is_used_up(address):
            raise get_adapter().validation_error("invalid_password_reset")
        try:
            cleaned: dict[str, Any] = super().clean()
        except forms.ValidationError:
            throttle.LINK.hit(address)
            raise
        if self.reset_user is None or not self.reset_user.is_active:
            raise get_adapter().validation_error("invalid_password_reset")
        return cleaned


class ResetPasswordForm(forms.Form):
    """Asks for a mail; says the same whether or not there is such an account."""

    email = email_field()

    def clean(self) -> dict[str, Any]:
        if throttle.RESET_ADDRESS.hit(client_address(context.request)):
            raise get_adapter().validation_error("rate_limited")
        return self.cleaned_data

    def save(self, request: Any) -> str:
        email = as_stored(self.cleaned_data["email"])
        if not throttle.RESET_MAIL.hit(email):
            services.mail_password_link(email)
        return email


class _Code:
    """A code that may be tried ten times, and used once."""

    user: User
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label = _("Code")
        field.widget = forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "maxlength": 40,
                "autofocus": True,
            }
        )

    def clean_code(self) -> str:
        account_key = str(self.user.pk)
        if throttle.CODE.hit(account_key):
            raise get_adapter().validation_error("rate_limited")
        code: str = super().clean_code()  # type: ignore[misc]  # of the form it is mixed into
        if throttle.CODE_USED.hit(f"{account_key}:{''.join(code.split())}"):
            raise get_adapter().validation_error("incorrect_code")
        throttle.CODE.forgive(account_key)
        return code


class AuthenticateForm(_Code, codes.AuthenticateForm):
    pass


class ReauthenticateCodeForm(_Code, codes.ReauthenticateForm):
    def save(self) -> None:
        super().save()
        services.renew_session(context.request)


class ActivateAppForm(_Code, totp.ActivateTOTPForm):
    pass


class ReauthenticatePasskeyForm(webauthn.ReauthenticateWebAuthnForm):
    def clean_credential(self) -> Any:
        credential = super().clean_credential()
        services.renew_session(context.request)
        return credential


class AddPasskeyForm(webauthn.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label=_("Name of this passkey"),
            max_length=60,
            help_text=_("So you can recognize it later. For example, “My laptop” or “Key on my keychain”."),
        )
        self.fields.pop("passwordless", None)
        self.fields["passwordless"] = forms.BooleanField(
            label=_("Sign in with this passkey alone, without a password"),
            required=False,
            initial=True,
            help_text=_("It will ask for your fingerprint, face or PIN each time."),
        )


class RenamePasskeyForm(webauthn.EditWebAuthnForm):
    name = forms.CharField(label=_("Name of this passkey"), max_length=60)
