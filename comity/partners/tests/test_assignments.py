"""Who looks after whom: one lead at a time, and no gap unnoticed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from unittest import mock

from comity.audit.models import Entry
from comity.core.errors import DomainError
from comity.core.load import Load
from comity.outbox.models import Message
from comity.partners import actions, services
from comity.partners.models import Assignment, Partner, Position, load_by_contact
from comity.partners.services.memberships import turn_of_day
from comity.people import services as accounts
from comity.testing.cast import CastTestCase

LEAD, BACKUP = Assignment.Role.LEAD, Assignment.Role.BACKUP


class AssignmentTestCase(CastTestCase):
    """Ana leads Parks; nobody leads Roads and Trails."""

    def assign(
        self, partner: Partner, user: Any, on: date | None = None, role: str = LEAD, **how: Any
    ) -> Assignment:
        return services.assign(partner, user, role, on or self.today, self.cora, **how)

    def gap(self, partner: Partner) -> date | None:
        return Partner.objects.get(pk=partner.pk).lead_gap_since

    def day(self, days: int) -> date:
        return self.today + timedelta(days=days)

    @property
    def anas(self) -> Assignment:
        return Assignment.objects.get(user=self.ana, partner=self.parks)


class Assign(AssignmentTestCase):
    """A contact is named."""

    def test_the_gap_closes_and_the_trail_says_who(self) -> None:
        self.assign(self.roads, self.olu)
        self.assertIsNone(self.gap(self.roads))
        self.assertEqual(self.roads.lead_on(self.today), self.olu)
        entry = Entry.objects.filter(partner_id=self.roads.pk).get()
        assert entry.after is not None
        self.assertEqual((entry.action, entry.after["user"]), (actions.ASSIGN, self.olu.email))

    def test_from_a_day_to_come_the_gap_stays_until_then(self) -> None:
        self.assign(self.roads, self.olu, on=self.day(3))
        self.assertEqual(self.gap(self.roads), self.day(-30))
        services.refresh_leads(self.day(3))
        self.assertIsNone(self.gap(self.roads))

    def test_two_leads_at_a_time_are_refused(self) -> None:
        with self.assertRaisesRegex(
            DomainError, "Ana Ruiz has been the lead contact for Department of Parks since"
        ):
            self.assign(self.parks, self.olu)

    def test_a_lead_makes_room_when_that_is_meant(self) -> None:
        self.assign(self.parks, self.olu, on=self.day(5), replacing=True)
        self.assertEqual(self.parks.lead_on(self.day(4)), self.ana)
        self.assertEqual(self.parks.lead_on(self.day(5)), self.olu)

    def test_one_who_comes_later_does_not_make_room(self) -> None:
        self.assign(self.roads, self.olu, on=self.day(10))
        with self.assertRaisesRegex(DomainError, "will be the lead contact"):
            self.assign(self.roads, self.sol, replacing=True)
        self.assign(self.roads, self.sol, ends_on=self.day(10))
        self.assertEqual(self.roads.lead_on(self.today), self.sol)

    def test_the_same_part_twice_is_refused(self) -> None:
        with self.assertRaisesRegex(DomainError, "Ana Ruiz is already Lead contact for Department of Parks"):
            self.assign(self.parks, self.ana, replacing=True)

    def test_backups_may_be_many(self) -> None:
        for user in (self.olu, self.sol):
            self.assign(self.parks, user, role=BACKUP)
        self.assertEqual(Assignment.objects.on(self.today).filter(partner=self.parks).count(), 3)

    def test_only_the_offices_own_active_people_look_after_partners(self) -> None:
        for user in (self.ben, self._deactivated()):
            with self.assertRaisesRegex(DomainError, "does not work in our office"):
                self.assign(self.roads, user)

    def _deactivated(self) -> Any:
        accounts.deactivate(self.olu, by=self.ada)
        self.olu.refresh_from_db()
        return self.olu

    def test_a_former_partner_needs_nobody(self) -> None:
        Partner.objects.filter(pk=self.roads.pk).update(status="former")
        with self.assertRaisesRegex(DomainError, "no longer served"):
            self.assign(self.roads, self.olu)

    def test_an_unknown_part_and_days_the_wrong_way_round_are_refused(self) -> None:
        with self.assertRaisesRegex(DomainError, "There is no role “boss”"):
            self.assign(self.roads, self.olu, role="boss")
        with self.assertRaisesRegex(DomainError, "cannot end before"):
            self.assign(self.roads, self.olu, ends_on=self.today)

    def test_many_at_once_leaves_those_somebody_else_leads(self) -> None:
        found = services.assign_many(
            Partner.objects.all(), self.olu, LEAD, self.today, self.cora, replacing=False
        )
        self.assertEqual((len(found.made), len(found.left)), (2, 1))
        self.assertEqual(self.parks.lead_on(self.today), self.ana)


class EndAssignment(AssignmentTestCase):
    """Ana stops looking after Parks."""

    def test_with_a_successor_there_is_no_gap(self) -> None:
        services.end_assignment(self.anas, self.today, self.olu, "New job", self.cora)
        self.assertIsNone(self.gap(self.parks))
        self.assertEqual(self.parks.lead_on(self.today), self.olu)

    def test_without_one_the_gap_is_seen_from_that_day(self) -> None:
        services.end_assignment(self.anas, self.today, None, "New job", self.cora)
        self.assertEqual(self.gap(self.parks), self.today)
        self.assertEqual(
            [each.pk for each in Partner.objects.without_lead()],
            [self.roads.pk, self.trails.pk, self.parks.pk],
        )

    def test_a_day_to_come_opens_the_gap_on_that_day(self) -> None:
        services.end_assignment(self.anas, self.day(7), None, "", self.cora)
        self.assertIsNone(self.gap(self.parks))
        self.assertEqual(services.refresh_leads(self.day(7)), [self.parks.pk])
        self.assertEqual(self.gap(self.parks), self.day(7))

    def test_a_day_gone_by_dates_the_gap_back(self) -> None:
        services.end_assignment(self.anas, self.day(-9), None, "", self.cora)
        self.assertEqual(self.gap(self.parks), self.day(-9))

    def test_it_ends_once(self) -> None:
        services.end_assignment(self.anas, self.today, None, "", self.cora)
        with self.assertRaisesRegex(DomainError, "already ended"):
            services.end_assignment(self.anas, self.today, None, "", self.cora)

    def test_nobody_follows_themselves(self) -> None:
        with self.assertRaisesRegex(DomainError, "cannot take over from themselves"):
            services.end_assignment(self.anas, self.today, self.ana, "", self.cora)

    def test_turning_the_day_twice_writes_nothing_the_second_time(self) -> None:
        services.refresh_leads(self.today)
        with self.assertNumQueries(3 + 2):  # its own three, in a savepoint
            self.assertEqual(services.refresh_leads(self.today), [])


class HandOver(AssignmentTestCase):
    """Ana hands over to Olu."""

    def hand_over(self, note: str = "", on: date | None = None, **how: Any) -> int:
        return services.hand_over(
            self.ana, self.olu, Partner.objects.all(), on or self.today, note, self.cora, **how
        )

    def letters(self) -> list[Message]:
        return [mail for mail in self.sent_mail() if mail.kind == "partners.hand_over"]

    def test_every_part_goes_over(self) -> None:
        self.assign(self.roads, self.ana)
        self.assign(self.trails, self.ana, role=BACKUP)
        self.assertEqual(self.hand_over(), 3)
        held = Assignment.objects.on(self.today).filter(user=self.olu)
        self.assertEqual(
            {(each.partner.code, each.role) for each in held},
            {
                ("PARKS", LEAD),
                ("ROADS", LEAD),
                ("TRAILS", BACKUP),
            },
        )
        self.assertFalse(Assignment.objects.on(self.today).filter(user=self.ana).exists())
        self.assertIsNone(self.gap(self.parks))

    def test_their_people_are_told_once_each_with_the_note(self) -> None:
        self.hand_over(note="I move to the courts. It was a pleasure.")
        self.assertEqual([mail.to for mail in self.letters()], [self.ben.email, self.eve.email])
        (mail,) = self.sent_mail(self.ben.email)
        self.assertEqual(mail.subject, "Olu Staff is now your contact")
        for words in (
            "Dear Ben Okafor",
            "in place of Ana Ruiz",
            "It was a pleasure.",
            self.olu.email,
        ):
            self.assertIn(words, mail.text)

    def test_from_a_day_to_come_the_mail_names_the_day(self) -> None:
        self.hand_over(on=date(2030, 1, 7))
        (mail,) = self.sent_mail(self.ben.email)
        self.assertEqual(mail.subject, "Olu Staff will be your contact from Jan 7, 2030")

    def test_who_reads_spanish_gets_spanish(self) -> None:
        self.ben.language = "es"
        self.ben.save()
        self.hand_over()
        (mail,) = self.sent_mail(self.ben.email)
        self.assertEqual(mail.subject, "Olu Staff es ahora su contacto")
        self.assertNotIn("Dear", mail.text)

    def test_a_head_without_the_portal_is_told_too_and_others_are_not(self) -> None:
        person = services.add_person(by=self.cora, name="Hal Head", email="hal@parks.example.gov")
        services.set_position(
            by=self.cora, partner=self.parks, person=person, title="Director", function=Position.Function.HEAD
        )
        clerk = services.add_person(by=self.cora, name="Clea Clerk", email="clea@parks.example.gov")
        services.set_position(by=self.cora, partner=self.parks, person=clerk, title="Clerk")
        told = {each.email for each in services.who_is_told([self.parks])}
        self.assertEqual(told, {self.ben.email, self.eve.email, person.email})

    def test_nobody_is_told_when_that_is_not_wished_or_only_a_backup_changes(self) -> None:
        self.hand_over(tell=False)
        self.assertEqual(self.letters(), [])
        self.assign(self.parks, self.sol, role=BACKUP)
        services.hand_over(self.sol, self.finn, Partner.objects.all(), self.today, "", self.cora)
        self.assertEqual(self.letters(), [])

    def test_who_has_the_part_already_keeps_it_once(self) -> None:
        self.assign(self.trails, self.ana, role=BACKUP)
        self.assign(self.trails, self.olu, role=BACKUP)
        self.hand_over()
        self.assertEqual(Assignment.objects.on(self.today).filter(partner=self.trails).count(), 1)

    def test_nothing_to_hand_over_is_said(self) -> None:
        self.hand_over()
        with self.assertRaisesRegex(DomainError, "looks after none of these"):
            self.hand_over()

    def test_when_someone_leaves_the_office_all_goes_to_the_successor(self) -> None:
        accounts.deactivate(self.ana, by=self.ada, successors={"partners.assignments": self.olu})
        self.assertEqual(self.parks.lead_on(self.today), self.olu)

    def test_someone_who_looks_after_partners_does_not_leave_without_a_successor(self) -> None:
        with self.assertRaisesRegex(DomainError, "Choose who takes over 1"):
            accounts.deactivate(self.ana, by=self.ada)


class LoadByContact(AssignmentTestCase):
    """How much each contact has to look after."""

    def test_it_counts_as_core_does_in_one_query(self) -> None:
        for name, headcount, population in [
            ("A", 99, None),
            ("B", 100, None),
            ("C", 1_000, 5),
            ("D", None, 10_000),
            ("E", 3, 1_000_000),
            ("F", 10_000, None),
        ]:
            body = self.cast.partner(name, name)
            Partner.objects.filter(pk=body.pk).update(headcount=headcount, population=population)
            self.assign(body, self.olu)
        with self.assertNumQueries(1):
            found = load_by_contact(Partner.objects.all(), self.today)
        self.assertEqual(
            found,
            {self.olu.pk: Load(6, 1 + 2 + 3 + 2 + 4 + 4), self.ana.pk: Load(1, 1), None: Load(2, 2)},
        )

    def test_former_partners_and_leads_to_come_do_not_count(self) -> None:
        Partner.objects.filter(pk=self.parks.pk).update(status="former")
        self.assign(self.roads, self.olu, on=self.day(1))
        self.assertEqual(load_by_contact(Partner.objects.all(), self.today), {None: Load(2, 2)})


class Notices(AssignmentTestCase):
    """Who is told of what in the office."""

    def told(self, user: Any) -> list[str]:
        return [notice.text for notice in user.notices.order_by("pk")]

    def test_a_new_contact_is_told_by_whom_they_did_not_name_themselves(self) -> None:
        self.assign(self.roads, self.olu, on=date(2030, 1, 7))
        self.assertEqual(
            self.told(self.olu),
            ["You look after Department of Roads from Jan 7, 2030. Your role: Lead contact."],
        )
        self.assign(self.trails, self.cora)
        self.assertEqual(self.told(self.cora), [])

    def test_many_at_once_are_one_notice(self) -> None:
        services.assign_many(Partner.objects.all(), self.olu, BACKUP, self.today, self.cora, replacing=False)
        self.assertEqual(len(self.told(self.olu)), 1)
        self.assertIn("3 more partners", self.told(self.olu)[0])

    def test_the_customer_officer_hears_of_a_gap_the_day_it_opens(self) -> None:
        services.end_assignment(self.anas, self.day(1), None, "", self.ada)
        self.assertEqual(self.told(self.cora), [])
        with self.travelled_to_tomorrow():
            turn_of_day()
            turn_of_day()
        self.assertEqual(self.told(self.cora), ["Department of Parks no longer has a lead contact."])

    def test_a_hand_over_opens_no_gap_and_is_one_notice(self) -> None:
        services.hand_over(self.ana, self.olu, Partner.objects.all(), self.today, "", self.ada)
        self.assertEqual((self.told(self.cora), len(self.told(self.olu))), ([], 1))

    def travelled_to_tomorrow(self) -> Any:
        return mock.patch("comity.partners.services.memberships.today", return_value=self.day(1))
