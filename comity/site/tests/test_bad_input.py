"""Whatever is sent to an address is done, or refused with a status of 4xx: never "all is well", and never a stack trace.

Every address that takes a form is sent nothing at all, and then nonsense under every name its page asks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import transaction

from comity.people.models import User
from comity.testing.cast import CastTestCase
from comity.testing.matrix import PersonalSubject, Subject, subjects
from comity.testing.pages import Visitor
from comity.testing.routes import Route, routes

NONSENSE = "\u202e<b>'; --\r\n99999999999999999999"
# Addresses to which nothing is sent but the wish itself.
WISHES = {
    "people:stay": "The page says that somebody is still there.",
    "meetings:calendar": "A link to one's calendar is made, and shown in the answer alone.",
}
NOT_FOR_THEM = {401, 403, 404, 405}
NAME = re.compile(rb'<(?:input|select|textarea)\b[^>]*?\bname="([^"]+)"')


class BadInput(CastTestCase):
    maxDiff = None
    made: dict[str, Subject | PersonalSubject]
    signed_in: dict[User | None, dict[str, str]]

    @pytest.mark.slow
    def test_is_never_taken_for_good_and_never_our_fault(self) -> None:
        """Each address is asked as the first who may: whoever is signed out, an administrator, a manager, a partner's user."""
        self.made, self.signed_in = subjects(), {}
        asked: list[str] = []
        wrong: list[str] = []
        for route in routes():
            if route.name in WISHES:
                continue
            public = route.audience is not None and route.audience.kind == "public"
            for user in (None,) if public else (self.ada, self.cora, self.ana, self.ben):
                answers = dict(self._answers(self._url(route, user), user))
                if answers["nothing"] in NOT_FOR_THEM:
                    continue
                asked.append(route.name)
                wrong += [
                    f"{route.name} answers {status} to {what}"
                    for what, status in answers.items()
                    if status < 300 or status >= 500
                ]
                break
        self.assertEqual(wrong, [])
        self.assertGreater(len(asked), 150)

    def _url(self, route: Route, user: User | None) -> str:
        """The address, of an object made for it, if it names one."""
        if not route.arguments:
            return route.url()
        subject = self.made[route.name]
        if isinstance(subject, PersonalSubject):
            return route.url(subject.make(self.cast, user or self.ben))
        return route.url(subject.make(self.cast, self.parks))

    def _answers(self, url: str, user: User | None) -> Iterator[tuple[str, int]]:
        """What is sent, and the status of its answer; whatever came of it is undone."""
        status = self._sent(url, user, {})
        yield "nothing", status
        if status not in NOT_FOR_THEM:
            # Read to its end, and not closed: that would say that a request is over, and close the test's connection.
            names = NAME.findall(self._visitor(user).get(url).getvalue())
            yield "nonsense", self._sent(url, user, {name.decode(): NONSENSE for name in names})

    def _sent(self, url: str, user: User | None, data: dict[str, str]) -> int:
        visitor = self._visitor(user)
        cache.clear()
        with transaction.atomic():
            answer = visitor.post(url, data)
            transaction.set_rollback(True)
        if user is not None:
            self.assertFalse(answer.get("Location", "").startswith("/sign-in/?next="), url)
        return int(answer.status_code)

    def _visitor(self, user: User | None) -> Visitor:
        """Whoever asks, signed in as they came, whatever they did before."""
        if user not in self.signed_in:
            visitor = Visitor(raise_request_exception=False)
            if user is not None:
                visitor.force_login(user)
            self.signed_in[user] = {name: cookie.value for name, cookie in visitor.cookies.items()}
        visitor = Visitor(raise_request_exception=False)
        visitor.cookies.load(self.signed_in[user])
        return visitor
