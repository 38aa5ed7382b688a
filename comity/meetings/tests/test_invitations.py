"""Invitations to visits: who has one, what moves it, what ends it, and how it goes over the wire."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from icalendar import Calendar, Event

from comity.meetings import services
from comity.meetings.models import CalendarEvent, PlannedVisit
from comity.meetings.services.planned_visits import hand_over
from comity.notifications.models import Notice
from comity.office import services as office
from comity.outbox.models import Message
from comity.outbox.sending import composed
from comity.partners.models import Person
from comity.people.models import User
from comity.testing.cast import CastTestCase


class InvitationTestCase(CastTestCase):
    def planned(self, **changed: Any) -> PlannedVisit:
        told: dict[str, Any] = {
            "partners": [self.parks],
            "by": self.ana,
            "planned_on": office.today() + timedelta(days=3),
            "planned_at": time(9, 30),
            "title": "The new map",
            "why": "They are angry.",
            "theirs": [self.ben_person],
            "going": [(self.sol.pk, "")],
        }
        return services.plan_visit(**{**told, **changed})

    def sent(self) -> dict[str, Message]:
        """The invitations that were written since the last time, by address."""
        found = {message.to: message for message in Message.objects.order_by("pk")}
        Message.objects.all().delete()
        return found

    def event(self, message: Message) -> tuple[str, Event]:
        calendar = Calendar.from_ical(message.calendar)
        (event,) = calendar.walk("VEVENT")
        assert isinstance(event, Event)
        return str(calendar["METHOD"]), event


class Invited(InvitationTestCase):
    def test_everyone_of_ours_who_goes_and_nobody_else(self) -> None:
        plan = self.planned()
        sent = self.sent()
        self.assertEqual(sorted(sent), ["ana@oit.example.gov", "sol@oit.example.gov"])
        method, event = self.event(sent["sol@oit.example.gov"])
        self.assertEqual(
            (method, event["UID"], event["SEQUENCE"]), ("REQUEST", f"visit-{plan.pk}@localhost", 1)
        )
        self.assertEqual(str(event["SUMMARY"]), "Department of Parks: The new map")
        self.assertEqual(str(event["ATTENDEE"]), "mailto:sol@oit.example.gov")
        self.assertIn(f"/meetings/planned/{plan.pk}/", sent["sol@oit.example.gov"].text)

    def test_those_to_be_met_where_the_planner_wants_it_in_their_language_and_without_our_words(self) -> None:
        Person.objects.filter(pk=self.ben_person.pk).update(language="es")
        self.planned(invite_theirs=True, theirs=[self.ben_person, self.eve_person])
        sent = self.sent()
        ben = sent[self.ben.email]
        self.assertIn("Cómo: En persona", ben.text)
        self.assertIn("The new map", ben.subject)
        for text in (ben.text, ben.calendar, ben.subject):
            self.assertNotIn("angry", text)
            self.assertNotIn("/meetings/planned/", text)
            self.assertNotIn(self.eve.email, text)
        self.assertIn("Office of IT would like to meet you.", sent[self.eve.email].text)

    def test_their_notice_is_not_mailed_besides(self) -> None:
        self.planned()
        self.assertEqual(Message.objects.filter(to=self.sol.email).count(), 1)
        self.assertEqual(Notice.objects.get(user=self.sol).mail, "never")

    def test_somebody_without_an_address_or_gone_has_none(self) -> None:
        Person.objects.filter(pk=self.ben_person.pk).update(email="")
        plan = self.planned(invite_theirs=True)
        self.assertEqual(len(self.sent()), 2)
        User.objects.filter(pk=self.sol.pk).update(is_active=False)
        services.change_planned_visit(plan.pk, {"place": "Room 4"}, by=self.ana)
        self.assertEqual(list(self.sent()), ["ana@oit.example.gov"])

    def test_a_visit_that_came_out_of_a_calendar_stands_there_already(self) -> None:
        plan = self.planned()
        self.sent()
        CalendarEvent.objects.create(key="x", facts={}, visit=plan, import_id=1)
        services.call_off(plan.pk, reason="Snow.", by=self.ana)
        self.assertEqual([message.kind for message in self.sent().values()], ["notice"])


class Moved(InvitationTestCase):
    def test_what_an_invitation_says_is_sent_again_with_a_higher_number(self) -> None:
        plan = self.planned()
        self.sent()
        services.change_planned_visit(
            plan.pk, {"planned_on": plan.planned_on + timedelta(days=1)}, by=self.ana
        )
        sent = self.sent()
        method, event = self.event(sent["sol@oit.example.gov"])
        self.assertEqual((method, event["SEQUENCE"]), ("REQUEST", 2))
        self.assertTrue(sent["sol@oit.example.gov"].subject.startswith("Changed: "))

    def test_what_it_does_not_say_is_not(self) -> None:
        plan = self.planned()
        self.sent()
        services.change_planned_visit(plan.pk, {"why": "They are calm."}, by=self.ana)
        self.assertEqual(self.sent(), {})

    def test_whoever_is_new_is_invited_and_whoever_goes_no_more_is_told(self) -> None:
        plan = self.planned()
        self.sent()
        services.change_planned_visit(plan.pk, {"going": [(self.finn.pk, "")]}, by=self.ana)
        sent = self.sent()
        self.assertEqual(
            {to: self.event(message)[0] for to, message in sent.items()},
            {"finn@oit.example.gov": "REQUEST", "sol@oit.example.gov": "CANCEL"},
        )

    def test_called_off_it_is_taken_out_of_every_calendar_and_the_reason_stays_here(self) -> None:
        plan = self.planned(invite_theirs=True)
        self.sent()
        services.call_off(plan.pk, reason="They are angry.", by=self.ana)
        sent = self.sent()
        self.assertEqual(sorted(sent), ["ana@oit.example.gov", self.ben.email, "sol@oit.example.gov"])
        method, event = self.event(sent[self.ben.email])
        self.assertEqual((method, event["STATUS"], event["SEQUENCE"]), ("CANCEL", "CANCELLED", 2))
        self.assertNotIn("angry", sent[self.ben.email].text)

    def test_handed_over_the_one_is_invited_and_the_other_is_not_any_more(self) -> None:
        self.planned(going=[])
        self.sent()
        hand_over(self.ana, self.olu, self.ada)
        self.assertEqual(
            {to: self.event(message)[0] for to, message in self.sent().items()},
            {"olu@oit.example.gov": "REQUEST", "ana@oit.example.gov": "CANCEL"},
        )


class OverTheWire(InvitationTestCase):
    def test_the_calendar_is_an_alternative_that_says_its_method(self) -> None:
        self.planned()
        mail = composed(Message.objects.get(to="sol@oit.example.gov")).message()
        parts = [part for part in mail.walk() if part.get_content_maintype() != "multipart"]
        self.assertEqual(mail.get_content_type(), "multipart/alternative")
        self.assertEqual([part.get_content_type() for part in parts], ["text/plain", "text/calendar"])
        self.assertEqual(
            (parts[-1].get_param("method"), parts[-1].get_param("charset")), ("REQUEST", "utf-8")
        )
        self.assertIn(b"BEGIN:VEVENT", parts[-1].get_payload(decode=True))

    def test_the_form_asks_whether_to_invite_them(self) -> None:
        url = f"/meetings/plan/?partner={self.parks.pk}"
        self.assertIn("Invite them by email", self.reads(self.page(url, by=self.ana)))
        said = {
            "planned_on": (office.today() + timedelta(days=3)).isoformat(),
            "how": "in_person",
            "lead": "Ana Ruiz",
            "theirs": [self.ben_person.pk],
            "invite_theirs": "on",
        }
        self.post(url, said)
        plan = PlannedVisit.objects.get()
        self.assertTrue(plan.invite_theirs)
        self.assertIn(self.ben.email, self.sent())
        self.assertIn("Invited by email", self.reads(self.page(plan.get_absolute_url())))
