"""What we did not foresee: the log and the page carry the same id, so that one can be found from the other.

What never stands in the log are the tokens of links that are answered without a sign-in. Whoever reads a token can answer
in somebody's name; and with the line's time it would tell when an anonymous answer came.
"""

from __future__ import annotations

import logging
import re
import secrets
from io import BytesIO
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from comity.site.limits import Scope

log = logging.getLogger(__name__)

HIDDEN = "[token]"
# The pages behind such links (comity.people.tokens), wherever their addresses stand in a line.
IN_ADDRESS = re.compile(
    r"(/(?:answer/again|answer|assign/undo|ballot|helped|join|mail/stop|meetings/feed|told)/)[^/\s?#\"'<>]+"
)


def error_id(request: HttpRequest) -> str:
    """The id of what went wrong while answering this request; the same each time it is asked."""
    found: str | None = getattr(request, "error_id", None)
    if found is None:
        # Read out on the phone: no letter or digit that is taken for another.
        found = "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(8))
        vars(request)["error_id"] = found
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


class WithoutTokens(logging.Formatter):
    """A line of the log, its traceback too, with tokens taken out."""

    def format(self, record: logging.LogRecord) -> str:
        line = IN_ADDRESS.sub(rf"\g<1>{HIDDEN}", super().format(record))
        for token in _tokens_of(record):
            line = line.replace(token, HIDDEN)
        return line


def _tokens_of(record: logging.LogRecord) -> list[str]:
    """What the address of the request carried as a token, should an error have quoted it alone."""
    request = getattr(record, "request", None)
    match = request.resolver_match if isinstance(request, HttpRequest) else None
    token = match.kwargs.get("token") if match else None
    return [token] if isinstance(token, str) and token else []


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for a mistake of ours, with the id under which the log has it."""
    return _error_page(request, "500.html", {"error_id": error_id(request)}, status=500)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for a request that no browser of ours sends."""
    return _error_page(request, "400.html", {}, status=400)


async def too_large(scope: Scope) -> bytes:
    """The page for a request that was cut off because it grew too large, in the language its browser asks for."""
    return (await sync_to_async(_too_large)(ASGIRequest(scope, BytesIO()))).content


def _too_large(request: HttpRequest) -> HttpResponse:
    with translation.override(translation.get_language_from_request(request)):
        return _error_page(request, "413.html", {"limit": settings.UPLOAD_LIMIT // 1_000_000}, status=413)


def _error_page(request: HttpRequest, template: str, context: dict[str, Any], status: int) -> HttpResponse:
    try:
        return render(request, template, context, status=status)
    except Exception:
        # The page needs the database, which may be what failed.
        log.warning("The page %s could not be rendered.", template, exc_info=True)
        said = {400: _("We could not read that request."), 413: _("This is too large.")}
        sentence = said.get(status, _("Something went wrong on our side."))
        told = f" [{context['error_id']}]" if "error_id" in context else ""
        return HttpResponse(f"{sentence}{told}\n", content_type="text/plain; charset=utf-8", status=status)
