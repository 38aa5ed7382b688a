"""What the permission matrix asks of the URLs of people: none of them belongs to a partner.

Those under /people/ are an administrator's and name anyone who signs in; those of one's own (absences, passkeys) answer
404 for what belongs to someone else.
"""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from os import urandom
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.files.base import ContentFile
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData
from PIL import Image

from comity.partners.models import Membership, Partner
from comity.people.models import Absence, Invitation, User
from comity.people.tokens import new_token
from comity.testing.cast import Cast
from comity.testing.matrix import Arguments, PersonalSubject, Subject


def person_of(cast: Cast, partner: Partner) -> Arguments:
    """Someone who acts for the partner."""
    return (Membership.objects.filter(partner=partner).values_list("user", flat=True)[0],)


def colleague(cast: Cast, partner: Partner) -> Arguments:
    """Someone of the office: nobody else is away."""
    return (cast.sol.pk,)


def own_absence(cast: Cast, user: User) -> Arguments:
    return (_absence(cast, user).pk,)


def absence_of_person(cast: Cast, partner: Partner) -> Arguments:
    absence = _absence(cast, cast.sol)
    return (absence.user_id, absence.pk)


def _absence(cast: Cast, user: User) -> Absence:
    stand_in = cast.olu if user != cast.olu else cast.sol
    return Absence.objects.create(user=user, stand_in=stand_in, starts_on=cast.today, until_on=cast.today)


def passkey(cast: Cast, user: User) -> Arguments:
    """A passkey is nobody else's business."""
    data = {"name": "Key", "credential": credential()}
    made = Authenticator.objects.create(user=user, type="webauthn", data=data)
    return (made.pk,)


def credential() -> dict[str, Any]:
    """What a browser answers when it has made a passkey."""
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    key = ES256.from_cryptography_key(public)  # type: ignore[no-untyped-call]
    name = urandom(16)
    held = AttestedCredentialData.create(bytes(16), name, key)
    said = AuthenticatorData.create(sha256(b"localhost").digest(), AuthenticatorData.FLAG.AT, 0, held)
    client = CollectedClientData.create("webauthn.create", urandom(16), "https://localhost")
    return {
        "id": websafe_encode(name),
        "rawId": websafe_encode(name),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(client),
            "attestationObject": websafe_encode(AttestationObject.create("none", said, {})),
        },
    }


def photo(cast: Cast, partner: Partner) -> Arguments:
    """The photo of someone in the office, whom everyone may see."""
    if not cast.ana.photo:
        picture = BytesIO()
        Image.new("RGB", (8, 8), "teal").save(picture, "JPEG")
        cast.ana.photo.save("ana.jpg", ContentFile(picture.getvalue()))
    return (cast.ana.pk,)


def invitation(cast: Cast, partner: Partner) -> Arguments:
    """The link of an open invitation."""
    raw, token_hash = new_token()
    user = User.objects.create_user(f"new-{raw[:8].lower()}@oit.example.gov", name="Nia New")
    Invitation.objects.create(user=user, token_hash=token_hash, expires_at=timezone.now() + timedelta(days=1))
    return (raw,)


SUBJECTS: dict[str, Subject | PersonalSubject] = {
    "people:accept": Subject(invitation, absent=("no-such-link",)),
    "people:photo": Subject(photo, absent=None),
    "people:person-away": Subject(colleague),
    "people:call-off": PersonalSubject(own_absence),
    "people:person-call-off": Subject(absence_of_person, absent=(999_999_999, 999_999_999)),
    "mfa_edit_webauthn": PersonalSubject(passkey),
    "mfa_remove_webauthn": PersonalSubject(passkey),
    "account_reset_password_from_key": Subject(lambda cast, partner: ("1", "a-b"), absent=("zz", "a-b")),
    **{
        f"people:{name}": Subject(person_of)
        for name in (
            "person",
            "edit",
            "change-email",
            "invite-again",
            "withdraw",
            "sign-out",
            "reset-second-factor",
            "deactivate",
            "reactivate",
        )
    },
}
