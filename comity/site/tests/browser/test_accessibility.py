"""Every page past axe, light and dark, wide and narrow; every form again with its errors showing.

The pages are found by walking the resolver, so a page cannot be forgotten; each is a test of its own. Each is looked at
by the first of a few people whose role may open it, with something of everything in the house, which is furnished once.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client

from comity.people.models import User
from comity.site.roles import CAPABILITIES
from comity.testing.browser import Scan, SignIn
from comity.testing.cast import CastTestCase
from comity.testing.matrix import Arguments, Subject, subjects
from comity.testing.routes import Route, routes

pytestmark = pytest.mark.browser

ROUTES = {route.name: route for route in routes() if route.name}
# One that asks for a passkey first is not sent here: nobody is there to touch one.
FORM = "main form.form[method=post]:not([data-passkey])"
SUBMIT = "form => { form.noValidate = true; form.requestSubmit(); }"


class EveryPage(CastTestCase):
    """Parks and its people have one of everything, and each reader something of their own."""

    made: dict[str, dict[str, Arguments]]  # by the route's name, then by the reader's e-mail; "" for anybody

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.made = {
            name: {"": subject.make(cls.cast, cls.parks)}
            if isinstance(subject, Subject)
            else {reader.email: subject.make(cls.cast, reader) for reader in cls._readers()}
            for name, subject in subjects().items()
        }

    @classmethod
    def _readers(cls) -> list[User]:
        return [cls.ada, cls.ira, cls.cora, cls.ana, cls.ben, cls.eve]

    @pytest.fixture(autouse=True)
    def _browser(self, common_page: SignIn, scan: Scan, complaints: list[str]) -> None:
        self.open_page, self.scan, self.complaints = common_page, scan, complaints

    def look_at(self, route: Route) -> None:
        reader = self._reader(route)
        url = route.url(self._arguments(route, reader))
        if not _is_a_page(url, reader):
            return  # what only takes forms, leads on, or hands over a file
        page = self.open_page(reader)
        page.goto(url, wait_until="load")
        if page.locator("header nav").count():
            self.assertEqual(page.locator("#find").count(), 1, "the page's own words hide the header's")
        self.scan(page)
        if page.locator(FORM).count():
            cache.clear()
            with page.expect_navigation():
                page.locator(FORM).first.evaluate(SUBMIT)
            if page.locator("[data-errors]").count():
                self.scan(page)
            # A form refused with 4xx is a complaint to the browser; here it is what was asked for.
            refused = "the server responded with a status of 4"
            self.complaints[:] = [said for said in self.complaints if refused not in said]

    def _reader(self, route: Route) -> User | None:
        """The first of a few people who may open it; nobody, for what is public."""
        audience = route.audience
        if audience is None or audience.kind == "public":
            return None
        if audience.capability is None:
            return self.ana
        return next((user for user in self._readers() if _may(user, audience.capability)), None)

    def _arguments(self, route: Route, reader: User | None) -> Arguments:
        """Of an object of Parks, or of the reader."""
        if not route.arguments:
            return ()
        if route.name not in self.made:
            self.fail(f"No room says in its tests/matrix.py what {route.name} is about.")
        by_reader = self.made[route.name]
        return by_reader.get("") or by_reader[(reader or self.ben).email]


def _is_a_page(url: str, reader: User | None) -> bool:
    """Asked without a browser, which is dear to open for an address that shows nothing."""
    client = Client()
    if reader is not None:
        client.force_login(reader)
    answer = client.get(url)
    return answer.status_code == 200 and answer.get("Content-Type", "").startswith("text/html")


def _may(user: User, capability: object) -> bool:
    return any(capability in CAPABILITIES[role] for role in user.roles)


def _test_of(route: Route) -> Callable[[EveryPage], None]:
    return lambda self: self.look_at(route)


for _name, _route in sorted(ROUTES.items()):
    setattr(EveryPage, f"test_{_name.replace(':', '_')}_is_accessible", _test_of(_route))
