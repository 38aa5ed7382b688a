"""What those who are asked are promised."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Mode(models.TextChoices):
    """Who learns who said what. Fixed when the first answer arrives; docs/decisions/anonymity.md says how each is kept."""

    NAMED = "named", _("Named")
    CONFIDENTIAL = "confidential", _("Confidential")
    ANONYMOUS = "anonymous", _("Anonymous")
