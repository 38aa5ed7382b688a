"""Every page past axe, wide and light, narrow and dark; every form again with its errors showing, narrow and dark.

The pages are found by walking the resolver, so a page cannot be forgotten; each is a test of its own. Each is looked at
by the first of a few people whose role may open it, with something of everything in the house. A page that shows no
template that has not been looked at as a part of the same one is left out, except in `make test-all`.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.cache import cache

from comity.people.models import User
from comity.testing.browser import LAST, Scan, SignIn
from comity.testing.matrix import ALL, FurnishedTestCase, shown
from comity.testing.routes import routes

pytestmark = pytest.mark.browser

ROUTES = {route.name: route for route in routes() if route.name}
# One that asks for a passkey first is not sent here: nobody is there to touch one.
FORM = "main form.form[method=post]:not([data-passkey])"
SUBMIT = "form => { form.noValidate = true; form.requestSubmit(); }"


class EveryPage(FurnishedTestCase):
    looked_at: dict[str, tuple[str, User | None]]  # the address and who looks, by the route's name

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        pages = {}
        for name, route in ROUTES.items():
            reader = cls.reader(route)
            url = cls.url_of(route, reader)
            if page := shown(url, reader):
                pages[name] = (url, reader, page.templates)
        # The richest first, so that few are needed.
        seen: set[tuple[str, str]] = set()
        cls.looked_at = {}
        for name, (url, reader, templates) in sorted(
            pages.items(), key=lambda page: (-len({*page[1][2]}), page[0])
        ):
            parts = {(templates[0], part) for part in templates}
            if ALL or parts - seen:
                cls.looked_at[name] = (url, reader)
            seen |= parts

    @pytest.fixture(autouse=True)
    def _browser(self, common_page: SignIn, scan: Scan, complaints: list[str]) -> None:
        self.open_page, self.scan, self.complaints = common_page, scan, complaints

    def look_at(self, name: str) -> None:
        if name not in self.looked_at:
            return  # what only takes forms, leads on, or hands over a file; or shows what another page does
        url, reader = self.looked_at[name]
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
                self.scan(page, LAST)
            # A form refused with 4xx is a complaint to the browser; here it is what was asked for.
            refused = "the server responded with a status of 4"
            self.complaints[:] = [said for said in self.complaints if refused not in said]

    def test_whatever_the_pages_show_is_looked_at(self) -> None:
        self.assertGreater(len(self.looked_at), 100)


def _test_of(name: str) -> Callable[[EveryPage], None]:
    return lambda self: self.look_at(name)


for _name in sorted(ROUTES):
    setattr(EveryPage, f"test_{_name.replace(':', '_')}_is_accessible", _test_of(_name))
