"""What everybody reads of a council whose meetings are open, and partners of those in which they have a seat."""

from __future__ import annotations

from typing import Any

from comity.councils.models import Council, CouncilMeeting
from comity.councils.services import meetings
from comity.councils.services.councils import COUNCILS, SEATS
from comity.councils.services.meetings import AGENDA, DECISIONS
from comity.councils.tests.world import CouncilTestCase

PORTAL, OURS, PAGE = 5, 9, 10  # queries


class ReadingTestCase(CouncilTestCase):
    def minuted(self, **facts: Any) -> CouncilMeeting:
        """A meeting whose minutes are given out."""
        meeting = self.met(-2, **facts)
        meetings.give_notice(meeting, by=self.ana)
        AGENDA.enter({"meeting": meeting, "title": "The slow mail"}, by=self.ana)
        DECISIONS.enter({"meeting": meeting, "text": "Mail for all."}, by=self.ana)
        self.council.topics.create(meeting=meeting, title="Mail takes a day", key=f"mail-{meeting.pk}")
        self.there(meeting, ben="there", cy="there")
        meetings.write_minutes(meeting, {"minutes": "It was long."}, by=self.ana, seen=None)
        return meetings.give_out(meeting, by=self.ana)


class Everybody(ReadingTestCase):
    def test_reads_notice_agenda_minutes_and_decisions_and_nothing_else(self) -> None:
        meeting, unannounced = self.minuted(link="https://video.example.gov/1"), self.met(9, place="Cellar")
        text = self.page(self.at("public", self.council)).text
        self.assertIn(self.at("public_meeting", meeting), text)
        for hidden in ("Cellar", "One vote for each.", "Ben Okafor"):
            self.assertNotIn(hidden, text)
        text = self.page(self.at("public_meeting", meeting)).text
        for said in ("Notice was given on", "The slow mail", "It was long.", "Mail for all."):
            self.assertIn(said, text)
        for hidden in ("Ben Okafor", "video.example.gov", "Attach a file", "Mail takes a day"):
            self.assertNotIn(hidden, text)
        self.assertEqual(self.client.get(self.at("public_meeting", unannounced)).status_code, 404)

    def test_reads_no_draft(self) -> None:
        meeting = self.met(-2)
        meetings.give_notice(meeting, by=self.ana)
        DECISIONS.enter({"meeting": meeting, "text": "Mail for all."}, by=self.ana)
        meetings.write_minutes(meeting, {"minutes": "It was long."}, by=self.ana, seen=None)
        text = self.page(self.at("public_meeting", meeting)).text
        self.assertNotIn("It was long.", text)
        self.assertNotIn("Mail for all.", text)

    def test_reads_that_a_meeting_was_called_off(self) -> None:
        meeting = self.met(9)
        meetings.give_notice(meeting, by=self.ana)
        meetings.call_off(meeting, reason="Snow.", by=self.ana)
        self.assertIn("Snow.", self.page(self.at("public_meeting", meeting)).text)

    def test_cannot_tell_that_a_council_exists_whose_meetings_are_closed(self) -> None:
        meeting = self.minuted()
        Council.objects.update(open_meetings=False)
        for url in (self.at("public", self.council), self.at("public_meeting", meeting)):
            self.assertEqual(self.client.get(url).status_code, 404)


class OurCouncils(ReadingTestCase):
    def test_a_partner_reads_the_councils_in_which_it_has_a_seat(self) -> None:
        other = {"name": "Others", "purpose": "P.", "facilitator": self.ana, "begun_on": self.today}
        foreign = COUNCILS.enter(other, by=self.ana)
        SEATS.enter({"council": foreign, "partner": self.roads, "begins_on": self.today}, by=self.ana)
        meeting = self.minuted()
        self.page(self.at("portal"), by=self.ben)
        with self.assertQueries(PORTAL):
            text = self.page(self.at("portal")).text
        self.assertIn("IT council", text)
        self.assertNotIn("Others", text)
        self.assertEqual(self.client.get(self.at("of_ours", foreign)).status_code, 404)
        with self.assertQueries(OURS):
            text = self.page(self.at("of_ours", self.council)).text
        for said in ("One vote for each.", "Cy Young", "Chair", self.at("our_meeting", meeting)):
            self.assertIn(said, text)
        self.assertLess(text.index("Chair"), text.index("Member</"), "the chair comes first")
        with self.assertQueries(PAGE):
            text = self.page(self.at("our_meeting", meeting)).text
        for said in ("The slow mail", "It was long.", "Mail for all.", "Mail takes a day"):
            self.assertIn(said, text)

    def test_a_draft_is_the_offices_alone(self) -> None:
        meeting = self.met(-2)
        meetings.write_minutes(meeting, {"minutes": "It was long."}, by=self.ana, seen=None)
        self.assertNotIn("It was long.", self.page(self.at("our_meeting", meeting), by=self.ben).text)

    def test_it_is_read_in_spanish(self) -> None:
        meeting = self.minuted()
        self.client.cookies["django_language"] = "es"
        self.ben.language = "es"
        self.ben.save()
        for url, said in (
            (self.at("portal"), "Consejos en los que tenemos un puesto"),
            (self.at("of_ours", self.council), "Reuniones anteriores"),
            (self.at("our_meeting", meeting), "Se dio aviso el"),
            (self.at("public", self.council), "Sus reuniones están abiertas al público."),
        ):
            self.assertIn(said, self.page(url, by=self.ben).text)
