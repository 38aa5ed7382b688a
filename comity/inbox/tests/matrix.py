"""How the permission matrix gets a mail that waits, and a partner's own address: the office's alone."""

from __future__ import annotations

from django.utils import timezone

from comity.inbox.models import Received
from comity.partners.models import Partner
from comity.testing.cast import Cast
from comity.testing.matrix import Arguments, Subject


def mail_about(_cast: Cast, partner: Partner) -> Received:
    found, _made = Received.objects.get_or_create(
        message_hash=f"matrix-{partner.pk}",
        defaults={
            "partner": partner,
            "subject": f"Canary of {partner.name}",
            "sender": "somebody@else.example",
            "sent_at": timezone.now(),
            "state": Received.State.WAITS,
        },
    )
    return found


def _mail(cast: Cast, partner: Partner) -> Arguments:
    return (mail_about(cast, partner).pk,)


SUBJECTS = {
    **{f"inbox:{name}": Subject(_mail, office_only=True) for name in ("mail", "file", "discard")},
    **{
        f"inbox:{name}": Subject(lambda _cast, partner: (partner.pk,), office_only=True)
        for name in ("partner", "renew")
    },
}
