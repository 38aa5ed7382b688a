"""Destroying what the office no longer has to keep of people who left."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from comity.editing.references import references
from comity.files.models import Attachment
from comity.imports import setwise
from comity.partners.models import DuplicateKind, LikelyPair, NotDuplicate, Person, Position


def destroy_left(before: datetime) -> int:
    """Destroy people who left before a moment, with the posts they held; how many.

    Only those whom nothing else points at: no sign-in, follow-up, meeting, file or merged entry, of whatever room.
    """
    people = list(_forgotten(before).values_list("pk", flat=True))
    for part in setwise.chunks(people, 500):
        with transaction.atomic():
            Position.objects.filter(person__in=part).delete()
            for pairs in (LikelyPair, NotDuplicate):
                mentioned = Q(first_id__in=part) | Q(second_id__in=part)
                pairs.objects.filter(mentioned, kind=DuplicateKind.PERSON).delete()
            Person.objects.filter(pk__in=part).delete()
    return len(people)


def _forgotten(before: datetime) -> QuerySet[Person]:
    day = before.date()
    found = Person.objects.standing().filter(left_on__lt=day)
    for field in references(Person):
        rows = field.model._base_manager.filter(**{field.name: OuterRef("pk")})
        if field.model is Position:
            rows = rows.filter(Q(ends_on=None) | Q(ends_on__gte=day))
        found = found.exclude(Exists(rows))
    files = Attachment.objects.filter(owner_kind=Person._meta.label, owner_id=OuterRef("pk"))
    return found.exclude(Exists(files)).order_by("pk")
