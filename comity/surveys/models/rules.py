"""The office's rules for asking."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

NOT_TOO_SMALL = MinValueValidator(
    2, _("The smallest group that is shown has at least two people; five is usual.")
)
SOON = MaxValueValidator(90, _("Ask again within 90 days, while they remember."))
FAIRLY_LOW = [MinValueValidator(1, _("Choose 1 to 4.")), MaxValueValidator(4, _("Choose 1 to 4."))]


class Rules(models.Model):
    """How often someone is asked, and what counts as low (always row 1)."""

    rest_days = models.PositiveSmallIntegerField(_("days between two invitations to one person"), default=30)
    most_a_year = models.PositiveSmallIntegerField(_("invitations to one person in a year"), default=4)
    low_rating = models.PositiveSmallIntegerField(
        _("a rating of this or less is low"), default=3, validators=FAIRLY_LOW
    )
    ask_again_after = models.PositiveSmallIntegerField(
        _("days after they were told to ask again what was rated low"), default=7, validators=[SOON]
    )
    smallest_group = models.PositiveSmallIntegerField(
        _("smallest group that is shown"), default=5, validators=[NOT_TOO_SMALL]
    )

    def __str__(self) -> str:
        return f"{self.rest_days} days, {self.most_a_year} a year"
