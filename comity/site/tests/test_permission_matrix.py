"""Every address, asked by every role with every method, for an own, a foreign and an absent object.

What should be answered follows from three declarations alone: the view's audience, the roles table, and whose the
object is. Nothing here looks into a view. An address without an audience, or with arguments nobody explained, fails.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from pydoc import locate
from typing import Any
from unittest import TestCase as PlainTestCase
from unittest.mock import patch

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.template.base import Template
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from comity.access import Audience
from comity.partners.models import Alias, Domain, Partner, Person, Position
from comity.people.models import User
from comity.people.partner_roles import partner_roles_of
from comity.people.roles import Role
from comity.people.services.sessions import BEGAN, SEEN
from comity.site.roles import CAPABILITIES
from comity.testing import canaries
from comity.testing.cast import CastTestCase
from comity.testing.matrix import Arguments, PersonalSubject, Subject, subjects
from comity.testing.reader import looked_up_once
from comity.testing.routes import Route, routes

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
SAFE = {"GET", "HEAD", "OPTIONS"}
# What a request may write without a person having asked for it: who is signed in where, how often one guessed.
WRITTEN_BY_ITSELF = ("django_session", "usersessions_usersession", "cache", "people_attemptcount")
# Addresses that take a form nobody was shown.
FORGEABLE = {"outbox:stop": "A mail program sends it on its reader's word (RFC 8058, one-click unsubscribe)."}
# Pages that are there for some only, by a rule besides role and row: the reason, and the test that holds them to it.
FACTOR_TEST = "comity.people.tests.test_second_factor.AuthenticatorApp.test_before_one_is_set_up_its_pages_are_not_there"
NOT_FOR_ALL = {
    "mfa_deactivate_totp": ("There is nothing to take away before an app is set up.", FACTOR_TEST),
    "mfa_download_recovery_codes": ("There are no codes before a second factor is set up.", FACTOR_TEST),
    "mfa_view_recovery_codes": ("There are no codes before a second factor is set up.", FACTOR_TEST),
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


@dataclass(frozen=True)
class Question:
    """One request that is asked, and how its answer is to be judged."""

    route: Route
    url: str
    whose: str  # "own", "foreign", "absent", or "" where the URL names no object
    method: str
    way: str = "page"  # or "htmx", or "csv"
    may: bool = True  # whether the row lets this person do what the URL does

    def __str__(self) -> str:
        return f"{self.method} {self.url} ({self.whose or 'no object'}, {self.way})"


class Answer:
    """What came back, and what had to be written for it."""

    def __init__(self, response: HttpResponseBase | None, error: str, written: list[str]) -> None:
        self.response, self.error, self.written = response, error, written

    @cached_property
    def status(self) -> int:
        return self.response.status_code if self.response is not None else 500

    @cached_property
    def body(self) -> str:
        if self.response is None:
            return ""
        return str(self.response.getvalue().decode("utf-8", "replace"))

    @cached_property
    def everything(self) -> str:
        """Body and headers, as whoever looks for a leak would read them."""
        headers = self.response.headers.items() if self.response is not None else []
        return self.body + "\n".join(f"{name}: {value}" for name, value in headers)


class PermissionMatrix(CastTestCase):
    """Parks (with Ben and Eve) and Roads (with Cy and Flo) own one of everything; Ada to Olu are the office."""

    said: dict[str, Subject | PersonalSubject]
    objects: dict[str, dict[str, Arguments]]  # by the route's name, then by whose it is
    unmade: dict[str, str]
    planted: int

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
            return {user.email: subject.make(cls.cast, user) for user in cls._everybody()}
        fresh = [Partner.objects.get(pk=partner.pk) for partner in (cls.parks, cls.roads)]
        return {partner.code: subject.make(cls.cast, partner) for partner in fresh}

    @classmethod
    def _everybody(cls) -> list[User]:
        office = [cls.ada, cls.ira, cls.cora, cls.ana, cls.sol, cls.finn, cls.olu]
        return [*office, cls.ben, cls.eve, cls.cy, cls.flo]

    def test_the_administrator(self) -> None:
        self.ask_everything_as(self.ada)

    def test_the_chief_information_officer(self) -> None:
        self.ask_everything_as(self.ira)

    def test_the_chief_customer_officer(self) -> None:
        self.ask_everything_as(self.cora)

    def test_the_relationship_manager(self) -> None:
        self.ask_everything_as(self.ana)

    def test_the_service_owner(self) -> None:
        self.ask_everything_as(self.sol)

    def test_the_finance_analyst(self) -> None:
        self.ask_everything_as(self.finn)

    def test_the_office_staff(self) -> None:
        self.ask_everything_as(self.olu)

    def test_the_partners_it_lead(self) -> None:
        self.ask_everything_as(self.ben)

    def test_the_partners_executive(self) -> None:
        self.ask_everything_as(self.eve)

    def test_the_partners_member(self) -> None:
        self.ask_everything_as(self.cy)

    def test_the_partners_finance_lead(self) -> None:
        self.ask_everything_as(self.flo)

    def test_whoever_is_signed_out(self) -> None:
        self.ask_everything_as(None)

    def test_every_object_can_be_made(self) -> None:
        self.assertEqual(self.unmade, {})

    def test_canaries_are_everywhere(self) -> None:
        """The search for leaks is worth something only if there is something to find."""
        self.assertGreater(self.planted, 40)

    # --- asking ---

    def ask_everything_as(self, user: User | None) -> None:
        asker = Asker(self, user)
        with looked_up_once():
            for route in routes():
                for questions in self._questions(route, user):
                    answers = {
                        question: asker.ask(question) for question in questions if asker.is_worth(question)
                    }
                    for question, answer in answers.items():
                        asker.judge(question, answer)
                    asker.compare(answers)
        if asker.faults:
            shown = "\n".join(f"  {fault}" for fault in asker.faults[:60])
            self.fail(
                f"{len(asker.faults)} of {asker.asked} answers are wrong for {user or 'nobody'}:\n{shown}"
            )

    def _questions(self, route: Route, user: User | None) -> Iterator[list[Question]]:
        """The questions about one route, those together whose answers have to be alike."""
        may = True
        if route.arguments:
            if route.name not in self.objects:
                return  # said by EveryAddress, and by test_every_object_can_be_made
            subject = self.said[route.name]
            may = user is None or not isinstance(subject, Subject) or subject.may(user)
            urls = self._urls(route, subject, user)
        else:
            urls = {"": route.url()}
        for method in METHODS:
            ways = ("page", "htmx", "csv") if method == "GET" else ("page",)
            for way in ways:
                yield [Question(route, url, whose, method, way, may) for whose, url in urls.items()]

    def _urls(self, route: Route, subject: Subject | PersonalSubject, user: User | None) -> dict[str, str]:
        objects = self.objects[route.name]
        if isinstance(subject, PersonalSubject):
            mine = user.email if user else self.ben.email
            theirs = next(
                other.email for other in reversed(self._everybody()) if not self._alike(other, user)
            )
            arguments = {"own": objects[mine], "absent": subject.absent}
            if not (user and subject.overseen_by and user.can(subject.overseen_by)):
                arguments["foreign"] = objects[theirs]
        else:
            code = self.codes(user)
            arguments = {"own": objects[code["own"]]}
            if subject.absent is not None:
                arguments["absent"] = subject.absent
                if user is None or not user.is_office:
                    arguments["foreign"] = objects[code["foreign"]]
                if user is not None and not self._sees(user, subject):
                    arguments["foreign"] = arguments.pop("own")
        return {whose: route.url(given) for whose, given in arguments.items()}

    def _sees(self, user: User, subject: Subject) -> bool:
        """Whether an own object is there at all for someone who is signed in."""
        if not user.is_office:
            return not subject.office_only
        return subject.seen_with is None or subject.seen_with in _capabilities(user)

    def codes(self, user: User | None) -> dict[str, str]:
        """Whose an own object is for someone, and whose a foreign one."""
        own, foreign = ("ROADS", "PARKS") if user in (self.cy, self.flo) else ("PARKS", "ROADS")
        return {"own": own, "foreign": foreign}

    def _alike(self, one: User, other: User | None) -> bool:
        """Whether two are the same person or of the same side."""
        return one == other or (other is not None and {one, other} <= {self.ben, self.eve})


class Asker:
    """Asks as one person, undoes whatever came of it, and notes what is wrong with the answers."""

    def __init__(self, test: PermissionMatrix, user: User | None) -> None:
        self.test, self.user = test, user
        self.client = Client()
        if user is not None:
            self.client.force_login(user)
            # A session that is under way, so that being seen is not written down with every answer.
            session = self.client.session
            session[BEGAN], session[SEEN] = int(time.time()), int(time.time()) + 600
            session.save()
        self.cookies = {name: morsel.value for name, morsel in self.client.cookies.items()}
        self.capabilities = _capabilities(user)
        self.foreign_words = _foreign_words(test, user)
        self.faults: list[str] = []
        self.offering_csv: set[str] = set()
        self.asked = 0

    def is_worth(self, question: Question) -> bool:
        """Whether an answer could differ: CSV is asked for where the page offers it."""
        return question.way != "csv" or question.url in self.offering_csv

    def ask(self, question: Question) -> Answer:
        """The answer, with whatever came of it undone. Only for GET and POST are templates rendered."""
        with (
            nullcontext() if question.method in {"GET", "POST"} else patch.object(Template, "render", _blank)
        ):
            answer = self._ask(question)
        if question.way == "page" and question.method == "GET" and "format=csv" in answer.body:
            self.offering_csv.add(question.url)
        return answer

    def _ask(self, question: Question) -> Answer:
        self.asked += 1
        written: list[str] = []
        cache.clear()
        self.client.cookies.clear()
        self.client.cookies.load(self.cookies)
        headers = {"HX-Request": "true"} if question.way == "htmx" else {}
        query: dict[str, Any] = {"QUERY_STRING": "format=csv"} if question.way == "csv" else {}
        with transaction.atomic(), connection.execute_wrapper(_noting_writes(written)):
            try:
                response = self.client.generic(
                    question.method,
                    question.url,
                    content_type="application/x-www-form-urlencoded",
                    headers=headers,
                    **query,
                )
                answer = Answer(response, "", written)
                _ = answer.body  # a stream asks the database only as it is read
            except Exception as error:  # noqa: BLE001  (whatever went wrong is what the test reports)
                answer = Answer(None, f"{type(error).__name__}: {error}", written)
            transaction.set_rollback(True)
        return answer

    # --- judging ---

    def judge(self, question: Question, answer: Answer) -> None:
        if answer.error or answer.status >= 500:
            self._fault(question, f"went wrong: {answer.error or answer.status}")
            return
        expected, allowed = self._expected(question)
        if not allowed(answer):
            self._fault(question, f"answered {answer.status}, expected {expected}")
        if question.method in SAFE and answer.written:
            self._fault(question, f"wrote: {answer.written[0][:100]}")
        for word in self._words_that_leak(question):
            if word in answer.everything.casefold():
                at = answer.everything.casefold().index(word)
                self._fault(question, f"gave away: ...{answer.everything[max(0, at - 60) : at + 60]!r}")

    def _words_that_leak(self, question: Question) -> list[str]:
        """Whoever holds a public link reads what it is about, and still nothing of anybody else."""
        audience = question.route.audience
        if audience and audience.kind == "public" and question.whose in {"own", "foreign"}:
            its_own = canaries.word(self.test.codes(self.user)[question.whose])
            return [word for word in self.foreign_words if word != its_own]
        return self.foreign_words

    def _expected(self, question: Question) -> tuple[str, Callable[[Answer], bool]]:
        """What the declarations say, in words and as a check. A method the view does not take may answer 405."""
        audience = question.route.audience or Audience("undeclared")
        if audience.kind == "public":
            return "an answer", lambda answer: answer.status < 500
        if self.user is None:
            return "a way to sign in", _leads_to_sign_in
        if audience.capability is not None and audience.capability not in self.capabilities:
            return "403", lambda answer: answer.status in {403, 405}
        if question.whose in {"foreign", "absent"}:
            return "404", lambda answer: answer.status in {404, 405}
        if not question.may:
            return "403", lambda answer: answer.status in {403, 405}
        if question.route.name in NOT_FOR_ALL:
            return "an answer", lambda answer: answer.status < 500
        if not question.whose and question.method not in SAFE:
            # Its object, if any, would be named in the body, which is empty.
            return "that it may", lambda answer: answer.status not in {401, 403}
        return "that it may", lambda answer: answer.status not in {401, 403, 404}

    def compare(self, answers: dict[Question, Answer]) -> None:
        """A foreign object and one that does not exist are answered alike, to the byte but for tokens."""
        by_whose = {question.whose: (question, answer) for question, answer in answers.items()}
        if "foreign" not in by_whose or "absent" not in by_whose or self.user is None:
            return
        question, foreign = by_whose["foreign"]
        other, absent = by_whose["absent"]
        if (question.route.audience or Audience("undeclared")).kind == "public":
            return
        first, second = _masked(foreign, question.url), _masked(absent, other.url)
        if first != second:
            self._fault(question, f"differs from what is absent: {_difference(first, second)}")

    def _fault(self, question: Question, what: str) -> None:
        self.faults.append(f"{question.route.name}: {question}: {what}")


def _capabilities(user: User | None) -> set[Any]:
    """From the roles table alone."""
    if user is None:
        return set()
    roles = [grant.role for grant in user.grants.all()] if user.is_office else partner_roles_of(user)
    return set().union(*(CAPABILITIES[Role(role).value] for role in roles))


def _foreign_words(test: PermissionMatrix, user: User | None) -> list[str]:
    """The canaries that this person must not meet."""
    own = {None: [], test.cy: ["ROADS"], test.flo: ["ROADS"], test.ben: ["PARKS"], test.eve: ["PARKS"]}
    if user is not None and user.is_office:
        return []
    return [canaries.word(owner) for owner in ("PARKS", "ROADS", canaries.OFFICE) if owner not in own[user]]


def _blank(template: Template, *args: object, **more: object) -> str:
    return ""


def _noting_writes(written: list[str]) -> Callable[..., Any]:
    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        start = sql.lstrip()[:200]
        if start[:6].upper() in {"INSERT", "UPDATE", "DELETE"} and not any(
            f'"{table}"' in start for table in WRITTEN_BY_ITSELF
        ):
            written.append(start)
        return execute(sql, params, many, context)

    return note


def _leads_to_sign_in(answer: Answer) -> bool:
    sign_in = reverse(settings.LOGIN_URL)
    headers = answer.response.headers if answer.response is not None else {}
    to = headers.get("Location", "") or headers.get("HX-Redirect", "")
    return str(to).startswith(sign_in) or answer.status == 405


TOKEN = re.compile(
    r'(name="csrfmiddlewaretoken" value=")[^"]+|(csrftoken=)[^;]+|(X-CSRFToken[^:]*: *.)[\w-]+'
)


def _masked(answer: Answer, url: str) -> str:
    """An answer without what has to differ: the address itself, and tokens."""
    headers = answer.response.headers.items() if answer.response is not None else []
    kept = "\n".join(f"{name}: {value}" for name, value in headers if name not in {"Content-Length", "Date"})
    return TOKEN.sub(r"\1\2\3TOKEN", f"{answer.status}\n{kept}\n{answer.body}".replace(url, "URL"))


def _difference(first: str, second: str) -> str:
    at = next((place for place, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), 0)
    return f"{first[max(0, at - 40) : at + 40]!r} / {second[max(0, at - 40) : at + 40]!r}"
