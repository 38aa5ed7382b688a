"""Into which band of size a body is counted."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from comity.core.load import size_weight


class Size(models.TextChoices):
    """How large a body is, by its people or, of a place, its inhabitants; the steps are those of `core.load`."""

    SMALL = "small", _("Small: under 100 people, or a population under 10,000")
    MEDIUM = "medium", _("Medium: under 1,000 people, or a population under 100,000")
    LARGE = "large", _("Large: under 10,000 people, or a population under 1 million")
    LARGEST = "largest", _("Very large: 10,000 people or more, or a population of 1 million or more")


def size_of(headcount: int | None, population: int | None) -> str:
    """In which band of size a body is counted; "" where nobody knows."""
    if headcount is None and population is None:
        return ""
    return str(Size.values[size_weight(headcount, population) - 1])
