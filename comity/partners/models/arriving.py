"""Posts on their way in with an import: put among the live ones by one statement when it is applied."""

from __future__ import annotations

from django.db import models

from comity.partners.models.partner import Partner
from comity.partners.models.person import Position


class ArrivingPosition(models.Model):
    """A post as an import will make it. Kept after applying, so that undoing can tell whether one was changed."""

    import_id = models.BigIntegerField(db_index=True)
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="+")
    position_id = models.BigIntegerField(null=True)  # the id it will have; nothing only in imports of old
    person_id = models.BigIntegerField(null=True)  # nobody: it arrives vacant
    title = models.CharField(max_length=200)
    function = models.CharField(max_length=15, choices=Position.Function.choices)
    acting = models.BooleanField(default=False)
    shared = models.BooleanField(default=False)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)

    def __str__(self) -> str:
        return self.title
