"""Obvious passwords, devices, saved views, the command `admin`."""

from __future__ import annotations

from io import StringIO

from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import SimpleTestCase, TestCase

from comity.audit.models import Entry
from comity.core.errors import DomainError
from comity.people import services
from comity.people.models import Invitation, User
from comity.people.saved_views import MOST, SavedViews
from comity.people.views.own import described
from comity.people.weak_passwords import NotObvious
from comity.testing.cast import CastTestCase


class Obvious(SimpleTestCase):
    def test_what_is_guessed_first_is_refused(self) -> None:
        for password in (
            "aaaaaaaaaaaaaaa",
            "abcabcabcabcabcabc",
            "passwordpassword",
            "123456789012345",
            "098765432109876",
            "abcdefghijklmnop",
            "qwertyuiopasdfgh",
            "1qaz2wsx3edc4rfv",
            "Sunshine20262026",
        ):
            with self.subTest(password), self.assertRaises(ValidationError):
                NotObvious().validate(password)

    def test_a_few_words_in_a_row_are_good(self) -> None:
        for password in (
            "three quiet rivers",
            "bvkwqjzmxhtrnpdlgfsc",
            "paraguas azul en la ventana",
            "correct horse 1",
        ):
            with self.subTest(password):
                try:
                    NotObvious().validate(password)
                except ValidationError as refusal:
                    self.fail(f"It was refused: {refusal.messages}")


class Devices(SimpleTestCase):
    def test_browsers_are_named_as_their_owners_know_them(self) -> None:
        for agent, words in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit Chrome/140 Safari/537 Edg/140",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) Version/26 Safari/604",
                "Safari on iPhone",
            ),
            ("Mozilla/5.0 (Linux; Android 16) AppleWebKit Chrome/140 Mobile Safari/537", "Chrome on Android"),
            ("curl/8", "A device we do not know"),
        ]:
            self.assertEqual(described(agent), words)


class Views(CastTestCase):
    keeper = SavedViews()

    def save(self, user: User, name: str = "Mine", *, shared: bool = False) -> int:
        return self.keeper.save(user, table="people", name=name, query="q=1", shared=shared).pk

    def names(self, user: User) -> list[tuple[str, bool]]:
        return [(view.name, view.mine) for view in self.keeper.views_of(user, "people")]

    def test_one_sees_ones_own_and_what_colleagues_share(self) -> None:
        self.save(self.ana)
        self.save(self.olu, "Theirs", shared=True)
        self.save(self.olu, "Secret")
        self.assertEqual(self.names(self.ana), [("Mine", True), ("Theirs", False)])

    def test_partners_users_neither_share_nor_see_what_is_shared(self) -> None:
        self.save(self.ben, "Ben's", shared=True)
        self.save(self.olu, "Theirs", shared=True)
        self.assertEqual(self.names(self.ben), [("Ben's", True)])
        self.assertEqual(self.names(self.cy), [])
        self.assertEqual(self.names(self.ana), [("Theirs", False)])

    def test_the_same_name_replaces(self) -> None:
        self.assertEqual(self.save(self.ana), self.save(self.ana))

    def test_only_ones_own_is_forgotten(self) -> None:
        pk = self.save(self.olu, shared=True)
        with self.assertRaises(LookupError):
            self.keeper.delete(self.ana, pk=pk)
        self.keeper.delete(self.olu, pk=pk)
        self.assertEqual(self.names(self.ana), [])

    def test_what_a_colleague_shares_says_whose_it_is(self) -> None:
        self.save(self.olu, "Theirs", shared=True)
        self.save(self.ana, shared=True)
        found = [(view.name, view.owner, view.shared) for view in self.keeper.views_of(self.ana, "people")]
        self.assertEqual(found, [("Mine", "", True), ("Theirs", "Olu Staff", True)])

    def test_ones_own_is_renamed_shared_and_kept_to_oneself_again(self) -> None:
        pk = self.save(self.olu)
        self.keeper.change(self.olu, pk=pk, name="Ours", shared=True)
        self.assertEqual(self.names(self.ana), [("Ours", False)])
        self.keeper.change(self.olu, pk=pk, name="Ours", shared=False)
        self.assertEqual(self.names(self.ana), [])

    def test_nobody_changes_what_is_somebody_elses(self) -> None:
        pk = self.save(self.olu, "Theirs", shared=True)
        with self.assertRaises(LookupError):
            self.keeper.change(self.ana, pk=pk, name="Mine now", shared=False)
        self.assertEqual(self.names(self.ana), [("Theirs", False)])

    def test_two_of_ones_own_have_two_names(self) -> None:
        self.save(self.ana, "First")
        second = self.save(self.ana, "Second")
        with self.assertRaisesRegex(DomainError, "already have a view named"):
            self.keeper.change(self.ana, pk=second, name="First", shared=False)
        self.assertEqual([name for name, _mine in self.names(self.ana)], ["First", "Second"])

    def test_a_partners_user_shares_nothing_however_asked(self) -> None:
        pk = self.save(self.ben, "Ben's")
        self.assertFalse(self.keeper.change(self.ben, pk=pk, name="Ben's", shared=True).shared)

    def test_there_is_an_end_to_them(self) -> None:
        for number in range(MOST):
            self.save(self.ana, f"View {number}")
        with self.assertRaisesRegex(DomainError, "Delete one"):
            self.save(self.ana, "One more")
        self.save(self.ana, "View 3")


class AdminCommand(TestCase):
    def admin(self, email: str = "Ada.Lovelace@oit.example.gov") -> str:
        said = StringIO()
        call_command("admin", email, stdout=said)
        return said.getvalue()

    def test_it_makes_an_administrator_and_prints_a_link(self) -> None:
        said = self.admin()
        user = User.objects.get()
        self.assertEqual((user.email, user.name), ("ada.lovelace@oit.example.gov", "Ada Lovelace"))
        self.assertTrue(user.is_administrator)
        self.assertIn("/join/", said)
        entry = Entry.objects.get(action="people.make_administrator")
        self.assertEqual(entry.actor, "command line")

    def test_run_twice_it_prints_another_link_and_the_first_stops_working(self) -> None:
        self.admin()
        self.admin()
        self.assertEqual(User.objects.count(), 1)
        self.assertEqual(Invitation.objects.open().count(), 1)
        self.assertEqual(Entry.objects.filter(action="people.make_administrator").count(), 1)

    def test_who_has_a_password_needs_no_link(self) -> None:
        self.admin()
        services.accept(Invitation.objects.get().pk, password="three quiet rivers")
        self.assertNotIn("/join/", self.admin())

    def test_what_is_no_address_is_refused(self) -> None:
        with self.assertRaisesRegex(DomainError, "not an email address"):
            self.admin("ada")
