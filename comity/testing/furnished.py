"""The house with one of everything in it, and who looks at which page: for tests that open every page in a browser."""

from __future__ import annotations

from dataclasses import dataclass

from django.test import Client

from comity.people.models import User
from comity.testing.cast import CastTestCase
from comity.testing.matrix import Arguments, Subject, subjects
from comity.testing.routes import Route


class FurnishedTestCase(CastTestCase):
    """Parks and its people have one of everything, and each reader something of their own."""

    made: dict[str, dict[str, Arguments]]  # by the route's name, then by the reader's e-mail; "" for anybody

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.made = {
            name: {"": subject.make(cls.cast, cls.parks)}
            if isinstance(subject, Subject)
            else {reader.email: subject.make(cls.cast, reader) for reader in cls.readers()}
            for name, subject in subjects().items()
        }

    @classmethod
    def readers(cls) -> list[User]:
        return [cls.ada, cls.ira, cls.cora, cls.ana, cls.ben, cls.eve]

    @classmethod
    def reader(cls, route: Route) -> User | None:
        """The first of a few people who may open it; nobody, for what is public."""
        audience = route.audience
        if audience is None or audience.kind == "public":
            return None
        if audience.capability is None:
            return cls.ana
        return next((user for user in cls.readers() if user.can(audience.capability)), None)

    @classmethod
    def url_of(cls, route: Route, reader: User | None) -> str:
        """Its address, of an object of Parks, or of the reader."""
        if not route.arguments:
            return route.url()
        if route.name not in cls.made:
            raise AssertionError(f"No room says in its tests/matrix.py what {route.name} is about.")
        by_reader = cls.made[route.name]
        return route.url(by_reader.get("") or by_reader[(reader or cls.ben).email])


@dataclass(frozen=True)
class Shown:
    """A page as it is served, without a browser, which is dear to open."""

    html: str
    templates: tuple[str, ...]  # its own, and then those of its parts


def shown(url: str, reader: User | None) -> Shown | None:
    """What the reader gets there; nothing for an address that shows no page."""
    client = Client()
    if reader is not None:
        client.force_login(reader)
    answer = client.get(url)
    found = None
    if answer.status_code == 200 and answer.get("Content-Type", "").startswith("text/html"):
        found = Shown(answer.content.decode(), tuple(str(each.name) for each in answer.templates))
    answer.close()
    return found
