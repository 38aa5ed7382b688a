"""The log names no token: whoever reads it could answer in somebody's name, and would know when they did."""

from __future__ import annotations

import io
import logging
import logging.config
from copy import deepcopy
from typing import Any
from unittest import mock

from django.conf import settings
from django.test import Client, RequestFactory, TestCase
from django.urls import resolve

from comity.site.errors import WithoutTokens

TOKEN = "q7W-very_long-token-that-nobody-guesses0"


class TokensInTheLog(TestCase):
    def logged(self, path: str, error: Exception) -> str:
        """What the site's own log says when a page falls over."""
        wanted: dict[str, Any] = deepcopy(settings.LOGGING)
        wanted["handlers"]["stdout"]["stream"] = log = io.StringIO()
        before = logging.getLogger().handlers[:]
        logging.config.dictConfig(wanted)
        try:
            with mock.patch("comity.people.tokens.hash_token", side_effect=error):
                answer = Client(raise_request_exception=False).get(path)
            self.assertEqual(answer.status_code, 500)
        finally:
            logging.getLogger().handlers[:] = before
        return log.getvalue()

    def test_an_error_on_a_page_behind_a_link_is_logged_without_the_token(self) -> None:
        for path in (
            f"/answer/{TOKEN}/",
            f"/answer/{TOKEN}/thank-you/",
            f"/helped/{TOKEN}/",
            f"/ballot/{TOKEN}/",
            f"/meetings/feed/{TOKEN}.ics",
            f"/join/{TOKEN}/",
        ):
            with self.subTest(path):
                log = self.logged(path, ZeroDivisionError("on purpose"))
                self.assertIn("on purpose", log)
                self.assertIn("[token]", log)
                self.assertNotIn(TOKEN, log)

    def test_nor_where_the_error_itself_quotes_it(self) -> None:
        error = LookupError(f"no row for '{TOKEN}' in http://testserver/answer/{TOKEN}?overall=2")
        self.assertNotIn(TOKEN, self.logged(f"/answer/{TOKEN}/", error))

    def test_a_form_without_its_proof_is_logged_without_the_token(self) -> None:
        request = RequestFactory().post(f"/answer/{TOKEN}/")
        request.resolver_match = resolve(request.path)
        record = logging.makeLogRecord(
            {"msg": "Forbidden (%s): %s", "args": ("CSRF cookie not set.", request.path), "request": request}
        )
        self.assertEqual(
            WithoutTokens("{message}", style="{").format(record),
            "Forbidden (CSRF cookie not set.): /answer/[token]/",
        )

    def test_every_address_that_carries_a_token_is_known(self) -> None:
        from comity.testing.routes import routes

        patterns = [f"/{route.pattern}" for route in routes() if "token" in route.arguments]
        self.assertGreater(len(patterns), 5)
        for pattern in patterns:
            with self.subTest(pattern):
                path = pattern.replace("<str:token>", TOKEN)
                line = WithoutTokens("{message}", style="{").format(
                    logging.makeLogRecord({"msg": f"GET {path}"})
                )
                self.assertIn(TOKEN, path)
                self.assertNotIn(TOKEN, line, "add it to comity/site/errors.py")

    def test_other_lines_stay_as_they_are(self) -> None:
        record = logging.makeLogRecord({"msg": "GET /partners/7/ and /answer/ alone"})
        self.assertEqual(
            WithoutTokens("{message}", style="{").format(record), "GET /partners/7/ and /answer/ alone"
        )
