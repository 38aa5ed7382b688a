"""Into which band of size a body is counted, and to which branch it belongs."""

from __future__ import annotations

from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext_lazy as _

from comity.core.load import HEADCOUNT_STEPS, POPULATION_STEPS, size_weight
from comity.partners.models import Partner


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


# The same, asked of the database.
SIZE = Case(
    When(headcount=None, population=None, then=Value("")),
    *(
        When(Q(headcount__gte=people) | Q(population__gte=inhabitants), then=Value(size))
        for size, people, inhabitants in reversed(
            list(zip(Size.values[1:], HEADCOUNT_STEPS, POPULATION_STEPS, strict=True))
        )
    ),
    default=Value(Size.SMALL.value),
    output_field=models.CharField(),
)


class Branch(models.TextChoices):
    """Whose part of government a body is."""

    EXECUTIVE = "executive", _("Executive branch")
    JUDICIAL = "judicial", _("Courts")
    LEGISLATIVE = "legislative", _("Legislature")
    EDUCATION = "education", _("Universities")
    LOCAL = "local", _("Local governments")
    TRIBAL = "tribal", _("Tribes")
    OTHER = "other", _("Others")


_Kind = Partner.Kind
BRANCHES = {
    **dict.fromkeys((_Kind.AGENCY, _Kind.BOARD, _Kind.COMMISSION), Branch.EXECUTIVE),
    _Kind.COURT: Branch.JUDICIAL,
    _Kind.LEGISLATURE: Branch.LEGISLATIVE,
    _Kind.UNIVERSITY: Branch.EDUCATION,
    **dict.fromkeys((_Kind.COUNTY, _Kind.CITY, _Kind.TOWN, _Kind.DISTRICT), Branch.LOCAL),
    _Kind.TRIBE: Branch.TRIBAL,
}


def branch_of(kind: str) -> Branch:
    """The branch of a kind of body."""
    return BRANCHES.get(Partner.Kind(kind), Branch.OTHER)
