"""Two rows that were one body or one person, made one; kept so that it can be undone. And pairs that may be."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from comity.access import OfficeQuerySet


class DuplicateKind(models.TextChoices):
    """What the two are."""

    PARTNER = "partner", _("Organizations")
    PERSON = "person", _("People")


class MergeQuerySet(OfficeQuerySet["Merge"]):
    """The office sees what was made one; nobody else."""

    def standing(self) -> MergeQuerySet:
        """Those that were not undone."""
        return self.filter(undone_at=None)


class Merge(models.Model):
    """What moved from the tombstone to the survivor."""

    kind = models.CharField(max_length=10, choices=DuplicateKind.choices)
    survivor_id = models.BigIntegerField()
    tombstone_id = models.BigIntegerField()
    survivor_name = models.CharField(max_length=300, blank=True)
    tombstone_name = models.CharField(max_length=300, blank=True)
    moved = models.JSONField(default=dict)  # "app.Model.field" -> ids moved
    ended = models.JSONField(default=dict)  # "app.Model" -> {id: end before}: two could not both go on
    added = models.JSONField(default=list)  # ids of the other names the survivor got
    before = models.JSONField(default=dict)  # the survivor's fields before
    after = models.JSONField(default=dict)  # and as they were chosen
    by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)

    objects = MergeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["kind", "survivor_id"]),
            models.Index(fields=["kind", "tombstone_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.tombstone_name} → {self.survivor_name}"


class NotDuplicate(models.Model):
    """A pair someone looked at and found to be two; the smaller key first."""

    kind = models.CharField(max_length=10, choices=DuplicateKind.choices)
    first_id = models.BigIntegerField()
    second_id = models.BigIntegerField()
    by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "first_id", "second_id"], name="told_apart_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.first_id} is not {self.second_id}"


class LikelyPairQuerySet(OfficeQuerySet["LikelyPair"]):
    """The office sees what may be one; nobody else."""


class LikelyPair(models.Model):
    """Two that may be one, and why; found in the background, the smaller key first."""

    kind = models.CharField(max_length=10, choices=DuplicateKind.choices)
    first_id = models.BigIntegerField()
    second_id = models.BigIntegerField()
    score = models.PositiveSmallIntegerField()  # of 100
    reasons = models.JSONField(default=list)  # [why, what] pairs; duplicates.reasons says them in words

    objects = LikelyPairQuerySet.as_manager()

    class Meta:
        ordering = ["-score", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "first_id", "second_id"], name="likely_once"),
            models.CheckConstraint(name="likely_in_order", condition=Q(first_id__lt=F("second_id"))),
        ]
        indexes = [models.Index(fields=["kind", "-score"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.first_id} may be {self.second_id}"
