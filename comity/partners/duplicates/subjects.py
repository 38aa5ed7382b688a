"""What can be made one: partners and people, and what differs between the two in making them one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from comity.partners.models import DuplicateKind, Partner, Person
from comity.people.models import User


@dataclass(frozen=True)
class Subject:
    """One kind of record that may be there twice.

    facts  the fields of which a person chooses one side's
    """

    kind: DuplicateKind
    model: type[Partner | Person]
    facts: tuple[str, ...]

    def visible_to(self, user: User) -> Any:
        return self.model.objects.visible_to(user).filter(merged_into=None)

    def address(self, one: int, two: int) -> str:
        """The page that shows two side by side."""
        return reverse(f"partners:compare_{self.kind.value}", args=[one, two])


PARTNERS = Subject(
    DuplicateKind.PARTNER,
    Partner,
    (
        "name",
        "code",
        "kind",
        "status",
        "parent",
        "tier",
        "headcount",
        "budget_cents",
        "fips",
        "population",
        "place",
        "website",
        "notes",
    ),
)
PEOPLE = Subject(
    DuplicateKind.PERSON, Person, ("name", "email", "phone", "mobile", "language", "notes", "left_on")
)
SUBJECTS = {subject.kind.value: subject for subject in (PARTNERS, PEOPLE)}
