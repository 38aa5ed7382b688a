"""The address of an account: one for all who were asked, one for those of each partner. It names a page, never a person."""

from __future__ import annotations

from dataclasses import dataclass

from django.core import signing
from django.urls import reverse

from comity.partners.models import Partner
from comity.surveys.models import Account, Wave

SALT = "comity.surveys.account"


@dataclass(frozen=True)
class Page:
    """What one address opens; without a partner what is said to all."""

    account: Account
    partner: Partner | None


def token_for(wave: Wave, partner_id: int | None = None) -> str:
    """What stands in the address: signed with this installation's secret, and the same for everybody at a partner."""
    return signing.Signer(salt=SALT).sign(f"{wave.pk}.{partner_id or 0}").replace(":", "-", 1)


def path_for(wave: Wave, partner_id: int | None = None) -> str:
    return reverse("surveys:account_page", args=[token_for(wave, partner_id)])


def page_behind(token: str) -> Page | None:
    """What an address opens: None for one that is no address of ours, and for what is not published."""
    try:
        wave, partner = signing.Signer(salt=SALT).unsign(token.replace("-", ":", 1)).split(".")
    except (signing.BadSignature, ValueError):
        return None
    account = (
        Account.objects.published().select_related("wave__version__survey").filter(wave=int(wave)).first()
    )
    if account is None:
        return None
    return Page(account, _still_there(int(partner)))


def _still_there(partner_id: int) -> Partner | None:
    """The partner, or what it was merged into since its people were written to."""
    partner = (
        Partner.objects.select_related("merged_into").filter(pk=partner_id).first() if partner_id else None
    )
    while partner is not None and partner.merged_into is not None:
        partner = partner.merged_into
    return partner
