"""The pages of people: the administrators' list and what they do there, and everyone's own."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from comity.audit.models import Entry
from comity.outbox import services as outbox
from comity.outbox.models import Suppression
from comity.people import duties, services
from comity.people.models import Absence, Invitation, User
from comity.people.roles import Role
from comity.testing.cast import PASSWORD, CastTestCase
from comity.testing.declaring import declaring


def picture(kind: str = "PNG", size: tuple[int, int] = (800, 600)) -> SimpleUploadedFile:
    target = BytesIO()
    Image.new("RGB", size, "teal").save(target, kind)
    return SimpleUploadedFile("me.anything", target.getvalue())


class People(CastTestCase):
    def test_the_list_says_how_many_and_who_in_few_queries(self) -> None:
        services.invite(email="new@oit.example.gov", name="Nia New", by=self.ada)
        self.client.force_login(self.ada)
        self.page("/people/")
        with self.assertQueries(7):
            answer = self.page("/people/")
        shown = self.reads(answer)
        self.assertIn("11 people sign in.", shown)
        self.assertIn("1 invitation has not been accepted yet", shown)

    def test_it_is_filtered_by_name_role_side_state_and_second_factor(self) -> None:
        self.client.force_login(self.ada)
        for query, found in [
            ("q=ruiz+ana", ["Ana Ruiz"]),
            ("role=cco", ["Cora Customer"]),
            ("side=partner&q=ben", ["Ben Okafor"]),
            ("state=deactivated", []),
            ("factor=yes", []),
        ]:
            with self.subTest(query):
                table = self.page(f"/people/?{query}").context["table"]
                self.assertEqual([str(user) for user in table.page], found)

    def test_the_list_is_for_administrators(self) -> None:
        for user in (self.ira, self.ana, self.ben):
            with self.subTest(user):
                self.client.force_login(user)
                self.assertEqual(self.client.get("/people/").status_code, 403)

    def test_someone_is_invited_and_comes(self) -> None:
        self.page("/people/invite/", by=self.ada)
        self.post(
            "/people/invite/",
            {"name": "Nia New", "email": "new@oit.example.gov", "roles": ["office_staff"], "language": "es"},
        )
        mail = self.sent_mail("new@oit.example.gov")[0]
        link = next(word for word in mail.text.split() if "/join/" in word)
        path = "/" + link.split("/", 3)[3]
        self.client.logout()
        self.page(path)
        self.post_refused(path, {"name": "Nia", "password": "short"}, "15")
        self.post(path, {"name": "Nia Newly", "password": "three quiet rivers"}, expect="/")
        self.assertIn("Nia Newly", self.reads(self.page("/me/")))
        self.client.logout()
        self.assertEqual(self.client.get(path).status_code, 404)

    def test_dead_links_answer_alike_and_are_counted(self) -> None:
        user = services.invite(email="new@oit.example.gov", name="New", by=self.ada)
        path = "/" + self.sent_mail()[0].text.split("/join/")[1].split()[0]
        good = f"/join{path}"
        Invitation.objects.update(expires_at=self.cast.office.set_up_at)
        answers = {
            self.client.get(dead).content.split(b"<main")[1].split(b"</main")[0]
            for dead in (good, good[:-4] + "/", "/join/made-up/", "/join/%00/", "/mail/stop/made-up/")
        }
        self.assertEqual(len(answers), 1)
        services.invite_again(user, by=self.ada)
        good = "/join/" + self.sent_mail()[-1].text.split("/join/")[1].split()[0]
        for _try in range(20):
            self.client.get("/join/made-up/")
        self.assertEqual(self.client.get(good).status_code, 429)
        for _try in range(20):
            self.client.get("/mail/stop/made-up/")
        self.assertEqual(self.client.get("/mail/stop/made-up-too/").status_code, 429)

    def test_an_invitation_is_sent_again_or_withdrawn(self) -> None:
        user = services.invite(email="new@oit.example.gov", name="Nia New", by=self.ada)
        url = f"/people/{user.pk}/"
        self.assertIn("Invited, not accepted yet", self.reads(self.page(url, by=self.ada)))
        self.post(f"{url}invite-again/", expect=url)
        self.assertEqual(len(self.sent_mail("new@oit.example.gov")), 2)
        self.post(f"{url}withdraw/", expect=url)
        self.assertIn("Deactivated", self.reads(self.page(url)))


class OnePerson(CastTestCase):
    def setUp(self) -> None:
        self.client.force_login(self.ada)
        self.url = f"/people/{self.ana.pk}/"

    def test_it_says_that_mail_to_them_came_back(self) -> None:
        self.assertNotContains(self.page(self.url), "does not arrive")
        outbox.stop(self.ana.email, reason=Suppression.Reason.BOUNCED, detail="550 no such user", by="mail")
        self.assertContains(self.page(self.url), "Bounced: 550 no such user.")

    def test_roles_supervisor_and_name_are_changed_together(self) -> None:
        self.page(f"{self.url}edit/")
        self.post(
            f"{self.url}edit/",
            {"name": "Ana Ruiz-Vega", "roles": ["cco", "service_owner"], "supervisor": self.ira.pk},
            expect=self.url,
        )
        ana = User.objects.get(pk=self.ana.pk)
        self.assertEqual((ana.name, ana.supervisor), ("Ana Ruiz-Vega", self.ira))
        self.assertEqual(ana.roles, {Role.CCO, Role.SERVICE_OWNER})

    def test_an_administrator_does_not_lock_themselves_out(self) -> None:
        own = f"/people/{self.ada.pk}/"
        self.assertNotContains(self.page(own), "/deactivate/")
        said = {"name": "Ada Admin", "roles": ["cio"]}
        self.post_refused(f"{own}edit/", said, "cannot remove your own access")
        self.post(f"{own}deactivate/", {"reason": ""}, expect=own)
        self.assertContains(self.page(own), "cannot deactivate yourself")
        self.assertTrue(User.objects.get(pk=self.ada.pk).is_active)

    def test_a_partners_user_has_no_roles_to_tick(self) -> None:
        form = self.page(f"/people/{self.ben.pk}/edit/").context["form"]
        self.assertNotIn("roles", form.fields)
        self.post(f"/people/{self.ben.pk}/edit/", {"name": "Ben O.", "roles": ["administrator"]})
        self.assertFalse(User.objects.get(pk=self.ben.pk).grants.exists())

    def test_leaving_asks_who_takes_over_and_ends_the_sessions(self) -> None:
        taken: list[Any] = []

        def hand_over(_gone: User, to: User, by: User) -> int:
            taken.append(to)
            return 1

        duty = duties.Duty(
            key="test.errands",
            label="errands",
            rows=lambda user: User.objects.filter(pk=user.pk),
            url_of=lambda user: "/errands/",
            hand_over=hand_over,
        )
        self.enterContext(declaring(duty, alone=True))
        elsewhere = self.client_class()
        elsewhere.post("/sign-in/", {"login": self.ana.email, "password": PASSWORD})
        self.assertEqual(elsewhere.get("/me/").status_code, 200)
        self.assertIn("1 errands", self.reads(self.page(self.url)))
        self.assertIn("Who takes over?", self.reads(self.page(f"{self.url}deactivate/")))
        self.post(f"{self.url}deactivate/", {"reason": "Retired"}, expect=422)
        self.post(f"{self.url}deactivate/", {"reason": "Retired", "to_0": self.olu.pk}, expect=self.url)
        self.assertEqual(taken, [self.olu])
        self.assertEqual(elsewhere.get("/me/").status_code, 302)
        self.assertIn("not been able to sign in", self.reads(self.page(self.url)))
        self.post(f"{self.url}reactivate/", expect=self.url)
        self.assertTrue(User.objects.get(pk=self.ana.pk).is_active)

    def test_signing_someone_out_is_a_button_and_written_down(self) -> None:
        elsewhere = self.client_class()
        elsewhere.post("/sign-in/", {"login": self.ana.email, "password": PASSWORD})
        self.post(f"{self.url}sign-out/", expect=self.url)
        self.assertEqual(elsewhere.get("/me/").status_code, 302)
        self.assertEqual(Entry.objects.get(action="people.end_sessions").target_label, "Ana Ruiz")

    def test_an_absence_is_written_down_for_someone_and_called_off(self) -> None:
        self.page(f"{self.url}away/")
        days = {"starts_on": self.today, "until_on": self.today + timedelta(days=3)}
        self.post(f"{self.url}away/", {**days, "stand_in": self.ana.pk}, expect=422)
        self.post(f"{self.url}away/", {**days, "stand_in": self.olu.pk}, expect=self.url)
        self.assertIn("Olu Staff stands in", self.reads(self.page(self.url)))
        absence = Absence.objects.get()
        self.post(f"/people/{self.olu.pk}/away/{absence.pk}/call-off/", expect=404)
        self.post(f"{self.url}away/{absence.pk}/call-off/", expect=self.url)
        self.assertFalse(Absence.objects.exists())

    def test_what_changes_something_is_not_done_by_looking(self) -> None:
        for act in ("invite-again", "withdraw", "sign-out", "reset-second-factor", "reactivate"):
            with self.subTest(act):
                self.assertEqual(self.client.get(f"{self.url}{act}/").status_code, 405)


class OwnPage(CastTestCase):
    def test_everyone_has_one(self) -> None:
        for user in (self.ana, self.ben):
            with self.subTest(user):
                self.assertIn(user.email, self.reads(self.page("/me/", by=user)))
                self.page("/me/edit/")
        self.page("/me/away/", by=self.ana)
        self.assertEqual(self.client_for(self.ben).get("/me/away/").status_code, 404)

    def client_for(self, user: User) -> Any:
        client = self.client_class()
        client.force_login(user)
        return client

    def test_its_form_speaks_the_readers_language(self) -> None:
        User.objects.filter(pk=self.ben.pk).update(language="es")
        text = self.reads(self.page("/me/edit/", by=self.ben))
        for label in ("Nombre", "Cargo", "Teléfono", "Se recortará a un cuadrado."):
            with self.subTest(label):
                self.assertIn(label, text)

    def test_details_are_changed_and_the_language_with_them(self) -> None:
        self.client.force_login(self.ben)
        self.post(
            "/me/edit/",
            {"name": "Ben O.", "phone": "555 0100", "language": "es", "time_zone": "Pacific/Honolulu"},
            expect="/me/",
        )
        answer = self.page("/me/")
        self.assertContains(answer, '<html lang="es"')
        ben = User.objects.get(pk=self.ben.pk)
        self.assertEqual((ben.name, ben.phone, ben.time_zone), ("Ben O.", "555 0100", "Pacific/Honolulu"))
        entry = Entry.objects.get(action="people.update_profile")
        self.assertEqual(entry.before and entry.before["name"], "Ben Okafor")

    def test_nobody_changes_more_of_themselves_than_is_asked(self) -> None:
        self.client.force_login(self.ben)
        more = {
            "kind": "office",
            "email": "ceo@x.gov",
            "is_active": "",
            "roles": "administrator",
            "joined_at": "",
        }
        self.post("/me/edit/", {"name": "Ben", "language": "en", "time_zone": "", **more}, expect="/me/")
        ben = User.objects.get(pk=self.ben.pk)
        self.assertEqual((ben.kind, ben.email, ben.is_active), ("partner", "ben@parks.example.gov", True))
        self.assertFalse(ben.grants.exists())

    def test_a_photo_is_written_anew_as_a_small_square(self) -> None:
        self.client.force_login(self.ana)
        self.post("/me/edit/", {"name": "Ana", "language": "en", "photo": picture("WEBP")}, expect="/me/")
        ana = User.objects.get(pk=self.ana.pk)
        answer = self.client.get(ana.photo_url)
        self.assertEqual(answer["Content-Type"], "image/jpeg")
        shown = Image.open(BytesIO(answer.content))
        self.assertEqual((shown.format, shown.size), ("JPEG", (400, 400)))
        self.page("/me/")
        with self.captureOnCommitCallbacks(execute=True):
            self.post("/me/edit/", {"name": "Ana", "language": "en", "remove_photo": "on"}, expect="/me/")
        self.assertEqual(self.client.get(f"/people/{ana.pk}/photo/").status_code, 404)
        self.assertFalse(ana.photo.storage.exists(str(ana.photo.name)))

    def test_what_is_no_picture_is_refused_with_a_sentence(self) -> None:
        self.client.force_login(self.ana)
        svg = SimpleUploadedFile("me.png", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>")
        for upload, sentence in [
            (svg, "cannot read this picture"),
            (SimpleUploadedFile("me.png", picture().read()[:200]), "cannot read this picture"),
            (picture("PNG", (9000, 9000)), "too many pixels"),
            (SimpleUploadedFile("me.png", b"x" * 8_000_001), "larger than 8 MB"),
        ]:
            with self.subTest(sentence):
                answer = self.post(
                    "/me/edit/", {"name": "Ana", "language": "en", "photo": upload}, expect=422
                )
                self.assertContains(answer, sentence, status_code=422)
        self.assertFalse(User.objects.get(pk=self.ana.pk).photo)

    def test_a_partners_user_sees_the_offices_photos_and_no_other_partners(self) -> None:
        for user in (self.ana, self.cy):
            services.update_profile(user, by=user, photo=picture())
        self.client.force_login(self.ben)
        self.assertEqual(self.client.get(f"/people/{self.ana.pk}/photo/").status_code, 200)
        self.assertEqual(self.client.get(f"/people/{self.cy.pk}/photo/").status_code, 404)

    def test_away_and_back(self) -> None:
        self.client.force_login(self.ana)
        days = {"starts_on": self.today, "until_on": self.today}
        self.post("/me/away/", {**days, "stand_in": self.olu.pk}, expect="/me/")
        absence = Absence.objects.get()
        self.assertEqual(self.client_for(self.olu).post(f"/me/away/{absence.pk}/call-off/").status_code, 404)
        self.post(f"/me/away/{absence.pk}/call-off/", expect="/me/")
        self.assertFalse(Absence.objects.exists())

    def test_nobody_stands_in_for_a_partners_user(self) -> None:
        self.client.force_login(self.ben)
        told = {"starts_on": self.today, "until_on": self.today, "stand_in": self.olu.pk}
        self.assertEqual(self.client.get("/me/away/").status_code, 404)
        self.assertEqual(self.client.post("/me/away/", told).status_code, 404)
        self.assertFalse(Absence.objects.exists())
        self.client.force_login(self.ana)
        self.assertEqual(self.client.get("/me/away/").status_code, 200)

    def test_the_language_is_chosen_with_a_click(self) -> None:
        self.client.force_login(self.ben)
        self.post("/language/", {"language": "es", "next": "/me/"}, expect="/me/")
        self.assertEqual(User.objects.get(pk=self.ben.pk).language, "es")
        self.post("/language/", {"language": "xx", "next": "https://evil.example.com/"}, expect="/")
        self.assertEqual(User.objects.get(pk=self.ben.pk).language, "es")
