"""The one trail of who changed what. The database itself refuses edits and deletes (see the migrations)."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from comity.nouns import noun_of


class EntryQuerySet(models.QuerySet["Entry"]):
    def about(self, target: models.Model) -> EntryQuerySet:
        """What happened to one object, newest first."""
        label = target._meta.label
        noun = noun_of(label)
        kinds = [label, *(noun.formerly if noun else ())]
        return self.filter(target_kind__in=kinds, target_id=str(target.pk)).order_by("-pk")

    def did(self, text: str) -> EntryQuerySet:
        """Acts whose name, or the name of what they were done to, has a text in it."""
        name = text.strip().replace(" ", "_")
        return self.filter(Q(action__icontains=name) | Q(target_label__icontains=text))


class Entry(models.Model):
    """One act: who, when, what, and how it was before and after."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=60)  # "people.User:12", "command line", "worker"
    actor_label = models.CharField(max_length=200)
    action = models.CharField(max_length=60)
    target_kind = models.CharField(max_length=60, blank=True)
    target_id = models.CharField(max_length=40, blank=True)
    target_label = models.CharField(max_length=300, blank=True)
    # Whom it concerns, without a foreign key: rooms above own it.
    partner_id = models.BigIntegerField(null=True)
    before = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(null=True, encoder=DjangoJSONEncoder)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "entries"
        indexes = [
            models.Index(fields=["target_kind", "target_id", "-id"]),
            models.Index(fields=["partner_id", "-id"]),
            models.Index(fields=["actor", "-id"]),
            models.Index(fields=["at"]),
        ]

    def __str__(self) -> str:
        return f"{self.actor_label}: {self.action} {self.target_label}"


class Block(models.Model):
    """A run of entries sealed together; its hash covers them and the block before."""

    first_entry = models.BigIntegerField()
    last_entry = models.BigIntegerField(unique=True)
    count = models.PositiveIntegerField()
    # One block follows another: the chain never forks.
    previous = models.CharField(max_length=64, unique=True)
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Block {self.pk} ({self.count} entries)"
