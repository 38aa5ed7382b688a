"""What was counted of a wave, in a fixed set of tables. Every figure of a results page is worked out from these."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from comity.surveys.models.wave import Wave

if TYPE_CHECKING:
    from comity.people.models import User


class TallyQuerySet(models.QuerySet["Tally"]):
    def visible_to(self, user: User) -> TallyQuerySet:
        """The office reads what is not hidden; partners read theirs through the pages of their portal."""
        return self if user.is_office else self.none()


class Tally(models.Model):
    """One question within one group of one table; with an empty question, the group's own size.

    table      whose breakdown: all, kind, tier, size, partner
    group      one of its groups: "county", "Tier 1", a partner's number; empty in `all`
    invited, reached  of the group; 0 on a question's row
    n          how many gave an answer; None where the group is too small to show
    na         how many said that they do not know
    skipped    how many were asked and said nothing
    counts     answer -> how many gave it ({"1": 0, "5": 12}); None where hidden
    """

    class Table(models.TextChoices):
        ALL = "all", _("Everyone")
        KIND = "kind", _("By kind")
        TIER = "tier", _("By tier")
        SIZE = "size", _("By size")
        PARTNER = "partner", _("One by one")

    wave = models.ForeignKey(Wave, models.CASCADE, related_name="tallies")
    table = models.CharField(max_length=10, choices=Table.choices)
    group = models.CharField(max_length=50, blank=True)
    question = models.SlugField(max_length=60, blank=True)
    invited = models.PositiveIntegerField(default=0)
    reached = models.PositiveIntegerField(default=0)
    n = models.PositiveIntegerField(null=True)
    na = models.PositiveIntegerField(null=True)
    skipped = models.PositiveIntegerField(null=True)
    counts: Any = models.JSONField(null=True)

    objects = TallyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "tallies"
        constraints = [
            models.UniqueConstraint(fields=["wave", "table", "group", "question"], name="counted_once")
        ]

    def __str__(self) -> str:
        return f"{self.wave}: {self.table} {self.group} {self.question}"

    @property
    def is_hidden(self) -> bool:
        return self.n is None
