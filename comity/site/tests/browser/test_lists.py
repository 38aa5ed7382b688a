"""How every list begins, at the width of a desk and of a phone: the first row is in sight, and on a phone it is short."""

from __future__ import annotations

import pytest

from comity.people.models import User
from comity.testing.browser import SignIn
from comity.testing.matrix import FurnishedTestCase, shown
from comity.testing.routes import routes

pytestmark = pytest.mark.browser

LOWEST = {1280: 330, 390: 420}  # of a first row's upper edge, by the page's width
TALLEST = (
    90  # the shortest row on a phone: a name, a line below it that may go over once, and the room around them
)
PHONE = 390
# Pages on which something comes before the list, and lists whose rows hold more than words.
COMES_LATER = {
    "billing:disputes": "How many are open, by service and age, comes first.",
    "billing:run": "What to look at before the bills are approved comes first, and each service.",
    "surveys:loop": "The figures come first; the list has the rows behind them.",
}
HOLDS_MORE = {
    "audit:trail": "What changed, to be unfolded.",
    "notifications:list": "A button that opens it and marks it as read.",
    "outbox:suppressions": "A button that lets mail through again.",
}
ROWS = """() => [...document.querySelectorAll(".table-frame .grid > tbody > tr")].map(row => {
    const box = row.getBoundingClientRect();
    return {top: Math.round(box.top + scrollY), height: Math.round(box.height)};
})"""


class EveryList(FurnishedTestCase):
    @pytest.fixture(autouse=True)
    def _browser(self, common_page: SignIn) -> None:
        self.open_page = common_page

    def test_begins_high_up_and_has_short_rows_on_a_phone(self) -> None:
        low, tall, seen = [], [], set()
        for route in filter(lambda route: route.name, routes()):
            reader = self.reader(route)
            url = self.url_of(route, reader)
            page = shown(url, reader)
            if page is None or 'class="table-frame"' not in page.html:
                continue
            for width, lowest in LOWEST.items():
                rows = self.rows(url, reader, width)
                seen |= {route.name} if rows else set()
                if rows and rows[0]["top"] > lowest and route.name not in COMES_LATER:
                    low.append(f"{route.name}, {width} px wide: {rows[0]['top']}")
                shortest = min((row["height"] for row in rows), default=0)
                if width == PHONE and shortest > TALLEST and route.name not in HOLDS_MORE:
                    tall.append(f"{route.name}: {shortest}")
        self.assertGreater(len(seen), 25)
        self.assertEqual((low, tall), ([], []))

    def rows(self, url: str, reader: User | None, width: int) -> list[dict[str, int]]:
        page = self.open_page(reader)
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(url)
        found: list[dict[str, int]] = page.evaluate(ROWS)
        return found
