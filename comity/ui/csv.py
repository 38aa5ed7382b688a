"""CSV that a spreadsheet opens as it was meant, and that we can read back.

UTF-8 with a byte order mark, quoted as in RFC 4180, and no cell that a spreadsheet would run as a formula.
"""

from __future__ import annotations

import csv
import re
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django.utils.text import slugify

BYTE_ORDER_MARK = "\ufeff"
_ROWS_AT_ONCE = 500

# What a spreadsheet takes for a formula: = + - @, their full-width forms, or a control character that hides one.
# Apostrophes before it count too, so that taking one away always gives back what was there.
_RUNS = re.compile(r"'*\s*[=+\-@＝＋－＠]|'*[\t\r\n]")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_OURS = re.compile(r"'+\s*[=+\-@＝＋－＠]|'+[\t\r\n]")
# Text that Excel would take for a number: 0042 would come back as 42, 12E5 as 1200000. It is told that this is text.
_LIKE_A_NUMBER = re.compile(r"0[0-9]+|[0-9]{12,}|[0-9]+[eE][0-9]+")
_AS_TEXT = re.compile(rf'="({_LIKE_A_NUMBER.pattern})"')


def neutralise(text: str) -> str:
    """The text so that no spreadsheet runs it: a leading apostrophe where it would; a plain number stays one.

    `restore` is its inverse: restore(neutralise(text)) == text for every text.
    """
    if _RUNS.match(text) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def restore(text: str) -> str:
    """What `neutralise`, or `cell` a text, was given: for reading our own exports back in."""
    if as_text := _AS_TEXT.fullmatch(text):
        return as_text[1]
    return text[1:] if _OURS.match(text) else text


def cell(value: object) -> str | int | float | Decimal:
    """One value as a cell: numbers stay numbers, moments and days are ISO, nothing is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float, Decimal)):
        return value
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return local.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple, set, frozenset)):
        return neutralise("; ".join(str(part) for part in value))
    text = str(value)
    return f'="{text}"' if _LIKE_A_NUMBER.fullmatch(text) else neutralise(text)


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The file line by line, byte order mark first."""
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    yield BYTE_ORDER_MARK + writer.writerow([neutralise(name) for name in head])
    for row in rows:
        yield writer.writerow([cell(value) for value in row])


def response(
    request: HttpRequest, name: str, head: Sequence[str], rows: Iterable[Sequence[object]]
) -> StreamingHttpResponse:
    """A download that starts at once and never holds the whole file.

    name  of the file, without the ending; the day is added
    """
    pieces = _pieces(lines(head, rows))
    body = _without_blocking(pieces) if isinstance(request, ASGIRequest) else pieces
    answer = StreamingHttpResponse(body, content_type="text/csv; charset=utf-8")
    file_name = f"{slugify(name) or 'export'}-{timezone.localdate().isoformat()}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{iri_to_uri(file_name)}"'
    return answer


def _pieces(every: Iterator[str]) -> Iterator[bytes]:
    """Some hundred lines at a time."""
    while held := list(islice(every, _ROWS_AT_ONCE)):
        yield "".join(held).encode()


async def _without_blocking(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """The same for an ASGI server: rows are read in the thread that may use the database."""
    following = sync_to_async(lambda: next(pieces, None))
    while (piece := await following()) is not None:
        yield piece
