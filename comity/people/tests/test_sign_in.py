"""Signing in with a password: the page, what it refuses, what it does not tell, where it leads."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from unittest import mock

from django.test import override_settings
from django.utils import timezone

from comity.audit.models import Entry
from comity.people import services
from comity.people.models import Invitation, User
from comity.testing.cast import PASSWORD, CastTestCase

SIGN_IN = "/sign-in/"
NEW = "three quiet rivers meet"


class SignIn(CastTestCase):
    def sign_in(self, email: str = "ana@oit.example.gov", password: str = PASSWORD, **more: str) -> Any:
        return self.client.post(SIGN_IN, {"login": email, "password": password, **more})

    def test_the_page_is_ours(self) -> None:
        answer = self.page(SIGN_IN)
        self.assertIn("Sign in to Office of IT", self.reads(answer))

    def test_signing_in_leads_home_or_to_where_one_was_going(self) -> None:
        self.assertRedirects(self.sign_in(" Ana@OIT.example.gov "), "/", fetch_redirect_response=False)
        self.client.logout()
        answer = self.client.post(
            f"{SIGN_IN}?next=/me/", {"login": "ana@oit.example.gov", "password": PASSWORD}
        )
        self.assertRedirects(answer, "/me/")

    def test_it_leads_nowhere_else(self) -> None:
        answer = self.client.post(
            f"{SIGN_IN}?next=https://evil.example.com/",
            {"login": "ana@oit.example.gov", "password": PASSWORD},
        )
        self.assertRedirects(answer, "/", fetch_redirect_response=False)

    def test_a_session_gets_a_new_key_when_its_owner_signs_in(self) -> None:
        session = self.client.session
        session["left"] = "by an attacker"
        session.save()
        before = session.session_key
        self.client.cookies["sessionid"] = str(before)
        self.sign_in()
        self.assertNotEqual(self.client.session.session_key, before)
        self.assertFalse(type(session)().exists(str(before)))

    def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(self) -> None:
        cookie = self.sign_in().cookies["sessionid"]
        self.assertTrue(cookie["httponly"])
        self.assertEqual(cookie["samesite"], "Lax")
        self.assertEqual(cookie["max-age"], "")  # it ends with the browser

    def test_strangers_the_deactivated_and_the_invited_are_answered_alike(self) -> None:
        services.deactivate(self.olu, by=self.ada)
        services.invite(email="new@oit.example.gov", name="New", by=self.ada)
        answers = []
        for email in ("ana", "nobody", "olu", "new"):
            self.client.cookies.clear()
            password = "not the password" if email == "ana" else PASSWORD
            answer = self.sign_in(f"{email}@oit.example.gov", password)
            self.assertEqual(answer.status_code, 422)
            answers.append(
                re.sub(r'name="csrfmiddlewaretoken" value="\w+"|value="\w+@', "", answer.content.decode())
            )
        self.assertEqual(len(set(answers)), 1)
        self.assertIn("do not match", answers[0])

    def test_a_password_is_hashed_for_a_stranger_too(self) -> None:
        with mock.patch.object(User, "set_password") as hashed:
            self.sign_in("nobody@oit.example.gov")
        hashed.assert_called_once()

    def test_ten_failures_lock_an_account_whether_there_is_one_or_not(self) -> None:
        for email in ("ana@oit.example.gov", "nobody@oit.example.gov"):
            with self.subTest(email):
                for _attempt in range(10):
                    self.assertContains(
                        self.sign_in(email, "wrong wrong wrong"), "do not match", status_code=422
                    )
                self.assertContains(self.sign_in(email, PASSWORD), "Wait 15 minutes", status_code=422)

    def test_the_lock_opens_again(self) -> None:
        for _attempt in range(11):
            self.sign_in(password="wrong wrong wrong")
        later = timezone.now() + timedelta(minutes=15, seconds=1)
        with mock.patch.object(timezone, "now", return_value=later):
            self.assertEqual(self.sign_in().status_code, 302)

    def test_fifty_failures_lock_an_address(self) -> None:
        for number in range(50):
            self.sign_in(f"someone{number}@oit.example.gov", "wrong wrong wrong")
        self.assertContains(self.sign_in(), "Wait 15 minutes", status_code=422)

    def test_signing_in_now_and_then_does_not_hide_guessing_at_others(self) -> None:
        for number in range(50):
            self.sign_in(f"someone{number}@oit.example.gov", "wrong wrong wrong")
            if number == 20:
                self.sign_in()
                self.client.logout()
        self.assertContains(self.sign_in(), "Wait 15 minutes", status_code=422)

    def test_signing_out_ends_the_session_for_whoever_kept_its_cookie(self) -> None:
        self.sign_in()
        cookie = self.client.cookies["sessionid"].value
        self.post("/sign-out/", expect=SIGN_IN)
        self.client.cookies["sessionid"] = cookie
        self.assertRedirects(self.client.get("/me/"), f"{SIGN_IN}?next=/me/")

    def test_looking_at_the_sign_out_page_signs_nobody_out(self) -> None:
        self.page("/sign-out/", by=self.ana)
        self.page("/me/")

    def test_pages_of_allauth_that_are_not_used_are_not_there(self) -> None:
        for path in (
            "/accounts/signup/",
            "/signup/",
            "/accounts/email/",
            "/accounts/inactive/",
            "/accounts/",
        ):
            with self.subTest(path):
                self.assertEqual(self.client.get(path).status_code, 404)

    def test_a_fresh_install_has_no_account_and_leads_to_setting_up(self) -> None:
        User.objects.update(supervisor=None)
        for model in (Entry, Invitation):
            self.assertFalse(model.objects.exists())
        self.ada.grants.all().delete()
        self.assertRedirects(self.client.get("/me/"), "/set-up/", fetch_redirect_response=False)


class ForgottenPassword(CastTestCase):
    ask = "/password/forgotten/"

    def link(self) -> str:
        text = self.sent_mail("ana@oit.example.gov")[-1].text
        return "/" + next(word for word in text.split() if "/password/new/" in word).split("/", 3)[3]

    def test_a_link_by_mail_leads_to_a_new_password_and_ends_all_sessions(self) -> None:
        self.client.force_login(self.ana)
        elsewhere = self.client_class()
        self.page(self.ask)
        elsewhere.post(self.ask, {"email": "ANA@oit.example.gov"})
        self.assertTrue(self.sent_mail()[-1].wipe_after_sending)
        form = elsewhere.get(self.link(), follow=True)
        self.assertContains(form, "New password")
        address = form.redirect_chain[-1][0]
        self.assertNotIn(self.link().rstrip("/").rsplit("/", 1)[1], address)
        elsewhere.post(address, {"password1": NEW})
        self.assertTrue(User.objects.get(pk=self.ana.pk).check_password(NEW))
        self.assertRedirects(self.client.get("/me/"), f"{SIGN_IN}?next=/me/")
        self.assertIn("using a link from an email", self.sent_mail("ana@oit.example.gov")[-1].text)
        self.assertTrue(Entry.objects.filter(action="people.password_reset").exists())

    def test_a_link_works_once_and_all_dead_links_answer_alike(self) -> None:
        self.post(self.ask, {"email": "ana@oit.example.gov"}, expect="/password/forgotten/sent/")
        link = self.link()
        services.set_password(self.ana, NEW)
        answers = set()
        for dead in (link, link[:-5] + "/", "/password/new/1/abc-0123456789/", "/password/new/zzzzz/a-b/"):
            answer = self.page(dead)
            answers.add(
                re.sub(
                    r'name="csrfmiddlewaretoken" value="\w+"|name="next" value="[^"]+"',
                    "",
                    answer.content.decode(),
                )
            )
        self.assertEqual(len(answers), 1)

    def test_strangers_and_the_deactivated_get_no_mail_and_the_same_answer(self) -> None:
        services.deactivate(self.olu, by=self.ada)
        for email in ("nobody@oit.example.gov", "olu@oit.example.gov"):
            self.post(self.ask, {"email": email}, expect="/password/forgotten/sent/")
        self.assertEqual(self.sent_mail(), [])

    def test_who_was_invited_and_never_came_gets_the_invitation_again(self) -> None:
        services.invite(email="new@oit.example.gov", name="New", by=self.ada)
        self.post(self.ask, {"email": "new@oit.example.gov"})
        self.assertEqual(len(self.sent_mail("new@oit.example.gov")), 2)
        self.assertIn("/join/", self.sent_mail("new@oit.example.gov")[-1].text)

    def test_nobody_is_flooded_with_mail(self) -> None:
        for _attempt in range(6):
            self.post(self.ask, {"email": "ana@oit.example.gov"}, expect="/password/forgotten/sent/")
        self.assertEqual(len(self.sent_mail("ana@oit.example.gov")), 3)

    def test_one_address_does_not_ask_for_everyone(self) -> None:
        for number in range(20):
            self.post(self.ask, {"email": f"someone{number}@example.gov"})
        self.post_refused(self.ask, {"email": "ana@oit.example.gov"}, "Wait 15 minutes")
        self.assertEqual(self.sent_mail(), [])


class ChangePassword(CastTestCase):
    url = "/password/"

    def change(self, new: str, old: str = PASSWORD, expect: int | str = 422) -> Any:
        return self.post(self.url, {"oldpassword": old, "password1": new}, by=None, expect=expect)

    def setUp(self) -> None:
        self.client.force_login(self.ana)

    def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(self) -> None:
        elsewhere = self.client_class()
        elsewhere.force_login(self.ana)
        self.page(self.url)
        before = self.client.session.session_key
        self.change(NEW, expect="/me/")
        self.assertNotEqual(self.client.session.session_key, before)
        self.page("/me/")
        self.assertRedirects(elsewhere.get("/me/"), f"{SIGN_IN}?next=/me/")
        self.assertEqual(self.sent_mail("ana@oit.example.gov")[-1].subject, "Your password was changed.")

    def test_the_password_until_now_is_needed_and_guesses_are_counted(self) -> None:
        for _attempt in range(10):
            self.assertContains(self.change(NEW, old="a guess of mine"), "not your password", status_code=422)
        self.assertContains(self.change(NEW), "Wait 15 minutes", status_code=422)
        self.assertTrue(User.objects.get(pk=self.ana.pk).check_password(PASSWORD))

    def test_short_common_and_personal_passwords_are_refused(self) -> None:
        for password, sentence in [
            ("fourteen chars", "too short"),
            ("123456789987654321", "too common"),
            ("123456789012345", "easy to guess"),
            ("passwordpassword", "easy to guess"),
            ("qwertyuiopasdfgh", "easy to guess"),
            ("sunshine2026!2026!", "easy to guess"),
            ("ana@oit.example.gov", "too similar"),
        ]:
            with self.subTest(password):
                self.assertContains(self.change(password), sentence, status_code=422)

    def test_any_composition_and_any_length_up_to_a_thousand_is_taken(self) -> None:
        old = PASSWORD
        for password in (
            "bvkwqjzmxhtrnpdlgfsc",
            "one two three four five six seven eight nine ten eleven twelve, " * 2 + "!",
            "ñandú ☂ paraguas azul",
            " leading and trailing ",
            "né" + "aeiou xyz" * 110,
        ):
            with self.subTest(password[:20]):
                self.change(password, old=old, expect="/me/")
                self.assertTrue(User.objects.get(pk=self.ana.pk).check_password(password))
                self.assertFalse(User.objects.get(pk=self.ana.pk).check_password(password[:-1]))
                old = password

    @override_settings(SECOND_FACTOR="optional")
    def test_what_was_typed_is_never_shown_again(self) -> None:
        answer = self.change("too short", old="secret of mine")
        self.assertNotContains(answer, "secret of mine", status_code=422)
        self.assertNotContains(answer, 'too short"', status_code=422)
