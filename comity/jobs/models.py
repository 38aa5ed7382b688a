"""Long work a person watches, and the times at which recurring work is due.

Tasks themselves live in django-tasks' own table; `Work` is what a page shows of one: how far it is, and
whether it has to be taken up again after a restart.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Work(models.Model):
    """A piece of long work with its progress."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    task = models.CharField(max_length=100)  # dotted name of the task, to be taken up again after a restart
    arguments = models.JSONField(default=dict)
    label = models.CharField(max_length=200)
    owner = models.CharField(max_length=60)  # "people.User:12"
    url = models.CharField(max_length=300, blank=True)  # where to go when finished
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    heartbeat_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "heartbeat_at"])]

    def __str__(self) -> str:
        return self.label


class Due(models.Model):
    """When a recurring task runs next."""

    name = models.CharField(max_length=100, unique=True)
    next_at = models.DateTimeField()
    last_started_at = models.DateTimeField(null=True)
    last_finished_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "due"

    def __str__(self) -> str:
        return self.name
