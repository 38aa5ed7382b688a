"""Files people load: staged, previewed, applied together, undone together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comity.imports.profiles import profiles_for

if TYPE_CHECKING:
    from comity.people.models import User


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, user: User) -> ImportQuerySet:
        """The office's people see imports of lists that they may import; nobody else sees any."""
        seen = [one.key for one in profiles_for(user)] if user.is_office else []
        return self.filter(profile__in=seen)


class Import(models.Model):
    """One file on its way in."""

    class State(models.TextChoices):
        ABOUT = "about", _("Needs details")
        READING = "reading", _("Being read")
        COLUMNS = "columns", _("Needs its columns matched")
        PREVIEW = "preview", _("Ready to review")
        APPLYING = "applying", _("Being applied")
        APPLIED = "applied", _("Applied")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")
        REFUSED = "refused", _("Refused")
        DISCARDED = "discarded", _("Discarded")

    profile = models.CharField(max_length=50)  # "partners", "people": see profiles.Profile
    file_name = models.CharField(max_length=200)
    file = models.FileField(upload_to="imports/%Y/%m", blank=True)
    sha256 = models.CharField(max_length=64)
    about: Any = models.JSONField(
        default=dict, encoder=DjangoJSONEncoder
    )  # what was said of the file: see profiles.Profile
    manner: Any = models.JSONField(default=dict)  # how it is to be read, as somebody said: see reading.Manner
    found: Any = models.JSONField(default=dict)  # what was met on the way: see reading.Table
    read_as = models.CharField(max_length=100, blank=True)  # "CSV, UTF-8, separated by commas"
    headers = models.JSONField(default=list)
    samples = models.JSONField(default=list)  # the cells of the first rows, to map columns by
    mapping = models.JSONField(default=dict)  # header -> field ("" leaves it out)
    values = models.JSONField(
        default=dict
    )  # field -> {what the file says: value}; "" is said by an empty cell
    unmatched = models.JSONField(default=dict)  # field -> {what the file says: how often}, met by no choice
    state = models.CharField(max_length=10, choices=State.choices, default=State.READING)
    note = models.TextField(blank=True)  # why it was refused, or has to be looked at again
    rows_total = models.PositiveIntegerField(default=0)
    rows_new = models.PositiveIntegerField(default=0)
    rows_changed = models.PositiveIntegerField(default=0)
    rows_same = models.PositiveIntegerField(default=0)
    rows_set_aside = models.PositiveIntegerField(default=0)
    fingerprint = models.CharField(max_length=500, blank=True)  # of what the preview was compared with
    digest = models.CharField(max_length=64, blank=True)  # of everything the preview shows
    made: Any = models.JSONField(default=dict)  # what came of it besides its rows, as the profile keeps it
    writing = models.BooleanField(default=False)  # rows of it may be there that nobody sees: see `turns`
    trail_line = models.PositiveIntegerField(default=0)  # the trail is written up to this line
    by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    actor = models.CharField(max_length=60)  # as the trail names it: "people.User:12", "command line"
    work = models.ForeignKey("jobs.Work", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    rows_wiped_at = models.DateTimeField(null=True)  # file and rows destroyed by the retention schedule

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("imports:detail", args=[self.pk])

    @property
    def columns(self) -> dict[str, str]:
        """The mapping in the order of the file's columns; PostgreSQL keeps the keys of JSON in an order of its own."""
        known = [header for header in self.headers if header in self.mapping]
        return {header: self.mapping[header] for header in dict.fromkeys([*known, *self.mapping])}

    @property
    def is_busy(self) -> bool:
        """Whether the machine is at work on it."""
        return self.state in BUSY

    def of_same_file(self) -> ImportQuerySet:
        """Other imports of the very same file."""
        return Import.objects.filter(sha256=self.sha256, profile=self.profile).exclude(pk=self.pk)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows there are, and how many of them came to what."""
        outcomes = {name: getattr(self, f"rows_{name}") for name in ("new", "changed", "same", "set_aside")}
        return {"rows": self.rows_total, **outcomes}


BUSY = (Import.State.READING, Import.State.APPLYING, Import.State.UNDOING)


PARTLY = ", "  # between the columns of which a row was kept without what it says there


class ImportRow(models.Model):
    """One row of the file, and what becomes of it."""

    class Outcome(models.TextChoices):
        NEW = "new", _("New")
        CHANGED = "changed", _("Changed")
        SAME = "same", _("Same")
        SET_ASIDE = "set_aside", _("Set aside")

    batch = models.ForeignKey(Import, models.CASCADE, related_name="rows", db_index=False)
    line = models.PositiveIntegerField()  # as a spreadsheet counts: the header is usually line 1
    cells = models.JSONField()  # as they stood in the file
    problem = models.TextField(blank=True)  # why the file does not tell what the row says
    label = models.CharField(max_length=300, blank=True)  # what the row is about
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    column = models.CharField(max_length=200, blank=True)  # at fault; of a row that is kept, those left out
    reason = models.TextField(blank=True)
    changes = models.JSONField(default=dict)  # field -> [old, new], as shown
    write = models.JSONField(default=dict)  # what the profile needs to write it
    target_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["line"]
        constraints = [models.UniqueConstraint(fields=["batch", "line"], name="import_line_once")]
        indexes = [models.Index(fields=["batch", "outcome", "line"])]

    def __str__(self) -> str:
        return f"line {self.line}: {self.get_outcome_display()}"


class StagedChange(models.Model):
    """One field of one record, as it was shown and as it is to be: written set-wise when the import is applied."""

    batch = models.ForeignKey(Import, models.CASCADE, related_name="staged_changes", db_index=False)
    model = models.CharField(max_length=60)  # "partners.Person"
    field = models.CharField(max_length=60)
    target_id = models.BigIntegerField()
    old = models.TextField(null=True)  # noqa: DJ001  (none and empty are two things here)
    new = models.TextField(null=True)  # noqa: DJ001

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "model", "field", "target_id"], name="import_changes_field_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.target_id}: {self.field}"


class Memory(models.Model):
    """How a column of a profile was mapped last, so that it need be said once."""

    profile = models.CharField(max_length=50)
    column = models.CharField(max_length=200)  # normalised header
    field = models.CharField(max_length=50, blank=True)
    values = models.JSONField(default=dict)  # what its cells say -> value

    class Meta:
        verbose_name_plural = "memories"
        constraints = [models.UniqueConstraint(fields=["profile", "column"], name="column_remembered_once")]

    def __str__(self) -> str:
        return f"{self.column} → {self.field}"
