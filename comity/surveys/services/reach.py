"""Whom the invitations of a wave reached: what came back, or was stopped afterwards, did not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Value, When
from django.db.models.functions import Cast, Lower

from comity.outbox.models import Message, Suppression
from comity.surveys.models import Participant, Wave
from comity.surveys.services.audience import INVITATION

State = Participant.State
UNDELIVERED = (Message.State.DEAD, Message.State.GIVEN_UP)


@transaction.atomic
def recount(wave_ids: Iterable[int] | None = None) -> int:
    """Bring what is known of the mail of open waves, or of some, up to date; how many participants changed.

    An address that bounced, a mail that came back, and whoever asked us to stop are not reached; once mail is let
    through again they are. Whether somebody answered plays no part: of an anonymous wave it would be told by it.
    """
    waves = Wave.objects.open() if wave_ids is None else Wave.objects.filter(pk__in=list(wave_ids))
    stops = Suppression.objects.filter(address=Lower(OuterRef("email")), kind__in=["", INVITATION])
    mail = Message.objects.filter(
        about_kind=Participant._meta.label, about_id=Cast(OuterRef("pk"), CharField())
    )
    bounced = Exists(stops.filter(reason=Suppression.Reason.BOUNCED))
    found = (
        Participant.objects.filter(wave__in=waves.values("pk"), sent_on__isnull=False)
        .annotate(
            now=Case(
                When(bounced | Exists(mail.filter(state__in=UNDELIVERED)), then=Value(State.BOUNCED)),
                When(
                    Exists(stops) | Exists(mail.filter(state=Message.State.HELD)), then=Value(State.OPTED_OUT)
                ),
                default=Value(State.SENT),
                output_field=CharField(),
            )
        )
        .exclude(state=F("now"))
    )
    moved: dict[str, list[int]] = defaultdict(list)
    for pk, now in found.values_list("pk", "now"):
        moved[now].append(pk)
    return sum(Participant.objects.filter(pk__in=keys).update(state=now) for now, keys in moved.items())


def something_open() -> bool:
    """Whether there is a wave whose mail may still come back."""
    return Wave.objects.open().exists()


def by_state(wave: Wave) -> dict[str, int]:
    """How many participants are in each state; those in which nobody is are left out."""
    rows = wave.participants.order_by().values("state").annotate(count=Count("pk")).order_by("state")
    return {row["state"]: row["count"] for row in rows}
