"""How it stands with each partner: snapshots, the weights they are reckoned by, plays, overrides, and maturity."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comity.access import OfficeQuerySet
from comity.core.health import Band as Bands
from comity.core.health import Health
from comity.followups.models import FollowUp
from comity.health.parts import USUAL
from comity.partners.models import Partner

if TYPE_CHECKING:
    from comity.people.models import User


class Band(models.TextChoices):
    """`core.health.Band` in words, the worst first."""

    RISK = Bands.RISK.value, _("At risk")
    WATCH = Bands.WATCH.value, _("Worth watching")
    GOOD = Bands.GOOD.value, _("Good")
    UNKNOWN = Bands.UNKNOWN.value, _("Not enough data")


SIGNS = {Band.RISK: "bad", Band.WATCH: "warn", Band.GOOD: "good", Band.UNKNOWN: "none"}
RANKS = {band: rank for rank, band in enumerate(Band)}
KNOWN_BANDS = [choice for choice in Band.choices if choice[0] != Band.UNKNOWN]


class Weights(models.Model):
    """What each part counts, from a moment on: each change is a new row, and no row ever changes."""

    values: Any = models.JSONField(_("weights"))
    reason = models.CharField(
        _("why"), max_length=300, help_text=_("One sentence for whoever asks next year.")
    )
    set_by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField(auto_now_add=True)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("weights")
        verbose_name_plural = _("weights")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.reason


class SnapshotQuerySet(OfficeQuerySet[Any]):
    def last(self) -> Self:
        """The last one of each partner; whoever is served no longer is among them until the next night."""
        return self.filter(is_last=True)

    def fallen(self, since: date) -> Self:
        """Those that came into a worse band on a day or after it."""
        return self.filter(_fell(since))

    def counted(self, since: date) -> dict[str, int]:
        """How many are in each band, and under "fell" how many fell since a day; one query, of an index alone."""
        asked = {band.value: Count("pk", filter=Q(rank=rank)) for band, rank in RANKS.items()}
        return self.order_by().aggregate(**asked, fell=Count("pk", filter=_fell(since)))


def _fell(since: date) -> Q:
    worse = Q(was=Band.GOOD, rank__lt=RANKS[Band.GOOD]) | Q(was=Band.WATCH, rank__lt=RANKS[Band.WATCH])
    return worse & Q(since__gte=since)


class Snapshot(models.Model):
    """How it stood with a partner on a day.

    readings  part -> its value in percent (None without data), the day of its evidence, and the few numbers behind it
    stops     the hard stops, by their names
    rank      of the band, the worst first
    since     the day it came into this band; `was` is the band before, and `why` the part or the stop that moved it
    change    points since a month before; `moved` is the part that did most of it
    fell      on this day the band fell, reckoned by the same weights
    told_at   when those concerned were told of that, and what starts by itself was started
    """

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="health")
    taken_on = models.DateField(_("counted on"))
    is_last = models.BooleanField(default=True)
    weights = models.ForeignKey(Weights, models.PROTECT, related_name="+")
    readings: Any = models.JSONField(default=dict)
    stops: Any = models.JSONField(default=list)
    score = models.PositiveSmallIntegerField(_("score"), null=True)
    band = models.CharField(_("band"), max_length=10, choices=Band.choices)
    rank = models.PositiveSmallIntegerField(default=RANKS[Band.UNKNOWN])
    since = models.DateField(_("since"))
    was = models.CharField(max_length=10, blank=True)
    why = models.CharField(max_length=20, blank=True)
    change = models.SmallIntegerField(_("change in 30 days"), null=True)
    moved = models.CharField(_("what moved it"), max_length=20, blank=True)
    fell = models.BooleanField(default=False)
    told_at = models.DateTimeField(null=True)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = _("health")
        verbose_name_plural = _("health")
        ordering = ["partner", "-taken_on"]
        constraints = [models.UniqueConstraint(name="snapshot_once_a_day", fields=["partner", "taken_on"])]
        indexes = [
            # In the order of the list, and with all that the figures ask.
            models.Index(
                name="snapshot_last_by_rank",
                fields=["rank", "score", "id", "since", "was"],
                condition=Q(is_last=True),
            ),
            models.Index(name="snapshot_last", fields=["partner"], condition=Q(is_last=True)),
            models.Index(name="snapshot_by_day", fields=["taken_on", "partner"]),
            models.Index(name="snapshot_to_tell", fields=["partner"], condition=Q(fell=True, told_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.partner}, {self.taken_on}"

    def get_absolute_url(self) -> str:
        return reverse("health:partner", args=[self.partner_id])

    def under(self, weights: dict[str, int]) -> Health:
        """What was known on this day, reckoned by some weights; a part that these do not name counts as it usually does."""
        values = {part: reading[0] for part, reading in self.readings.items()}
        return Health(
            values, {part: weights.get(part, USUAL.get(part, 1)) for part in values}, len(self.stops)
        )

    @property
    def sign(self) -> str:
        """The color of its tag."""
        return SIGNS[Band(self.band)]


class Step(models.Model):
    """One step of the play of a band: a follow-up, who owns it, and within how many days it is due.

    by_itself  it is raised as soon as somebody falls into the band; else somebody starts it
    """

    class Owner(models.TextChoices):
        LEAD = "lead", _("The lead contact")
        CCO = "cco", _("The chief customer officer")
        CIO = "cio", _("The chief information officer")

    band = models.CharField(_("for those that are"), max_length=10, choices=Band.choices)
    title = models.CharField(_("what is to be done"), max_length=200)
    owner = models.CharField(_("who does it"), max_length=10, choices=Owner.choices, default=Owner.LEAD)
    days = models.PositiveSmallIntegerField(
        _("within how many days"), default=10, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    by_itself = models.BooleanField(_("starts by itself when somebody falls into this band"), default=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a play")
        verbose_name_plural = _("plays")
        ordering = ["band", "days", "pk"]

    def __str__(self) -> str:
        return self.title


class Started(models.Model):
    """A step that was raised because of a fall: once for each fall, whoever starts it.

    since  the day the partner came into the band
    """

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+")
    since = models.DateField()
    step = models.ForeignKey(Step, models.SET_NULL, null=True, related_name="+")
    follow_up = models.ForeignKey(FollowUp, models.PROTECT, related_name="+")

    objects = OfficeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="step_once_for_a_fall", fields=["partner", "since", "step"])
        ]

    def __str__(self) -> str:
        return str(self.follow_up)


class OverrideQuerySet(OfficeQuerySet[Any]):
    def on(self, day: date) -> Self:
        """Those that stand on a day."""
        return self.filter(ended_at=None, until__gte=day)


class Override(models.Model):
    """What somebody holds the band to be, for a reason and a while; it stands beside the band and hides nothing.

    until  the last day it stands
    """

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+")
    band = models.CharField(_("what you hold it to be"), max_length=10, choices=KNOWN_BANDS)
    reason = models.TextField(_("why"), max_length=1_000)
    until = models.DateField(_("until"))
    made_by = models.ForeignKey("people.User", models.PROTECT, related_name="+", editable=False)
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, editable=False)

    objects = OverrideQuerySet.as_manager()

    class Meta:
        verbose_name = _("override")
        ordering = ["-pk"]
        indexes = [models.Index(name="override_standing", fields=["partner"], condition=Q(ended_at=None))]

    def __str__(self) -> str:
        return str(self.get_band_display())

    @property
    def sign(self) -> str:
        return SIGNS[Band(self.band)]


class MaturityQuerySet(models.QuerySet["Maturity"]):
    def visible_to(self, user: User) -> MaturityQuerySet:
        """The office all; a partner's user what its own partners said."""
        if user.is_office:
            return self
        return self.filter(side=Maturity.Side.THEIRS, partner__in=Partner.objects.visible_to(user))


class Maturity(models.Model):
    """How far one side sees the relationship; each rating is a row, so that the history stays."""

    class Side(models.TextChoices):
        OURS = "ours", _("Our office")
        THEIRS = "theirs", _("Their side")

    class Level(models.IntegerChoices):
        AD_HOC = 1, _("Ad hoc")
        ORDER_TAKER = 2, _("Order taker")
        PROVIDER = 3, _("Service provider")
        ADVISOR = 4, _("Trusted advisor")
        PARTNER = 5, _("Strategic partner")

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="maturity")
    side = models.CharField(max_length=6, choices=Side.choices, editable=False)
    level = models.PositiveSmallIntegerField(_("where do we stand?"), choices=Level.choices)
    words = models.TextField(_("what makes you say so?"), max_length=1_000, blank=True)
    rated_by = models.ForeignKey("people.User", models.PROTECT, related_name="+", editable=False)
    rated_at = models.DateTimeField(auto_now_add=True)

    objects = MaturityQuerySet.as_manager()

    class Meta:
        verbose_name = _("maturity")
        ordering = ["-pk"]
        indexes = [models.Index(name="maturity_of_partner", fields=["partner", "side", "-id"])]
        constraints = [models.CheckConstraint(name="maturity_one_to_five", condition=Q(level__range=(1, 5)))]

    def __str__(self) -> str:
        return str(self.get_level_display())
