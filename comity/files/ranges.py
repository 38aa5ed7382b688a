"""A part of a file, for players that seek and downloads that go on where they broke off (RFC 9110, section 14)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
BLOCK = 64 * 1024


def part_of(whole: FileResponse, file: IO[bytes], size: int, request: HttpRequest) -> HttpResponseBase:
    """The answer with the bytes that were asked for: 206 with a part, 416 where there is none such, else all of it.

    Of several ranges, and of one that holds only if the file is as it was, all of it is sent, as may be done with any.
    """
    whole["Accept-Ranges"] = "bytes"
    asked = ONE_RANGE.fullmatch(request.headers.get("Range", "").strip())
    if asked is None or not any(asked.groups()) or "If-Range" in request.headers:
        return whole
    first, last = _bounds(asked[1], asked[2], size)
    if first > last:
        file.close()
        return HttpResponse(
            status=416, headers={"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"}
        )
    headers: dict[str, Any] = dict(whole.items())
    headers |= {"Content-Range": f"bytes {first}-{last}/{size}", "Content-Length": str(last - first + 1)}
    return StreamingHttpResponse(_read(file, first, last - first + 1), status=206, headers=headers)


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    """The first byte and the last: "5-9" those two, "5-" from there to the end, "-5" the last five."""
    if not first:
        return max(size - int(last), 0) if int(last) else size, size - 1
    return int(first), min(int(last), size - 1) if last else size - 1


def _read(file: IO[bytes], first: int, left: int) -> Iterator[bytes]:
    with file:
        file.seek(first)
        while left and (block := file.read(min(BLOCK, left))):
            left -= len(block)
            yield block
