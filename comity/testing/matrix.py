"""What the permission matrix has to know of a URL that names an object.

Each room says it in `tests/matrix.py`, as SUBJECTS: URL name -> how to make an object that belongs to a
partner and which arguments its URL then takes. The matrix (site/tests/test_permission_matrix.py) asks each
URL as every role, with every method, for an own, a foreign and an absent object.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings

from comity.partners.models import Partner
from comity.testing.cast import Cast

Arguments = tuple[Any, ...]


@dataclass(frozen=True)
class Subject:
    """How to get an object of a partner behind a URL.

    make         makes (or finds) an object that belongs to the partner, and gives the URL's arguments
    absent       arguments of an object that does not exist
    office_only  no partner's user may see the object, not even one of the partner it belongs to
    """

    make: Callable[[Cast, Partner], Arguments]
    absent: Arguments = (999_999_999,)
    office_only: bool = False


def subjects() -> dict[str, Subject]:
    """What all rooms say of their URLs; a name said by two rooms is refused."""
    found: dict[str, Subject] = {}
    for room in settings.INSTALLED_APPS:
        name = f"{room}.tests.matrix"
        if not room.startswith("comity.") or find_spec(f"{room}.tests") is None or find_spec(name) is None:
            continue
        said: dict[str, Subject] = import_module(name).SUBJECTS
        if twice := found.keys() & said.keys():
            raise ValueError(f"{name} says again what another room said of {', '.join(sorted(twice))}.")
        found.update(said)
    return found
