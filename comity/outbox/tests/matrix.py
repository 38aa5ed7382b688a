"""How the permission matrix gets mail about a partner, which is the office's to read."""

from __future__ import annotations

from uuid import uuid4

from django.utils import timezone

from comity.outbox.models import Message, Suppression
from comity.testing.cast import Cast
from comity.testing.matrix import Arguments, Partner, Subject


def _mail(cast: Cast, partner: Partner) -> Arguments:
    mail = Message.objects.create(
        kind="test",
        to=f"someone@{partner.code.lower()}.example.gov",
        subject=f"About {partner.name}",
        text=f"Only {partner.name} reads this.",
        message_id=f"<{uuid4()}@test>",
        state=Message.State.DEAD,
        send_after=timezone.now(),
    )
    return (mail.pk,)


def _stopped(cast: Cast, partner: Partner) -> Arguments:
    address = f"{uuid4().hex[:12]}@{partner.code.lower()}.example.gov"
    return (Suppression.objects.create(address=address, reason=Suppression.Reason.BOUNCED).pk,)


SUBJECTS = {
    **{f"outbox:{name}": Subject(_mail, office_only=True) for name in ("message", "try_again", "give_up")},
    "outbox:lift": Subject(_stopped, office_only=True),
    # A signed link that names an address, and no row: whoever holds it is let in, like the mail's reader.
    "outbox:stop": Subject(lambda cast, partner: ("not-signed-by-us",), absent=None),
}
