"""Asking ServiceNow, patiently: whatever goes wrong on the way ends well, or as a sentence."""

from __future__ import annotations

import ipaddress
import json
import socket
import time
from base64 import b64encode
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from comity.core.errors import DomainError

TRIES, TIMEOUT, LONGEST_WAIT = 5, 60, 120  # seconds; longer waits are left to the next sync
LATER = 60  # seconds, where it does not say how long
TOKENS = "/oauth_token.do"
AS_KEPT = {"display_value": "false", "exclude_reference_link": "true"}
Fields = dict[str, str]
pause = time.sleep


class RefusedError(DomainError):
    """What was asked for is refused; other things may not be."""


class UnreachableError(DomainError):
    """Nothing can be asked for now. `until` says when again, if that is known."""

    def __init__(self, said: str, until: datetime | None = None) -> None:
        super().__init__(said)
        self.until = until


class Page(NamedTuple):
    """Rows of a query, and how many there are in all, also such as one may not read; None if that is not told."""

    rows: list[Fields]
    total: int | None


class Answer(NamedTuple):
    """`said` is what it says as JSON; None for what is none."""

    status: int
    headers: Mapping[str, str]
    said: Any

    @property
    def why(self) -> str:
        """Its own words for what is wrong."""
        error = self.said.get("error") if isinstance(self.said, dict) else None
        return str(error.get("message", "") if isinstance(error, dict) else error or "")


class ServiceNow:
    """One instance, asked by one account.

    local      whether it may lie on this machine, unsealed: that of the demo
    clock_off  how far its clock was ahead of ours when it last answered
    """

    def __init__(
        self, url: str, auth: str, client: str, secret: str, *, local: bool = False, tries: int = TRIES
    ) -> None:
        self.parts, self.auth, self.client, self.secret = urlsplit(url), auth, client, secret
        self.local, self.tries = local, tries
        self.clock_off: timedelta | None = None
        self._token, self._waited = "", 0
        self._line: HTTPConnection | None = None

    def table(
        self, name: str, query: str = "", *, fields: Sequence[str] = (), limit: int = 1, offset: int = 0
    ) -> Page:
        """Rows of a table. Raises RefusedError, UnreachableError."""
        asked = {"query": query, "fields": ",".join(fields), "limit": limit, "offset": offset, **AS_KEPT}
        told = urlencode({f"sysparm_{key}": value for key, value in asked.items()}, quote_via=quote)
        answer = self._patiently("GET", f"/api/now/v2/table/{quote(name)}?{told}")
        said = answer.headers.get("x-total-count", "")
        total = int(said) if said.isdecimal() else None
        if answer.status == 404 and "No Record found" in answer.why:
            return Page([], total)  # as the first version of the API says it
        if answer.status != 200 or not isinstance(answer.said.get("result"), list):
            raise RefusedError(_refusal(answer, name))
        return Page(answer.said["result"], total)

    def order(self, item: str, variables: Mapping[str, Any]) -> str:
        """Order an item of the catalog; the sys_id of the request. Asked once: it may be taken though no answer comes."""
        self.close()  # a line that was open for long may be dead
        body = json.dumps({"sysparm_quantity": "1", "variables": variables}).encode()
        path = f"/api/sn_sc/servicecatalog/items/{quote(item, safe='')}/order_now"
        answer = self._patiently("POST", path, body, tries=1)
        if answer.status >= 300:
            raise RefusedError(_refusal(answer, _("this order")))
        return str((answer.said.get("result") or {}).get("sys_id", ""))

    def close(self) -> None:
        if self._line:
            self._line.close()
            self._line = None

    def _patiently(self, method: str, path: str, body: bytes | None = None, tries: int = 0) -> Answer:
        """The answer, below 500 and in JSON; tried again where that may help."""
        most, tried, renewed = tries or self.tries, 0, False
        while True:
            answer, why = self._try(method, path, body)
            if answer is None:
                tried += 1
                if tried == most:
                    raise UnreachableError(why)
                pause(2**tried)
            elif answer.status == 429:
                self._wait(answer.headers.get("retry-after", ""))
            elif answer.status != 401:
                return answer
            elif not self._token or renewed:
                raise UnreachableError(_("ServiceNow does not accept the account, or its secret."))
            else:
                self._token, renewed = "", True

    def _try(self, method: str, path: str, body: bytes | None) -> tuple[Answer | None, str]:
        """An answer to go on with, or none and why."""
        try:
            answer = self._once(method, path, body, self._signed(path))
        except (OSError, HTTPException) as error:
            self.close()
            words = _("ServiceNow cannot be reached, or broke off while it answered: %(why)s")
            return None, words % {"why": getattr(error, "strerror", "") or str(error) or type(error).__name__}
        if answer.status >= 500:
            words = _("ServiceNow has trouble of its own (%(status)s). %(why)s")
            return None, words % {"status": answer.status, "why": answer.why}
        if not isinstance(answer.said, dict) and answer.status != 429:
            return None, _("ServiceNow answered with a web page instead of data: is the instance awake?")
        return answer, ""

    def _signed(self, path: str) -> dict[str, str]:
        if path == TOKENS:
            return {"Content-Type": "application/x-www-form-urlencoded"}
        by = f"Basic {b64encode(f'{self.client}:{self.secret}'.encode()).decode()}"
        if self.auth == "oauth":
            if not self._token:
                who = {"client_id": self.client, "client_secret": self.secret}
                told = urlencode({"grant_type": "client_credentials", **who}).encode()
                self._token = str(self._patiently("POST", TOKENS, told).said.get("access_token", ""))
            by = f"Bearer {self._token}"
        return {"Content-Type": "application/json", "Authorization": by}

    def _once(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        line = self._line or self._connect()
        line.request(method, path, body, {"Accept": "application/json", **headers})
        response = line.getresponse()
        raw = response.read()  # whole, or it raises
        told = {name.lower(): value for name, value in response.getheaders()}
        if "date" in told:
            self.clock_off = parsedate_to_datetime(told["date"]) - timezone.now()
        said = None
        with suppress(ValueError):
            said = json.loads(raw)
        return Answer(response.status, told, said)

    def _connect(self) -> HTTPConnection:
        """A line to it, and to nothing that only this machine or its network knows."""
        host, port = self.parts.hostname or "", self.parts.port
        if self.local and self.parts.scheme == "http":
            self._line = HTTPConnection(host, port, timeout=TIMEOUT)
            return self._line
        for *_kind, place in socket.getaddrinfo(host, port or 443, type=socket.SOCK_STREAM):
            there = ipaddress.ip_address(place[0])
            if there.is_loopback or there.is_link_local or there.is_unspecified:
                raise UnreachableError(_("This address leads back to this server, not to ServiceNow."))
        self._line = HTTPSConnection(host, port, timeout=TIMEOUT)
        return self._line

    def _wait(self, said: str) -> None:
        """As long as it wants us to; left to the next sync where that is long."""
        seconds = int(said) if said.isdecimal() else LATER
        self._waited += seconds
        if self._waited > LONGEST_WAIT:
            until = timezone.now() + timedelta(seconds=seconds)
            words = _("ServiceNow takes no more requests of ours for now. After %(time)s the sync goes on.")
            at = date_format(timezone.localtime(until), "TIME_FORMAT")
            raise UnreachableError(words % {"time": at}, until)
        pause(seconds)


def _refusal(answer: Answer, what: str) -> str:
    words = _("ServiceNow refuses %(what)s (%(status)s): %(why)s")
    return words % {"what": what, "status": answer.status, "why": answer.why}
