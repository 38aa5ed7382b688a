"""What we did not foresee: the log and the page carry the same id, so that one can be found from the other."""

from __future__ import annotations

import logging
import secrets
from io import BytesIO
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation

from comity.site.uploads import Scope


def error_id(request: HttpRequest) -> str:
    """The id of what went wrong while answering this request; the same each time it is asked."""
    found: str | None = getattr(request, "error_id", None)
    if found is None:
        # Read out on the phone: no letter or digit that is taken for another.
        found = "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(8))
        request.error_id = found  # type: ignore[attr-defined]
    return found


class ErrorIdFilter(logging.Filter):
    """Gives each line of the log its error's id, where it tells of an error in answering a request."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and record.levelno >= logging.ERROR:
            record.error_id = f" [error {error_id(request)}]"
        else:
            record.error_id = ""
        return True


async def too_large(scope: Scope) -> bytes:
    """The page for a request that was cut off because it grew too large, in the language its browser asks for."""
    return (await sync_to_async(_too_large_page)(ASGIRequest(scope, BytesIO()))).encode()


def _too_large_page(request: HttpRequest) -> str:
    context: dict[str, Any] = {"limit": settings.UPLOAD_LIMIT // 1_000_000}
    with translation.override(translation.get_language_from_request(request)):
        return render_to_string("site/too_large.html", context)
