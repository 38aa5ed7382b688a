"""Telling everybody who listens to a live session what happens, as server-sent events.

In each process one reader of a session asks the database a few times a second, and all who listen there are served from
memory: a listener costs no query, no connection and no turn (`comity.site.limits.TakeTurns`), since its answer only
begins in the turn. What is told has numbers (`models.live.tell`), and whoever comes back says up to which one they heard.
"""

from __future__ import annotations

import asyncio
import json
import logging
from bisect import bisect_right
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, asynccontextmanager
from time import monotonic
from typing import Any, NamedTuple

from asgiref.sync import sync_to_async
from django.db import DatabaseError, connection, connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from comity.councils.models.live import told

READ_EVERY = 0.1  # seconds
# Between two frames to one listener: a topic is on the wall within half a second, on the phones within a good one.
PHONE_BEAT, WALL_BEAT = 1.0, 0.2
SIGN_OF_LIFE = 15.0
RETRY_MS = 2_000
LONGEST = 15 * 60.0  # then the browser comes back by itself, and is asked again who it is
NO_STREAM = 204  # a browser that gets this does not try again, and asks now and then instead

log = logging.getLogger(__name__)
Read = Callable[[int, int], Iterable[tuple[int, dict[str, Any]]]]
_reader = ThreadPoolExecutor(1, "live-session")


def read(session_id: int, after: int) -> Iterable[tuple[int, dict[str, Any]]]:
    """What the database has after a number; in the thread of the readers, which keeps no connection of a pool."""
    try:
        return told(session_id, after)
    finally:
        if connection.vendor == "postgresql":
            connection.close()


class Heard(NamedTuple):
    """Something told, written once for all who listen; and whether nothing comes after it."""

    number: int
    text: str
    is_last: bool


class Hearing:
    """What one process has heard of a session while somebody listens there."""

    def __init__(self, session_id: int, read: Read) -> None:
        self.session_id, self.read = session_id, read
        self.told: list[Heard] = []
        self.listeners = 0

    async def go_on(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            last = self.told[-1].number if self.told else 0
            try:
                new = await loop.run_in_executor(_reader, self.read, self.session_id, last)
                self.told += [Heard(each, json.dumps(said), _ends(said)) for each, said in new]
            except DatabaseError:
                log.exception("What happens in live session %s could not be read", self.session_id)
                await asyncio.sleep(1)
            await asyncio.sleep(READ_EVERY)

    def since(self, number: int) -> list[Heard]:
        return self.told[bisect_right(self.told, number, key=lambda each: each.number) :]


def _ends(said: dict[str, Any]) -> bool:
    return bool(said.get("state", {}).get("ended"))


class Room:
    """The sessions that somebody listens to in this process."""

    def __init__(self, read: Read = read) -> None:
        self.read = read
        self.hearings: dict[int, tuple[Hearing, asyncio.Task[None]]] = {}

    @asynccontextmanager
    async def listening(self, session_id: int) -> AsyncIterator[Hearing]:
        if session_id not in self.hearings:
            begun = Hearing(session_id, self.read)
            self.hearings[session_id] = begun, asyncio.create_task(begun.go_on())
        hearing, reading = self.hearings[session_id]
        hearing.listeners += 1
        try:
            yield hearing
        finally:
            hearing.listeners -= 1
            if not hearing.listeners:
                del self.hearings[session_id]
                reading.cancel()

    async def frames(self, session_id: int, after: int, beat: float) -> AsyncGenerator[str]:
        """What happens after a number, as one listener gets it; it ends with the session."""
        begun = heard = monotonic()
        yield f"retry: {RETRY_MS}\n\n"
        async with self.listening(session_id) as hearing:
            while (now := monotonic()) - begun < LONGEST:
                if new := hearing.since(after):
                    after, heard = new[-1].number, now
                    yield f"id: {after}\ndata: [{','.join(each.text for each in new)}]\n\n"
                    if new[-1].is_last:
                        return
                elif now - heard >= SIGN_OF_LIFE:
                    heard = now
                    yield ":\n\n"
                await asyncio.sleep(beat)


room = Room()


def stream(request: HttpRequest, session_id: int, beat: float) -> HttpResponseBase:
    """The stream of a session, from where this browser has it."""
    if not hasattr(request, "scope"):  # a server of one answer after the other, as in tests
        return HttpResponse(status=NO_STREAM)
    after = max(number_of(request.GET.get("after")), number_of(request.headers.get("Last-Event-ID")))

    async def frames() -> AsyncGenerator[str]:
        await sync_to_async(connections.close_all)()  # of this request, which would be kept until it ends
        async with aclosing(room.frames(session_id, after, beat)) as every:
            async for frame in every:
                yield frame

    answer = StreamingHttpResponse(frames(), content_type="text/event-stream")
    answer["Cache-Control"] = "no-store"
    answer["X-Accel-Buffering"] = "no"
    return answer


def number_of(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else 0
