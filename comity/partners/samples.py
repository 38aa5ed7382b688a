"""What a noun puts into the sample state: some rows with which its pages have something to show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from comity.nouns import Trait
from comity.partners.models import Partner
from comity.people.models import User


@dataclass(frozen=True)
class Sample(Trait):
    """Rows of the State of Franklin that belong to no story of it.

    days_ago  when they are made; the clock then stands at a working hour of that day
    make      makes them through the room's services, from the staff by first name ("carla") and partners by code ("DOR")
    """

    days_ago: int
    make: Callable[[Mapping[str, User], Mapping[str, Partner]], object]
