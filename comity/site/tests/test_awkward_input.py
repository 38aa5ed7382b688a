"""What has broken others breaks nothing here: it is asked and sent under every name that a page knows, the same each time."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction

from comity.people.models import User
from comity.testing.matrix import ALL, FurnishedTestCase
from comity.testing.pages import Visitor
from comity.testing.routes import Route, routes

TURNS = 8 if ALL else 1
# Names of our views, signs that a database or a header cannot hold, numbers too large, days that are none, what means
# something to another program.
AWKWARD = (
    *(
        "",
        "home",
        "account_login",
        "partners:registry",
        "//example.org",
        "https://example.org/",
        "javascript:alert(1)",
    ),
    *(
        "\x00",
        "a\x00b",
        "\r\nSet-Cookie: a=b",
        "\u202e",
        "\ufeff",
        "é" * 3_000,
        "🎉",
        "%",
        "%s",
        "%(a)s",
        "{{ 7*7 }}",
    ),
    *(
        "-1",
        "0",
        "1e9",
        "NaN",
        "Infinity",
        "٣",
        "²",
        "1" * 19,
        "9" * 400,
        "[]",
        "{}",
        '{"a": 1}',
        "null",
        "true",
    ),
    *(
        "2026-02-30",
        "0000-00-00",
        "9999-12-31",
        "10000-01-01",
        "31/12/2026",
        "24:00",
        "..",
        "../../etc/passwd",
    ),
    *("'", '"', "\\", "*", "a*b AND (", "a" * 70_000),
)
NAME = re.compile(rb'<(?:input|select|textarea|button)\b[^>]*?\bname="([^"]+)"')
PARAMETER = re.compile(rb"[?&;]([a-z_-]{1,30})=")


class AwkwardInput(FurnishedTestCase):
    @pytest.mark.slow
    def test_is_never_our_fault(self) -> None:
        wrong = [
            f"{method} {url} answers {status} to { {name: value[:40] for name, value in sent.items()} }"
            for route in routes()
            for method, url, status, sent in self._answers(route)
            if status >= 500
        ]
        self.assertEqual(wrong, [])

    def _answers(self, route: Route) -> Iterator[tuple[str, str, int, dict[str, str]]]:
        reader, dice = self.reader(route), random.Random(route.name)
        url = self.url_of(route, reader)
        page: Any = self._visitor(reader).get(url)
        content = b"".join(page.streaming_content) if page.streaming else page.content
        names = dict.fromkeys([b"next", b"q", b"format", *NAME.findall(content), *PARAMETER.findall(content)])
        for _turn in range(TURNS):
            data = {name.decode(): dice.choice(AWKWARD) for name in names}
            asked = {name: value for name, value in data.items() if len(value) < 10_000}
            for method, sent in (("GET", asked), ("POST", data)):
                yield method, url, self._status(method, url, reader, sent), sent

    def _status(self, method: str, url: str, reader: User | None, sent: dict[str, str]) -> int:
        """The status of the answer, read to its end; whatever came of it is undone."""
        cache.clear()
        visitor = self._visitor(reader)
        with transaction.atomic():
            answer: Any = visitor.get(url, sent) if method == "GET" else visitor.post(url, sent)
            if answer.streaming:
                b"".join(answer.streaming_content)
            transaction.set_rollback(True)
        return int(answer.status_code)

    def _visitor(self, reader: User | None) -> Visitor:
        visitor = Visitor(raise_request_exception=False)
        if reader is not None:
            visitor.force_login(reader)
        return visitor
