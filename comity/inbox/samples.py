"""Mail to the State of Franklin's office: some that was filed, and one that nobody vouches for."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone

from comity.inbox.models import Received
from comity.partners.models import Partner, Position
from comity.people.models import User

# partner, subject, text; written by the first of its people, or by nobody we know
MAIL = (
    (
        "DOR",
        "Counters in the field offices",
        "As we said on Tuesday: the seven offices, and when each is closed.",
    ),
    ("PRK", "Re: the towers", "Thank you for the plain no. We will ask the budget office, then."),
    ("PRK", "Invoice 4471", "Please confirm your bank details at the link below."),
)


def mail(_staff: Mapping[str, User], partners: Mapping[str, Partner]) -> None:
    for number, (code, subject, text) in enumerate(MAIL):
        stranger = subject.startswith("Invoice")
        post = Position.objects.filter(partner=partners[code], ends_on=None).select_related("person").first()
        person = None if stranger or post is None else post.person
        Received.objects.create(
            partner=partners[code],
            message_hash=f"sample-{number}",
            sender=person.email if person else "accounts@parks-billing.example",
            sender_name=str(person or "Accounts"),
            person=person,
            subject=subject,
            text=text,
            sent_at=timezone.now(),
            state=Received.State.WAITS if stranger else Received.State.FILED,
            why_waits="accounts@parks-billing.example is neither one of us nor of them." if stranger else "",
        )
