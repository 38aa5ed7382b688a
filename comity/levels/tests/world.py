"""Email is promised an answer within an hour and a solution within four; last month Parks and Roads had tickets."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from comity.core.fiscal import month_after
from comity.levels.models import Calendar, Month, Target
from comity.levels.services import keeping, months
from comity.levels.services.clocks import midnight
from comity.partners.models import Partner
from comity.services.models import Service
from comity.testing.cast import CastTestCase
from comity.tickets.models import SETTLED, StateChange, Ticket

ALWAYS = "Mon-Sun 00:00-24:00"
HOUR = timedelta(hours=1)


class LevelsTestCase(CastTestCase):
    first: date
    email: Service
    calendar: Calendar
    target: Target

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.first = month_after(cls.today.replace(day=1), -1)
        cls.email = Service.objects.create(
            name="Email", promise="It arrives.", owner=cls.sol, status="offered"
        )
        facts = {"name": "Always", "starts_on": date(2020, 1, 1), "zone": "America/New_York", "week": ALWAYS}
        cls.calendar = keeping.CALENDARS.enter(facts, by=cls.ada)
        cls.target = keeping.TARGETS.enter(cls.promise(), by=cls.ada)

    @classmethod
    def promise(cls, **more: Any) -> dict[str, Any]:
        goals = {"response_3": "1 h", "resolution_3": "4 h", "resolution_2": "2 h"}
        begins = month_after(cls.first, -1)
        return {
            "service": cls.email,
            "starts_on": begins,
            "calendar": "Always",
            "pauses": ["customer"],
            **goals,
            **more,
        }

    def ticket(
        self, partner: Partner | None, *changes: tuple[float, str], day: int = 10, **facts: Any
    ) -> Ticket:
        """One opened on a day of last month at midnight; each change says after how many hours, and the state."""
        opened = midnight(self.first.replace(day=day))
        state, settled = "new", None
        for hours, to in changes:
            state = to.partition(".")[0]
            settled = opened + hours * HOUR if state in SETTLED else None
        made = Ticket.objects.create(
            **{
                "title": "It does not arrive",
                "partner": partner,
                "service": self.email,
                "priority": 3,
                "number": f"INC{Ticket.objects.count() + 1:04}",
                "state": state,
                "opened_at": opened,
                "history_known": True,
                "closed_at" if state == "cancelled" else "resolved_at": settled,
                **facts,
            }
        )
        self.change(made, opened, "new")
        for hours, to in changes:
            self.change(made, opened + hours * HOUR, to)
        return made

    def change(self, ticket: Ticket, at: datetime, to: str) -> None:
        state, _dot, reason = to.partition(".")
        facts = {"state": state, "hold_reason": reason, "priority": ticket.priority}
        StateChange.objects.create(ticket=ticket, at=at, **facts)

    def closed(self) -> Month:
        made = months.work_out(self.first)
        months.freeze(made, by=self.cora)
        made.refresh_from_db()
        return made

    def some_tickets(self) -> None:
        """Parks has one in time and one late by an hour, Roads one still open."""
        self.good = self.ticket(self.parks, (0.5, "in_progress"), (3, "resolved"))
        self.late = self.ticket(self.parks, (0.5, "in_progress"), (5, "resolved"))
        self.left = self.ticket(self.roads, (0.5, "in_progress"))
