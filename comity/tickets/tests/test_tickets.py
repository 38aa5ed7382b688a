"""Tickets: opened and moved here, taken in from elsewhere, and whose they are."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from django.urls import reverse
from django.utils import timezone

from comity.core.errors import DomainError
from comity.testing.cast import CastTestCase
from comity.tickets.models import Owner, StateChange, Ticket
from comity.tickets.receiving import Change, Outcome, Seen, from_source
from comity.tickets.services import follow, open_ticket, set_state

LIST, TICKET, PORTAL, PORTAL_TICKET, WHOSE = 7, 6, 6, 5, 10  # queries


class TicketTestCase(CastTestCase):
    def setUp(self) -> None:
        self.now = timezone.now()

    def ago(self, hours: float) -> datetime:
        return self.now - timedelta(hours=hours)

    def one(self, number: str = "INC1", hours: float = 48, **values: Any) -> Seen:
        """A ticket of the tool, opened so many hours ago."""
        beside = {
            name: values.pop(name) for name in ("external_id", "changes", "history_known") if name in values
        }
        said = {"title": "The printer is jammed", "state": "new", "opened_at": self.ago(hours), **values}
        return Seen(number, said, **beside)

    def take(self, *rows: Seen) -> tuple[int, int, int, list[str]]:
        done: Outcome = from_source("snow", rows)
        return done.made, done.changed, done.same, [why for _number, why, _key in done.problems]

    def told(self, ticket: Ticket) -> list[tuple[str, float]]:
        """Its states, and how many hours ago each began."""
        changes = StateChange.objects.filter(ticket=ticket)
        return [(one.state, round((self.now - one.at).total_seconds() / 3600, 3)) for one in changes]


class WorkedHere(TicketTestCase):
    def test_a_ticket_gets_a_number_of_its_own_and_a_history(self) -> None:
        first = open_ticket(title="A laptop", partner=self.parks, by=self.ana)
        second = open_ticket(title="No mail", partner=self.parks, kind="incident", by=self.ana)
        self.assertRegex(first.number, r"^REQ\d{6}$")
        self.assertRegex(second.number, r"^INC\d{6}$")
        self.assertTrue(first.history_known)
        self.assertEqual(self.told(first), [("new", 0)])

    def test_it_is_moved_until_it_is_settled_and_may_be_reopened(self) -> None:
        ticket = open_ticket(title="No mail", partner=self.parks, by=self.ana)
        Ticket.objects.update(opened_at=self.ago(9))
        StateChange.objects.update(at=self.ago(9))
        set_state(ticket, "on_hold", at=self.ago(5), hold_reason="customer", by=self.ana)
        set_state(ticket, "resolved", at=self.ago(4), by=self.ana)
        ticket.refresh_from_db()
        self.assertEqual((ticket.resolved_at, ticket.settled_at), (self.ago(4), self.ago(4)))
        set_state(ticket, "in_progress", at=self.ago(3), priority=1, by=self.ana)
        ticket.refresh_from_db()
        self.assertEqual((ticket.resolved_at, ticket.settled_at, ticket.priority), (None, None, 1))
        set_state(ticket, "closed", at=self.ago(1), by=self.ana)
        ticket.refresh_from_db()
        self.assertEqual((ticket.resolved_at, ticket.closed_at), (self.ago(1), self.ago(1)))
        states = [("new", 9), ("on_hold", 5), ("resolved", 4), ("in_progress", 3), ("closed", 1)]
        self.assertEqual(self.told(ticket), states)

    def test_neither_a_state_twice_nor_a_moment_before_the_last_is_taken(self) -> None:
        ticket = open_ticket(title="No mail", partner=self.parks, by=self.ana)
        with self.assertRaisesMessage(DomainError, "It has this state already."):
            set_state(ticket, "new", by=self.ana)
        with self.assertRaisesMessage(DomainError, "has changed since"):
            set_state(ticket, "closed", at=self.ago(1), by=self.ana)
        self.assertEqual(StateChange.objects.count(), 1)

    def test_one_that_is_worked_elsewhere_is_changed_there(self) -> None:
        self.take(self.one())
        with self.assertRaisesMessage(DomainError, "Change it there."):
            set_state(Ticket.objects.get(), "closed", by=self.ana)


class FromSource(TicketTestCase):
    def test_the_same_again_changes_nothing(self) -> None:
        rows = [self.one(f"INC{n}", state="closed", closed_at=self.ago(1)) for n in range(5)]
        self.assertEqual(self.take(*rows), (5, 0, 0, []))
        before = list(StateChange.objects.values_list())
        self.assertEqual(self.take(*rows), (0, 0, 5, []))
        self.assertEqual(list(StateChange.objects.values_list()), before)

    def test_a_state_is_seen_when_the_source_says_and_pauses_are_not_known(self) -> None:
        self.take(self.one())
        self.take(self.one(state="on_hold", hold_reason="vendor", source_updated_at=self.ago(40)))
        self.take(self.one(state="resolved", resolved_at=self.ago(30)))
        ticket = Ticket.objects.get()
        self.assertEqual(self.told(ticket), [("new", 48), ("on_hold", 40), ("resolved", 30)])
        self.assertFalse(ticket.history_known)
        self.assertEqual(
            self.take(self.one(state="in_progress", source_updated_at=self.ago(20))), (0, 1, 0, [])
        )
        ticket.refresh_from_db()
        self.assertEqual((ticket.settled_at, self.told(ticket)[-1]), (None, ("in_progress", 20)))

    def test_what_the_source_stamped_earlier_is_left_alone(self) -> None:
        new: dict[str, Any] = {"external_id": "a1", "source_updated_at": self.ago(2), "source_mod_count": 4}
        self.take(self.one(state="in_progress", **new))
        old: dict[str, Any] = {"external_id": "a1", "source_updated_at": self.ago(3), "source_mod_count": 3}
        self.assertEqual(self.take(self.one(**old)), (0, 0, 1, []))
        self.assertEqual(self.take(self.one(title="Another", **new)), (0, 0, 1, []))
        self.assertEqual(Ticket.objects.get().state, "in_progress")

    def test_a_history_is_put_in_order_and_replaces_what_was_seen_in_its_time(self) -> None:
        closed: dict[str, Any] = {"state": "closed", "closed_at": self.ago(10)}
        self.take(self.one(**closed))
        history = [
            Change(self.ago(10), "closed"),
            Change(self.ago(48), "new", "", 4),
            Change(self.ago(30), "on_hold", "customer"),
            Change(self.ago(30), "on_hold", "customer"),
            Change(self.ago(20), "in_progress", "", 2),
        ]
        self.assertEqual(self.take(Seen("INC1", {}, changes=history)), (0, 1, 0, []))
        self.assertEqual(self.take(Seen("INC1", {}, changes=history[::-1])), (0, 0, 1, []))
        ticket = Ticket.objects.get()
        self.assertTrue(ticket.history_known)
        kept = ticket.changes.values_list("state", "hold_reason", "priority")
        wanted = [("new", "", 4), ("on_hold", "customer", 4), ("in_progress", "", 2), ("closed", "", 2)]
        self.assertEqual(list(kept), wanted)

    def test_two_rows_with_one_number_get_a_sentence(self) -> None:
        words = "Two tickets of this source have the number INC1. The first one stays."
        rows = [self.one(external_id="a1"), self.one(external_id="b2")]
        self.assertEqual(self.take(*rows), (1, 0, 0, [words]))
        self.assertEqual(self.take(rows[1]), (0, 0, 0, [words]))
        self.assertEqual(Ticket.objects.get().external_id, "a1")

    def test_a_ticket_of_a_list_is_known_again_by_the_sync_which_may_change_its_number(self) -> None:
        self.take(self.one())
        self.assertEqual(self.take(self.one(external_id="a1")), (0, 1, 0, []))
        self.assertEqual(self.take(self.one("INC2", external_id="a1")), (0, 1, 0, []))
        self.assertEqual(Ticket.objects.get().number, "INC2")

    def test_one_resolved_before_it_was_opened_is_kept_and_said(self) -> None:
        self.take(self.one(state="resolved", resolved_at=self.ago(50)))
        ticket = Ticket.objects.get()
        self.assertTrue(ticket.is_backwards)
        page = self.reads(self.page(ticket.get_absolute_url(), by=self.ana))
        self.assertIn("Resolved before it was opened", page)

    def test_a_row_that_says_no_moment_is_set_aside(self) -> None:
        why = "It says no number, no state or not when it was opened."
        self.assertEqual(self.take(Seen("INC9", {"state": "new"})), (0, 0, 0, [why]))

    def test_months_and_spans_have_what_was_open_in_them(self) -> None:
        first = self.today.replace(day=1)
        self.take(
            self.one("OLD", 24 * 90, state="closed", closed_at=self.ago(24 * 80)),
            self.one("LATE", 24 * 90),
            self.one("NOW", 0, state="resolved", resolved_at=self.now),
        )
        numbers = Ticket.objects.of_month(first).values_list("number", flat=True)
        self.assertEqual(list(numbers), ["LATE", "NOW"])
        self.assertEqual([one.number for one in Ticket.objects.open()], ["LATE"])


class Whose(TicketTestCase):
    def test_the_narrowest_rule_decides_and_nothing_is_guessed(self) -> None:
        Owner.objects.create(field="company", value="State of Franklin", partner=self.roads)
        Owner.objects.create(field="department", value="Parks", partner=self.parks)
        self.take(
            self.one("A", said_by={"company": "State of Franklin", "department": "Parks"}),
            self.one("B", said_by={"company": "State of Franklin"}),
            self.one("C", said_by={"company": "State of Frankin"}),
        )
        found = dict(Ticket.objects.values_list("number", "partner"))
        self.assertEqual(found, {"A": self.parks.pk, "B": self.roads.pk, "C": None})

    def test_all_tickets_follow_a_rule_and_are_left_when_it_goes(self) -> None:
        own = open_ticket(title="Ours", partner=self.roads, by=self.ana)
        self.take(
            self.one("A", said_by={"company": "Parks", "location": "Elm Street"}),
            self.one("B", said_by={"location": "Elm Street"}),
        )
        rule = Owner.objects.create(field="company", value="Parks", partner=self.parks)
        follow(rule)
        self.assertEqual(Ticket.objects.get(number="A").partner, self.parks)
        self.assertIsNone(Ticket.objects.get(number="B").partner)
        place = Owner.objects.create(field="location", value="Elm Street", partner=self.roads)
        follow(place)
        self.assertEqual(Ticket.objects.get(number="A").partner, self.parks)
        self.assertEqual(Ticket.objects.get(number="B").partner, self.roads)
        rule.delete()
        follow(rule)
        self.assertEqual(Ticket.objects.get(number="A").partner, self.roads)
        own.refresh_from_db()
        self.assertEqual(own.partner, self.roads)


class WhosePages(TicketTestCase):
    def test_what_is_nobodys_is_counted_and_one_choice_moves_all_of_it(self) -> None:
        self.take(
            *(
                self.one(f"A{n}", said_by={"company": "Parks & Co", "location": "Elm Street"})
                for n in range(3)
            ),
            self.one("B", said_by={"location": "Elm Street"}),
        )
        self.client.force_login(self.ana)
        with self.assertNumQueries(WHOSE):
            page = self.page(reverse("tickets:whose"))
        told = self.reads(page)
        self.assertIn("4 tickets are nobody’s yet.", told)
        self.assertIn("Elm Street Location · 4", told)
        self.assertIn("Parks & Co Company · 3", told)
        add = reverse("tickets:add_rule")
        form = self.page(add, data={"field": "company", "value": "Parks & Co"}).context["form"]
        self.assertEqual((form["field"].value(), form["value"].value()), ("company", "Parks & Co"))
        said = {"field": "company", "value": "Parks & Co", "partner": "Department of Parks"}
        self.post(add, said, expect=reverse("tickets:whose"))
        self.assertEqual(Ticket.objects.filter(partner=self.parks).count(), 3)
        self.assertIn("1 ticket is nobody’s yet.", self.reads(self.page(reverse("tickets:whose"))))

    def test_an_address_that_names_a_partner_with_a_key_of_forty_digits_is_read(self) -> None:
        for url in (reverse("tickets:add_rule"), reverse("adoption:begin")):
            page = self.page(url, by=self.ana, data={"partner": "9" * 40})
            self.assertContains(page, "9" * 40)

    def test_a_rule_is_changed_and_removed_and_its_tickets_follow(self) -> None:
        self.take(self.one("A", said_by={"company": "Parks"}))
        rule = Owner.objects.create(field="company", value="Parks", partner=self.parks)
        self.client.force_login(self.ana)
        edit = reverse("tickets:edit_rule", args=[rule.pk])
        form = self.page(edit).context["form"]
        said = {"partner": "Department of Roads", "seen_before": form["seen_before"].value()}
        self.post(edit, said, expect=reverse("tickets:whose"))
        self.assertEqual(Ticket.objects.get().partner, self.roads)
        self.post(reverse("tickets:remove_rule", args=[rule.pk]), {}, expect=reverse("tickets:whose"))
        self.assertIsNone(Ticket.objects.get().partner)

    def test_no_value_has_two_rules(self) -> None:
        Owner.objects.create(field="company", value="Parks", partner=self.parks)
        said = {"field": "company", "value": "Parks", "partner": "Department of Roads"}
        self.client.force_login(self.ana)
        answer = self.client.post(reverse("tickets:add_rule"), said)
        self.assertEqual(answer.status_code, 422)
        self.assertIn("There is a rule for this already.", answer.content.decode())
        self.assertEqual(Owner.objects.get().partner, self.parks)


class Pages(TicketTestCase):
    def setUp(self) -> None:
        super().setUp()
        Owner.objects.create(field="company", value="Parks", partner=self.parks)
        rows = [
            self.one(f"INC{n}", said_by={"company": "Parks"}, office_notes="Ours alone") for n in range(9)
        ]
        self.take(*rows, self.one("INC77"))
        self.ticket = Ticket.objects.get(number="INC0")

    def test_the_list_and_the_page_of_one(self) -> None:
        self.client.force_login(self.ana)
        with self.assertNumQueries(LIST):
            page = self.page(reverse("tickets:list"))
        self.assertIn("INC77 The printer is jammed nobody’s yet", self.reads(page))
        with self.assertNumQueries(TICKET):
            page = self.page(self.ticket.get_absolute_url())
        self.assertIn("Ours alone", self.reads(page))
        self.assertIn("Pauses are not known", self.reads(page))
        found = self.page(reverse("tickets:list"), data={"q": "inc77", "partner": "-", "open": "1"})
        self.assertEqual(found.context["table"].total, 1)

    def test_of_many_so_many_are_counted_in_the_same_question(self) -> None:
        self.take(*(self.one(f"INC1{n:02}", said_by={"company": "Parks"}) for n in range(60)))
        self.client.force_login(self.ana)
        for most, words in ((69, "1 to 50 of 69"), (60, "1 to 50 of more than 60")):
            with patch("comity.tickets.tables.MOST_COUNTED", most), self.assertNumQueries(LIST + 1):
                page = self.page(reverse("tickets:list"), data={"partner": self.parks.pk, "state": "new"})
            self.assertIn(words, self.reads(page))
        page = self.page(reverse("tickets:list"), data={"page": "9"})
        self.assertIn("51 to 70 of 70", self.reads(page))

    def test_partners_see_their_own_without_our_notes(self) -> None:
        self.client.force_login(self.ben)
        with self.assertNumQueries(PORTAL):
            page = self.page(reverse("tickets:portal"))
        self.assertEqual(page.context["table"].total, 9)
        with self.assertNumQueries(PORTAL_TICKET):
            page = self.page(self.ticket.portal_url)
        told = self.reads(page)
        self.assertIn("We have it", told)
        self.assertNotIn("Ours alone", told)

    def test_to_another_partner_it_does_not_exist(self) -> None:
        self.client.force_login(self.cy)
        self.assertEqual(self.client.get(self.ticket.portal_url).status_code, 404)
        self.assertEqual(self.page(reverse("tickets:portal")).context["table"].total, 0)
