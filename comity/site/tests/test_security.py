"""What every answer carries, what our mistakes look like, and what nobody gets by sending more than was asked."""

from __future__ import annotations

import logging

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import include, path

from comity.partners.models import Partner
from comity.people.access import public
from comity.people.models import RoleGrant, User
from comity.site.roles import CAPABILITIES
from comity.testing import html
from comity.testing.cast import PASSWORD, CastTestCase
from comity.testing.routes import Route, plain_routes, routes

SECRET = "canary-secret-4711-not-for-any-log"


@public("A page of this test that fails.")
def failing(request: HttpRequest) -> HttpResponse:
    raise RuntimeError(SECRET)


urlpatterns = [path("failing/", failing), path("", include("comity.site.urls"))]
handler400, handler500 = "comity.site.errors.bad_request", "comity.site.errors.server_error"


class EveryPage(CastTestCase):
    def readers(self) -> list[tuple[Route, User | None]]:
        """Each address without arguments, with the first of a few people whose role may open it."""
        people = [self.ana, self.ada, self.cora, self.ben]
        found: list[tuple[Route, User | None]] = []
        for route in plain_routes():
            audience = route.audience
            if audience is None or audience.kind == "public":
                found.append((route, None))
                continue
            able = [
                user
                for user in people
                if audience.capability is None
                or any(audience.capability in CAPABILITIES[role] for role in user.roles)
            ]
            found.extend((route, user) for user in able[:1])
        return found

    @pytest.mark.slow
    def test_is_sound_and_carries_the_headers_that_protect_it(self) -> None:
        looked_at = 0
        for route, reader in self.readers():
            with self.subTest(route.name):
                self.client.logout()
                if reader is not None:
                    self.client.force_login(reader)
                answer = self.client.get(route.url())
                policy = answer["Content-Security-Policy"]
                self.assertIn("default-src 'self'", policy)
                self.assertIn("frame-ancestors 'none'", policy)
                self.assertNotIn("unsafe-", policy)
                self.assertEqual(answer["X-Content-Type-Options"], "nosniff")
                self.assertEqual(answer["X-Frame-Options"], "DENY")
                self.assertEqual(answer["Referrer-Policy"], "same-origin")
                if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                    self.assertEqual(html.problems_of_page(answer.content.decode()), [])
                    looked_at += 1
        self.assertGreater(looked_at, 15)

    def test_keeps_who_is_signed_in_where_no_script_reads_it(self) -> None:
        self.assertTrue(settings.SESSION_COOKIE_HTTPONLY)
        self.assertEqual((settings.SESSION_COOKIE_SAMESITE, settings.CSRF_COOKIE_SAMESITE), ("Lax", "Lax"))


@override_settings(ROOT_URLCONF=__name__, DEBUG=False)
class WhatGoesWrong(CastTestCase):
    def told(self, url: str, status: int, **more: str) -> str:
        """What the page of an error says; it looks like any other page and shows nothing of our insides."""
        self.client.raise_request_exception = False
        answer = self.client.get(url, headers=more)
        self.assertEqual(answer.status_code, status)
        source = answer.content.decode()
        self.assertEqual(html.problems_of_page(source), [])
        for inside in ("Traceback", "RuntimeError", ".py", SECRET):
            self.assertNotIn(inside, source)
        return html.text_of(source)

    def test_what_is_not_there_and_what_is_not_allowed_is_said_in_our_own_look(self) -> None:
        self.client.force_login(self.ben)
        self.assertIn("nothing here that you can see", self.told("/no/such/page/", 404))
        self.assertIn("Your role does not allow this.", self.told("/follow-ups/", 403))

    def test_our_own_mistake_shows_an_id_that_the_log_has_too(self) -> None:
        with self.assertLogs("django.request", logging.ERROR):
            told = self.told("/failing/", 500)
        self.assertRegex(told, r"\b[a-z2-9]{8}\b")

    def test_a_request_we_cannot_read_is_answered_without_our_insides(self) -> None:
        with self.assertLogs("django.security.DisallowedHost", logging.ERROR):
            self.told("/health/", 400, host="elsewhere.example")


class Secrets(CastTestCase):
    def test_what_someone_types_as_a_password_is_in_no_log(self) -> None:
        with self.assertLogs(level=logging.DEBUG) as logs:
            logging.getLogger("comity").debug("The log is listened to.")
            self.client.post("/sign-in/", {"login": self.ana.email, "password": SECRET})
            self.client.post("/accounts/login/", {"login": self.ana.email, "password": SECRET})
            self.client.get(f"/join/{SECRET}/")
            self.client.get(f"/helped/{SECRET}/")
        self.assertNotIn(SECRET, "\n".join(logs.output))
        self.assertTrue(self.ana.check_password(PASSWORD))


class SendingMoreThanWasAsked(CastTestCase):
    """Every form of every page, given all that a model could hold, by someone who wants to be more than they are."""

    GREED = {
        "kind": "office",
        "is_active": "on",
        "is_staff": "on",
        "role": "administrator",
        "roles": "administrator",
        "user": "1",
        "owner": "1",
        "supervisor": "1",
        "partner": "3",
        "partners": "3",
        "partner_id": "3",
        "office_only": "",
        "state": "told",
        "email": "ada@oit.example.gov",
        "password": "taken-over-1234",
    }

    def test_gives_a_partners_person_no_more_rights_than_before(self) -> None:
        before = self.standing()
        for route in routes():
            if route.arguments or not route.name or "logout" in route.name:
                continue
            self.client.force_login(self.ben)
            self.client.post(route.url(), self.GREED)
            self.assertEqual(self.standing(), before, f"after POST {route.url()}")

    def standing(self) -> dict[str, object]:
        """All that decides what Ben may do and see."""
        ben = User.objects.get(pk=self.ben.pk)
        return {
            "kind": ben.kind,
            "email": ben.email,
            "active": ben.is_active,
            "roles": ben.roles,
            "granted": RoleGrant.objects.filter(user=ben).count(),
            "administrators": RoleGrant.objects.filter(role="administrator").count(),
            "sees": set(Partner.objects.visible_to(ben).values_list("code", flat=True)),
            "users": User.objects.count(),
        }
