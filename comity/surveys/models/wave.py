"""Waves, by which rules they ask: a survey, in one version, asked of some people between two days, once or again and again."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comity.access import OfficeQuerySet
from comity.people.models import User
from comity.search.sorting import SortKey
from comity.surveys.models.survey import Survey, Version

POPULATION = "population"  # in the audience of an imported wave: how many could have answered


class Mode(models.TextChoices):
    """Who learns who said what. Fixed when the first answer arrives; docs/decisions/anonymity.md says how each is kept."""

    NAMED = "named", _("Named")
    CONFIDENTIAL = "confidential", _("Confidential")
    ANONYMOUS = "anonymous", _("Anonymous")


NOT_TOO_SMALL = MinValueValidator(2, _("Enter 2 or more. 5 is usual."))
SOON = MaxValueValidator(90, _("Enter up to 90 days, so that people still remember."))
FAIRLY_LOW = [
    MinValueValidator(1, _("Enter a number from 1 to 4.")),
    MaxValueValidator(4, _("Enter a number from 1 to 4.")),
]


class Rules(models.Model):
    """How often someone is asked, and what counts as low (always row 1)."""

    rest_days = models.PositiveSmallIntegerField(_("days between invitations to one person"), default=30)
    most_a_year = models.PositiveSmallIntegerField(_("invitations to one person in a year"), default=4)
    low_rating = models.PositiveSmallIntegerField(
        _("a rating this low or lower is a low rating"), default=3, validators=FAIRLY_LOW
    )
    ask_again_after = models.PositiveSmallIntegerField(
        _("days until we ask again, after telling someone what came of a low rating"),
        default=7,
        validators=[SOON],
    )
    smallest_group = models.PositiveSmallIntegerField(
        _("smallest group shown"), default=5, validators=[NOT_TOO_SMALL]
    )

    def __str__(self) -> str:
        return f"{self.rest_days} days, {self.most_a_year} a year"


class SeriesQuerySet(OfficeQuerySet["Series"]):
    """What the office asks by itself is the office's business."""

    def standing(self) -> SeriesQuerySet:
        """Those that go on."""
        return self.filter(stopped_at=None)


class Series(models.Model):
    """One survey, asked in wave after wave without anybody having to think of it.

    audience  as of a wave; of one that rolls it narrows down whom of those who were there, or called, is asked
    next_on   the day the next wave opens; none of one that rolls, whose waves open with the first visit or ticket of a quarter
    day       the day of the month that was meant: what begins on the 31st comes back to it after a shorter month
    """

    class Cadence(models.TextChoices):
        ANNUAL = "annual", _("Every year")
        QUARTERLY = "quarterly", _("Every quarter")
        VISIT = "visit", _("After each visit")
        TICKET = "ticket", _("After each ticket")

    key = models.SlugField(_("key"), max_length=50, unique=True)
    name = models.CharField(_("name"), max_length=200)
    sort_name = SortKey()
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="series")
    cadence = models.CharField(_("when"), max_length=10, choices=Cadence.choices)
    mode = models.CharField(_("anonymity"), max_length=15, choices=Mode.choices, default=Mode.NAMED)
    audience: Any = models.JSONField(default=dict, blank=True)
    days_open = models.PositiveSmallIntegerField(_("days to answer"), default=21)
    remind_after_days: Any = models.JSONField(_("remind after (days)"), default=list, blank=True)
    next_on = models.DateField(_("next wave"), null=True, blank=True)
    day = models.PositiveSmallIntegerField(null=True, editable=False)
    note = models.CharField(max_length=300, blank=True, editable=False)  # why the last one could not open
    stopped_at = models.DateTimeField(null=True, editable=False)
    created_by = models.ForeignKey("people.User", models.PROTECT, null=True, editable=False, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "series"
        ordering = ["sort_name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def rolls(self) -> bool:
        """Whether people are asked one by one, after something happened, in a wave that stays open for its quarter."""
        return self.cadence in {self.Cadence.VISIT, self.Cadence.TICKET}

    def get_absolute_url(self) -> str:
        return reverse("surveys:series", args=[self.pk])


class WaveQuerySet(models.QuerySet["Wave"]):
    def visible_to(self, user: User) -> WaveQuerySet:
        """The office sees every wave; a partner's user reads of closed ones in its portal."""
        return self if user.is_office else self.filter(state=Wave.State.CLOSED)

    def open(self) -> WaveQuerySet:
        """Those that can be answered now, also while their last invitations are being written."""
        return self.filter(state__in=Wave.ANSWERABLE)


class Wave(models.Model):
    """Opened once, closed once. What is counted of it is frozen when it closes.

    audience     who is asked, by what they are: {"kinds", "tiers", "functions", "partners", "view"}
    has_answers  an answer has arrived, so that the mode can change no more
    everyone     the audience is all there is, so that intervals shrink as it is used up
    figures      what was worked out of single answers at `figures_at` (drivers, reliability, change by person)
    imported     its responses were imported
    series       what made it by itself, if anything did
    rounds       how many times those who had not answered were reminded, the last time on `reminded_on`
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Being prepared")
        OPENING = "opening", _("Invitations being sent")
        OPEN = "open", _("Open")
        CLOSING = "closing", _("Closing")
        CLOSED = "closed", _("Closed")

    ANSWERABLE = (State.OPENING, State.OPEN)

    key = models.SlugField(_("key"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    sort_name = SortKey()
    version = models.ForeignKey(Version, models.PROTECT, related_name="waves")
    mode = models.CharField(_("anonymity"), max_length=15, choices=Mode.choices, default=Mode.NAMED)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    audience: Any = models.JSONField(default=dict, blank=True)
    everyone = models.BooleanField(_("this is everyone there is"), default=True)
    closes_on = models.DateField(_("last day to answer"), null=True, blank=True)
    remind_after_days: Any = models.JSONField(_("remind after (days)"), default=list, blank=True)
    smallest_group = models.PositiveSmallIntegerField(
        _("smallest group shown"), default=5, validators=[NOT_TOO_SMALL]
    )
    against = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="later", verbose_name=_("compare with")
    )
    has_answers = models.BooleanField(default=False, editable=False)
    series = models.ForeignKey(Series, models.SET_NULL, null=True, editable=False, related_name="waves")
    rounds = models.PositiveSmallIntegerField(default=0, editable=False)
    reminded_on = models.DateField(null=True, editable=False)
    imported = models.BooleanField(default=False, editable=False)
    opened_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    figures: Any = models.JSONField(default=dict, editable=False)
    figures_at = models.DateTimeField(null=True, editable=False)
    created_by = models.ForeignKey("people.User", models.PROTECT, null=True, editable=False, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WaveQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="wave_closed_when_closed", condition=~Q(state="closed") | Q(closed_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("surveys:wave", args=[self.pk])

    @property
    def population(self) -> int | None:
        """How many could have answered a wave of answers gathered elsewhere; None unless somebody said so."""
        return int(self.audience[POPULATION]) if self.imported and self.audience.get(POPULATION) else None

    @property
    def is_open(self) -> bool:
        return self.state in self.ANSWERABLE

    @property
    def hides_who(self) -> bool:
        """Whether small groups are hidden and nobody's answers are shown by name."""
        return self.mode != Mode.NAMED
