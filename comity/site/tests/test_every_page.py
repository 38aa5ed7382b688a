"""Every page and every list as CSV, opened once on PostgreSQL; on SQLite the permission matrix opens them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection

from comity.testing.matrix import FurnishedTestCase
from comity.testing.pages import Visitor
from comity.testing.routes import Route, routes


class EveryPage(FurnishedTestCase):
    def open(self, route: Route) -> None:
        reader = self.reader(route)
        url = self.url_of(route, reader)
        visitor = Visitor()
        if reader is not None:
            visitor.force_login(reader)
        for asked in ({}, {"q": "parks"}, {"format": "csv"}):
            answer: Any = visitor.get(url, asked)
            self.assertLess(answer.status_code, 500, f"{url} {asked}")
            if answer.streaming:
                b"".join(answer.streaming_content)
            if answer.status_code != 200 or b"format=csv" not in getattr(answer, "content", b""):
                break


def _test_of(route: Route) -> Callable[[EveryPage], None]:
    return lambda self: self.open(route)


for _route in routes() if connection.vendor == "postgresql" else ():
    setattr(EveryPage, f"test_{_route.name.replace(':', '_')}_opens", _test_of(_route))
