"""200 people answering at once: a server of its own on loopback, SQLite, two requests each; nothing may be lost.

Each takes 15 to 25 seconds between opening the page of ten questions and sending it, which is quick for a person; 2,000 do,
one after the other in 200 places. Beside it stands, without a bound, what happens when all 200 press Send in the same instant.
"""

from __future__ import annotations

import random
import re
import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection
from urllib.parse import urlencode

from django.utils import timezone

from comity.demo.bench.serving import HOST, served
from comity.demo.bench.surveys import DRIVERS, make_version, make_wave
from comity.office.models import Office
from comity.partners.models import Partner, Person
from comity.people import tokens
from comity.surveys.models import Mode, Participant

PLACES, PEOPLE = 200, 2_000
READING = (15.0, 25.0)  # seconds between opening and sending
P95_MS = 500
PROOF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')

PREPARE = """
import django; django.setup()
import json, sys
from django.core.management import call_command
call_command("migrate", verbosity=0)
from comity.demo.bench.answering import make_links
print(json.dumps(make_links(int(sys.argv[1]))))
"""
COUNT = """
import django; django.setup()
import json
from comity.surveys.models import Held, Response
from comity.surveys.services.sealing import opened
kept = [opened(row.answers, row.key) for row in Held.objects.all()]
print(json.dumps([one.get("change") for one in (*kept, *Response.objects.values_list("answers", flat=True))]))
"""


@dataclass
class Seen:
    """What the clients saw: milliseconds of each request, the words that were accepted, what went wrong."""

    took: list[float] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def quantile(self, share: float) -> float:
        return sorted(self.took)[min(len(self.took) - 1, int(len(self.took) * share))]


def make_links(people: int) -> list[str]:
    """The tokens of the links of so many people, in an open anonymous wave."""
    Office.objects.get_or_create(pk=1, defaults={"name": "Office of IT", "set_up_at": timezone.now()})
    partner = Partner.objects.create(name="Parks", name_key="parks", kind="agency")
    wave = make_wave(make_version(), "bench", Mode.ANONYMOUS)
    persons = Person.objects.bulk_create(Person(name=f"Person {number}") for number in range(people))
    made = [tokens.new_token() for _person in persons]
    Participant.objects.bulk_create(
        Participant(
            wave=wave,
            person=person,
            partner=partner,
            token_hash=token_hash,
            state=Participant.State.SENT,
            sent_on=timezone.localdate(),
        )
        for person, (_raw, token_hash) in zip(persons, made, strict=True)
    )
    return [raw for raw, _hash in made]


def measure_answering() -> bool:
    """Let them answer, print how long they waited, and look whether every accepted answer is there."""
    with served(PREPARE, str(PEOPLE + PLACES)) as server:
        tokens: list[str] = server.made
        at_once = _let_answer(server.port, tokens[:PLACES], (0.0, 0.0))
        usual = _let_answer(server.port, tokens[PLACES:], READING)
        kept = set(server.ask(COUNT))
    return _told(usual, at_once, kept)


def _told(usual: Seen, at_once: Seen, kept: set[str]) -> bool:
    lost = [words for seen in (usual, at_once) for words in seen.accepted if words not in kept]
    wrong = usual.wrong + at_once.wrong
    print(f"{len(usual.accepted):,} people answer, {PLACES} of them at any moment:")
    print(f"  p50 {usual.quantile(0.5):.0f} ms, p95 {usual.quantile(0.95):.0f} ms (at most {P95_MS})")
    print(
        f"  all {PLACES} in the same instant: p50 {at_once.quantile(0.5):.0f} ms, p95 {at_once.quantile(0.95):.0f} ms"
    )
    print(
        f"  accepted and lost: {len(lost)}; refused or failed: {len(wrong)} {wrong[:3] or ''}\n", flush=True
    )
    return not lost and not wrong and usual.quantile(0.95) <= P95_MS


def _let_answer(port: int, tokens: list[str], reading: tuple[float, float]) -> Seen:
    """In 200 places, each takes one link after the other."""
    seen, waiting, lock = Seen(), list(tokens), threading.Lock()

    def place() -> None:
        time.sleep(random.uniform(0, reading[1]))  # people do not all begin together
        while True:
            with lock:
                if not waiting:
                    return
                token = waiting.pop()
            _answer(port, token, reading, seen)

    threads = [threading.Thread(target=place) for _each in range(PLACES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen


def _answer(port: int, token: str, reading: tuple[float, float], seen: Seen) -> None:
    """Open the page, read, and send."""
    path, words = f"/answer/{token}/", f"Words {token}"
    try:
        status, page, cookie = _ask(port, "GET", path, seen)
        proof = PROOF.search(page)
        if status != 200 or proof is None:
            seen.wrong.append(f"GET {status}")
            return
        time.sleep(random.uniform(*reading))
        sent = {"csrfmiddlewaretoken": proof[1], "revision": "0", "act": "send", "q-change": words}
        sent |= {f"q-{key}": str(random.randint(1, 5)) for key in ("overall", *DRIVERS, "recommend")}
        status, _page, _cookie = _ask(port, "POST", path, seen, urlencode(sent), cookie)
        (seen.accepted if status == 302 else seen.wrong).append(words if status == 302 else f"POST {status}")
    except OSError as error:
        seen.wrong.append(str(error))


def _ask(
    port: int, method: str, path: str, seen: Seen, body: str = "", cookie: str = ""
) -> tuple[int, str, str]:
    began = time.monotonic()
    connection = HTTPConnection(HOST, port, timeout=60)
    headers = {"Host": f"localhost:{port}", "Content-Type": "application/x-www-form-urlencoded"}
    if cookie:
        headers["Cookie"] = cookie
    connection.request(method, path, body or None, headers)
    answer = connection.getresponse()
    page = answer.read().decode()
    connection.close()
    seen.took.append((time.monotonic() - began) * 1000)
    return answer.status, page, str(answer.headers.get("Set-Cookie", "")).split(";")[0]
