"""Low ratings, one by one; and the same question asked of the same person again, once they were told what came of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from comity.access import OfficeQuerySet
from comity.followups.models import FollowUp
from comity.partners.models import Partner, Person
from comity.surveys.models.answers import Response


class LowRating(models.Model):
    """One rating that was low, of those a follow-up was raised of. It stays when its author changes their mind.

    driver  as the question had it
    rating  the lowest they gave
    """

    follow_up = models.ForeignKey(FollowUp, models.CASCADE, related_name="low_ratings")
    question = models.SlugField(max_length=60)
    driver = models.CharField(max_length=60, blank=True)
    rating = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["follow_up", "question"], name="rated_low_once")]
        indexes = [models.Index(fields=["driver"])]

    def __str__(self) -> str:
        return f"{self.question}: {self.rating}"


class AgainQuerySet(OfficeQuerySet["Again"]):
    """The office's: whoever is asked again gave their name, or allowed to be contacted."""

    def answerable(self, today: date) -> AgainQuerySet:
        """Those whose link works, with all that its page needs: two queries, one of them for the questions."""
        rows = self.filter(closes_on__gte=today)
        return rows.select_related("person", "follow_up", "response__wave__version").prefetch_related(
            "response__wave__version__questions"
        )

    def answered(self) -> AgainQuerySet:
        """Those that came back."""
        return self.filter(answered_on__isnull=False)


class Again(models.Model):
    """One person asked again what they rated low, after they were told. Holds a hash of the link's token, never the token.

    round          of the follow-up: after another one, they may be asked once more
    asked          the questions and how they were rated then: {"ease": 2}
    question       the one of these rated lowest, by which the effect is measured
    before, after  its rating then and now; no `after` until they answer it
    answers        as they are now: {"ease": 4}
    """

    follow_up = models.ForeignKey(FollowUp, models.CASCADE, related_name="asked_again")
    round = models.PositiveSmallIntegerField(default=0)
    response = models.ForeignKey(Response, models.CASCADE, related_name="asked_again")
    person = models.ForeignKey(Person, models.PROTECT, related_name="asked_again")
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, related_name="asked_again")
    email = models.EmailField()
    language = models.CharField(max_length=5, default="en")
    asked: Any = models.JSONField()
    question = models.SlugField(max_length=60)
    before = models.PositiveSmallIntegerField()
    after = models.PositiveSmallIntegerField(null=True)
    token_hash = models.CharField(max_length=64, unique=True)
    sent_on = models.DateField()
    closes_on = models.DateField()
    answers: Any = models.JSONField(default=dict)
    words = models.TextField(blank=True)
    answered_on = models.DateField(null=True)
    revision = models.PositiveIntegerField(default=0)

    objects = AgainQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["follow_up", "round"], name="asked_again_once_a_round"),
            models.CheckConstraint(
                name="asked_again_answered_on_a_day",
                condition=Q(after=None) | Q(answered_on__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["person", "sent_on"])]

    def __str__(self) -> str:
        return f"{self.person}: {self.follow_up}"
