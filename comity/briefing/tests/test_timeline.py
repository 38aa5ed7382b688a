"""One line of time for a partner."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

from django.utils import timezone

from comity.briefing import timeline as briefing
from comity.briefing.timeline import PAGE, timeline
from comity.followups import services as ring
from comity.meetings.models import Meeting
from comity.people.models import User
from comity.testing.cast import CastTestCase
from comity.tickets.models import Ticket
from comity.tickets.services import open_ticket


class Timeline(CastTestCase):
    """What happened with Parks."""

    def heard(self, title: str, days_ago: int = 0, *, office_only: bool = False) -> None:
        ring.raise_follow_up(
            kind="concern",
            partner=self.parks,
            title=title,
            by=self.ana,
            office_only=office_only,
            heard_at=timezone.now() - timedelta(days=days_ago, minutes=1),
        )

    def met(self, title: str, days_ago: int, *, office_only: bool = False) -> None:
        meeting = Meeting.objects.create(
            title=title,
            held_on=self.today - timedelta(days=days_ago),
            office_only=office_only,
            written_by=self.ana,
        )
        meeting.partners.add(self.parks)
        meeting.ours.add(self.ana)

    def titles(self, user: User, kind: str = "") -> list[str]:
        return [item.title for item in timeline(self.parks, user, self.today, kind=kind).items]

    def test_everything_stands_in_one_order_newest_first(self) -> None:
        self.heard("It rains in", days_ago=3)
        self.met("Quarterly review", days_ago=2)
        self.heard("The line is slow", days_ago=1)
        self.assertEqual(
            self.titles(self.ana),
            ["The line is slow", "Quarterly review", "It rains in", "Ana Ruiz became lead contact"],
        )

    def test_one_kind_can_be_shown_alone(self) -> None:
        self.heard("It rains in")
        self.met("Quarterly review", days_ago=2)
        self.assertEqual(self.titles(self.ana, kind="meetings"), ["Quarterly review"])

    def test_a_partners_user_sees_nothing_that_is_the_offices_alone(self) -> None:
        self.heard("They may leave us", office_only=True)
        self.met("Gossip", days_ago=1, office_only=True)
        self.heard("It rains in")
        self.assertEqual(self.titles(self.ben), ["It rains in", "Ana Ruiz became lead contact"])

    def test_another_partners_user_sees_nothing_at_all(self) -> None:
        self.heard("It rains in")
        self.assertEqual(self.titles(self.cy), [])

    def test_older_pages_go_on_where_the_last_ended_and_lose_nothing(self) -> None:
        for day in range(PAGE + 5):
            self.heard(f"Thing {day}", days_ago=day)
        first = timeline(self.parks, self.ana, self.today)
        second = timeline(self.parks, self.ana, self.today, before=first.older)
        self.assertEqual(len(first.items), PAGE)
        self.assertIsNone(second.older)
        seen = [item.title for item in (*first.items, *second.items) if item.title.startswith("Thing")]
        self.assertEqual(seen, [f"Thing {day}" for day in range(PAGE + 5)])

    def test_tickets_are_one_line_a_day_and_are_never_cut_in_two(self) -> None:
        noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=3)
        made = [open_ticket(title="No mail", partner=self.parks, by=self.ana) for _hour in range(3)]
        for hours, ticket in enumerate(made, -1):
            Ticket.objects.filter(pk=ticket.pk).update(opened_at=noon + timedelta(hours=hours))
        solved = Ticket.objects.filter(pk=made[2].pk)
        solved.update(state="resolved", resolved_at=noon + timedelta(hours=1))
        self.assertEqual(self.titles(self.ana, kind="tickets"), ["3 tickets opened, 1 ticket solved"])
        cut = timeline(self.parks, self.ana, self.today, kind="tickets", before=noon)
        self.assertEqual([item.title for item in cut.items], ["3 tickets opened, 1 ticket solved"])
        before = timeline(self.parks, self.ana, self.today, kind="tickets", before=cut.items[0].at)
        self.assertEqual((before.items, self.titles(self.cy, kind="tickets")), ([], []))

    def test_of_very_many_tickets_a_page_tells_the_newest_days_whole_and_leads_on(self) -> None:
        noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
        for day in range(1, 6):
            for hour in range(2):
                made = open_ticket(title="No mail", partner=self.parks, by=self.ana)
                Ticket.objects.filter(pk=made.pk).update(opened_at=noon - timedelta(days=day, hours=hour))
        self.met("Before all of them", days_ago=30)
        read, before = [], None
        with patch.object(briefing, "TICKETS", 3):
            for _page in range(4):
                page = timeline(self.parks, self.ana, self.today, before=before)
                read += [(item.title, (self.today - timezone.localdate(item.at)).days) for item in page.items]
                if (before := page.older) is None:
                    break
        told = [("2 tickets opened", day) for day in range(1, 6)]
        self.assertEqual(read[:6], [*told, ("Before all of them", 30)])

    def test_a_page_costs_the_same_however_long_the_history(self) -> None:
        for day in range(PAGE * 2):
            self.heard(f"Thing {day}", days_ago=day)
            self.met(f"Visit {day}", days_ago=day + 1)
        with self.assertNumQueries(8):
            timeline(self.parks, self.ana, self.today)
