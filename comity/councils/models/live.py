"""A live session of a council's meeting: the phones in it, and what those who look on are told as it happens."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comity.councils.models.councils import Seat
from comity.councils.models.meetings import CouncilMeeting
from comity.councils.models.topics import Topic

if TYPE_CHECKING:
    from comity.people.models import User

GONE_AFTER = timedelta(minutes=2)
_LOCK = 7_733_002  # of this database's advisory locks, the one of events


class LiveSessionQuerySet(models.QuerySet["LiveSession"]):
    def visible_to(self, user: User) -> LiveSessionQuerySet:
        """The office's screens; a phone has a session by its own token."""
        return self if user.is_office else self.none()

    def going_on(self) -> LiveSessionQuerySet:
        return self.filter(ended_at=None)


class LiveSession(models.Model):
    """Everybody in the room brings up topics at once; one of them is spoken of at a time.

    code         what stands on the wall while it goes on, and is forgotten at its end
    facilitator  who runs it now
    seen_at      when their screen was last heard of
    timer_until  when the time for the topic at hand is up
    locked       whether nothing may be written for now
    """

    meeting = models.ForeignKey(CouncilMeeting, models.PROTECT, related_name="sessions")
    code = models.CharField(max_length=6, blank=True)
    facilitator = models.ForeignKey("people.User", models.PROTECT, related_name="+")
    seen_at = models.DateTimeField()
    at_hand = models.ForeignKey(Topic, models.PROTECT, null=True, related_name="+")
    timer_until = models.DateTimeField(null=True)
    locked = models.BooleanField(default=False)
    begun_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    objects = LiveSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("live session")
        constraints = [
            models.UniqueConstraint(
                name="live_session_one_for_a_meeting", fields=["meeting"], condition=Q(ended_at=None)
            ),
            models.UniqueConstraint(name="live_session_code", fields=["code"], condition=~Q(code="")),
        ]

    def __str__(self) -> str:
        return str(self.meeting)

    def get_absolute_url(self) -> str:
        return reverse("councils:live", args=[self.pk])

    def gone_since(self, now: datetime) -> datetime | None:
        """Since when nothing has been heard of the facilitator's screen, if for two minutes; nobody misses it afterwards."""
        return None if self.ended_at or now - self.seen_at < GONE_AFTER else self.seen_at

    def shown(self) -> dict[str, Any]:
        """What everybody in the room sees of it, as plain values."""
        return {
            "hand": self.at_hand.shown() if self.at_hand else None,
            "until": self.timer_until and self.timer_until.isoformat(),
            "locked": self.locked,
            "ended": self.ended_at is not None,
        }


class PhoneQuerySet(models.QuerySet["Phone"]):
    def standing(self) -> PhoneQuerySet:
        """Those whose seat was not released."""
        return self.filter(released_at=None)

    def raised(self) -> PhoneQuerySet:
        """Those with a raised hand, the first raised first."""
        return self.standing().exclude(hand_at=None).order_by("hand_at", "pk")


class Phone(models.Model):
    """A phone that joined with the code: for a seat, or for a guest, who writes but does not vote."""

    session = models.ForeignKey(LiveSession, models.PROTECT, related_name="phones")
    seat = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="phones")
    guest = models.CharField(max_length=100, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    released_at = models.DateTimeField(null=True)
    hand_at = models.DateTimeField(null=True)

    objects = PhoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("phone")
        constraints = [
            models.UniqueConstraint(
                name="phone_one_for_a_seat", fields=["session", "seat"], condition=Q(released_at=None)
            ),
            models.CheckConstraint(
                name="phone_of_a_seat_or_a_guest",
                condition=Q(seat=None) & ~Q(guest="") | Q(seat__isnull=False, guest=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.seat) if self.seat else f"{self.guest} ({_('guest')})"


class LiveEvent(models.Model):
    """Something that happened in a session, as everybody in the room may see it; its key is its number.

    Numbers are drawn one transaction after the other, so that whoever has read up to one has missed none below it.
    """

    session = models.ForeignKey(LiveSession, models.CASCADE, related_name="events")
    said = models.JSONField()

    class Meta:
        ordering = ["pk"]


def tell(session: LiveSession, **said: Any) -> None:
    """Say what happened to all who listen. Call it last in the transaction: others who tell something wait for its end."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    LiveEvent.objects.create(session=session, said=said)


def told(session_id: int, after: int) -> list[tuple[int, dict[str, Any]]]:
    """What happened in a session after a number."""
    return list(LiveEvent.objects.filter(session=session_id, pk__gt=after).values_list("pk", "said"))


def last_told(session: LiveSession) -> int:
    """The number of what happened last; asked before a page reads what it shows, nothing falls between the two."""
    found = session.events.order_by("-pk").values_list("pk", flat=True).first()
    return found or 0
