"""How long a session lives, and that nothing typed is lost when it ends."""

from __future__ import annotations

import time
from unittest import mock

from allauth.usersessions.models import UserSession

from comity.audit.models import Entry
from comity.testing.cast import PASSWORD, CastTestCase

HTMX = {"HX-Request": "true"}


class Limits(CastTestCase):
    def setUp(self) -> None:
        self.client.post("/sign-in/", {"login": self.ana.email, "password": PASSWORD})
        self.now = time.time()

    def at(self, minutes: float) -> None:
        """So many minutes after signing in."""
        self.enterContext(
            mock.patch("comity.people.middleware.time.time", return_value=self.now + minutes * 60)
        )

    def test_it_ends_after_half_an_hour_without_use(self) -> None:
        self.at(29)
        self.page("/me/")
        self.at(58)
        self.page("/me/")
        self.at(89)
        self.assertRedirects(self.client.get("/me/"), "/sign-in/?next=/me/")

    def test_staying_is_use(self) -> None:
        self.at(29)
        self.post("/stay/", expect=204)
        self.at(58)
        self.page("/me/")

    def test_it_ends_after_a_working_day_however_busy(self) -> None:
        for minutes in range(0, 720, 20):
            self.at(minutes)
            self.assertEqual(self.client.get("/me/edit/").status_code, 200)
        self.at(721)
        self.assertRedirects(self.client.get("/me/"), "/sign-in/?next=/me/")

    def test_an_ended_session_does_not_come_back_when_the_clock_is_turned(self) -> None:
        self.at(31)
        self.client.get("/me/")
        self.at(1)
        self.assertEqual(self.client.get("/me/").status_code, 302)

    def test_pages_are_not_slowed_by_writing_down_each_click(self) -> None:
        self.page("/me/edit/")
        before = UserSession.objects.get().last_seen_at
        self.at(0.5)
        self.page("/me/edit/")
        self.assertEqual(UserSession.objects.get().last_seen_at, before)

    def test_the_page_knows_when_to_warn(self) -> None:
        self.assertContains(self.client.get("/me/"), 'data-idle-seconds="1800"')


class ComingBack(CastTestCase):
    """Whoever was signed out meanwhile is led back to the page they were on, where their draft waits."""

    def test_a_page_leads_back_to_itself(self) -> None:
        self.assertRedirects(self.client.get("/me/edit/?x=1"), "/sign-in/?next=/me/edit/%3Fx%3D1")

    def test_a_form_leads_back_to_the_page_it_was_on(self) -> None:
        sent = self.client.post("/me/away/1/call-off/", headers={"Referer": "http://testserver/me/?tab=2"})
        self.assertRedirects(sent, "/sign-in/?next=/me/%3Ftab%3D2")

    def test_a_form_from_elsewhere_leads_home(self) -> None:
        sent = self.client.post("/me/edit/", headers={"Referer": "https://elsewhere.example.com/me/"})
        self.assertRedirects(sent, "/sign-in/?next=/")

    def test_htmx_takes_the_whole_window_there(self) -> None:
        for ask in (self.client.get, self.client.post):
            answer = ask("/me/edit/", headers={**HTMX, "HX-Current-URL": "http://testserver/people/?q=ana"})
            self.assertEqual(
                (answer.status_code, answer["HX-Redirect"]), (200, "/sign-in/?next=/people/%3Fq%3Dana")
            )


class OwnSessions(CastTestCase):
    def test_each_is_listed_by_what_it_is(self) -> None:
        self.client.post(
            "/sign-in/",
            {"login": self.ana.email, "password": PASSWORD},
            headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0"},
        )
        shown = self.reads(self.page("/me/"))
        self.assertIn("Firefox on Windows This device", shown)

    def test_signing_out_elsewhere_keeps_this_one(self) -> None:
        elsewhere = self.client_class()
        for client in (self.client, elsewhere):
            client.post("/sign-in/", {"login": self.ana.email, "password": PASSWORD})
        self.post("/me/sessions/end/", expect="/me/")
        self.page("/me/")
        self.assertEqual(UserSession.objects.filter(user=self.ana).count(), 1)
        self.assertEqual(elsewhere.get("/me/").status_code, 302)
        self.assertTrue(Entry.objects.filter(action="people.end_sessions").exists())
