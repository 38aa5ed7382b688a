"""250 phones in one live session on a server of its own: each listens and writes five topics within two minutes.

Measured is the time from a phone's pressing Send to the topic's being on the wall, which listens like any other browser;
and whether every topic came there once, and to every phone.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections import Counter
from dataclasses import dataclass, field
from resource import RUSAGE_CHILDREN, getrusage
from time import monotonic, process_time
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.utils import timezone

from comity.councils.models import Council, CouncilMeeting
from comity.councils.services import joining, live
from comity.demo.bench.serving import HOST, served
from comity.office.models import Office
from comity.office.sessions import SessionStore
from comity.people.models import RoleGrant, User
from comity.people.roles import Role

PHONES, TOPICS, SECONDS = 250, 5, 120.0
P95_MS = 500
PROOF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
PREPARE = """
import django; django.setup()
import json, sys
from django.core.management import call_command
call_command("migrate", verbosity=0)
from comity.demo.bench.live import make_session
print(json.dumps(make_session(int(sys.argv[1]))))
"""


def make_session(phones: int) -> dict[str, Any]:
    """A session, its facilitator's cookie, and the tokens of so many guests."""
    Office.objects.get_or_create(pk=1, defaults={"name": "Office of IT", "set_up_at": timezone.now()})
    ana = User.objects.create_user("ana@example.gov", "a-password-of-ana", name="Ana Ruiz")
    RoleGrant.objects.create(user=ana, role=Role.RELATIONSHIP_MANAGER)
    today = timezone.localdate()
    council = Council.objects.create(name="Council", purpose="Heard.", facilitator=ana, begun_on=today)
    meeting = CouncilMeeting.objects.create(council=council, on=today, begins_at="09:00")
    session = live.open_session(meeting.pk, by=ana)
    store = SessionStore()
    store.update({"_auth_user_id": str(ana.pk), "_auth_user_backend": settings.AUTHENTICATION_BACKENDS[0]})
    store["_auth_user_hash"] = ana.get_session_auth_hash()
    store.save()
    tokens = [joining.join(session, guest=f"Guest {number}")[1] for number in range(phones)]
    cookie = f"{settings.SESSION_COOKIE_NAME}={store.session_key}"
    return {"session": session.pk, "cookie": cookie, "tokens": tokens}


@dataclass
class Seen:
    """When each topic was sent, and came to the wall; how many each phone heard of; what went wrong."""

    sent: dict[str, float] = field(default_factory=dict)
    posted: list[float] = field(default_factory=list)
    on_wall: dict[str, float] = field(default_factory=dict)
    doubled: int = 0
    heard: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def measure_live() -> bool:
    """Let them write, print how long it took to the wall, and look whether everything is there."""
    with served(PREPARE, str(PHONES)) as server:
        ours, before = process_time(), getrusage(RUSAGE_CHILDREN)
        seen = asyncio.run(_play(server.port, server.made))
        ours = process_time() - ours
    after = getrusage(RUSAGE_CHILDREN)
    theirs = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    took = sorted((at - seen.sent[title]) * 1000 for title, at in seen.on_wall.items())
    posted = sorted(each * 1000 for each in seen.posted)
    missing = len(seen.sent) - len(took)
    deaf = sum(seen.heard[phone] != len(seen.sent) for phone in range(PHONES))
    p50, p95 = (took[int(len(took) * share)] for share in (0.5, 0.95)) if took else (0.0, 0.0)
    print(f"{PHONES} phones listen and write {len(seen.sent):,} topics within {SECONDS:.0f} seconds:")
    print(
        f"  to the wall p50 {p50:.0f} ms, p95 {p95:.0f} ms (at most {P95_MS}), slowest {max(took, default=0):.0f} ms"
    )
    print(
        f"  of that to be taken p50 {posted[len(posted) // 2]:.0f} ms, p95 {posted[int(len(posted) * 0.95)]:.0f} ms"
    )
    print(f"  processor: {theirs:.0f} seconds of the server, with its start, and {ours:.0f} of the phones")
    print(
        f"  never on the wall: {missing}; twice: {seen.doubled}; phones that missed or doubled some: {deaf}"
    )
    print(f"  refused or failed: {len(seen.wrong)} {seen.wrong[:3] or ''}\n", flush=True)
    right = len(seen.sent) == PHONES * TOPICS and not (missing or seen.doubled or deaf or seen.wrong)
    return right and p95 <= P95_MS


async def _play(port: int, made: dict[str, Any]) -> Seen:
    seen = Seen()
    wall = asyncio.create_task(_wall(port, made, seen))
    phones = [
        asyncio.create_task(_phone(port, number, raw, seen)) for number, raw in enumerate(made["tokens"])
    ]
    listening = [task for done in await asyncio.gather(*phones) for task in done]
    await asyncio.sleep(3)  # what was sent last comes
    for task in (wall, *listening):
        task.cancel()
    await asyncio.gather(wall, *listening, return_exceptions=True)
    return seen


async def _wall(port: int, made: dict[str, Any], seen: Seen) -> None:
    async for title in _stream(port, f"/live-sessions/{made['session']}/events/", made["cookie"]):
        seen.doubled += title in seen.on_wall
        seen.on_wall.setdefault(title, monotonic())


async def _phone(port: int, number: int, raw: str, seen: Seen) -> list[asyncio.Task[None]]:
    """Open the page, listen, and write at moments of its own; the task that goes on listening."""
    await asyncio.sleep(random.uniform(0, 20))  # people do not all come together
    cookie = f"{joining.COOKIE}={raw}"
    status, head, page = await _ask(port, "GET", "/council/live/", cookie)
    proof, given = PROOF.search(page), re.search(r"(?im)^set-cookie: ([^;\r]+)", head)
    if proof is None or given is None:
        seen.wrong.append(f"GET {status}")
        return []
    listening = asyncio.create_task(_listen(port, number, cookie, seen))
    began = monotonic()
    for each, at in enumerate(sorted(random.uniform(5, SECONDS - 25) for _each in range(TOPICS))):
        await asyncio.sleep(max(0, at - (monotonic() - began)))
        title = f"Topic {each} of guest {number}"
        sent = {"csrfmiddlewaretoken": proof[1], "title": title, "said": "In a few more words. " * 4}
        sent["key"] = f"key-{number}-{each}-{random.random()}"[:64]
        seen.sent[title] = begun = monotonic()
        status, _head, page = await _ask(
            port, "POST", "/council/live/write/", f"{cookie}; {given[1]}", urlencode(sent)
        )
        seen.posted.append(monotonic() - begun)
        if status != 200:
            seen.wrong.append(f"POST {status} {page[:80]}")
    return [listening]


async def _listen(port: int, number: int, cookie: str, seen: Seen) -> None:
    async for _title in _stream(port, "/council/live/events/", cookie):
        seen.heard[number] += 1


async def _stream(port: int, path: str, cookie: str) -> Any:
    """The titles that a stream tells of."""
    reader, writer = await asyncio.open_connection(HOST, port)
    writer.write(_request(port, "GET", path, cookie, "Accept: text/event-stream\r\n"))
    try:
        while line := await reader.readline():
            if line.startswith(b"data: "):
                for said in json.loads(line[6:]):
                    if "topic" in said:
                        yield said["topic"]["title"]
    finally:
        writer.close()


async def _ask(port: int, method: str, path: str, cookie: str, body: str = "") -> tuple[int, str, str]:
    reader, writer = await asyncio.open_connection(HOST, port)
    more = f"Connection: close\r\nX-Requested-With: fetch\r\nContent-Length: {len(body)}\r\n"
    more += "Content-Type: application/x-www-form-urlencoded\r\n"
    writer.write(_request(port, method, path, cookie, more) + body.encode())
    head, _gap, page = (await reader.read()).decode().partition("\r\n\r\n")
    writer.close()
    return int(head.split(maxsplit=2)[1]), head, page


def _request(port: int, method: str, path: str, cookie: str, more: str) -> bytes:
    return f"{method} {path} HTTP/1.1\r\nHost: localhost:{port}\r\nCookie: {cookie}\r\n{more}\r\n".encode()
