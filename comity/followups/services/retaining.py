"""Destroying follow-ups whose time is over, whole: with their steps, comments, files and links."""

from __future__ import annotations

from datetime import datetime

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from comity.files.services import destroy_with
from comity.followups.models import FollowUp, FollowUpQuerySet, HelpedLink, State

MOST_AT_ONCE = 2_000  # in one night, so that no write holds the database long; the rest goes the next


def destroyable(before: datetime) -> FollowUpQuerySet:
    """Rings that were closed before a moment and have been left alone since, the oldest first.

    Not those whose link whether it helped can still be answered, nor those another room points at.
    """
    told = Q(state=State.TOLD, told_at__lt=before) & (Q(helped_at=None) | Q(helped_at__lt=before))
    withdrawn = Q(state=State.WITHDRAWN, withdrawn_at__lt=before)
    asked = HelpedLink.objects.usable(timezone.now()).filter(follow_up=OuterRef("pk"))
    rows = FollowUp.objects.filter(told | withdrawn).exclude(Exists(asked))
    return rows.exclude(pointed_at(FollowUp)).order_by("pk")


@transaction.atomic
def destroy_ended(before: datetime) -> int:
    """Destroy for good what may go, a night's share of it; how many there were."""
    gone = list(destroyable(before).select_for_update().values_list("pk", flat=True)[:MOST_AT_ONCE])
    destroy_with(FollowUp, gone)
    FollowUp.objects.filter(pk__in=gone).delete()
    return len(gone)


def pointed_at(model: type[models.Model]) -> Q:
    """Whether a row elsewhere refers to this one and forbids that it goes: whatever room comes to do so."""
    found = Q(pk__in=[])
    for relation in model._meta.related_objects:
        if relation.on_delete in (models.PROTECT, models.RESTRICT):
            rows = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
            found |= Q(Exists(rows))
    return found
