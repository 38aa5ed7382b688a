"""What was heard, and the ring it runs: heard, owned, done, told."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comity.partners.models import Partner

if TYPE_CHECKING:
    from comity.people.models import User


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def visible_to(self, user: User) -> FollowUpQuerySet:
        """The office sees all; a partner's user those of its partners that are not office only."""
        if user.is_office:
            return self
        return self.filter(partner__in=Partner.objects.visible_to(user), office_only=False)

    def open(self) -> FollowUpQuerySet:
        """Not yet told, and not withdrawn."""
        return self.filter(state__in=FollowUp.OPEN)

    def late(self, today: date) -> FollowUpQuerySet:
        """Not yet done though the promised day has passed, longest overdue first."""
        return self.filter(state__in=[FollowUp.State.HEARD, FollowUp.State.OWNED], due_on__lt=today).order_by(
            "due_on", "pk"
        )

    def unowned(self) -> FollowUpQuerySet:
        return self.filter(state=FollowUp.State.HEARD)


class FollowUp(models.Model):
    """Something a partner said that the office answers for."""

    class State(models.TextChoices):
        HEARD = "heard", _("Heard")
        OWNED = "owned", _("Owned")
        DONE = "done", _("Done")
        TOLD = "told", _("Told")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    OPEN = (State.HEARD, State.OWNED, State.DONE)

    class Severity(models.TextChoices):
        LOW = "low", _("Low")
        NORMAL = "normal", _("Normal")
        HIGH = "high", _("High")
        URGENT = "urgent", _("Urgent")

    class How(models.TextChoices):
        MAIL = "mail", _("Mail from here")
        IN_PERSON = "in_person", _("In person")
        PHONE = "phone", _("By phone")

    class Helped(models.TextChoices):
        YES = "yes", _("It helped")
        PARTLY = "partly", _("It helped in part")
        NO = "no", _("It did not help")

    kind = models.CharField(
        max_length=40
    )  # registered by the domain that hears: label, link, who may see evidence
    source_id = models.CharField(max_length=40, blank=True)
    source_label = models.CharField(max_length=200, blank=True)
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="follow_ups")
    title = models.CharField(_("in one line"), max_length=200)
    said = models.TextField(_("what was said"), blank=True)
    office_only = models.BooleanField(_("only our office sees this"), default=False)
    severity = models.CharField(
        _("how serious"),
        max_length=10,
        choices=Severity.choices,
        default=Severity.NORMAL,
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.HEARD)

    raised_by_user = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    raised_by_person = models.ForeignKey("partners.Person", models.PROTECT, null=True, related_name="raised")
    anonymous = models.BooleanField(default=False)
    written_by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    heard_at = models.DateTimeField()

    owner = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="follow_ups")
    owned_at = models.DateTimeField(null=True)  # first time someone owned it since it was heard or reopened
    due_on = models.DateField(_("due on"))

    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    done_words = models.TextField(_("what was done"), blank=True)
    outcome = models.CharField(max_length=40, blank=True)  # a kind's own ending: "upheld", "explained"

    told_at = models.DateTimeField(null=True)
    told_by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    told_how = models.CharField(max_length=10, choices=How.choices, blank=True)
    told_to = models.CharField(_("to whom"), max_length=300, blank=True)
    told_words = models.TextField(_("what you told them"), blank=True)

    helped = models.CharField(max_length=10, choices=Helped.choices, blank=True)
    helped_words = models.TextField(blank=True)
    helped_at = models.DateTimeField(null=True)
    reopened = models.PositiveSmallIntegerField(default=0)
    withdrawn_reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="follow_up_owned_by_someone",
                condition=Q(state__in=["heard", "withdrawn"]) | Q(owner__isnull=False),
            ),
            models.CheckConstraint(
                name="follow_up_heard_has_no_owner",
                condition=~Q(state="heard") | Q(owner=None),
            ),
            models.CheckConstraint(
                name="follow_up_done_in_words",
                condition=~Q(state__in=["done", "told"]) | (Q(done_at__isnull=False) & ~Q(done_words="")),
            ),
            models.CheckConstraint(
                name="follow_up_told_to_someone",
                condition=~Q(state="told") | (Q(told_at__isnull=False) & ~Q(told_how="")),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_on"]),
            models.Index(fields=["partner", "state", "due_on"]),
            models.Index(fields=["owner", "state", "due_on"]),
            models.Index(fields=["kind", "source_id"]),
            models.Index(fields=["heard_at"]),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("followups:detail", args=[self.pk])


class Step(models.Model):
    """One thing that happened to a follow-up, in words its readers may see."""

    follow_up = models.ForeignKey(FollowUp, models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    what = models.CharField(
        max_length=20
    )  # heard, owned, handed over, due moved, done, told, helped, reopened ...
    words = models.TextField(blank=True)
    office_only = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.what}: {self.words[:60]}"


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, user: User) -> CommentQuerySet:
        """Comments on follow-ups one may see; a partner's user none that are office only."""
        rows = self.filter(follow_up__in=FollowUp.objects.visible_to(user))
        return rows if user.is_office else rows.filter(office_only=False)


class Comment(models.Model):
    """A remark on a follow-up."""

    follow_up = models.ForeignKey(FollowUp, models.CASCADE, related_name="comments")
    by = models.ForeignKey("people.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    words = models.TextField()
    office_only = models.BooleanField(_("only our office sees this"), default=True)
    mentions = models.ManyToManyField("people.User", related_name="mentioned_in")

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.words[:60]


class HelpedLink(models.Model):
    """The link by which whoever raised it says, without signing in, whether it helped."""

    follow_up = models.ForeignKey(FollowUp, models.CASCADE, related_name="helped_links")
    token_hash = models.CharField(max_length=64, unique=True)
    email = models.EmailField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Helped? {self.follow_up_id}"


class Escalation(models.Model):
    """That a follow-up was brought to someone's attention, once per reason and round."""

    follow_up = models.ForeignKey(FollowUp, models.CASCADE, related_name="escalations")
    reason = models.CharField(max_length=20)  # unowned, late, late_cio
    to = models.ForeignKey("people.User", models.CASCADE, related_name="+")
    round = models.PositiveSmallIntegerField(default=0)  # how often it had been reopened
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["follow_up", "reason", "to", "round"], name="escalated_once")
        ]

    def __str__(self) -> str:
        return f"{self.reason}: {self.follow_up_id} → {self.to_id}"
