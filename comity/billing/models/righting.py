"""What is wrong on an issued line: disputed by its partner, and put right by an adjustment."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comity.access import OfficeQuerySet
from comity.billing.models.bills import Bill, Line
from comity.editing.declared import always
from comity.followups.models import PENDING, FollowUp, State
from comity.levels.models import Result
from comity.people.models import User


class AdjustmentQuerySet(OfficeQuerySet["Adjustment"]):
    def waiting(self) -> AdjustmentQuerySet:
        """Those that are on no issued bill yet."""
        return self.exclude(lines__bill__issued_at__isnull=False)

    def approved(self) -> AdjustmentQuerySet:
        return self.filter(approved_at__isnull=False)


class Adjustment(models.Model):
    """An amount put right: it comes onto the next run's bill as a line that names the one it corrects.

    line    the issued line it corrects
    lines   those that it became: on the bill of a draft, or of its own for good once that is issued
    """

    line = models.ForeignKey(Line, models.PROTECT, related_name="adjustments")
    cents = models.BigIntegerField(_("amount"))
    why = models.TextField(_("reason"))
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    approved_at = models.DateTimeField(_("approved on"), null=True, blank=True, editable=False)

    objects = AdjustmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("adjustment")
        ordering = ["-pk"]
        constraints = [
            always("adjustment_approved_by_somebody_else", Q(approved_by=None) | ~Q(approved_by=F("made_by")))
        ]

    def __str__(self) -> str:
        return str(self.line)


class LevelCredit(models.Model):
    """That what missed service levels give back was proposed: once, also where that was declined and is gone."""

    result = models.OneToOneField(Result, models.PROTECT, related_name="+")
    adjustment = models.OneToOneField(Adjustment, models.SET_NULL, null=True, related_name="+")


class DisputeQuerySet(models.QuerySet["Dispute"]):
    def visible_to(self, user: User) -> DisputeQuerySet:
        """Those of the lines that this person may see."""
        return self.filter(line__bill__in=Bill.objects.visible_to(user))

    def open(self) -> DisputeQuerySet:
        """Those not decided yet, also once more: the ring says where they stand."""
        return self.filter(follow_up__state__in=PENDING)


class Dispute(models.Model):
    """A partner's word against a line, worked in the ring as a follow-up; it ends upheld or explained.

    cents    how much of the line is disputed
    words    what came of it, kept beside the line for the next reader
    """

    class Outcome(models.TextChoices):
        UPHELD = "upheld", _("Upheld")
        EXPLAINED = "explained", _("Explained")

    line = models.ForeignKey(Line, models.PROTECT, related_name="disputes")
    cents = models.BigIntegerField(_("amount in dispute"))
    reason = models.TextField(_("reason"))
    follow_up = models.ForeignKey(FollowUp, models.PROTECT, related_name="+")
    raised_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(auto_now_add=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)
    words = models.TextField(_("explanation"), blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    adjustment = models.OneToOneField(Adjustment, models.PROTECT, null=True, related_name="dispute")

    objects = DisputeQuerySet.as_manager()

    class Meta:
        verbose_name = _("dispute")
        ordering = ["-raised_at", "pk"]

    def __str__(self) -> str:
        return str(self.line)

    @property
    def stands(self) -> str:
        """Where it stands, in words."""
        if self.follow_up.is_pending:
            return gettext("Open")
        return gettext("Withdrawn") if self.follow_up.state == State.WITHDRAWN else self.get_outcome_display()
