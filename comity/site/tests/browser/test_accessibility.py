"""Every page past axe, light and dark, wide and narrow; every form again with its errors showing.

The pages are found by walking the resolver, so a page cannot be forgotten. Each is looked at by the first of a few
people whose role may open it, with something of everything in the house.
"""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from comity.people.models import User
from comity.site.roles import CAPABILITIES
from comity.testing.browser import Scan, SignIn
from comity.testing.cast import Cast
from comity.testing.matrix import Arguments, Subject, subjects
from comity.testing.routes import Route, routes

pytestmark = pytest.mark.browser

ROUTES = {route.name: route for route in routes() if route.name}
# One that asks for a passkey first is not sent here: nobody is there to touch one.
FORM = "main form.form[method=post]:not([data-passkey])"
SUBMIT = "form => { form.noValidate = true; form.requestSubmit(); }"


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_the_page(name: str, cast: Cast, open_page: SignIn, scan: Scan, complaints: list[str]) -> None:
    route = ROUTES[name]
    reader = _reader(cast, route)
    url = route.url(_arguments(cast, route, reader))
    if not _is_a_page(url, reader):
        return  # what only takes forms, leads on, or hands over a file
    page = open_page(reader)
    page.goto(url, wait_until="load")
    scan(page)
    if page.locator(FORM).count():
        cache.clear()
        with page.expect_navigation():
            page.locator(FORM).first.evaluate(SUBMIT)
        if page.locator("[data-errors]").count():
            scan(page)
        # A form refused with 4xx is a complaint to the browser; here it is what was asked for.
        complaints[:] = [said for said in complaints if "the server responded with a status of 4" not in said]


def _is_a_page(url: str, reader: User | None) -> bool:
    """Asked without a browser, which is dear to open for an address that shows nothing."""
    client = Client()
    if reader is not None:
        client.force_login(reader)
    answer = client.get(url)
    return answer.status_code == 200 and answer.get("Content-Type", "").startswith("text/html")


def _reader(cast: Cast, route: Route) -> User | None:
    """The first of a few people who may open it; nobody, for what is public."""
    audience = route.audience
    if audience is None or audience.kind == "public":
        return None
    people = [cast.ada, cast.ira, cast.cora, cast.ana, cast.ben, cast.eve]
    if audience.capability is None:
        return cast.ana
    return next((user for user in people if _may(user, audience.capability)), None)


def _may(user: User, capability: object) -> bool:
    roles = user.roles
    return any(capability in CAPABILITIES[role] for role in roles)


def _arguments(cast: Cast, route: Route, reader: User | None) -> Arguments:
    """Of an object of Parks, or of the reader, after one of everything is there."""
    made: dict[str, Arguments] = {}
    for name, subject in subjects().items():
        if isinstance(subject, Subject):
            made[name] = subject.make(cast, cast.parks)
        else:
            made[name] = subject.make(cast, reader or cast.ben)
    if not route.arguments:
        return ()
    if route.name not in made:
        pytest.fail(f"No room says in its tests/matrix.py what {route.name} is about.", pytrace=False)
    return made[route.name]
