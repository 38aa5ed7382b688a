"""How the permission matrix gets at what is said of a wave."""

from __future__ import annotations

from uuid import uuid4

from django.utils import timezone

from comity.partners.models import Partner
from comity.surveys.models import Account, Deed, Wave
from comity.surveys.services.accounts import token_for
from comity.surveys.tests import world
from comity.testing.cast import Cast
from comity.testing.matrix import Arguments, PersonalSubject, Subject


def _said(cast: Cast, partner: Partner) -> Deed:
    wave = world.wave(
        state=Wave.State.CLOSED, key=f"told-{uuid4().hex[:12]}", name=f"Canary of {partner.name}"
    )
    account = Account.objects.create(wave=wave, published_at=timezone.now())
    return Deed.objects.create(
        account=account, partner=partner, heard_en=f"Canary heard at {partner.name}", done_en="Done."
    )


def _wave(cast: Cast, partner: Partner) -> Arguments:
    return (_said(cast, partner).account.wave_id,)


def _deed(cast: Cast, partner: Partner) -> Arguments:
    return (_said(cast, partner).pk,)


def _link(cast: Cast, partner: Partner) -> Arguments:
    return (token_for(_said(cast, partner).account.wave, partner.pk),)


SUBJECTS: dict[str, Subject | PersonalSubject] = {
    **{
        f"surveys:{name}": Subject(_wave, office_only=True)
        for name in (
            "account",
            "deed_new",
            "account_intro",
            "account_publish",
            "account_take_back",
            "account_tell",
        )
    },
    **{f"surveys:{name}": Subject(_deed, office_only=True) for name in ("deed_change", "deed_remove")},
    "surveys:account_page": Subject(_link, absent=("made-up",)),
}
