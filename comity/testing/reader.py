"""Who asks, looked up once, where thousands of requests are asked as one person and each of them is undone."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.contrib.sessions.backends.db import SessionStore

from comity.people.backends import Backend
from comity.people.partner_roles import partner_roles_of


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
