"""What the permission matrix asks of the URLs of people: none of them belongs to a partner.

Those under /people/ are an administrator's and name anyone who signs in; those of one's own (absences, passkeys) answer
404 for what belongs to someone else.
"""

from __future__ import annotations

from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.utils import timezone

from comity.partners.models import Membership, Partner
from comity.people.models import Absence, Invitation, User
from comity.people.tokens import new_token
from comity.testing.cast import Cast
from comity.testing.matrix import Arguments, Subject


def person_of(cast: Cast, partner: Partner) -> Arguments:
    """Someone who acts for the partner."""
    return (Membership.objects.filter(partner=partner).values_list("user", flat=True)[0],)


def absence_of_someone(cast: Cast, partner: Partner) -> Arguments:
    return (_absence(cast).pk,)


def absence_of_person(cast: Cast, partner: Partner) -> Arguments:
    absence = _absence(cast)
    return (absence.user_id, absence.pk)


def _absence(cast: Cast) -> Absence:
    return Absence.objects.create(user=cast.sol, stand_in=cast.olu, starts_on=cast.today, until_on=cast.today)


def passkey_of_someone(cast: Cast, partner: Partner) -> Arguments:
    """A passkey of someone in the office: nobody else's business."""
    made = Authenticator.objects.create(
        user=cast.sol, type="webauthn", data={"name": "Key", "credential": {}}
    )
    return (made.pk,)


def invitation(cast: Cast, partner: Partner) -> Arguments:
    """The link of an open invitation."""
    raw, token_hash = new_token()
    user = User.objects.create_user(f"new-{raw[:8].lower()}@oit.example.gov", name="Nia New")
    Invitation.objects.create(user=user, token_hash=token_hash, expires_at=timezone.now() + timedelta(days=1))
    return (raw,)


SUBJECTS: dict[str, Subject] = {
    "people:accept": Subject(invitation, absent=("no-such-link",)),
    "people:call-off": Subject(absence_of_someone),
    "people:person-call-off": Subject(absence_of_person, absent=(999_999_999, 999_999_999)),
    "mfa_edit_webauthn": Subject(passkey_of_someone),
    "mfa_remove_webauthn": Subject(passkey_of_someone),
    "account_reset_password_from_key": Subject(lambda cast, partner: ("1", "a-b"), absent=("zz", "a-b")),
    **{
        f"people:{name}": Subject(person_of)
        for name in (
            "person",
            "photo",
            "edit",
            "person-away",
            "invite-again",
            "withdraw",
            "sign-out",
            "reset-second-factor",
            "deactivate",
            "reactivate",
        )
    },
}
