"""What one request may send, and how many are worked on at once.

Django's ASGI handler spools a whole request to disk before any middleware sees it, so a limit inside Django comes after
the fact. `UploadLimit` stands around the application: it refuses what announces itself as too large before a byte of it
is read, and cuts off what grows too large, or comes too slowly, on the way. Of whom nothing at all has come yet, not even a
whole head, it does not hear: that is for `HurriedProtocol`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from threading import Semaphore
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from comity.site.room import with_room

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Page = Callable[[Scope], Awaitable[bytes]]

# A browser that is still sending does not read our answer: we go on listening, and throw away, for this long at most.
PATIENCE_SECONDS = 20.0
STREAMS = "/events/"  # how the addresses of streams end
HEAD_SECONDS = 20.0  # to send the head of a request, from its first byte or the connection's beginning
BODY_SECONDS = 30.0  # to send a body, and longer by what has come, at this many bytes each second
SLOWEST = 2_000


class UploadLimit:
    """Around `application`: requests of more than `limit` bytes are answered 413 with what `page` makes of them.

    One whose body comes too slowly is answered 408.

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
        over = slow = answered = complete = False
        begun = time.monotonic()

        async def counted() -> Message:
            nonlocal received, over, slow, complete
            left = begun + BODY_SECONDS + received / SLOWEST - time.monotonic()
            try:
                message = await asyncio.wait_for(receive(), timeout=None if complete else max(left, 0))
            except TimeoutError:
                slow = True
                return {"type": "http.disconnect"}
            if message["type"] == "http.request":
                received += len(message.get("body", b""))
                complete = complete or not message.get("more_body", False)
                if received > self.limit:
                    # For the application its client has gone: it lets go of what it had, and answers nothing.
                    over = True
                    return {"type": "http.disconnect"}
            return message

        async def unless_over(message: Message) -> None:
            nonlocal answered
            if not (over or slow):
                answered = True
                await send(message)

        await self.application(scope, counted, unless_over)
        if slow and not answered:
            headers = [(b"content-length", b"0"), (b"connection", b"close")]
            await send({"type": "http.response.start", "status": 408, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
        elif over and not answered:
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


class HurriedProtocol(H11Protocol):
    """A connection that is closed when the head of its next request does not come, whole, in HEAD_SECONDS.

    The server waits for a head as long as it may take: whoever sends one letter a minute would keep a connection for ever.
    """

    _hurry: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as theirs
        super().connection_made(transport)
        self._wait_for_head(transport)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        cycle: RequestResponseCycle | None = self.cycle  # none before the first head is there
        if cycle and not cycle.response_complete:
            self._stop_waiting()
        elif self._hurry is None:
            self._wait_for_head(self.transport)

    def shutdown(self) -> None:
        """A stream never ends by itself: the server would wait for it, and cut it off."""
        super().shutdown()
        cycle: RequestResponseCycle | None = self.cycle
        if cycle and not cycle.response_complete and self.scope["path"].endswith(STREAMS):
            self.transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(error)

    def _wait_for_head(self, transport: asyncio.Transport) -> None:
        self._hurry = self.loop.call_later(HEAD_SECONDS, transport.close)

    def _stop_waiting(self) -> None:
        if self._hurry is not None:
            self._hurry.cancel()
            self._hurry = None


class TakeTurns:
    """A crowd is served in its order, a few at a time, instead of all of it slowly.

    Whoever is worked on holds a connection to the database and a share of the processor: two hundred at once would run out
    of the one and only get in each other's way at the other. What arrives is read before this, and what leaves is sent
    after it, so nobody with a slow line holds up the rest.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = with_room(get_response)
        self.turns = Semaphore(settings.REQUESTS_AT_ONCE)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with self.turns:
            return self.get_response(request)
