"""The second factor: set up, asked for, lost, required."""

from __future__ import annotations

import time
from typing import Any
from unittest import mock

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import override_settings

from comity.audit.models import Entry
from comity.people import services
from comity.people.models import User
from comity.testing.cast import PASSWORD, CastTestCase

OVERVIEW = "/me/second-factor/"
CONFIRM = "/sign-in/second-factor/"
ADD_APP = "/me/second-factor/app/add/"
REMOVE_APP = "/me/second-factor/app/remove/"
CODES = "/me/second-factor/recovery-codes/"


def code_of(secret: str, at: float | None = None) -> str:
    """What an app that knows the secret shows at a moment."""
    return str(totp.format_hotp_value(totp.hotp_value(secret, int(at or time.time()) // 30)))


class FactorTestCase(CastTestCase):
    def sign_in(self, user: User, **more: Any) -> Any:
        return self.client.post("/sign-in/", {"login": user.email, "password": PASSWORD}, **more)

    def add_app(self) -> str:
        """Add an authenticator app for whoever is signed in; the secret it knows."""
        secret: str = self.page(ADD_APP).context["form"].secret
        with self.captureOnCommitCallbacks(execute=True):
            self.post(ADD_APP, {"code": code_of(secret)}, expect=CODES)
        return secret

    def in_a_minute(self) -> float:
        """From here on it is a minute later, so that the app shows another code."""
        later = time.time() + 60
        self.enterContext(mock.patch.object(totp.time, "time", return_value=later))
        return later


class AuthenticatorApp(FactorTestCase):
    def setUp(self) -> None:
        self.sign_in(self.ana)

    def test_it_is_set_up_with_recovery_codes_and_its_owner_is_told(self) -> None:
        self.assertIn("Protect your account", self.reads(self.page(OVERVIEW)))
        self.add_app()
        self.assertIn("is protected", self.reads(self.page(OVERVIEW)))
        self.assertIn("10 recovery codes", self.reads(self.page(CODES)))
        self.assertEqual(self.sent_mail()[-1].subject, "An authenticator app was added to your account.")
        self.assertTrue(Entry.objects.filter(action="people.totp_activated", actor_label="Ana Ruiz").exists())

    def test_its_secret_does_not_lie_open_in_the_database(self) -> None:
        secret = self.add_app()
        self.assertNotIn(secret, str(list(Authenticator.objects.values_list("data", flat=True))))

    def test_before_one_is_set_up_its_pages_are_not_there(self) -> None:
        for url in (REMOVE_APP, CODES, f"{CODES}file/"):
            with self.subTest(url):
                self.assertEqual(self.client.get(url).status_code, 404)
                self.assertIn(self.client.post(url).status_code, {404, 405})
        self.assertFalse(Authenticator.objects.exists())
        self.add_app()
        for url in (REMOVE_APP, CODES, f"{CODES}file/"):
            with self.subTest(url):
                self.assertEqual(self.client.get(url).status_code, 200)

    def test_a_wrong_code_adds_nothing(self) -> None:
        self.page(ADD_APP)
        self.post_refused(ADD_APP, {"code": "000000x"}, "code is wrong")
        self.assertFalse(Authenticator.objects.exists())

    def test_signing_in_asks_for_a_code_that_works_once(self) -> None:
        secret = self.add_app()
        self.client.logout()
        code = code_of(secret, self.in_a_minute())
        self.assertRedirects(self.sign_in(self.ana), CONFIRM)
        answer = self.client.get("/me/")
        self.assertRedirects(answer, "/sign-in/?next=/me/", fetch_redirect_response=False)
        self.page(CONFIRM)
        self.post(CONFIRM, {"code": code}, expect="/")
        self.client.logout()
        self.sign_in(self.ana)
        self.post_refused(CONFIRM, {"code": code}, "code is wrong")

    def test_the_code_that_set_it_up_does_not_sign_in(self) -> None:
        secret = self.page(ADD_APP).context["form"].secret
        code = code_of(secret)
        self.post(ADD_APP, {"code": code})
        self.client.logout()
        self.sign_in(self.ana)
        self.post_refused(CONFIRM, {"code": code}, "code is wrong")

    def test_ten_wrong_codes_lock(self) -> None:
        secret = self.add_app()
        self.client.logout()
        code = code_of(secret, self.in_a_minute())
        self.sign_in(self.ana)
        for number in range(10):
            self.post(CONFIRM, {"code": f"00000{number}x"}, expect=422)
        self.post_refused(CONFIRM, {"code": code}, "Wait 15 minutes")

    def test_each_recovery_code_lets_in_once(self) -> None:
        self.add_app()
        code = self.page(CODES).context["unused_codes"][0]
        self.client.logout()
        self.sign_in(self.ana)
        self.post(CONFIRM, {"code": code}, expect="/")
        self.client.logout()
        self.sign_in(self.ana)
        self.post_refused(CONFIRM, {"code": code}, "code is wrong")

    def test_codes_can_be_saved_and_made_anew(self) -> None:
        self.add_app()
        old = self.page(CODES).context["unused_codes"]
        file = self.client.get(f"{CODES}file/")
        self.assertIn("attachment", file["Content-Disposition"])
        self.assertContains(file, old[0])
        self.page(f"{CODES}new/")
        with self.captureOnCommitCallbacks(execute=True):
            self.post(f"{CODES}new/", expect=CODES)
        self.assertNotIn(old[0], self.page(CODES).context["unused_codes"])

    def test_it_can_be_removed_where_none_is_required(self) -> None:
        self.add_app()
        self.page(REMOVE_APP)
        with self.captureOnCommitCallbacks(execute=True):
            self.post(REMOVE_APP, expect=OVERVIEW)
        self.assertFalse(Authenticator.objects.exists())
        self.assertIn("was removed", self.sent_mail()[-1].subject)

    def test_the_last_one_stays_where_one_is_required(self) -> None:
        self.add_app()
        with override_settings(SECOND_FACTOR="required"):
            self.post_refused(REMOVE_APP, words="this is your last one")
        self.assertTrue(Authenticator.objects.filter(type="totp").exists())


class ProvingItAgain(FactorTestCase):
    """Some minutes after signing in, what changes one's sign-in asks again who one is."""

    def setUp(self) -> None:
        self.sign_in(self.ana)
        session = self.client.session
        session["began_at"] -= 600
        session.save()

    def test_adding_a_factor_asks_for_the_password_first_and_renews_the_session(self) -> None:
        for url in (ADD_APP, "/me/second-factor/passkeys/add/"):
            with self.subTest(url):
                self.assertRedirects(self.client.get(url), f"/confirm/?next={url}")
        self.page("/confirm/")
        before = self.client.session.session_key
        answer = self.client.post(f"/confirm/?next={ADD_APP}", {"password": PASSWORD})
        self.assertRedirects(answer, ADD_APP)
        self.assertNotEqual(self.client.session.session_key, before)

    def test_a_wrong_password_changes_nothing(self) -> None:
        self.post_refused(f"/confirm/?next={ADD_APP}", {"password": "not mine at all"}, "not your password")
        self.assertEqual(self.client.get(ADD_APP).status_code, 302)

    def test_removing_and_seeing_codes_asks_as_well(self) -> None:
        Authenticator.objects.create(user=self.ana, type="totp", data={"secret": "x"})
        Authenticator.objects.create(user=self.ana, type="recovery_codes", data={"seed": "x", "used_mask": 0})
        for url in (REMOVE_APP, CODES, f"{CODES}new/", f"{CODES}file/"):
            with self.subTest(url):
                self.assertRedirects(
                    self.client.get(url), f"/confirm/?next={url}", fetch_redirect_response=False
                )


@override_settings(SECOND_FACTOR="required")
class Required(FactorTestCase):
    def test_without_one_there_is_no_page_but_setting_it_up(self) -> None:
        self.sign_in(self.ana)
        for url in ("/me/", "/people/", "/me/edit/", "/password/"):
            with self.subTest(url):
                self.assertRedirects(self.client.get(url), OVERVIEW)
        self.page(OVERVIEW)
        answer = self.client.get("/me/", headers={"HX-Request": "true"})
        self.assertEqual(answer["HX-Redirect"], OVERVIEW)
        self.add_app()
        self.page("/me/")

    def test_leaving_is_always_possible(self) -> None:
        self.sign_in(self.ana)
        self.post("/sign-out/", expect="/sign-in/")

    def test_partners_users_may_be_spared(self) -> None:
        self.sign_in(self.ben)
        self.assertRedirects(self.client.get("/me/"), OVERVIEW)
        with override_settings(SECOND_FACTOR="office"):
            self.page("/me/")
            self.client.logout()
            self.sign_in(self.ana)
            self.assertRedirects(self.client.get("/me/"), OVERVIEW)

    def test_having_one_is_asked_of_the_database_once_a_session(self) -> None:
        Authenticator.objects.create(user=self.ana, type="webauthn", data={})
        self.client.force_login(self.ana)
        self.client.get("/me/edit/")
        self.assertTrue(self.client.session["has_second_factor"])

    def test_who_lost_it_sets_up_a_new_one_after_an_administrator_has_helped(self) -> None:
        Authenticator.objects.create(user=self.ana, type="totp", data={"secret": "x"})
        self.client.force_login(self.ana)
        services.reset_second_factor(self.ana, by=self.ada)
        self.assertRedirects(self.client.get("/me/"), "/sign-in/?next=/me/")
        self.sign_in(self.ana)
        self.assertRedirects(self.client.get("/me/"), OVERVIEW)
        self.assertIn("was removed", self.sent_mail("ana@oit.example.gov")[-1].subject)
