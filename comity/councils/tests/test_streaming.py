"""Who listens to a live session hears everything once, in its order, however often they come back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import Any
from unittest.mock import patch

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, SimpleTestCase
from django.test.client import AsyncRequestFactory

from comity.councils import streaming
from comity.councils.streaming import Room

BEAT = 0.01


class Table:
    """What a session told, as the database would give it, and how often it was asked."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, dict[str, Any]]] = []
        self.asked = 0
        self.broken = False

    def __call__(self, _session: int, after: int) -> list[tuple[int, dict[str, Any]]]:
        self.asked += 1
        if self.broken:
            raise DatabaseError("gone")
        return [row for row in self.rows if row[0] > after]

    def tell(self, *numbers: int, **said: Any) -> None:
        self.rows += [(number, said or {"n": number}) for number in numbers]


@patch.object(streaming, "READ_EVERY", 0.01)
class Listening(SimpleTestCase):
    def setUp(self) -> None:
        self.table = Table()
        self.room = Room(self.table)

    def run_in_time(self, play: Callable[[], Awaitable[None]]) -> None:
        asyncio.run(asyncio.wait_for(play(), 20))

    async def hear(self, many: int, after: int = 0) -> tuple[list[int], int]:
        """So many of what is told after a number; and the number of the last frame, as a browser keeps it."""
        heard: list[int] = []
        last = after
        async with aclosing(self.room.frames(1, after, BEAT)) as frames:
            async for frame in frames:
                if frame.startswith("id: "):
                    head, data = frame.strip().split("\n")
                    last = int(head.removeprefix("id: "))
                    heard += [each["n"] for each in json.loads(data.removeprefix("data: "))]
                if len(heard) >= many:
                    break
        return heard, last

    def test_whoever_comes_back_misses_nothing_and_hears_nothing_twice(self) -> None:
        async def play() -> None:
            self.table.tell(1, 2, 5)
            heard, last = await self.hear(3)
            self.table.tell(6, 9)
            more, last = await self.hear(2, last)
            self.assertEqual((heard + more, last), ([1, 2, 5, 6, 9], 9))

        self.run_in_time(play)

    def test_fifty_who_listen_cost_the_queries_of_one(self) -> None:
        async def play() -> None:
            listeners = [asyncio.create_task(self.hear(20)) for _each in range(50)]
            for number in range(1, 21):
                self.table.tell(number)
                await asyncio.sleep(0.02)
            for heard, _last in await asyncio.gather(*listeners):
                self.assertEqual(heard, list(range(1, 21)))
            self.assertLess(self.table.asked, 100)

        self.run_in_time(play)

    def test_nobody_left_ends_the_reading(self) -> None:
        async def play() -> None:
            self.table.tell(1)
            await self.hear(1)
            self.assertEqual(self.room.hearings, {})
            task = asyncio.create_task(self.hear(99))
            await asyncio.sleep(0.1)
            self.assertEqual(list(self.room.hearings), [1])
            task.cancel()  # as when a client goes away
            await asyncio.wait([task])
            self.assertEqual(self.room.hearings, {})
            asked = self.table.asked
            await asyncio.sleep(0.1)
            self.assertLessEqual(self.table.asked, asked + 1)

        self.run_in_time(play)

    def test_a_database_that_fails_is_asked_again(self) -> None:
        async def play() -> None:
            self.table.broken = True
            task = asyncio.create_task(self.hear(1))
            await asyncio.sleep(0.1)
            self.table.broken = False
            self.table.tell(1)
            self.assertEqual(await task, ([1], 1))

        with self.assertLogs(streaming.log, "ERROR"):
            self.run_in_time(play)

    def test_a_silent_session_gives_signs_of_life_and_the_last_word_ends_the_stream(self) -> None:
        async def play() -> None:
            frames = []
            async for frame in self.room.frames(1, 0, BEAT):
                frames.append(frame)
                if frame == ":\n\n" and frames.count(frame) == 2:
                    self.table.tell(7, state={"ended": True})
            self.assertEqual(frames[0], "retry: 2000\n\n")
            self.assertEqual(frames[-1], 'id: 7\ndata: [{"state": {"ended": true}}]\n\n')

        with patch.object(streaming, "SIGN_OF_LIFE", 0.05):
            self.run_in_time(play)

    def test_after_a_while_a_browser_is_sent_to_come_back(self) -> None:
        async def play() -> None:
            self.assertEqual([frame async for frame in self.room.frames(1, 0, BEAT)], ["retry: 2000\n\n"])

        with patch.object(streaming, "LONGEST", 0.05):
            self.run_in_time(play)


class Answering(SimpleTestCase):
    def test_a_stream_is_kept_from_caches_and_from_the_buffers_of_proxies(self) -> None:
        answer = streaming.stream(AsyncRequestFactory().get("/"), 1, 0.5)
        self.assertEqual(answer["Content-Type"], "text/event-stream")
        self.assertEqual((answer["X-Accel-Buffering"], answer["Cache-Control"]), ("no", "no-store"))

    def test_a_server_that_cannot_stream_says_so_and_is_asked_now_and_then(self) -> None:
        request: HttpRequest = RequestFactory().get("/")
        answer = streaming.stream(request, 1, 0.5)
        self.assertIsInstance(answer, HttpResponse)
        self.assertEqual(answer.status_code, 204)

    def test_what_is_no_number_is_the_beginning(self) -> None:
        for text in (None, "", "x", "-1", "²", "9" * 19):
            self.assertEqual(streaming.number_of(text), 0)
        self.assertEqual(streaming.number_of("17"), 17)
