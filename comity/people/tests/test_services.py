"""What is done to people: invited, given roles, away, gone and back; each act in the trail."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from unittest import mock

from django.contrib.auth import get_user
from django.http import HttpRequest
from django.utils import timezone

from comity.audit.models import Entry
from comity.core.errors import DomainError
from comity.outbox.models import Message
from comity.people import duties, services
from comity.people.models import Absence, Invitation, RoleGrant, User
from comity.people.roles import Role
from comity.testing.cast import CastTestCase
from comity.testing.declaring import declaring


def latest(action: str) -> Entry:
    return Entry.objects.filter(action=action).latest("pk")


class Inviting(CastTestCase):
    def invite(self, **changed: Any) -> User:
        said: dict[str, Any] = {
            "email": " New@OIT.example.gov ",
            "name": "Nia New",
            "roles": [Role.OFFICE_STAFF],
            "by": self.ada,
        }
        return services.invite(**{**said, **changed})

    def link_of_latest_mail(self) -> str:
        return next(word for word in Message.objects.latest("pk").text.split() if "/join/" in word)

    def test_an_invitation_is_mailed_with_a_link_whose_hash_alone_is_kept(self) -> None:
        user = self.invite()
        self.assertEqual((user.email, user.roles), ("new@oit.example.gov", {Role.OFFICE_STAFF}))
        mail = Message.objects.get(to="new@oit.example.gov")
        self.assertTrue(mail.wipe_after_sending)
        raw = self.link_of_latest_mail().rstrip("/").rsplit("/", 1)[1]
        self.assertGreaterEqual(len(raw) * 6, 128)
        self.assertNotIn(raw, str(Invitation.objects.values().get()))
        self.assertEqual(latest("people.invite").actor_label, "Ada Admin")

    def test_an_invitation_sets_the_password_once(self) -> None:
        self.invite()
        invitation = Invitation.objects.get()
        user = services.accept(invitation.pk, password="three quiet rivers", name="Nia Newly")
        self.assertTrue(user.check_password("three quiet rivers"))
        self.assertEqual((user.name, user.has_joined), ("Nia Newly", True))
        with self.assertRaisesRegex(DomainError, "no longer works"):
            services.accept(invitation.pk, password="another quiet river")

    def test_a_password_that_is_refused_leaves_the_invitation_as_it_was(self) -> None:
        self.invite()
        invitation = Invitation.objects.get()
        with self.assertRaisesRegex(DomainError, "too short"):
            services.accept(invitation.pk, password="short")
        self.assertTrue(Invitation.objects.open().filter(pk=invitation.pk).exists())

    def test_a_new_link_ends_the_one_before(self) -> None:
        user = self.invite()
        first = Invitation.objects.get()
        services.invite_again(user, by=self.ada)
        self.assertEqual(list(Invitation.objects.open()), [Invitation.objects.exclude(pk=first.pk).get()])

    def test_inviting_someone_again_sends_a_new_link_to_the_same_person(self) -> None:
        self.assertEqual(self.invite(), self.invite())
        self.assertEqual(Message.objects.filter(to="new@oit.example.gov").count(), 2)

    def test_an_invitation_ends_after_a_week(self) -> None:
        self.invite()
        with mock.patch.object(timezone, "now", return_value=timezone.now() + timedelta(days=7, seconds=1)):
            self.assertFalse(Invitation.objects.open().exists())

    def test_a_withdrawn_invitation_lets_nobody_in(self) -> None:
        user = self.invite()
        services.withdraw_invitation(user, by=self.ada)
        self.assertFalse(Invitation.objects.open().exists())
        self.assertFalse(User.objects.active().filter(pk=user.pk).exists())

    def test_who_signs_in_already_is_not_invited(self) -> None:
        for email, sentence in [
            ("ana@oit.example.gov", "already signs in with"),
            ("no address", "not an email"),
        ]:
            with self.subTest(email), self.assertRaisesRegex(DomainError, sentence):
                self.invite(email=email)
        self.assertFalse(Message.objects.exists())

    def test_a_partners_user_is_given_no_office_role(self) -> None:
        with self.assertRaisesRegex(DomainError, "cannot have these roles"):
            self.invite(kind=User.Kind.PARTNER, roles=[Role.ADMINISTRATOR])
        self.assertFalse(User.objects.filter(email="new@oit.example.gov").exists())


class Rights(CastTestCase):
    def test_roles_are_set_as_a_whole_with_before_and_after(self) -> None:
        services.set_roles(self.olu, [Role.CCO, Role.SERVICE_OWNER], by=self.ada)
        self.assertEqual(self.olu.roles, {Role.CCO, Role.SERVICE_OWNER})
        entry = latest("people.set_roles")
        self.assertEqual(entry.before, {"roles": ["office_staff"]})
        self.assertEqual(entry.after, {"roles": ["cco", "service_owner"]})

    def test_roles_that_stay_leave_no_trace(self) -> None:
        services.set_roles(self.olu, [Role.OFFICE_STAFF], by=self.ada)
        self.assertFalse(Entry.objects.exists())

    def test_the_last_administrator_stays(self) -> None:
        with self.assertRaisesRegex(DomainError, "last administrator"):
            services.set_roles(self.ada, [Role.CIO], by="command line")
        self.assertTrue(RoleGrant.objects.filter(user=self.ada, role=Role.ADMINISTRATOR).exists())

    def test_an_administrator_who_never_came_does_not_count(self) -> None:
        services.invite(email="x@oit.example.gov", name="X", roles=[Role.ADMINISTRATOR], by=self.ada)
        with self.assertRaisesRegex(DomainError, "last administrator"):
            services.set_roles(self.ada, [], by="command line")

    def test_nobody_takes_the_role_from_themselves(self) -> None:
        services.set_roles(self.ira, [Role.CIO, Role.ADMINISTRATOR], by=self.ada)
        with self.assertRaisesRegex(DomainError, "your own access"):
            services.set_roles(self.ada, [], by=self.ada)
        services.set_roles(self.ada, [], by=self.ira)
        self.assertEqual(self.ada.roles, frozenset())

    def test_partner_users_and_partner_roles_are_refused(self) -> None:
        for user, role in [(self.ben, Role.CIO), (self.olu, Role.PARTNER_MEMBER)]:
            with self.subTest(user), self.assertRaisesRegex(DomainError, "cannot have these roles"):
                services.set_roles(user, [role], by=self.ada)

    def test_supervision_does_not_go_in_a_circle(self) -> None:
        with self.assertRaisesRegex(DomainError, "their own supervisor"):
            services.set_supervisor(self.ira, self.ana, by=self.ada)
        services.set_supervisor(self.olu, self.ana, by=self.ada)
        self.assertEqual(self.olu.supervisor, self.ana)

    def test_a_partners_user_supervises_nobody(self) -> None:
        with self.assertRaisesRegex(DomainError, "cannot supervise"):
            services.set_supervisor(self.olu, self.ben, by=self.ada)


class Absences(CastTestCase):
    start, end = date(2026, 12, 21), date(2026, 12, 31)

    def away(self, user: User, stand_in: User, start: date = start, end: date = end) -> Absence:
        return services.set_absence(user, starts_on=start, until_on=end, stand_in=stand_in, by=self.ada)

    def test_the_stand_in_stands_in_on_the_first_and_the_last_day(self) -> None:
        self.away(self.ana, self.olu)
        self.assertEqual(services.stand_in_for(self.ana, self.start), self.olu)
        self.assertEqual(services.stand_in_for(self.ana, self.end), self.olu)
        self.assertIsNone(services.stand_in_for(self.ana, self.end + timedelta(days=1)))

    def test_a_stand_in_who_is_away_is_stood_in_for(self) -> None:
        self.away(self.ana, self.olu)
        self.away(self.olu, self.sol)
        self.assertEqual(services.stand_in_for(self.ana, self.start), self.sol)

    def test_two_who_stand_in_for_each_other_leave_nobody(self) -> None:
        self.away(self.ana, self.olu)
        self.away(self.olu, self.ana)
        self.assertIsNone(services.stand_in_for(self.ana, self.start))

    def test_what_cannot_be_is_refused(self) -> None:
        self.away(self.ana, self.olu)
        for stand_in, start, sentence in [
            (self.olu, self.end + timedelta(days=1), "before the first"),
            (self.ana, self.start, "cannot be the stand-in"),
            (self.ben, self.start, "cannot be the stand-in"),
            (self.sol, self.start + timedelta(days=1), "already away"),
        ]:
            with self.subTest(sentence), self.assertRaisesRegex(DomainError, sentence):
                self.away(self.ana, stand_in, start)
        self.assertEqual(Absence.objects.count(), 1)

    def test_an_absence_called_off_is_over(self) -> None:
        services.call_off_absence(self.away(self.ana, self.olu), by=self.ana)
        self.assertIsNone(services.stand_in_for(self.ana, self.start))
        before = latest("people.call_off_absence").before
        self.assertEqual(before and before["stand_in"], "Olu Staff")


class Leaving(CastTestCase):
    def setUp(self) -> None:
        self.owner = {"errands": self.ana}
        errands = duties.Duty(
            key="test.errands",
            label="errands",
            rows=lambda user: User.objects.filter(pk=self.owner["errands"].pk, email=user.email),
            url_of=lambda user: "/errands/",
            hand_over=self.take_over,
        )
        self.enterContext(declaring(errands, alone=True))

    def take_over(self, from_user: User, to_user: User, by: User) -> int:
        self.owner["errands"] = to_user
        return 1

    def test_what_someone_answers_for_has_to_be_taken_over(self) -> None:
        with self.assertRaisesRegex(DomainError, "Choose who takes over 1 errands from Ana Ruiz"):
            services.deactivate(self.ana, by=self.ada)
        self.assertTrue(User.objects.active().filter(pk=self.ana.pk).exists())

    def test_leaving_hands_over_and_is_written_down(self) -> None:
        handed = services.deactivate(
            self.ana, by=self.ada, successors={"test.errands": self.olu}, reason="Retired"
        )
        self.assertEqual((handed, self.owner["errands"]), ({"test.errands": 1}, self.olu))
        after = latest("people.deactivate").after
        self.assertEqual(after and after["handed_over"], {"test.errands": "1 → olu@oit.example.gov"})

    def test_nobody_hands_over_to_someone_who_cannot_take_it(self) -> None:
        for successor in (self.ana, self.ben):
            with self.subTest(successor), self.assertRaisesRegex(DomainError, "cannot take this over"):
                services.deactivate(self.ana, by=self.ada, successors={"test.errands": successor})

    def test_sessions_end_at_once_and_do_not_come_back(self) -> None:
        self.client.force_login(self.olu)
        request = HttpRequest()
        request.session = self.client.session
        self.assertEqual(get_user(request), self.olu)
        services.deactivate(self.olu, by=self.ada)
        self.assertFalse(get_user(request).is_authenticated)
        services.reactivate(self.olu, by=self.ada)
        self.assertFalse(get_user(request).is_authenticated)

    def test_a_session_nobody_listed_ends_as_well(self) -> None:
        before = self.olu.get_session_auth_hash()
        services.end_sessions(self.olu, by=self.ada)
        self.assertNotEqual(User.objects.get(pk=self.olu.pk).get_session_auth_hash(), before)

    def test_neither_oneself_nor_the_last_administrator_can_be_deactivated(self) -> None:
        with self.assertRaisesRegex(DomainError, "cannot deactivate yourself"):
            services.deactivate(self.ada, by=self.ada)
        with self.assertRaisesRegex(DomainError, "last administrator"):
            services.deactivate(self.ada, by=self.ira)

    def test_those_they_supervised_and_stood_in_for_are_not_left_hanging(self) -> None:
        services.set_absence(
            self.sol, starts_on=self.today, until_on=self.today, stand_in=self.cora, by=self.sol
        )
        services.deactivate(self.cora, by=self.ada)
        self.assertEqual(User.objects.get(pk=self.ana.pk).supervisor, self.ira)
        self.assertIsNone(services.stand_in_for(self.sol, self.today))

    def test_a_partners_user_loses_access_once(self) -> None:
        services.end_access(self.ben, reason="Last membership ended", by=self.ada)
        services.end_access(self.ben, reason="Last membership ended", by=self.ada)
        self.assertFalse(User.objects.get(pk=self.ben.pk).is_active)
        self.assertEqual(Entry.objects.filter(action="people.end_access").count(), 1)
        with self.assertRaisesRegex(DomainError, "works in the office"):
            services.end_access(self.olu, reason="", by=self.ada)
