"""The words of the ring; docs/decisions/ring-states.md says why these."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a follow-up stands. Reopening leads from *told* back to *owned*, or to *heard* if its owner left."""

    HEARD = "heard", _("Heard")
    OWNED = "owned", _("Owned")
    DONE = "done", _("Done")
    TOLD = "told", _("Told")
    WITHDRAWN = "withdrawn", _("Withdrawn")


PENDING = (State.HEARD, State.OWNED)  # something is still to be done
OPEN = (*PENDING, State.DONE)  # somebody still waits to be told


class Severity(models.TextChoices):
    LOW = "low", _("Low")
    NORMAL = "normal", _("Normal")
    HIGH = "high", _("High")
    URGENT = "urgent", _("Urgent")


class How(models.TextChoices):
    """The way in which they were told what came of it."""

    IN_PERSON = "in_person", _("In person")
    PHONE = "phone", _("By phone")
    MAIL = "mail", _("By email from Comity")
    PUBLIC = "public", _("In public, or through their contact")


class Helped(models.TextChoices):
    YES = "yes", _("It helped")
    PARTLY = "partly", _("It helped in part")
    NO = "no", _("It did not help")
