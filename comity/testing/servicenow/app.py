"""The instance as it answers on the wire, and what goes wrong with it when the script says so."""

from __future__ import annotations

import json
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from comity.testing.servicenow.tables import Tables, made_id, stamp

CLIENT, SECRET = "comity", "franklin-demo"
BASIC = f"Basic {b64encode(f'{CLIENT}:{SECRET}'.encode()).decode()}"
_PAGE = b"<!DOCTYPE html><html><body><h1>Instance is hibernating</h1></body></html>"
Message = Mapping[str, Any]


@dataclass
class Fault:
    """What goes wrong, with which requests.

    what   429 or another status, "cut" (in the middle of the body), "html", "empty", "short", "ignored" (the query is passed
           over), "display" (values as people read them), "expired" (tokens are forgotten), "die" (does it and does not answer)
    on     what the address of a request has to hold
    skip   as many such requests go well before
    times  as many go wrong
    do     done before the request is answered, which then goes well
    """

    what: str | int = ""
    on: str = ""
    skip: int = 0
    times: int = 1
    retry_after: str = "1"
    do: Callable[[], object] | None = None

    def strikes(self, address: str) -> bool:
        if self.on not in address or not self.times:
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.times -= 1
        return True


@dataclass
class Answer:
    status: int
    body: bytes
    headers: Mapping[str, str]
    cut: bool = False


def _said(said: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer(status, json.dumps(said).encode(), headers or {})


def _refused(status: int, message: str, **headers: str) -> Answer:
    return _said({"error": {"message": message, "detail": None}, "status": "failure"}, status, headers)


class Instance:
    """An ASGI application.

    faults          the script, in order; each request meets the first that strikes
    hidden          sys_ids that the account may not read: taken away after the limit was applied
    without_rights  tables that it may not read at all
    first_version   whether an empty answer is 404, as in v1
    ahead           how far its clock is ahead of the real one
    pace            seconds that each thousand rows take it
    requests, busy  the addresses asked for, and the seconds it took to answer them
    """

    def __init__(self, tables: Tables | None = None) -> None:
        self.tables = tables or Tables()
        self.faults: list[Fault] = []
        self.hidden: set[str] = set()
        self.without_rights: set[str] = set()
        self.first_version = False
        self.ahead = timedelta()
        self.pace = self.busy = 0.0
        self.requests: list[str] = []
        self._tokens: set[str] = set()
        real = self.tables.clock
        self.tables.clock = lambda: real() + self.ahead

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        began = time.perf_counter()
        sign = dict(scope["headers"]).get(b"authorization", b"").decode()
        query = dict(parse_qsl(scope["query_string"].decode()))
        answer = self.answer(scope["method"], scope["path"], query, sign, body)
        headers = {
            "Content-Type": "application/json",
            "Content-Length": str(len(answer.body)),
            "Date": f"{self.tables.clock():%a, %d %b %Y %H:%M:%S} GMT",
            **answer.headers,
        }
        plain = [(name.encode(), value.encode()) for name, value in headers.items()]
        self.busy += time.perf_counter() - began
        await send({"type": "http.response.start", "status": answer.status, "headers": plain})
        told = answer.body[: len(answer.body) // 2] if answer.cut else answer.body
        # The server hangs up on what is cut.
        await send({"type": "http.response.body", "body": told, "more_body": answer.cut})

    def answer(self, method: str, path: str, query: Mapping[str, str], sign: str, body: bytes) -> Answer:
        """What is answered, with the script's faults."""
        address = f"{path}?{query.get('sysparm_query', '')}"
        self.requests.append(address)
        fault = next((each for each in self.faults if each.strikes(address)), Fault())
        if fault.do:
            fault.do()
        if fault.what == "expired":
            self._tokens.clear()
        if isinstance(fault.what, int):
            return _refused(fault.what, "It failed", **{"Retry-After": fault.retry_after})
        if fault.what == "html":
            return Answer(200, _PAGE, {"Content-Type": "text/html"})
        answer = self._right(method, path, query, sign, body, str(fault.what))
        answer.cut = fault.what in {"cut", "die"}
        return answer

    def _right(
        self, method: str, path: str, query: Mapping[str, str], sign: str, body: bytes, fault: str
    ) -> Answer:
        if path == "/oauth_token.do":
            return self._token(dict(parse_qsl(body.decode())))
        if sign != BASIC and sign.removeprefix("Bearer ") not in self._tokens:
            return _refused(401, "User Not Authenticated")
        parts = [part for part in path.split("/") if part not in {"api", "now", "v1", "v2", ""}]
        if method == "POST" and parts[-1] == "order_now":
            return self._order(json.loads(body)["variables"], parts[-2])
        if parts[0] == "table" and method == "GET":
            return self._read(parts[1], query, fault)
        return _refused(400, "Requested URI does not represent any resource")

    def _token(self, said: Mapping[str, str]) -> Answer:
        wanted = {"grant_type": "client_credentials", "client_id": CLIENT, "client_secret": SECRET}
        if dict(said) != wanted:
            return _said({"error": "access_denied", "error_description": "access_denied"}, 401)
        token = made_id(f"token {len(self.requests)}")
        self._tokens.add(token)
        return _said({"access_token": token, "token_type": "Bearer", "expires_in": 1800})

    def _read(self, name: str, query: Mapping[str, str], fault: str) -> Answer:
        if name in self.without_rights:
            return _refused(403, "Insufficient rights to query records")
        limit, offset = int(query.get("sysparm_limit", 10_000)), int(query.get("sysparm_offset", 0))
        asked = "" if fault == "ignored" else query.get("sysparm_query", "")
        rows, count = self.tables.rows(name, asked, limit, offset)
        time.sleep(self.pace * len(rows) / 1000)
        rows = [row for row in rows if row["sys_id"] not in self.hidden]
        if fault in {"empty", "short"}:
            rows = rows[: len(rows) // 2 if fault == "short" else 0]
        if wanted := query.get("sysparm_fields", ""):
            have = [each for each in wanted.split(",") if each in self.tables.fields_of(name)]
            rows = [{each: row.get(each, "") for each in have} for row in rows]
        if fault == "display":
            rows = [{key: _as_shown(value) for key, value in row.items()} for row in rows]
        counted = {"X-Total-Count": str(count)}
        if not rows and self.first_version:
            return _refused(404, "No Record found", **counted)
        return _said({"result": rows}, headers=counted)

    def _order(self, variables: Mapping[str, Any], item: str) -> Answer:
        """Take an order: a request with one item and its first task. Its `correlation_id` is kept with the item."""
        number = f"{10_001 + self.tables.rows('sc_req_item')[1]:07}"
        request, asked = made_id(f"REQ{number}"), made_id(f"RITM{number}")
        self.tables.put("sc_request", [{"sys_id": request, "number": f"REQ{number}", "state": "1"}])
        made = {"state": "2", "priority": "4", "opened_at": stamp(self.tables.clock()), "cat_item": item}
        named = {"number": f"RITM{number}", "request": request, "short_description": "Ordered from Comity"}
        ours = {"sys_id": asked, "correlation_id": str(variables.get("correlation_id", ""))}
        self.tables.put("sc_req_item", [{**made, **named, **ours}])
        task = {"number": f"SCTASK{number}", "request_item": asked, "short_description": "Set it up"}
        self.tables.put("sc_task", [{**task, "state": "1"}])
        return _said({"result": {"sys_id": request, "number": f"REQ{number}", "table": "sc_request"}})


def _as_shown(value: str) -> str:
    """A moment as people read it, in the account's own form."""
    with suppress(ValueError):
        return f"{datetime.fromisoformat(value):%m/%d/%Y %I:%M:%S %p}"
    return value
