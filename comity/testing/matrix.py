"""What the permission matrix has to know of a URL that names an object.

Each room says it in `tests/matrix.py`, as SUBJECTS: URL name -> how to make an object that belongs to a
partner (Subject) or to a person (PersonalSubject), and which arguments its URL then takes. The matrix
(site/tests/test_permission_matrix.py) asks each URL as every role, with every method, for an own, a foreign
and an absent object.

    SUBJECTS = {
        "followups:detail": Subject(lambda cast, partner: (raised(partner).pk,)),
        "notifications:open": PersonalSubject(lambda cast, user: (notice_for(user).pk,)),
        "followups:thanks": Subject(lambda cast, partner: ("en", "yes"), absent=None),
    }
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings

from comity.access import Capability
from comity.partners.models import Partner
from comity.people.models import User
from comity.testing.cast import Cast

# For the rooms below the partners, which may not know them, and here speak of them.
__all__ = ["NOWHERE", "Arguments", "Cast", "Partner", "PersonalSubject", "Subject", "User", "subjects"]

Arguments = tuple[Any, ...]
NOWHERE: Arguments = (999_999_999,)


def anyone(user: User) -> bool:
    """Nothing but the declared audience, and whose the object is, decides."""
    return True


@dataclass(frozen=True)
class Subject:
    """An object of a partner, behind a URL. The office sees everybody's; a partner's users their partner's.

    make         makes (or finds) an object that belongs to the partner, and gives the URL's arguments
    absent       arguments of an object that does not exist; None where the URL names no object at all
    office_only  no partner's user may see the object, not even one of the partner it belongs to
    seen_with    what the office's people have to hold to see it, where the row decides; to the others it does not exist
    may          which of those who see it may do what the URL does, where the row itself decides; others get 403
    """

    make: Callable[[Cast, Partner], Arguments]
    absent: Arguments | None = NOWHERE
    office_only: bool = False
    seen_with: Capability | None = None
    may: Callable[[User], bool] = anyone


@dataclass(frozen=True)
class PersonalSubject:
    """An object of one person, behind a URL: to everybody else, of the office or not, it does not exist.

    overseen_by  whoever holds this sees everybody's
    """

    make: Callable[[Cast, User], Arguments]
    absent: Arguments = NOWHERE
    overseen_by: Capability | None = None


def subjects() -> dict[str, Subject | PersonalSubject]:
    """What all rooms say of their URLs; a name said by two rooms is refused."""
    found: dict[str, Subject | PersonalSubject] = {}
    for room in settings.INSTALLED_APPS:
        name = f"{room}.tests.matrix"
        if not room.startswith("comity.") or find_spec(f"{room}.tests") is None or find_spec(name) is None:
            continue
        said: dict[str, Subject | PersonalSubject] = import_module(name).SUBJECTS
        if twice := found.keys() & said.keys():
            raise ValueError(f"{name} says again what another room said of {', '.join(sorted(twice))}.")
        found.update(said)
    return found
