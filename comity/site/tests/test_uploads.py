"""The upload limit refuses while a body arrives, whether or not it announced its length."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from contextlib import suppress
from typing import Any
from unittest import TestCase, mock

import uvicorn

from comity.site import limits
from comity.site.limits import HurriedProtocol, Message, Receive, Scope, Send, UploadLimit

LIMIT = 1000


async def refusal_page(scope: Scope) -> bytes:
    return b"<h1>Too large</h1>"


class Application:
    """Reads a whole body, as Django does, and answers with its length; lets go when its client is gone."""

    def __init__(self) -> None:
        self.read: int | None = None
        self.asked = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked = True
        total, more = 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            total += len(message.get("body", b""))
            more = message.get("more_body", False)
        self.read = total
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": str(total).encode()})


class Client:
    """Sends `chunks`, and keeps what it is answered and how much of its body was taken by then."""

    def __init__(self, *chunks: bytes, announced: int | None = None) -> None:
        self.chunks = list(chunks)
        self.headers = [] if announced is None else [(b"content-length", str(announced).encode())]
        self.taken = 0
        self.taken_at_answer: int | None = None
        self.answer: list[Message] = []

    async def receive(self) -> Message:
        if not self.chunks:
            return {"type": "http.disconnect"}
        chunk = self.chunks.pop(0)
        self.taken += len(chunk)
        return {"type": "http.request", "body": chunk, "more_body": bool(self.chunks)}

    async def send(self, message: Message) -> None:
        if self.taken_at_answer is None:
            self.taken_at_answer = self.taken
        self.answer.append(message)

    def ask(self, application: Application, kind: str = "http") -> None:
        scope: dict[str, Any] = {"type": kind, "headers": self.headers, "path": "/imports/new/"}
        limited = UploadLimit(application, limit=LIMIT, page=refusal_page)
        asyncio.run(asyncio.wait_for(limited(scope, self.receive, self.send), timeout=5))

    @property
    def status(self) -> int:
        return int(self.answer[0]["status"])

    @property
    def body(self) -> bytes:
        return b"".join(message["body"] for message in self.answer[1:])


class UploadLimitTests(TestCase):
    def setUp(self) -> None:
        self.application = Application()

    def test_what_fits_passes_unchanged_to_the_last_byte(self) -> None:
        client = Client(b"x" * 400, b"x" * 600)
        client.ask(self.application)
        self.assertEqual((client.status, client.body), (200, b"1000"))

    def test_an_announced_length_over_the_limit_is_refused_before_a_byte_is_read(self) -> None:
        client = Client(b"x" * 600, b"x" * 401, announced=1001)
        client.ask(self.application)
        self.assertEqual((client.status, client.body), (413, b"<h1>Too large</h1>"))
        self.assertFalse(self.application.asked)
        self.assertEqual(client.taken_at_answer, 0)

    def test_a_streamed_body_without_a_length_is_refused_as_soon_as_it_is_too_long(self) -> None:
        client = Client(*[b"x" * 100] * 50)
        client.ask(self.application)
        self.assertEqual((client.status, client.body), (413, b"<h1>Too large</h1>"))
        self.assertIsNone(self.application.read)
        self.assertEqual(client.taken_at_answer, 1100)

    def test_a_body_longer_than_it_announced_is_refused_too(self) -> None:
        client = Client(b"x" * 900, b"x" * 900, announced=10)
        client.ask(self.application)
        self.assertEqual(client.status, 413)

    def test_the_rest_is_taken_and_thrown_away_so_that_a_browser_reads_the_answer(self) -> None:
        client = Client(*[b"x" * 100] * 50)
        client.ask(self.application)
        self.assertEqual(client.taken, 5000)
        self.assertFalse(client.answer[-1]["more_body"])

    def test_a_client_that_never_stops_is_cut_off(self) -> None:
        client = Client()

        async def endless() -> Message:
            await asyncio.sleep(0.001)
            return {"type": "http.request", "body": b"x" * 600, "more_body": True}

        vars(client)["receive"] = endless
        with mock.patch.object(limits, "PATIENCE_SECONDS", 0.1):
            client.ask(self.application)
        self.assertEqual(client.status, 413)

    def test_a_body_that_comes_too_slowly_is_ended_and_one_that_has_come_is_not_hurried(self) -> None:
        client = Client(b"x", b"x")

        async def dawdling() -> Message:
            await asyncio.sleep(0.2)
            return {"type": "http.request", "body": b"x", "more_body": client.taken > 1}

        vars(client)["receive"] = dawdling
        client.taken = 2
        with mock.patch.object(limits, "BODY_SECONDS", 0.5):
            client.ask(self.application)
            self.assertEqual((client.status, client.body), (408, b""))
            self.assertIsNone(self.application.read)

            async def thinking(scope: Scope, receive: Receive, send: Send) -> None:
                await receive()
                await asyncio.sleep(0.6)
                await receive()  # as Django waits for its client to go
                await send({"type": "http.response.start", "status": 200, "headers": []})
                await send({"type": "http.response.body", "body": b""})

            patient = Client()
            vars(patient)["receive"] = dawdling
            client.taken = 0
            asyncio.run(
                UploadLimit(thinking, limit=LIMIT, page=refusal_page)(
                    {"type": "http", "headers": []}, patient.receive, patient.send
                )
            )
            self.assertEqual(patient.status, 200)

    def test_an_answer_begun_before_the_limit_was_passed_is_not_mixed_with_the_refusal(self) -> None:
        client = Client(b"x" * 600, b"x" * 600)

        async def hasty(scope: Scope, receive: Receive, send: Send) -> None:
            await receive()
            await receive()
            await send({"type": "http.response.start", "status": 200, "headers": []})

        limited = UploadLimit(hasty, limit=LIMIT, page=refusal_page)
        asyncio.run(limited({"type": "http", "headers": []}, client.receive, client.send))
        self.assertEqual([m["status"] for m in client.answer if "status" in m], [413])

    def test_what_is_no_request_passes(self) -> None:
        client = Client(b"x" * 2000)
        client.ask(self.application, kind="lifespan")
        self.assertEqual(client.body, b"2000")


class Heads(TestCase):
    """A server whose heads have half a second to come."""

    def setUp(self) -> None:
        async def application(scope: Scope, receive: Receive, send: Send) -> None:
            await asyncio.sleep(1)
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body", "body": b""})

        self.enterContext(mock.patch.object(limits, "HEAD_SECONDS", 0.5))
        listening = socket.create_server(("127.0.0.1", 0))
        self.address = listening.getsockname()
        config = uvicorn.Config(application, http=HurriedProtocol, lifespan="off", ws="none", log_config=None)
        server = uvicorn.Server(config)
        serving = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        serving.start()

        def stop() -> None:
            server.should_exit = True
            serving.join()
            listening.close()

        self.addCleanup(stop)

    def client(self) -> socket.socket:
        client = socket.create_connection(self.address, timeout=10)
        self.addCleanup(client.close)
        return client

    def test_a_connection_that_sends_none_or_only_drops_is_closed(self) -> None:
        silent, dripping = self.client(), self.client()
        for letter in b"GET / HT":
            with suppress(OSError):
                dripping.sendall(bytes([letter]))
            time.sleep(0.1)
        for client in (silent, dripping):
            with suppress(ConnectionError):
                self.assertEqual(client.recv(100), b"")

    def test_the_answer_may_take_as_long_as_it_takes_and_the_next_head_is_hurried_too(self) -> None:
        client = self.client()
        for _each in range(2):
            client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            self.assertIn(b" 204 ", client.recv(1000))
        client.sendall(b"GET /")
        begun = time.monotonic()
        self.assertEqual(client.recv(100), b"")
        self.assertLess(time.monotonic() - begun, 3)
