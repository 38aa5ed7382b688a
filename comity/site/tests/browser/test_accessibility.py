"""Every page past axe, light and dark, wide and narrow; every form again with its errors showing.

The pages are found by walking the resolver, so a page cannot be forgotten; each is a test of its own. Each is looked at
by the first of a few people whose role may open it, with something of everything in the house, which is furnished once.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.cache import cache

from comity.testing.browser import Scan, SignIn
from comity.testing.furnished import FurnishedTestCase, html_of
from comity.testing.routes import Route, routes

pytestmark = pytest.mark.browser

ROUTES = {route.name: route for route in routes() if route.name}
# One that asks for a passkey first is not sent here: nobody is there to touch one.
FORM = "main form.form[method=post]:not([data-passkey])"
SUBMIT = "form => { form.noValidate = true; form.requestSubmit(); }"


class EveryPage(FurnishedTestCase):
    @pytest.fixture(autouse=True)
    def _browser(self, common_page: SignIn, scan: Scan, complaints: list[str]) -> None:
        self.open_page, self.scan, self.complaints = common_page, scan, complaints

    def look_at(self, route: Route) -> None:
        reader = self.reader(route)
        url = self.url_of(route, reader)
        if not html_of(url, reader):
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


def _test_of(route: Route) -> Callable[[EveryPage], None]:
    return lambda self: self.look_at(route)


for _name, _route in sorted(ROUTES.items()):
    setattr(EveryPage, f"test_{_name.replace(':', '_')}_is_accessible", _test_of(_route))
