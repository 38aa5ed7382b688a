"""What the permission matrix has to know of a URL that names an object.

Each room says it in `tests/matrix.py`, as SUBJECTS: URL name -> how to make an object that belongs to a
partner (Subject) or to a person (PersonalSubject), and which arguments its URL then takes. The matrix
(site/tests/test_permission_matrix.py) asks each URL as every role, with every method, for an own, a foreign
and an absent object.

    SUBJECTS = {
        "followups:detail": Subject(lambda cast, partner: (raised(partner).pk,)),
        "notifications:open": PersonalSubject(lambda cast, user: (notice_for(user).pk,)),
        "followups:thanks": Subject(lambda cast, partner: ("en", "yes"), absent=None),
    }

For tests that open every page in a browser there is the house with one of everything in it, and who looks at which page.
Who asks is looked up once, where thousands of requests are asked as one person and each of them is undone.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from comity.access import Capability
from comity.partners.models import Partner
from comity.people.backends import Backend
from comity.people.models import User, partner_roles_of
from comity.testing.cast import Cast, CastTestCase
from comity.testing.routes import Route

# For the rooms below the partners, which may not know them, and here speak of them.
__all__ = ["ALL", "NOWHERE", "Arguments", "Cast", "Partner", "PersonalSubject", "Subject", "User", "subjects"]

Arguments = tuple[Any, ...]
NOWHERE: Arguments = (999_999_999,)
# How much is asked: in `make test-all` (SUITE_ALL=1) every role of every address, every look of every page.
ALL = bool(os.environ.get("SUITE_ALL"))


def anyone(user: User) -> bool:
    """Nothing but the declared audience, and whose the object is, decides."""
    return True


@dataclass(frozen=True)
class Subject:
    """An object of a partner, behind a URL. The office sees everybody's; a partner's users their partner's.

    make         makes (or finds) an object that belongs to the partner, and gives the URL's arguments
    absent       arguments of an object that does not exist; None where the URL names no object at all
    office_only  no partner's user may see the object, not even one of the partner it belongs to
    seen_with    what the office's people have to hold to see it, where the row decides; to the others it does not exist
    may          which of those who see it may do what the URL does, where the row itself decides; others get 403
    """

    make: Callable[[Cast, Partner], Arguments]
    absent: Arguments | None = NOWHERE
    office_only: bool = False
    seen_with: Capability | None = None
    may: Callable[[User], bool] = anyone


@dataclass(frozen=True)
class PersonalSubject:
    """An object of one person, behind a URL: to everybody else, of the office or not, it does not exist.

    overseen_by  whoever holds this sees everybody's
    """

    make: Callable[[Cast, User], Arguments]
    absent: Arguments = NOWHERE
    overseen_by: Capability | None = None


def subjects() -> dict[str, Subject | PersonalSubject]:
    """What all rooms say of their URLs; a name said by two rooms is refused."""
    found: dict[str, Subject | PersonalSubject] = {}
    for room in settings.INSTALLED_APPS:
        name = f"{room}.tests.matrix"
        if not room.startswith("comity.") or find_spec(f"{room}.tests") is None or find_spec(name) is None:
            continue
        said: dict[str, Subject | PersonalSubject] = import_module(name).SUBJECTS
        if twice := found.keys() & said.keys():
            raise ValueError(f"{name} says again what another room said of {', '.join(sorted(twice))}.")
        found.update(said)
    return found


@contextmanager
def looked_up_once() -> Iterator[None]:
    """Within this block the rows of a session, of a user and of a user's memberships are each read once.

    Everything above them works as ever, and every request has copies of its own. Only for requests that are undone
    before the next is asked: each then begins with the very rows the first one met.
    """
    store: Any = SessionStore
    session = _once(store._get_session_from_db, lambda kept: kept.session_key)
    user = _once(Backend.get_user, lambda _backend, pk: str(pk))
    roles = _once(partner_roles_of, lambda user: user.pk)
    with (
        patch.object(SessionStore, "_get_session_from_db", session),
        patch.object(Backend, "get_user", user),
        patch("comity.people.models.partner_roles_of", roles),
    ):
        yield


def _once(ask: Callable[..., Any], key: Callable[..., Any]) -> Callable[..., Any]:
    """`ask`, which keeps what it found, as bytes, by the key of what it was asked about."""
    found: dict[Any, bytes] = {}

    def asked(*about: Any) -> Any:
        kept = found.get(key(*about))
        if kept is None:
            answer = ask(*about)
            if answer is not None:
                found[key(*about)] = pickle.dumps(answer)
            return answer
        return pickle.loads(kept)  # its own bytes, of a moment ago

    return asked


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
