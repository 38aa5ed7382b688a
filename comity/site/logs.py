"""What never stands in the log: the tokens of links that are answered without a sign-in.

Whoever reads a token can answer in somebody's name; and with the line's time it would tell when an anonymous answer came.
"""

from __future__ import annotations

import logging
import re

from django.http import HttpRequest

HIDDEN = "[token]"
# The pages behind such links (comity.people.tokens), wherever their addresses stand in a line.
IN_ADDRESS = re.compile(r"(/(?:answer/again|answer|helped|join|mail/stop|told)/)[^/\s?#\"'<>]+")


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
