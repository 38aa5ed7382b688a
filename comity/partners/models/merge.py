"""Two rows that were one body or one person, made one; kept so that it can be undone."""

from __future__ import annotations

from django.db import models


class Merge(models.Model):
    """What moved from the tombstone to the survivor."""

    kind = models.CharField(max_length=10, choices=[("partner", "partner"), ("person", "person")])
    survivor_id = models.BigIntegerField()
    tombstone_id = models.BigIntegerField()
    moved = models.JSONField(default=dict)  # "app.Model.field" -> ids moved
    before = models.JSONField(default=dict)  # the survivor's fields before
    by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.tombstone_id} into {self.survivor_id}"


class NotDuplicate(models.Model):
    """A pair someone looked at and found to be two."""

    kind = models.CharField(max_length=10)
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
