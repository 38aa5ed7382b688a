"""What the tests of this room begin with."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from django.urls import reverse

from comity.councils.models import Council, CouncilMeeting, Seat
from comity.councils.services import meetings
from comity.councils.services.councils import COUNCILS, SEATS
from comity.testing.cast import CastTestCase


class CouncilTestCase(CastTestCase):
    """The *IT council*, to which the open-meetings law applies: Ben and Eve sit there for Parks, Cy for Roads; one seat of
    Roads is vacant."""

    council: Council
    ben_seat: Seat
    eve_seat: Seat
    cy_seat: Seat
    vacant: Seat

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.council = COUNCILS.enter(
            {
                "name": "IT council",
                "purpose": "It says what comes first.",
                "charter": "One vote for each.",
                "facilitator": cls.ana,
                "begun_on": cls.today - timedelta(days=300),
                "open_meetings": True,
            },
            by=cls.cora,
        )
        cls.ben_seat = cls.seated(cls.parks, cls.ben_person, role="chair")
        cls.eve_seat = cls.seated(cls.parks, cls.eve_person)
        cls.cy_seat = cls.seated(cls.roads, cls.cy_person)
        cls.vacant = cls.seated(cls.roads, None)

    @classmethod
    def seated(cls, partner: Any, person: Any, **facts: Any) -> Seat:
        begun = cls.today - timedelta(days=200)
        known = {"council": cls.council, "partner": partner, "person": person, "begins_on": begun}
        return SEATS.enter({**known, **facts}, by=cls.cora)

    @classmethod
    def met(cls, days: int = 0, **facts: Any) -> CouncilMeeting:
        """A meeting in so many days; before today where it is less than none."""
        values = {"on": cls.today + timedelta(days=days), "begins_at": time(10), "place": "Room 4", **facts}
        return meetings.plan(cls.council, values, by=cls.ana)

    @classmethod
    def there(cls, meeting: CouncilMeeting, **how: str) -> None:
        """Who was there: by name of the seat; everybody else was missing."""
        seats = {"ben": cls.ben_seat, "eve": cls.eve_seat, "cy": cls.cy_seat}
        said = {seat.pk: (how.get(name, "missed"), "") for name, seat in seats.items()}
        meetings.record_attendance(meeting, said, by=cls.ana)

    @staticmethod
    def at(name: str, *rows: Any) -> str:
        return reverse(f"councils:{name}", args=[row.pk for row in rows])
