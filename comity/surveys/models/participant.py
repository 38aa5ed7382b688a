"""Who was asked in a wave, and whether they were reached."""

from __future__ import annotations

from django.db import models
from django.db.models import Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from comity.access import OfficeQuerySet
from comity.partners.models import Partner, Person
from comity.surveys.models.wave import Mode, Rules, Wave

# Whose invitation left and did not come back; and, where the office sees who answered, whoever did, whatever became of the
# mail. Where names are kept back that would tell of somebody on the list of those not reached that they answered.
REACHED = Q(state="sent") | Q(answered=True, wave__mode=Mode.NAMED)


class ParticipantQuerySet(OfficeQuerySet["Participant"]):
    """Whom the office asked is the office's business."""

    def reached(self) -> ParticipantQuerySet:
        """Those who count as reached."""
        return self.filter(REACHED)

    def answerable(self) -> ParticipantQuerySet:
        """Those of open waves, with all that the page of answers needs: two queries, one of them for the questions.

        low_rating  by the office's rules, since an answer that low is heard at once
        """
        low = Subquery(Rules.objects.order_by("pk").values("low_rating")[:1])
        return (
            self.filter(wave__state__in=Wave.ANSWERABLE)
            .select_related("wave__version", "partner", "person")
            .prefetch_related("wave__version__questions")
            .annotate(low_rating=Coalesce(low, Value(Rules().low_rating)))
        )

    def to_send(self) -> ParticipantQuerySet:
        """Those whose first mail is still to be written."""
        return self.once().filter(state=Participant.State.WAITING)

    def once(self) -> ParticipantQuerySet:
        """Each person once: of two in a wave that were made one since, the one that stands."""
        return self.filter(person__merged_into=None)


class Participant(models.Model):
    """One person asked once in a wave. Holds a hash of the link's token, never the token, and no time of an answer.

    kind, tier, size  what the partner was when it was asked, for the breakdowns
    token_hash        of the link; in an anonymous wave gone once it is closed
    answered          in an anonymous wave never said of anybody
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("To be sent")
        SENT = "sent", _("Sent")
        RESTING = "resting", _("Asked too recently")
        NO_ADDRESS = "no_address", _("No email address")
        BOUNCED = "bounced", _("Email bounced")
        OPTED_OUT = "opted_out", _("Asked us to stop")

    wave = models.ForeignKey(Wave, models.CASCADE, related_name="participants")
    person = models.ForeignKey(Person, models.PROTECT, related_name="participants")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="participants", db_index=False)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=5, default="en")
    kind = models.CharField(max_length=15, blank=True)
    tier = models.CharField(max_length=50, blank=True)
    size = models.CharField(max_length=15, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    token_hash = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001  # none until it is sent
    sent_on = models.DateField(null=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    answered = models.BooleanField(default=False)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["wave", "person"], name="asked_once_in_a_wave")]
        indexes = [
            # How far a wave is: counted from the index alone.
            models.Index(name="participant_counted", fields=["wave", "state", "answered"]),
            models.Index(fields=["person", "sent_on"]),
            # Whether a partner's people were reached and have answered: with all four, no database takes the one above for it.
            models.Index(name="participant_of_partner", fields=["partner", "wave", "state", "answered"]),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.wave}"
