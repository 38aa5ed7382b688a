"""Everything on every page is reached by Tab, and is seen to have the focus; asked in `make test-all`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from comity.testing.browser import SignIn
from comity.testing.keyboard import out_of_reach
from comity.testing.matrix import ALL, FurnishedTestCase, shown
from comity.testing.routes import Route, routes

pytestmark = pytest.mark.browser


class EveryPage(FurnishedTestCase):
    @pytest.fixture(autouse=True)
    def _browser(self, common_page: SignIn) -> None:
        self.open_page = common_page

    def walk(self, route: Route) -> None:
        reader = self.reader(route)
        url = self.url_of(route, reader)
        if shown(url, reader) is None:
            return  # what only takes forms, leads on, or hands over a file
        page = self.open_page(reader)
        page.goto(url, wait_until="load")
        self.assertEqual(out_of_reach(page), [])


NO_RING = "<style>#b { outline: none }</style><button id=a>One</button><button id=b>Two</button>"
TRAP = "<button>One</button><button onkeydown='event.preventDefault()'>Two</button><a href='/'>Three</a>"
BEHIND = "<details><summary>More</summary><a href='/'>Hidden</a></details><input type=radio name=r><input type=radio name=r>"


@pytest.mark.parametrize(
    ("html", "said"), [(NO_RING, ["not seen: BUTTON Two"]), (TRAP, ["A Three"]), (BEHIND, [])]
)
def test_what_is_not_seen_or_not_reached_is_found(open_page: SignIn, html: str, said: list[str]) -> None:
    page = open_page(None)
    page.goto("about:blank")
    page.set_content(html)
    assert out_of_reach(page) == said


def _test_of(route: Route) -> Callable[[EveryPage], None]:
    return lambda self: self.walk(route)


for _route in routes() if ALL else ():
    setattr(EveryPage, f"test_{_route.name.replace(':', '_')}_is_used_by_keyboard", _test_of(_route))
