"""The second factor: an app that shows codes, passkeys, recovery codes; and of whom one is required."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.people import sealing
from comity.people.models import User

PURPOSE = "comity.people.second_factor"


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": gettext_lazy(
            "You need a second factor here, and this is your last one. Add another one first."
        ),
        "incorrect_code": gettext_lazy("This code is wrong or has expired. Enter the one shown now."),
    }

    def encrypt(self, text: str) -> str:
        """Secrets lie encrypted in the database, so that a copy of it signs nobody in."""
        return sealing.keys(PURPOSE).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.keys(PURPOSE).decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        user: User = authenticator.user
        others = factors_of(user).exclude(pk=authenticator.pk)
        return others.exists() or not is_required_of(user)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002  (allauth's name)
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Passkey %(number)s") % {"number": number}

    def _get_site_name(self) -> str:
        return "Comity"


def factors_of(user: User | OuterRef) -> QuerySet[Any, Any]:
    """What someone can prove themselves with besides the password; recovery codes alone are none."""
    rows: QuerySet[Any, Any] = Authenticator.objects.filter(
        user=user, type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    )
    return rows


def is_required_of(user: User) -> bool:
    """Whether this person may go nowhere without a second factor."""
    rule = settings.SECOND_FACTOR  # "required", "office" or "optional"
    return rule == "required" or (rule == "office" and user.is_office)
