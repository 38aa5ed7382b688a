"""Where one can go from anywhere: areas, their places, and that no page is forgotten by them."""

from __future__ import annotations

import re
from unittest import TestCase as PlainTestCase

import pytest
from django.test import RequestFactory
from django.urls import reverse

from comity.nouns import Act, Area, Place, all_of
from comity.office.memory import remembering
from comity.office.services import words
from comity.people.models import User
from comity.site.navigation import AREAS, Navigation, navigation_for, places_of
from comity.testing.cast import CastTestCase
from comity.testing.routes import plain_routes

# Pages that nothing has to lead to: how one comes there.
BY_THEMSELVES = {
    "account_reauthenticate": "asked before something dangerous",
    "mfa_reauthenticate": "asked before something dangerous",
    "mfa_reauthenticate_webauthn": "asked before something dangerous",
    "mfa_authenticate": "the second step of signing in",
    "mfa_list_webauthn": "from the second factor's page, once there is a passkey",
    "mfa_generate_recovery_codes": "from the second factor's page, once there is one",
    "find": "the field in the header",
}
LINK = re.compile(r'(?:href|action)="(/[^"?#]*)')


class Letters(PlainTestCase):
    def test_no_two_keys_collide(self) -> None:
        """Those of the areas follow a g, and are looked for before the single ones; still none may be taken for another."""
        letters = [letter for _label, letter in AREAS.values() if letter]
        self.assertEqual(len(letters), len(set(letters)))
        self.assertEqual(set(letters) & {"g", "j", "k", "/", "?"}, set())


class Going(CastTestCase):
    """Ada manages, Cora is the CCO, Ana looks after Parks, Finn does the money, Olu is of the staff; Ben works at Parks."""

    def navigation_on(self, user: User, path: str) -> Navigation:
        navigation: Navigation = self.page(path, by=user).context["navigation"]
        return navigation

    def here(self, user: User, path: str) -> tuple[str, list[str]]:
        """The area a page is in, and the place that is marked in its row."""
        area = self.navigation_on(user, path).here
        return (area.label, [link.label for link in area.places if link.current]) if area else ("", [])

    def test_everyone_sees_the_areas_they_have_a_place_in(self) -> None:
        office = ["Today", "Partners", "Follow-ups", "Feedback", "Services", "Money", "Manage"]
        for user, areas in (
            (self.ada, office),
            (self.ana, office),
            (self.finn, office),
            (self.olu, office[:-1]),
            (self.ben, ["Overview", "Told and promised", "Surveys", "Services", "Money"]),
        ):
            with self.subTest(user):
                self.assertEqual([area.label for area in self.navigation_on(user, "/help/").areas], areas)

    @pytest.mark.slow
    def test_every_place_opens_for_whom_it_is_shown_and_is_marked_there(self) -> None:
        for user in (self.ada, self.cora, self.ana, self.finn, self.ben):
            for place in places_of(user):
                url = reverse(place.url_name)
                with self.subTest(user, place=place.url_name):
                    navigation = self.navigation_on(user, url)
                    assert navigation.here is not None
                    marked = [link for link in navigation.here.places if link.current]
                    self.assertEqual(len(marked), 1)
                    if not place.under:
                        self.assertEqual((marked[0].url, marked[0].current), (url, "page"))

    def test_a_page_behind_a_place_marks_it(self) -> None:
        partner = self.parks.pk
        for user, path, area, place in (
            (self.ana, f"/partners/{partner}/", "Partners", "Partners"),
            (self.ana, f"/partners/people/{self.ben_person.pk}/", "Partners", "People"),
            (self.ana, "/meetings/log/", "Partners", "Meetings"),
            (self.ada, "/office/tiers/", "Manage", "Office settings"),
            (self.ada, f"/people/{self.ana.pk}/", "Manage", "People and access"),
            (self.ben, "/portal/follow-ups/new/", "Told and promised", "Told and promised"),
            (self.ben, "/me/edit/", "Your account", "Your details and sign-in"),
        ):
            with self.subTest(path):
                self.assertEqual(self.here(user, path), (area, [place]))

    def test_an_address_of_its_own_belongs_to_the_first_place_of_its_room(self) -> None:
        request = RequestFactory().get("/responses/7/")
        request.user = self.ana
        request.resolver_match = self.client.get("/waves/").resolver_match  # of the same room
        here = navigation_for(request).here
        assert here is not None
        self.assertEqual([link.label for link in here.places if link.current], ["Waves"])

    def test_a_page_in_no_area_keeps_the_space_of_the_row(self) -> None:
        answer = self.page("/find/", by=self.ana)
        self.assertIsNone(answer.context["navigation"].here)
        self.assertContains(answer, '<div class="places"></div>')

    def test_nobody_who_is_not_signed_in_sees_where_to_go(self) -> None:
        request = RequestFactory().get("/")
        self.assertEqual(navigation_for(request), Navigation())

    def test_it_asks_no_query(self) -> None:
        request = RequestFactory().get("/partners/")
        request.user = User.objects.with_roles().get(pk=self.ana.pk)
        with remembering():
            words()  # as every page does
            with self.assertNumQueries(0):
                navigation_for(request)

    @pytest.mark.slow
    def test_no_page_is_forgotten(self) -> None:
        """Each page whose address takes no argument is a place, an act, or one that a place leads to."""
        known = {place.url_name for place in all_of(Place)} | {act.url_name for act in all_of(Act)}
        led_to: set[str] = set()
        for user in (self.ada, self.ana, self.ben):
            for place in places_of(user):
                led_to.update(LINK.findall(self.page(reverse(place.url_name), by=user).content.decode()))
        forgotten = [
            route.name
            for route in plain_routes()
            if route.audience
            and route.audience.kind != "public"
            and route.name not in known | BY_THEMSELVES.keys()
            and route.url() not in led_to
            and self._is_a_page(route.url())
        ]
        self.assertEqual(forgotten, [], "declare them in the room's nouns.py")

    @pytest.mark.slow
    def test_a_place_without_room_in_the_row_is_led_to_from_a_page_of_its_area(self) -> None:
        """From the place it stands under, or from another that stands there too: nobody has to know its name to find it."""
        astray = []
        for user in (self.ada, self.ana, self.sol, self.ben):
            under = [place for place in places_of(user) if place.under and place.area is not Area.ACCOUNT]
            pages = {place.under for place in under} | {place.url_name for place in under}
            links = {name: self.links_of(name, by=user) for name in sorted(pages)}
            for place in under:
                beside = {one.url_name for one in under if one.under == place.under} - {place.url_name}
                if not any(reverse(place.url_name) in links[name] for name in {place.under, *beside}):
                    astray.append(f"{place.url_name} for {user}")
        self.assertEqual(astray, [])

    def links_of(self, name: str, by: User) -> set[str]:
        """Where a page leads from below the navigation, which has every place for who types."""
        return set(LINK.findall(self.page(reverse(name), by=by).content.decode().partition("<main")[2]))

    def _is_a_page(self, url: str) -> bool:
        for user in (self.ada, self.ben):
            self.client.force_login(user)
            answer = self.client.get(url)
            if answer.status_code == 200 and b"<h1" in answer.content:
                return True
        return False
