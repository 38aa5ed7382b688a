"""The site, where the browser of a test reaches it: a pytest plugin (named in the conftest.py of the whole suite)."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextvars import Context, copy_context
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test import TestCase, override_settings
from django.test.testcases import QuietWSGIRequestHandler
from django.utils.http import http_date

from comity.testing import clock

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@dataclass(frozen=True)
class Visit:
    """A test for which the site answers.

    loop     the event loop of the browser, which runs in the test's own thread whenever the test waits for the browser
    context  what the test has set, its database connection among it
    """

    loop: asyncio.AbstractEventLoop
    context: Context


class InTheTestsThread:
    """Answers requests in the thread of the test, one after the other, while the test waits for the browser.

    So all may use the test's own database connection. From two threads at once SQLite's may not be used: one that waits
    for the other's query, while that query waits to call a function written in Python, waits for ever.
    """

    def __init__(self, application: Any) -> None:
        self.application = application
        self.visit: Visit | None = None

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        # What the browser sends is read before, since it may send slowly.
        length = int(environ.get("CONTENT_LENGTH") or 0)
        environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(length))
        visit = self.visit
        # A picture without a page has no icon of ours, so the browser asks for its own, some time later.
        if visit is None or environ["PATH_INFO"] == "/favicon.ico":
            return _nothing(start_response)
        answer: Future[list[bytes]] = Future()

        def take_turn() -> None:
            try:
                answer.set_result(self._answered(visit, environ, start_response))
            except BaseException as trouble:  # noqa: BLE001  (raised where it is waited for)
                answer.set_exception(trouble)

        visit.loop.call_soon_threadsafe(take_turn, context=visit.context.copy())
        return answer.result()

    def _answered(self, visit: Visit, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        if self.visit is not visit:  # a browser may still ask for something once its test has ended
            return _nothing(start_response)
        if environ["PATH_INFO"].startswith(settings.STATIC_URL):
            start_response = partial(_dated_really, start_response)
        with TestCase.captureOnCommitCallbacks(execute=True):
            answer = self.application(environ, start_response)
            try:
                return list(answer)
            finally:
                if hasattr(answer, "close"):
                    answer.close()


def _dated_really(start_response: Any, status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
    """The clock of the browser's cache is the real one: a file sent on another day would be asked for again."""
    return start_response(status, [*headers, ("Date", http_date(clock.real_time()))], *more)


def _nothing(start_response: Any) -> list[bytes]:
    start_response("204 No Content", [])
    return []


@pytest.fixture(scope="session")
def listening() -> Iterator[ThreadedWSGIServer]:
    """The one server of the process: at one address throughout, so that a browser keeps the files it has fetched."""
    web = ThreadedWSGIServer(("localhost", 0), QuietWSGIRequestHandler, allow_reuse_address=False)
    web.set_app(InTheTestsThread(StaticFilesHandler(WSGIHandler())))
    thread = threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield web
    web.shutdown()
    web.server_close()
    thread.join()


@pytest.fixture
def server(db: None, browser: Browser, listening: ThreadedWSGIServer) -> Iterator[str]:
    """Where the browser reaches the site, which works inside the test's transaction."""
    site = listening.get_app()
    assert isinstance(site, InTheTestsThread)
    site.visit = Visit(asyncio.get_running_loop(), copy_context())
    try:
        with override_settings(
            ALLOWED_HOSTS=[*settings.ALLOWED_HOSTS, "localhost"],
            SECURE_SSL_REDIRECT=False,
            SESSION_COOKIE_SECURE=False,
            CSRF_COOKIE_SECURE=False,
        ):
            yield f"http://localhost:{listening.server_port}"
    finally:
        site.visit = None
