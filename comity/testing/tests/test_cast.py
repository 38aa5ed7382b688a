"""The cast is there by name, every role is in it, and the page helper says what went wrong."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.test import override_settings
from django.urls import path

from comity.partners.models import Partner
from comity.people.access import public
from comity.people.models import User
from comity.people.roles import Role
from comity.testing.cast import CastTestCase

PAGE = "<!DOCTYPE html><html lang=en><title>A page</title><main><h1>{}</h1></main></html>"


@public("A page of this test.")
def sound(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE.format("Sound"))


@public("A page of this test.")
def unsound(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE.format("Unsound</h1><h1>Twice"))


@public("A page of this test.")
def leading(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect("/sound/?from=here")


urlpatterns = [path("sound/", sound), path("unsound/", unsound), path("leading/", leading)]


class TheCast(CastTestCase):
    def test_every_role_is_held_by_someone(self) -> None:
        people = (self.ada, self.ira, self.cora, self.ana, self.sol, self.finn, self.olu)
        office = {role for user in people for role in user.roles}
        theirs = {
            grant.role for user in (self.ben, self.eve, self.cy, self.flo) for grant in user.memberships.all()
        }
        self.assertEqual(office | theirs, set(Role.values))

    def test_each_test_has_copies_of_its_own(self) -> None:
        self.assertIs(self.ana, self.cast.ana)
        self.assertEqual(self.ana.name, "Ana Ruiz")
        self.ana.name = "Somebody else"

    def test_what_another_test_did_to_them_is_gone(self) -> None:
        self.test_each_test_has_copies_of_its_own()

    def test_partners_see_their_own_and_what_is_below(self) -> None:
        self.assertEqual(set(Partner.objects.visible_to(self.ben)), {self.parks, self.trails})
        self.assertEqual(set(Partner.objects.visible_to(self.cy)), {self.roads})


@override_settings(ROOT_URLCONF=__name__)
class FetchingPages(CastTestCase):
    def test_a_sound_page_comes_back(self) -> None:
        self.assertEqual(self.reads(self.page("/sound/", by=self.ana)), "Sound")

    def test_an_unsound_page_fails_the_test_and_says_why(self) -> None:
        with self.assertRaisesRegex(AssertionError, "one h1 with words in it: .'Unsound', 'Twice'."):
            self.page("/unsound/")

    def test_another_status_fails_the_test_and_says_where_it_led(self) -> None:
        with self.assertRaisesRegex(AssertionError, "answered 302, not 200. It leads to /sound/"):
            self.page("/leading/")

    def test_a_form_leads_where_it_is_expected_to(self) -> None:
        self.post("/leading/", {}, expect="/sound/")
        self.post("/leading/", {}, expect="/sound/?from=here")
        with self.assertRaisesRegex(AssertionError, "leads elsewhere"):
            self.post("/leading/", {}, expect="/other/")


class CountingQueries(CastTestCase):
    def test_the_right_number_passes(self) -> None:
        with self.assertQueries(1):
            list(User.objects.all())

    def test_a_wrong_number_lists_them_repeated_ones_together(self) -> None:
        listed = r"(?s)3 queries instead of 1:.*1\. SELECT.*\(x 2\).*2\. SELECT"
        with self.assertRaisesRegex(AssertionError, listed), self.assertQueries(1):
            list(User.objects.all())
            list(User.objects.all())
            list(Partner.objects.all())
