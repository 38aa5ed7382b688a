"""Two waves that invite the same people at the same moment: each person is asked once within the rest."""

from __future__ import annotations

import pytest

from comity.audit.models import Entry
from comity.jobs.tests.processes import ProcessTestCase
from comity.surveys.models import Rules, Wave
from comity.surveys.services import sending
from comity.surveys.tests import world
from comity.surveys.tests.test_sending import SendingTestCase

PEOPLE = 60
# Both waves have written down whom they ask before either sends; then both send, small piles, each slowly.
BOTH = f"""
import json, threading, time
from collections import Counter
from django.db import connections
from django.utils import timezone
from comity.office.models import Office
from comity.outbox.models import Message
from comity.partners.models import Partner, Person, Position
from comity.surveys.models import Participant
from comity.surveys.services import sending
from comity.surveys.tests import world
Office.objects.create(pk=1, name="Office of IT", set_up_at=timezone.now())
parks = Partner.objects.create(name="Parks", name_key="parks", kind="agency")
people = Person.objects.bulk_create(
    Person(name=f"Person {{n}}", email=f"p{{n}}@example.gov") for n in range({PEOPLE}))
Position.objects.bulk_create(Position(partner=parks, person=one, title="Clerk") for one in people)
waves = [world.wave(state="opening", key=key) for key in ("one", "other")]
for wave in waves:
    sending.enlist(wave)
sending.PILE = 7
quickly = sending.Letters.invite
def invite(self, people):
    time.sleep(0.02)
    quickly(self, people)
sending.Letters.invite = invite
barrier, failed = threading.Barrier(2), []
class Nobody:
    def say(self, *said): pass
def send(wave):
    try:
        barrier.wait(30)
        sending.invite(Nobody(), wave_id=wave.pk)
    except Exception as error:
        failed.append(str(error))
    finally:
        connections.close_all()
threads = [threading.Thread(target=send, args=(wave,)) for wave in waves]
for thread in threads: thread.start()
for thread in threads: thread.join(90)
print(json.dumps({{
    "failed": failed,
    "mails": sorted(Counter(Message.objects.filter(kind="surveys.invitation").values_list("to", flat=True)).values()),
    "states": Counter(Participant.objects.values_list("state", flat=True)),
    "waves": [wave.state for wave in map(lambda wave: type(wave).objects.get(pk=wave.pk), waves)]}}))
"""


class WhoeverWasAskedMeanwhile(SendingTestCase):
    def both_written_down(self) -> tuple[Wave, Wave]:
        """Two waves that are about to invite Ben and Eve."""
        audience = {"partners": [self.parks.pk]}
        one = world.wave(state=Wave.State.OPENING, key="one", audience=audience)
        other = world.wave(state=Wave.State.OPENING, key="other", audience=audience)
        for wave in (one, other):
            sending.enlist(wave)
        return one, other

    def states(self, wave: Wave) -> dict[str, str]:
        return dict(wave.participants.order_by("person__name").values_list("person__name", "state"))

    def test_the_second_wave_lets_them_rest_and_opens_all_the_same(self) -> None:
        one, other = self.both_written_down()
        self.assertEqual(sending.invite(_Nobody(), wave_id=one.pk), "2 people were invited.")
        self.assertEqual(sending.invite(_Nobody(), wave_id=other.pk), "0 people were invited.")
        self.assertEqual(self.states(one), {"Ben Okafor": "sent", "Eve Head": "sent"})
        self.assertEqual(self.states(other), {"Ben Okafor": "resting", "Eve Head": "resting"})
        self.assertEqual(len(self.mail_to("ben@parks.example.gov")), 1)
        other.refresh_from_db()
        self.assertEqual(other.state, Wave.State.OPEN)
        said = Entry.objects.filter(action="surveys.invite", target_id=str(other.pk)).get()
        self.assertEqual(said.after, {"state": "open", "resting": 2})

    def test_where_nobody_has_to_rest_both_ask(self) -> None:
        Rules.objects.update_or_create(pk=1, defaults={"rest_days": 0, "most_a_year": 0})
        one, other = self.both_written_down()
        for wave in (one, other):
            sending.invite(_Nobody(), wave_id=wave.pk)
        self.assertEqual(len(self.mail_to("ben@parks.example.gov")), 2)

    def test_who_of_a_pile_was_not_asked_is_invited(self) -> None:
        one, other = self.both_written_down()
        one.participants.filter(person=self.eve_person).update(state="no_address")
        for wave in (one, other):
            sending.invite(_Nobody(), wave_id=wave.pk)
        self.assertEqual(self.states(other), {"Ben Okafor": "resting", "Eve Head": "sent"})


class _Nobody:
    """Who watches here."""

    def say(self, done: int, total: int, message: str = "") -> None:
        pass


@pytest.mark.slow
class AtTheSameMoment(ProcessTestCase):
    def test_each_is_invited_once_whichever_wave_comes_first(self) -> None:
        self.assertEqual(
            self.run_python(BOTH),
            {
                "failed": [],
                "mails": [1] * PEOPLE,
                "states": {"sent": PEOPLE, "resting": PEOPLE},
                "waves": ["open", "open"],
            },
        )
