"""`kill -9` while invitations are written: whoever goes on, everybody gets one, and its link works."""

from __future__ import annotations

import pytest

from comity.jobs.tests.processes import ProcessTestCase

PEOPLE = 400
# How many piles each worker writes before it dies.
DIES_AT = (1, 2, 3, 1, 4, 2, 3, 5)
MADE = f"""
from datetime import timedelta
from django.utils import timezone
from comity.office.models import Office
from comity.partners.models import Partner, Person, Position
from comity.surveys.services import waves
from comity.surveys.tests import world
Office.objects.create(pk=1, name="Office of IT", set_up_at=timezone.now())
parks = Partner.objects.create(name="Parks", name_key="parks", kind="agency")
people = Person.objects.bulk_create(
    Person(name=f"Person {{n}}", email=f"p{{n}}@example.gov") for n in range({PEOPLE}))
Position.objects.bulk_create(Position(partner=parks, person=one, title="Clerk") for one in people)
wave = waves.create_wave(name="Autumn", version=world.version(frozen=False), by="test",
    closes_on=timezone.localdate() + timedelta(days=9))
waves.open_wave(wave.pk, by="command line")
"""
SENDER = """
import itertools, os, signal
from comity.jobs import worker
from comity.surveys.services import sending
sending.PILE = 20
piles = itertools.count(1)
def invite(self, people, write=sending.Letters.invite):
    write(self, people)
    if next(piles) == {dies_at}:
        os.kill(os.getpid(), signal.SIGKILL)
sending.Letters.invite = invite
worker.RESCUE_EVERY_SECONDS = 0.2
from comity.jobs import Recurring
from comity.nouns import by_kind
by_kind[Recurring].pop("surveys.go_on")  # which looks every five minutes: nothing may have to wait for it
worker.Worker(look_every=0.05).run()
"""
SENT = "SELECT count(*) FROM surveys_participant WHERE state = 'sent'"
CHECKED = """
import json, re
from collections import Counter
from comity.outbox.models import Message
from comity.people.tokens import hash_token
from comity.surveys.models import Participant, Wave
mails = {int(m.about_id): m for m in Message.objects.filter(kind="surveys.invitation")}
people = list(Participant.objects.all())
token = lambda text: re.search(r"/answer/([\\w-]+)/", text)[1]
print(json.dumps({
    "people": len(people), "mails": Message.objects.filter(kind="surveys.invitation").count(), "states": Counter(p.state for p in people),
    "links": sum(hash_token(token(mails[p.pk].text)) == p.token_hash for p in people),
    "wave": Wave.objects.get().state}))
"""


@pytest.mark.slow
class KilledWhileSending(ProcessTestCase):
    def sent(self) -> int:
        return int(self.rows(SENT)[0][0])

    def test_nothing_is_lost_and_nothing_twice(self) -> None:
        self.run_python(MADE)
        for dies_at in DIES_AT:
            self.assertEqual(self.start_python(SENDER.format(dies_at=dies_at)).wait(), -9)
            self.assertLess(self.sent(), PEOPLE)
        last = self.start_python(SENDER.format(dies_at=0))
        self.wait_until(lambda: self.rows("SELECT state FROM surveys_wave")[0][0] == "open")
        last.kill()
        self.assertEqual(
            self.run_python(CHECKED),
            {"people": PEOPLE, "mails": PEOPLE, "states": {"sent": PEOPLE}, "links": PEOPLE, "wave": "open"},
        )
