"""What the permission matrix has to know of a URL that names an object.

Each room says it in `tests/matrix.py`, as SUBJECTS: URL name -> how to make an object that belongs to a
partner and which arguments its URL then takes. The matrix (site/tests/test_permission_matrix.py) asks each
URL as every role, with every method, for an own, a foreign and an absent object.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from comity.partners.models import Partner
from comity.testing.cast import Cast

Arguments = tuple[Any, ...]


@dataclass(frozen=True)
class Subject:
    """How to get an object of a partner behind a URL.

    make      makes (or finds) an object that belongs to the partner, and gives the URL's arguments
    absent    arguments of an object that does not exist
    """

    make: Callable[[Cast, Partner], Arguments]
    absent: Arguments = (999_999_999,)
