"""CSV that a spreadsheet opens and never runs, and that we can read back."""

from __future__ import annotations

import asyncio
import csv as stdlib
import io
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

from django.core.handlers.asgi import ASGIRequest
from django.test import RequestFactory, SimpleTestCase
from hypothesis import given
from hypothesis import strategies as st

from comity.ui import csv

# Text in which what matters is frequent.
nasty = st.text(alphabet=st.sampled_from("'=+-@\t\r\n＝＋－＠ \",;ab1.é🦺")) | st.text()


class Neutralising(SimpleTestCase):
    def test_what_a_spreadsheet_would_run_gets_an_apostrophe(self) -> None:
        for text in (
            "=1+1",
            '=HYPERLINK("http://x")',
            "+1",
            "-1+1",
            "@SUM(A1)",
            "\t=1",
            "\rx",
            "＝1",
            "＋1",
            "－1",
            "＠a",
            " =1",
        ):
            with self.subTest(text):
                self.assertEqual(csv.neutralise(text), f"'{text}")

    def test_plain_words_and_plain_numbers_stay(self) -> None:
        for text in ("", "Parks", "-12.50", "3", "a=b", "'quoted'", "e-mail", "-"[:0]):
            with self.subTest(text):
                self.assertEqual(csv.neutralise(text), text)

    @given(nasty)
    def test_it_can_always_be_taken_back(self, text: str) -> None:
        self.assertEqual(csv.restore(csv.neutralise(text)), text)

    @given(nasty)
    def test_nothing_that_runs_is_left_at_the_start(self, text: str) -> None:
        safe = csv.neutralise(text)
        bare = safe.lstrip()
        self.assertFalse(safe[:1] in ("\t", "\r", "\n"))
        runs = bare[:1] in tuple("=+-@＝＋－＠") and bare != ""
        self.assertTrue(not runs or bare.lstrip("-").replace(".", "", 1).isdigit())

    @given(nasty, nasty)
    def test_two_different_texts_stay_different(self, one: str, other: str) -> None:
        if one != other:
            self.assertNotEqual(csv.neutralise(one), csv.neutralise(other))


class Cells(SimpleTestCase):
    def test_numbers_stay_numbers_and_days_are_iso(self) -> None:
        self.assertEqual(csv.cell(-5), -5)
        self.assertEqual(csv.cell(Decimal("-12.50")), Decimal("-12.50"))
        self.assertEqual(csv.cell(None), "")
        self.assertEqual(csv.cell(True), "yes")
        self.assertEqual(csv.cell(date(2026, 11, 22)), "2026-11-22")
        self.assertEqual(csv.cell(["=a", "b"]), "'=a; b")
        self.assertEqual(csv.cell(datetime(2026, 11, 22, 15, 0, tzinfo=UTC)), "2026-11-22T10:00:00-05:00")


class Files(SimpleTestCase):
    @given(
        st.lists(st.lists(nasty.filter(lambda text: "\0" not in text), min_size=2, max_size=2), max_size=8)
    )
    def test_a_file_reads_back_as_it_was_written(self, rows: list[list[str]]) -> None:
        text = "".join(csv.lines(["name", "kind"], rows))
        self.assertTrue(text.startswith("\ufeffname,kind\r\n"))
        read = list(stdlib.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))[1:]
        self.assertEqual([[csv.restore(cell) for cell in row] for row in read], rows)

    def test_a_download_is_named_by_the_day_and_kept_nowhere(self) -> None:
        answer = csv.response(RequestFactory().get("/"), "Parks & Roads", ["name"], [["Parks"]])
        self.assertRegex(
            answer["Content-Disposition"], r'^attachment; filename="parks-roads-\d{4}-\d\d-\d\d\.csv"$'
        )
        self.assertEqual(b"".join(answer), "\ufeffname\r\nParks\r\n".encode())

    def test_rows_are_asked_for_as_they_are_sent(self) -> None:
        asked = 0

        def rows() -> Iterator[list[object]]:
            nonlocal asked
            for number in range(2_000):
                asked += 1
                yield [number]

        pieces = iter(csv.response(RequestFactory().get("/"), "many", ["n"], rows()))
        next(pieces)
        self.assertLess(asked, 600)

    def test_an_asgi_server_gets_it_piece_by_piece_too(self) -> None:
        scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}
        request = ASGIRequest(scope, io.BytesIO())
        answer = csv.response(request, "many", ["n"], ([number] for number in range(1_200)))
        self.assertTrue(answer.is_async)

        async def read() -> list[bytes]:
            pieces = answer.streaming_content
            assert isinstance(pieces, AsyncIterator)
            return [piece async for piece in pieces]

        pieces = asyncio.run(read())
        self.assertEqual(len(pieces), 3)
        self.assertEqual(b"".join(pieces).count(b"\r\n"), 1_201)
