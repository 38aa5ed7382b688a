"""The house with one of everything in it, and who looks at which page: for tests that open every page in a browser."""

from __future__ import annotations

from django.test import Client

from comity.people.models import User
from comity.site.roles import CAPABILITIES
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

    def reader(self, route: Route) -> User | None:
        """The first of a few people who may open it; nobody, for what is public."""
        audience = route.audience
        if audience is None or audience.kind == "public":
            return None
        if audience.capability is None:
            return self.ana
        return next((user for user in self.readers() if _may(user, audience.capability)), None)

    def url_of(self, route: Route, reader: User | None) -> str:
        """Its address, of an object of Parks, or of the reader."""
        if not route.arguments:
            return route.url()
        if route.name not in self.made:
            self.fail(f"No room says in its tests/matrix.py what {route.name} is about.")
        by_reader = self.made[route.name]
        return route.url(by_reader.get("") or by_reader[(reader or self.ben).email])


def html_of(url: str, reader: User | None) -> str:
    """A page as it is served, without a browser, which is dear to open; "" for an address that shows none."""
    client = Client()
    if reader is not None:
        client.force_login(reader)
    answer = client.get(url)
    is_page = answer.status_code == 200 and answer.get("Content-Type", "").startswith("text/html")
    found = answer.content.decode() if is_page else ""
    answer.close()
    return found


def _may(user: User, capability: object) -> bool:
    return any(capability in CAPABILITIES[role] for role in user.roles)
