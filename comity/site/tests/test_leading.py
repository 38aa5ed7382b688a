"""No page leads where its reader may not go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve

from comity.access import Audience
from comity.people.models import User
from comity.testing.matrix import FurnishedTestCase, shown
from comity.testing.routes import routes

LINK = re.compile(r'<a [^>]*href="(/[^"]*)"')
AUDIENCES = {route.name: route.audience for route in routes() if route.name}


class Leading(FurnishedTestCase):
    @classmethod
    def readers(cls) -> list[User]:
        return [*super().readers(), cls.olu, cls.finn, cls.sol]

    @pytest.mark.slow
    def test_every_link_is_one_that_its_reader_may_open(self) -> None:
        rights = {user: sum(_may(user, one) for one in AUDIENCES.values()) for user in self.readers()}
        people, astray = sorted(rights, key=rights.__getitem__), set()
        for route in routes():
            for user in _least(people, route.audience):
                page = shown(self.url_of(route, user), user)
                for name in {_led_to(link) for link in LINK.findall(page.html if page else "")}:
                    if not _may(user, AUDIENCES.get(name)):
                        astray.add(f"{route.name} leads {user} to {name}")
        self.assertEqual(sorted(astray), [])


def _least(by_rights: list[User], audience: Audience | None) -> Iterator[User]:
    """Of the office and of a partner, who may open it and little else."""
    if audience is None or audience.kind == "public":
        return
    for office in (True, False):
        yield from [user for user in by_rights if user.is_office is office and _may(user, audience)][:1]


def _led_to(link: str) -> str:
    try:
        return resolve(urlsplit(link).path).view_name
    except Resolver404:
        return ""  # a file


def _may(user: User, audience: Audience | None) -> bool:
    return audience is None or audience.capability is None or user.can(audience.capability)
