"""Each partner's own address, `log+TOKEN@...`: who may write to it is nobody's secret to keep but the office's.

TOKEN names the partner and proves, by an HMAC over the partner and how often its address was renewed, that the address was
given by this installation. Nothing of it is kept: an old one stops working when the counter moves on.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from comity.inbox.models import Renewal
from comity.partners.models import Partner

SALT = "comity.inbox.address"
PROOF = 16  # letters of the HMAC: 80 bits
TOKEN = re.compile(rf"^([0-9]{{1,12}})-([a-z2-7]{{{PROOF}}})$")


def address_of(partner: Partner) -> str:
    """Where mail about this partner is to be sent; "" where this installation takes none."""
    if not settings.MAIL_IN:
        return ""
    box, _at, host = settings.MAIL_IN.partition("@")
    return f"{box}+{partner.pk}-{_proof(partner.pk)}@{host}"


def partner_at(addressed: Iterable[str]) -> Partner | None:
    """The partner whose address is among these; the one it was merged into, if it was. None where there is none."""
    for address in addressed:
        box, _plus, token = address.partition("@")[0].partition("+")
        known = TOKEN.match(token.lower())
        if box.lower() != settings.MAIL_IN.partition("@")[0].lower() or known is None:
            continue
        partner = Partner.objects.filter(pk=int(known[1])).select_related("merged_into").first()
        if partner is not None and constant_time_compare(known[2], _proof(partner.pk)):
            return partner.merged_into or partner
    return None


def _proof(partner_id: int) -> str:
    counter = Renewal.objects.filter(pk=partner_id).values_list("counter", flat=True).first() or 0
    mac = salted_hmac(SALT, f"{partner_id}:{counter}", algorithm="sha256").digest()
    return base64.b32encode(mac).decode().lower()[:PROOF]
