"""Long work a person watches, and the times at which recurring work is due.

The queue is django-tasks' own table; `Work` is what a page shows of one entry: how far it is, and whether it
has to be taken up again after a crash.
"""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comity.access import Viewer
from comity.jobs import identity
from comity.jobs.capabilities import VIEW_WORK


class WorkQuerySet(models.QuerySet["Work"]):
    def visible_to(self, user: Viewer) -> WorkQuerySet:
        """One's own; administrators see everybody's."""
        return self if user.can(VIEW_WORK) else self.filter(owner=f"people.User:{user.pk}")

    def unfinished(self) -> WorkQuerySet:
        return self.filter(state__in=[Work.State.WAITING, Work.State.RUNNING])


class Work(models.Model):
    """A piece of long work with its progress."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    task = models.CharField(max_length=100)  # the name it was registered under
    arguments = models.JSONField(default=dict)
    label = models.CharField(max_length=200)
    owner = models.CharField(max_length=60)  # "people.User:12", "command line"
    url = models.CharField(max_length=300, blank=True)  # where to go when finished
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    queue_id = models.CharField(max_length=36, blank=True)  # its entry in django-tasks' table
    worker = models.CharField(max_length=120, blank=True)  # who is doing it
    heartbeat_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = WorkQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["state", "heartbeat_at"]),
            models.Index(fields=["owner", "-id"]),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("jobs:progress", args=[self.pk])

    @property
    def goes_on(self) -> bool:
        """Whether it waits or is being done."""
        return self.state in {Work.State.WAITING, Work.State.RUNNING}

    def is_alive(self) -> bool:
        """Whether somebody is doing it, as far as can be told."""
        if self.state != Work.State.RUNNING or identity.is_gone(self.worker):
            return False
        return self.heartbeat_at is None or self.heartbeat_at >= timezone.now() - identity.DEAD_AFTER

    def of_this_attempt(self) -> WorkQuerySet:
        """This row while the attempt known here is still the one running; none once another took over."""
        return Work.objects.filter(
            pk=self.pk, state=Work.State.RUNNING, attempts=self.attempts, worker=self.worker
        )


class Due(models.Model):
    """When a recurring task runs next, and who is running it now."""

    name = models.CharField(max_length=100, unique=True)
    next_at = models.DateTimeField()
    worker = models.CharField(max_length=120, blank=True)  # empty while it does not run
    heartbeat_at = models.DateTimeField(null=True)
    last_started_at = models.DateTimeField(null=True)
    last_finished_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "due"

    def __str__(self) -> str:
        return self.name
