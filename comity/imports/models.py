"""Files people load: staged, previewed, applied together, undone together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from comity.people.models import User


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, user: User) -> ImportQuerySet:
        """The office's people see all imports; nobody else sees any."""
        return self if user.is_office else self.none()


class Import(models.Model):
    """One file on its way in."""

    class State(models.TextChoices):
        RECEIVED = "received", _("Received")
        READING = "reading", _("Being read")
        PREVIEW = "preview", _("Ready to look at")
        APPLYING = "applying", _("Being applied")
        APPLIED = "applied", _("Applied")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")
        REFUSED = "refused", _("Refused")

    profile = models.CharField(max_length=50)  # "partners", "people": registered by the room that owns them
    file_name = models.CharField(max_length=200)
    file = models.FileField(upload_to="imports/%Y/%m", blank=True)
    sha256 = models.CharField(max_length=64)
    headers = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)  # column -> field ("" leaves it out)
    values = models.JSONField(default=dict)  # field -> {from: to}
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    refusal = models.TextField(blank=True)
    rows_total = models.PositiveIntegerField(default=0)
    rows_new = models.PositiveIntegerField(default=0)
    rows_changed = models.PositiveIntegerField(default=0)
    rows_same = models.PositiveIntegerField(default=0)
    rows_set_aside = models.PositiveIntegerField(default=0)
    by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    actor = models.CharField(max_length=60)
    work = models.ForeignKey("jobs.Work", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file_name


class ImportRow(models.Model):
    """One row of the file, and what becomes of it."""

    class Outcome(models.TextChoices):
        NEW = "new", _("New")
        CHANGED = "changed", _("Changed")
        SAME = "same", _("Same")
        SET_ASIDE = "set_aside", _("Set aside")

    batch = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()  # as a spreadsheet counts: the header is line 1
    cells = models.JSONField()  # as they stood in the file
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    column = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)
    plan = models.JSONField(
        default=dict
    )  # what will be written: {"field": [old, new]} and the rest the profile needs
    target_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["line"]
        constraints = [models.UniqueConstraint(fields=["batch", "line"], name="import_line_once")]
        indexes = [models.Index(fields=["batch", "outcome", "line"])]

    def __str__(self) -> str:
        return f"line {self.line}: {self.get_outcome_display()}"


class Memory(models.Model):
    """How columns and values of a profile were mapped last, so that it need be said once."""

    profile = models.CharField(max_length=50)
    column = models.CharField(max_length=200)  # normalised header
    field = models.CharField(max_length=50, blank=True)
    values = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "memories"
        constraints = [models.UniqueConstraint(fields=["profile", "column"], name="column_remembered_once")]

    def __str__(self) -> str:
        return f"{self.column} → {self.field}"
