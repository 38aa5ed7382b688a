"""What the tests of this room begin with."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from comity.partners.models import Person
from comity.stakeholders.models import Initiative, Stakeholder
from comity.stakeholders.services import INITIATIVES, STAKEHOLDERS
from comity.testing.cast import CastTestCase


class StakesTestCase(CastTestCase):
    """*New payroll* at Parks and Roads: Eve decides and supports it; Ben built the old one and is opposed."""

    payroll: Initiative
    eve_row: Stakeholder
    ben_row: Stakeholder

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.payroll = INITIATIVES.enter(
            {
                "name": "New payroll",
                "purpose": "Paid on the day.",
                "begun_on": cls.today,
                "partners": [cls.parks, cls.roads],
            },
            by=cls.ana,
        )
        cls.eve_row = cls.rated(cls.eve_person, role="decides", influence=5, stance="supporter")
        cls.ben_row = cls.rated(
            cls.ben_person,
            influence=4,
            interest=5,
            stance="opposed",
            long_timer=True,
            influences=[cls.eve_row],
        )

    @classmethod
    def rated(cls, person: Person, **facts: Any) -> Stakeholder:
        known = {"person": person, "partner": cls.parks, "initiative": cls.payroll, "role": "advises"}
        return STAKEHOLDERS.enter({**known, **facts}, by=cls.ana)

    def at(self, name: str, *rows: Any) -> str:
        return reverse(f"stakeholders:{name}", args=[row.pk for row in rows])
