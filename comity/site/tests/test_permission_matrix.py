"""Every address, asked with every method for an own, a foreign and an absent object, by one of each sort of people.

Of one sort are those of whom the declarations expect the same: who holds the capability, who does not, in the office and
at a partner, and who is not signed in. One of them asks, not the same one everywhere; in `make test-all` all of them do.
Who holds what is told by test_roles.py. An address without an audience, or with arguments nobody explained, fails.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from pathlib import Path
from pydoc import locate
from unittest import TestCase as PlainTestCase
from zlib import crc32

from django.db import transaction
from django.urls import Resolver404, resolve

from comity.audit.capabilities import VIEW_TRAIL
from comity.partners.models import Alias, Domain, Partner, Person, Position
from comity.people.models import User
from comity.site.roles import CAPABILITIES
from comity.site.tests.asking import Asker, Question
from comity.testing import canaries
from comity.testing.cast import CastTestCase
from comity.testing.matrix import ALL, Arguments, PersonalSubject, Subject, looked_up_once, subjects
from comity.testing.routes import Route, routes

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
# Addresses that take a form nobody was shown.
BY_ITS_LINK = "Whoever does not know the link cannot forge it, and whoever does needs no cookie."
FORGEABLE = {
    "outbox:stop": "A mail program sends it on its reader's word (RFC 8058, one-click unsubscribe).",
    "followups:helped": BY_ITS_LINK,
    "surveys:answer": BY_ITS_LINK,
    "surveys:again": BY_ITS_LINK,
    "surveys:thanks": BY_ITS_LINK,
}
# Pages that are there for some only, by a rule besides role and row: the reason, and the test that holds them to it.
FACTOR_TEST = "comity.people.tests.test_second_factor.AuthenticatorApp.test_before_one_is_set_up_its_pages_are_not_there"
CATALOG_TEST = (
    "comity.briefing.tests.test_catalogue.ForEverybody.test_it_is_not_there_unless_the_office_says_so"
)
NOT_FOR_ALL = {
    "catalog": ("The office chooses whether everybody may read its catalog.", CATALOG_TEST),
    "catalog_entry": ("The office chooses whether everybody may read its catalog.", CATALOG_TEST),
    "mfa_deactivate_totp": ("There is nothing to take away before an app is set up.", FACTOR_TEST),
    "mfa_download_recovery_codes": ("There are no codes before a second factor is set up.", FACTOR_TEST),
    "mfa_view_recovery_codes": ("There are no codes before a second factor is set up.", FACTOR_TEST),
    "councils:ballot_by_phone": (
        "Only a phone that joined the live session of the meeting votes there.",
        "comity.councils.tests.test_voting_pages.Ballots.test_a_phone_in_the_live_session_votes_for_its_seat_and_a_guest_does_not",
    ),
    "people:away": (
        "Only the office's people have someone who stands in for them.",
        "comity.people.tests.test_pages.OwnPage.test_nobody_stands_in_for_a_partners_user",
    ),
}
ROUTES = Path(__file__).with_name("routes.txt")


class EveryAddress(PlainTestCase):
    """What must be said of each address before anything can be asked of it."""

    def test_has_a_name(self) -> None:
        self.assertEqual([route.pattern for route in routes() if not route.name], [])

    def test_says_who_it_is_for(self) -> None:
        self.assertEqual([route.name for route in routes() if route.audience is None], [])

    def test_is_public_only_for_a_reason(self) -> None:
        unexplained = [
            route.name
            for route in routes()
            if route.audience and route.audience.kind == "public" and not route.audience.reason
        ]
        self.assertEqual(unexplained, [])

    def test_asks_for_a_capability_that_some_role_holds(self) -> None:
        held = set().union(*CAPABILITIES.values())
        asked = {route.audience.capability: route.name for route in routes() if route.audience}
        self.assertEqual(
            [name for capability, name in asked.items() if capability and capability not in held], []
        )

    def test_with_arguments_is_explained_by_its_room(self) -> None:
        explained = subjects()
        unexplained = [route.name for route in routes() if route.arguments and route.name not in explained]
        self.assertEqual(unexplained, [], "say in the room's tests/matrix.py which object it is about")

    def test_that_is_not_for_all_has_a_test_of_its_own(self) -> None:
        for name, (reason, test) in NOT_FOR_ALL.items():
            with self.subTest(name):
                self.assertTrue(reason)
                self.assertTrue(callable(locate(test)), f"there is no {test}")

    def test_that_is_explained_exists(self) -> None:
        self.assertEqual(subjects().keys() - {route.name for route in routes()}, set())

    def test_is_protected_from_forged_forms(self) -> None:
        exempt = {route.name for route in routes() if getattr(route.view, "csrf_exempt", False)}
        self.assertEqual(exempt - FORGEABLE.keys(), set())

    def test_once_given_out_still_leads_somewhere(self) -> None:
        """routes.txt holds every address there ever was; one that goes needs a redirect in its place."""
        given_out = ROUTES.read_text().split()
        now = {f"/{route.pattern}" for route in routes()}
        self.assertEqual(
            sorted(now - set(given_out)),
            [],
            "new addresses: add them to comity/site/tests/routes.txt",
        )
        gone = [pattern for pattern in given_out if pattern not in now and not _leads_somewhere(pattern)]
        self.assertEqual(gone, [], "these addresses were given out: redirect them")


def _leads_somewhere(pattern: str) -> bool:
    example = re.sub(r"<int:\w+>|<\w+:\w+>|<\w+>", "1", pattern)
    try:
        resolve(example)
    except Resolver404:
        return False
    return True


class PermissionMatrix(CastTestCase):
    """Parks (with Ben and Eve) and Roads (with Cy and Flo) own one of everything; Ada to Olu are the office."""

    said: dict[str, Subject | PersonalSubject]
    objects: dict[str, dict[str, Arguments]]  # by the route's name, then by whose it is
    unmade: dict[str, str]
    planted: int
    askers: list[Asker]

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        for partner in (cls.parks, cls.roads):
            cls._furnish(partner)
        # Once before anything is made, so that what is composed of names carries them; once after, for the rest.
        canaries.plant([cls.parks, cls.roads])
        cls.said, cls.objects, cls.unmade = subjects(), {}, {}
        for name, subject in cls.said.items():
            try:
                with transaction.atomic():
                    cls.objects[name] = cls._objects_of(subject)
            except Exception as error:  # noqa: BLE001  (one that cannot be made must not hide the others)
                cls.unmade[name] = f"{type(error).__name__}: {error}"
        cls.planted = canaries.plant([cls.parks, cls.roads])
        of_partners = {"PARKS": [cls.ben, cls.eve], "ROADS": [cls.cy, cls.flo]}
        cls.askers = [Asker(user) for user in [None, *cls._office()]] + [
            Asker(user, code) for code, users in of_partners.items() for user in users
        ]
        cls.enterClassContext(looked_up_once())

    @classmethod
    def _furnish(cls, partner: Partner) -> None:
        Alias.objects.create(partner=partner, name="Alias", name_key=f"alias {partner.code}")
        Domain.objects.create(partner=partner, name=f"{partner.code}.gov".casefold())
        person = Person.objects.create(name="Someone", phone="1", mobile="2")
        Position.objects.create(partner=partner, person=person, title="Post")

    @classmethod
    def _objects_of(cls, subject: Subject | PersonalSubject) -> dict[str, Arguments]:
        """The arguments of an object of each partner, or of each person, by code or e-mail."""
        if isinstance(subject, PersonalSubject):
            everybody = [*cls._office(), cls.ben, cls.eve, cls.cy, cls.flo]
            return {user.email: subject.make(cls.cast, user) for user in everybody}
        fresh = [Partner.objects.get(pk=partner.pk) for partner in (cls.parks, cls.roads)]
        return {partner.code: subject.make(cls.cast, partner) for partner in fresh}

    @classmethod
    def _office(cls) -> list[User]:
        return [cls.ada, cls.ira, cls.cora, cls.ana, cls.sol, cls.finn, cls.olu]

    def test_every_object_can_be_made(self) -> None:
        self.assertEqual(self.unmade, {})

    def test_canaries_are_everywhere(self) -> None:
        """The search for leaks is worth something only if there is something to find."""
        self.assertGreater(self.planted, 40)

    def test_one_of_each_sort_asks_and_everybody_somewhere(self) -> None:
        sorts, asked = set(), set()
        for route in routes():
            asked |= {asker.user for asker in self.askers_of(route)}
        for asker in self.askers_of(next(route for route in routes() if route.name == "audit:trail")):
            sorts.add((asker.user is not None, asker.is_office, VIEW_TRAIL in asker.capabilities))
        office = {(True, True, True), (True, True, False)}
        self.assertEqual(sorts, {*office, (True, False, False), (False, False, False)})
        self.assertEqual(asked, {asker.user for asker in self.askers})

    # --- asking ---

    @classmethod
    def ask(cls, route: Route) -> list[str]:
        """What is wrong with the answers about one address."""
        if route.arguments and route.name not in cls.objects:
            return ["Its object could not be made, or no room explains it."]
        faults = []
        for asker in cls.askers_of(route):
            for questions in cls._questions(route, asker):
                asker.answers(questions)
            faults += asker.faults
            asker.faults.clear()
        return faults

    @classmethod
    def askers_of(cls, route: Route) -> list[Asker]:
        sorts: dict[Hashable, list[Asker]] = defaultdict(list)
        for asker in cls.askers:
            sorts[asker.sort(route, cls.said.get(route.name))].append(asker)
        which = crc32(route.name.encode())
        return cls.askers if ALL else [alike[which % len(alike)] for alike in sorts.values()]

    @classmethod
    def _questions(cls, route: Route, asker: Asker) -> Iterator[list[Question]]:
        """The questions about one route, those together whose answers have to be alike."""
        subject = cls.said.get(route.name)
        urls = {"": route.url()} if subject is None else cls._urls(route, subject, asker)
        may, for_some = asker.may(subject), route.name in NOT_FOR_ALL
        for method in METHODS:
            ways = ("page", "htmx", "csv") if method == "GET" else ("page",)
            for way in ways:
                yield [Question(route, url, whose, method, way, may, for_some) for whose, url in urls.items()]

    @classmethod
    def _urls(cls, route: Route, subject: Subject | PersonalSubject, asker: Asker) -> dict[str, str]:
        objects = cls.objects[route.name]
        if isinstance(subject, PersonalSubject):
            mine = asker.user.email if asker.user else cls.ben.email
            theirs = next(
                other.user.email
                for other in reversed(cls.askers)
                if other.user
                and other.user.email != mine
                and (not asker.partner or other.partner != asker.partner)
            )
            arguments = {"own": objects[mine], "absent": subject.absent}
            if not asker.sees(subject):
                arguments["foreign"] = objects[theirs]
        else:
            arguments = {"own": objects[asker.codes["own"]]}
            if subject.absent is not None:
                arguments["absent"] = subject.absent
                if not asker.is_office:
                    arguments["foreign"] = objects[asker.codes["foreign"]]
                if not asker.sees(subject):
                    arguments["foreign"] = arguments.pop("own")
        return {whose: route.url(given) for whose, given in arguments.items()}


def _test_of(route: Route) -> Callable[[PermissionMatrix], None]:
    return lambda self: self.assertEqual(self.ask(route), [])


for _route in routes():
    setattr(PermissionMatrix, f"test_{_route.name.replace(':', '_')}_is_for_whom_it_says", _test_of(_route))
