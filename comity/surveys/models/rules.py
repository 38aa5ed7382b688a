"""The office's rules for asking."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

NOT_TOO_SMALL = MinValueValidator(2, _("Enter 2 or more. 5 is usual."))
SOON = MaxValueValidator(90, _("Enter up to 90 days, so that people still remember."))
FAIRLY_LOW = [
    MinValueValidator(1, _("Enter a number from 1 to 4.")),
    MaxValueValidator(4, _("Enter a number from 1 to 4.")),
]


class Rules(models.Model):
    """How often someone is asked, and what counts as low (always row 1)."""

    rest_days = models.PositiveSmallIntegerField(_("days between invitations to one person"), default=30)
    most_a_year = models.PositiveSmallIntegerField(_("invitations to one person in a year"), default=4)
    low_rating = models.PositiveSmallIntegerField(
        _("a rating this low or lower is a low rating"), default=3, validators=FAIRLY_LOW
    )
    ask_again_after = models.PositiveSmallIntegerField(
        _("days until we ask again, after telling someone what came of a low rating"),
        default=7,
        validators=[SOON],
    )
    smallest_group = models.PositiveSmallIntegerField(
        _("smallest group shown"), default=5, validators=[NOT_TOO_SMALL]
    )

    def __str__(self) -> str:
        return f"{self.rest_days} days, {self.most_a_year} a year"
