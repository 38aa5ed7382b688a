"""Those who use the service desk every day at five agencies: enough people for their agency to read its own figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from comity.demo import names
from comity.demo.chance import Chance
from comity.office.services import today
from comity.partners.models import Partner, Position
from comity.partners.services import people

BY = "sample state"
AT = ("DOR", "DOH", "PRK", "DOT", "COR")
EACH = 8
TITLES = ("Case worker", "Clerk", "Field inspector", "Office manager", "Dispatcher")
DISCONTENT = "DOR"  # its people wait longest


@dataclass
class Crowd:
    """Enters them; its own chance, so that what else happens does not depend on it."""

    chance: Chance
    partners: Mapping[str, Partner]

    @property
    def at(self) -> list[Partner]:
        return [self.partners[key] for key in AT]

    def enter(self) -> None:
        """Eight people at each."""
        for partner in self.at:
            for number in range(EACH):
                name = f"{self.chance.one_of(names.FIRST_NAMES)} {self.chance.one_of(names.LAST_NAMES)}"
                local = name.lower().replace(" ", ".")
                person = people.add_person(
                    by=BY,
                    name=name,
                    email=f"{local}.{number}@{partner.code.lower()}.franklin.example",
                    language="es" if self.chance.happens(0.1) else "en",
                )
                people.set_position(
                    by=BY,
                    partner=partner,
                    person=person,
                    title=self.chance.one_of(TITLES),
                    function=Position.Function.OTHER,
                    starts_on=today() - timedelta(days=self.chance.between(100, 1500)),
                )
