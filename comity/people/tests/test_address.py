"""An administrator changes the address someone signs in with."""

from __future__ import annotations

from comity.audit.models import Entry
from comity.core.errors import DomainError
from comity.outbox.models import Message
from comity.people import services
from comity.people.models import Invitation, User
from comity.testing.cast import PASSWORD, CastTestCase


class AnotherAddress(CastTestCase):
    def setUp(self) -> None:
        self.client.force_login(self.ada)
        self.url = f"/people/{self.ana.pk}/e-mail/"

    def test_it_is_changed_the_old_one_is_told_and_the_trail_keeps_both(self) -> None:
        self.assertContains(self.page(f"/people/{self.ana.pk}/"), self.url)
        self.page(self.url)
        self.post(self.url, {"email": " Ana.Vega@oit.example.gov "}, expect=f"/people/{self.ana.pk}/")
        mail = Message.objects.get()
        self.assertEqual((mail.to, mail.kind), ("ana@oit.example.gov", "people.security"))
        self.assertIn("from ana@oit.example.gov to ana.vega@oit.example.gov", mail.text)
        self.assertIn("Ada Admin changed", mail.text)
        entry = Entry.objects.get(action="people.change_email")
        self.assertEqual(
            (entry.before, entry.after),
            ({"email": "ana@oit.example.gov"}, {"email": "ana.vega@oit.example.gov"}),
        )

    def test_a_partners_user_is_told_in_their_language(self) -> None:
        User.objects.filter(pk=self.ben.pk).update(language="es")
        services.change_email(User.objects.get(pk=self.ben.pk), "ben@new.example.gov", by=self.ada)
        self.assertEqual(Message.objects.get().subject, "Cambió el correo con el que inicia sesión")

    def test_sessions_stay_and_the_next_sign_in_is_with_the_new_one(self) -> None:
        self.client.force_login(self.ana)
        services.change_email(self.ana, "ana.vega@oit.example.gov", by=self.ada)
        self.page("/me/")
        self.client.logout()
        self.post("/sign-in/", {"login": "ana@oit.example.gov", "password": PASSWORD}, expect=422)
        self.post("/sign-in/", {"login": "ana.vega@oit.example.gov", "password": PASSWORD}, expect="/")

    def test_a_link_for_a_new_password_mailed_to_the_old_one_stops_working(self) -> None:
        services.mail_password_link("ana@oit.example.gov")
        link = next(word for word in Message.objects.get().text.split() if "://" in word)
        path = "/" + link.split("/", 3)[3]
        services.change_email(self.ana, "ana.vega@oit.example.gov", by=self.ada)
        self.client.logout()
        answer = self.client.get(path, follow=True)
        self.assertNotContains(answer, 'type="password"', status_code=answer.status_code)

    def test_who_never_came_is_invited_at_the_new_one_and_the_old_link_is_dead(self) -> None:
        new = services.invite(email="nia@wrong.example.gov", name="Nia New", by=self.ada)
        self.page(f"/people/{new.pk}/e-mail/")
        services.change_email(new, "nia@right.example.gov", by=self.ada)
        self.assertEqual(
            list(Message.objects.order_by("pk").values_list("to", "kind")),
            [
                ("nia@wrong.example.gov", "people.invitation"),
                ("nia@right.example.gov", "people.invitation"),
            ],
        )
        self.assertEqual(Invitation.objects.open().count(), 1)
        self.assertIsNotNone(Invitation.objects.earliest("pk").withdrawn_at)

    def test_what_cannot_be_is_refused_with_a_sentence_and_changes_nothing(self) -> None:
        self.post_refused(self.url, {"email": "OLU@oit.example.gov"}, "already signs in with")
        self.post_refused(self.url, {"email": "nowhere"})
        self.post(self.url, {"email": "ana@oit.example.gov"}, expect=f"/people/{self.ana.pk}/")  # as it is
        services.deactivate(self.sol, by=self.ada, successors={}, reason="")
        with self.assertRaisesRegex(DomainError, "Reactivate"):
            services.change_email(self.sol, "sol@new.example.gov", by=self.ada)
        self.assertFalse(Message.objects.exists())
        self.assertFalse(Entry.objects.filter(action="people.change_email").exists())
