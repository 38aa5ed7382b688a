"""Many windows with one link, and `kill -9` at any moment: one row, and what was accepted stays."""

from __future__ import annotations

import pytest

from comity.jobs.tests.processes import ProcessTestCase

# A wave of a mode with one participant; the token of the link.
MADE = """
import json
from django.utils import timezone
from comity.office.models import Office
from comity.partners.models import Partner, Person
from comity.surveys.tests import world
Office.objects.get_or_create(pk=1, defaults={{"name": "Office of IT", "set_up_at": timezone.now()}})
parks, _made = Partner.objects.get_or_create(name="Parks", name_key="parks", kind="agency")
made = {{}}
for mode in {modes}:
    for number in range({count}):
        wave = world.wave(mode, key=f"{{mode}}-{prefix}-{{number}}")
        person = Person.objects.create(name="Ben Okafor", email=f"{{mode}}{prefix}{{number}}@parks.example.gov")
        made.setdefault(mode, []).append(world.invited(wave, person, parks)[1])
print(json.dumps(made))
"""

# Many browsers send the same link's first answer at the same moment, each another one.
AT_ONCE = """
import json, threading
from django.db import connections
from django.test import Client
from django.conf import settings
settings.ALLOWED_HOSTS = ["*"]
barrier, codes = threading.Barrier({many}), []

def send(number):
    try:
        barrier.wait(60)
        words = f"Window {{number}}"
        answer = Client().post("/answer/{token}/", {{"q-overall": "5", "q-change": words, "revision": "0"}})
        codes.append(answer.status_code)
    finally:
        connections.close_all()

threads = [threading.Thread(target=send, args=(number,)) for number in range({many})]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join(120)
print(json.dumps(sorted(codes)))
"""

# Sends an answer, and dies without a word when it comes to a point.
SENT = """
import os, signal
from django.db import connection
from comity.surveys.models import Participant
from comity.people.tokens import hash_token
from comity.surveys.services import answering, low_ratings

def die(*_said, **_more):
    os.kill(os.getpid(), signal.SIGKILL)

def after(place, name):
    then = getattr(place, name)
    setattr(place, name, lambda *said, **more: (then(*said, **more), die()))

participant = Participant.objects.answerable().get(token_hash=hash_token("{token}"))
{point}
answering.answer(
    participant, {{"overall": 2, "change": "Salt."}}, complete=True, language="en", revision=0)
die()
"""
INSIDE = {
    "once the wave is held open": 'after(answering, "_hold_open")',
    "once it is kept": 'after(answering, "_hold"); after(answering, "_keep")',
    "as it begins to commit": "connection._commit = die",
}
AFTER = {"as soon as it is committed": "after(connection, '_commit')", "once all is over": ""}
AGAIN = """
import json
from comity.surveys.models import Participant
from comity.people.tokens import hash_token
from comity.surveys.services import answering
participant = Participant.objects.answerable().get(token_hash=hash_token("{token}"))
stored = answering.answer(
    participant, {{"overall": 2, "change": "Salt."}}, complete=True, language="en", revision=0)
print(json.dumps(stored.revision))
"""
TABLE = {"named": "surveys_response", "anonymous": "surveys_held"}
MANY = 20


@pytest.mark.slow
class AtOnceAndKilled(ProcessTestCase):
    def rows_of(self, mode: str) -> int:
        return int(self.rows(f"SELECT count(*) FROM {TABLE[mode]}")[0][0])

    def test_twenty_windows_with_one_link_end_in_one_row_and_nineteen_learn_of_it(self) -> None:
        made = self.run_python(MADE.format(modes=list(TABLE), count=1, prefix="once"))
        for mode, (token,) in made.items():
            with self.subTest(mode):
                before = self.rows_of(mode)
                codes = self.run_python(AT_ONCE.format(token=token, many=MANY))
                self.assertEqual(codes, [302] + [409] * (MANY - 1))
                self.assertEqual(self.rows_of(mode), before + 1)

    def test_killed_before_it_is_committed_nothing_is_kept_and_it_can_be_sent_again(self) -> None:
        self.kill_at(INSIDE, kept=0)

    def test_killed_once_it_is_committed_it_stays_and_is_there_once(self) -> None:
        self.kill_at(AFTER, kept=1)

    def kill_at(self, points: dict[str, str], *, kept: int) -> None:
        made = self.run_python(MADE.format(modes=list(TABLE), count=len(points), prefix=f"kept{kept}"))
        for mode, tokens in made.items():
            for token, (point, code) in zip(tokens, points.items(), strict=True):
                with self.subTest(mode=mode, point=point):
                    before, raised = self.rows_of(mode), self.raised()
                    process = self.start_python(SENT.format(point=code, token=token))
                    self.assertEqual(
                        process.wait(120), -9, "it has to die where it is told to, not of an error"
                    )
                    self.assertEqual(self.rows_of(mode), before + kept)
                    heard = 1 if mode == "named" else 0
                    self.assertEqual(self.raised(), raised + kept * heard)
                    self.assertEqual(self.run_python(AGAIN.format(token=token)), 1)
                    self.assertEqual(self.rows_of(mode), before + 1)
                    self.assertEqual(self.raised(), raised + heard)

    def raised(self) -> int:
        """Follow-ups of low ratings."""
        return int(self.rows("SELECT count(*) FROM followups_followup WHERE kind = 'low_rating'")[0][0])
