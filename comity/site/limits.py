"""What one request may send, and how many are worked on at once.

Django's ASGI handler spools a whole request to disk before any middleware sees it, so a limit inside Django comes after
the fact. `UploadLimit` stands around the application: it refuses what announces itself as too large before a byte of it
is read, and cuts off what grows too large on the way.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from threading import Semaphore
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Page = Callable[[Scope], Awaitable[bytes]]

# A browser that is still sending does not read our answer: we go on listening, and throw away, for this long at most.
PATIENCE_SECONDS = 20.0


class UploadLimit:
    """Around `application`: requests of more than `limit` bytes are answered 413 with what `page` makes of them.

    policy  the content security policy of that page
    """

    def __init__(
        self, application: Application, *, limit: int, page: Page, policy: str = "default-src 'self'"
    ) -> None:
        self.application = application
        self.limit = limit
        self.page = page
        self.policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.application(scope, receive, send)
        elif _announced(scope) > self.limit:
            await self._refuse(scope, receive, send)
        else:
            await self._count(scope, receive, send)

    async def _count(self, scope: Scope, receive: Receive, send: Send) -> None:
        received = 0
        over = answered = False

        async def counted() -> Message:
            nonlocal received, over
            message = await receive()
            if message["type"] == "http.request":
                received += len(message.get("body", b""))
                if received > self.limit:
                    # For the application its client has gone: it lets go of what it had, and answers nothing.
                    over = True
                    return {"type": "http.disconnect"}
            return message

        async def unless_over(message: Message) -> None:
            nonlocal answered
            if not over:
                answered = True
                await send(message)

        await self.application(scope, counted, unless_over)
        if over and not answered:
            await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await self.page(scope)
        headers = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
            (b"connection", b"close"),
            (b"content-security-policy", self.policy.encode()),
            (b"x-content-type-options", b"nosniff"),
        ]
        await send({"type": "http.response.start", "status": 413, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": True})
        await _throw_away(receive)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _announced(scope: Scope) -> int:
    """The length the request says it has; 0 where it says none, or something that is no number."""
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0


async def _throw_away(receive: Receive) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    more = True
    while more and (left := end - time.monotonic()) > 0:
        try:
            message = await asyncio.wait_for(receive(), timeout=left)
        except TimeoutError:
            return
        more = message["type"] == "http.request" and message.get("more_body", False)


class TakeTurns:
    """A crowd is served in its order, a few at a time, instead of all of it slowly.

    Whoever is worked on holds a connection to the database and a share of the processor: two hundred at once would run out
    of the one and only get in each other's way at the other. What arrives is read before this, and what leaves is sent
    after it, so nobody with a slow line holds up the rest.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.turns = Semaphore(settings.REQUESTS_AT_ONCE)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with self.turns:
            return self.get_response(request)
