"""What we did not foresee: a page in the product's look, with the id under which the log has it, and never a trace."""

from __future__ import annotations

import asyncio
import io
import logging
import re
from unittest import mock

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest
from django.test import Client, RequestFactory, TestCase, override_settings

from comity.site import errors


class Mistakes(TestCase):
    def broken(self) -> tuple[str, str]:
        """The page and the log of a request on which a view falls over."""
        log = io.StringIO()
        handler = logging.StreamHandler(log)
        handler.addFilter(errors.ErrorIdFilter())
        handler.setFormatter(logging.Formatter("{message}{error_id}", style="{"))
        logger = logging.getLogger("django.request")
        logger.addHandler(handler)
        self.addCleanup(logger.removeHandler, handler)
        with mock.patch("comity.site.views.connection") as connection:
            connection.cursor.side_effect = ZeroDivisionError("secret detail")
            answer = Client(raise_request_exception=False).get("/health/")
        self.assertEqual(answer.status_code, 500)
        return answer.content.decode(), log.getvalue()

    def test_the_page_and_the_log_carry_the_same_id_and_the_page_no_detail(self) -> None:
        page, log = self.broken()
        found = re.search(r'class="error-id">([a-z0-9]{8})<', page)
        assert found is not None, page
        self.assertIn(f"[error {found[1]}]", log)
        self.assertIn("secret detail", log)
        self.assertNotIn("secret detail", page)
        self.assertNotIn("Traceback", page)

    def test_where_nothing_is_wrong_a_monitor_reads_ok(self) -> None:
        self.assertEqual(self.client.get("/health/").content, b"ok\n")

    def test_two_mistakes_have_two_ids(self) -> None:
        first, second = HttpRequest(), HttpRequest()
        self.assertEqual(errors.error_id(first), errors.error_id(first))
        self.assertNotEqual(errors.error_id(first), errors.error_id(second))

    def test_with_the_database_away_there_is_still_an_answer(self) -> None:
        request = RequestFactory().get("/")
        with (
            mock.patch(
                "comity.site.errors.render", side_effect=OperationalError("server closed the connection")
            ),
            self.assertLogs("comity.site.errors", "WARNING"),
        ):
            answer = errors.server_error(request)
        self.assertEqual(answer.status_code, 500)
        self.assertIn(errors.error_id(request), answer.content.decode())
        self.assertNotIn("server closed", answer.content.decode())

    def test_a_line_that_is_about_no_request_has_no_id(self) -> None:
        record = logging.LogRecord("comity", logging.ERROR, "", 0, "said", None, None)
        self.assertTrue(errors.ErrorIdFilter().filter(record))
        self.assertEqual(record.__dict__["error_id"], "")


class TooLarge(TestCase):
    def page(self, language: str) -> str:
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/imports/",
            "query_string": b"",
            "headers": [(b"accept-language", language.encode()), (b"host", b"testserver")],
        }
        with override_settings(UPLOAD_LIMIT=7_000_000):
            return asyncio.run(errors.too_large(scope)).decode()

    def test_the_page_names_the_limit_in_the_browsers_language(self) -> None:
        english, spanish = self.page("en-US,en;q=0.9"), self.page("es-MX,es;q=0.9")
        self.assertIn("7 MB", english)
        self.assertIn('<html lang="en"', english)
        self.assertIn('<html lang="es"', spanish)


class Headers(TestCase):
    def test_each_page_tells_the_browser_what_it_may_do(self) -> None:
        answer = self.client.get("/sign-in/")
        policy = answer["Content-Security-Policy"]
        for rule in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
            self.assertIn(rule, policy)
        self.assertNotIn("unsafe", policy)
        self.assertEqual(answer["X-Content-Type-Options"], "nosniff")
        self.assertEqual(answer["Referrer-Policy"], "same-origin")
        self.assertEqual(answer["X-Frame-Options"], "DENY")

    def test_another_host_is_turned_away_with_a_page(self) -> None:
        with self.assertLogs("django.security.DisallowedHost", "ERROR"):
            answer = self.client.get("/sign-in/", HTTP_HOST="elsewhere.example.com")
        self.assertEqual(answer.status_code, 400)
        self.assertNotIn("ALLOWED_HOSTS", answer.content.decode())

    def test_nothing_is_shown_to_a_frame_or_kept_by_a_script(self) -> None:
        self.assertTrue(settings.SESSION_COOKIE_HTTPONLY)
        self.assertEqual(settings.SESSION_COOKIE_SAMESITE, "Lax")
