"""`kill -9` while an anonymous and a named wave are closed: nothing lost, nothing twice, nobody linked."""

from __future__ import annotations

import pytest

from comity.jobs.tests.processes import ProcessTestCase

PEOPLE = 240
WRITES = 9  # after each of which a worker dies once
MADE = f"""
from django.utils import timezone
from comity.office.models import Office
from comity.partners.models import Partner, Person
from comity.people import tokens
from comity.surveys.models import Held, Participant, Response, Wave
from comity.surveys.services import closing
from comity.surveys.services.sealing import held_key
from comity.surveys.tests import world
Office.objects.create(pk=1, name="Office of IT", set_up_at=timezone.now())
bodies = [Partner.objects.create(name=f"Body {{n}}", name_key=f"body {{n}}", kind="agency") for n in range(12)]
people = Person.objects.bulk_create(
    Person(name=f"Person {{n}}", email=f"p{{n}}@example.gov") for n in range({PEOPLE}))
for mode in ("anonymous", "named"):
    wave = world.wave(mode, key=mode)
    for number, person in enumerate(people):
        body, answers = bodies[number % 12], {{"overall": 1 + number % 5, "change": f"Words {{number}}"}}
        asked, raw = world.invited(wave, person, body)
        if mode == "anonymous":
            Held.objects.create(wave=wave, key=held_key(asked.token_hash), answers=answers, is_complete=True)
        else:
            world.answered(asked, **answers)
    closing.close_wave(wave.pk, by="command line")
"""
CLOSER = """
import itertools, os, re, signal
from django.db.backends.signals import connection_created
from comity.jobs import worker
from comity.surveys.services.counting import refreshing
refreshing.PILE = 40
writes = itertools.count(1)
def dying(execute, sql, *given):
    done = execute(sql, *given)
    if re.match('(INSERT|UPDATE|DELETE).*surveys_', sql) and next(writes) == {dies_at}:
        os.kill(os.getpid(), signal.SIGKILL)
    return done
connection_created.connect(lambda connection, **_: connection.execute_wrappers.append(dying), weak=False)
worker.RESCUE_EVERY_SECONDS = 0.2
from comity.jobs import Recurring
from comity.nouns import by_kind, declare
from comity.surveys.services import closing
by_kind[Recurring].clear()
declare(Recurring("surveys.go_on_closing", closing.go_on, minutes=0.01))
worker.Worker(look_every=0.05).run()
"""
STATES = "SELECT state FROM surveys_wave"
KEPT = (
    "SELECT (SELECT count(*) FROM surveys_held), (SELECT count(*) FROM surveys_response WHERE person_id IS NULL), "
    "(SELECT count(*) FROM surveys_remark), (SELECT count(*) FROM surveys_participant p JOIN surveys_wave w "
    "ON w.id = p.wave_id WHERE w.mode = 'anonymous' AND token_hash IS NOT NULL), "
    "(SELECT count(*) FROM surveys_tally t JOIN surveys_wave w ON w.id = t.wave_id WHERE w.mode = 'anonymous')"
)
CHECKED = """
import json
from collections import Counter
from comity.surveys.models import *
found = {}
for wave in Wave.objects.order_by("pk"):
    row = Tally.objects.get(wave=wave, table="all", question="overall")
    rows = Response.objects.filter(wave=wave)
    found[wave.mode] = {"counts": row.counts, "responses": rows.count(), "state": wave.state,
        "answered": wave.figures["answered"], "partners": Tally.objects.filter(
            wave=wave, table="partner", question="overall", n__gt=0).count(),
        "authors": rows.exclude(participant=None, person=None, partner=None, day=None).count(),
        "ratings": Counter(str(one["overall"]) for one in rows.values_list("answers", flat=True))}
print(json.dumps({**found, "remarks": sorted(Remark.objects.values_list("text", flat=True))}))
"""


@pytest.mark.slow
class KilledWhileClosing(ProcessTestCase):
    def test_nothing_is_lost_nothing_twice_and_nobody_linked(self) -> None:
        self.run_python(MADE)
        for dies_at in range(1, WRITES + 1):
            self.assertEqual(self.start_python(CLOSER.format(dies_at=dies_at)).wait(), -9)
            self.assertFalse(self.closed(), "it has to die in the middle")
            self.whole_or_not_at_all()
        last = self.start_python(CLOSER.format(dies_at=0))
        self.wait_until(self.closed)
        last.kill()
        last.wait()
        found = self.run_python(CHECKED)
        self.assertEqual(found["remarks"], sorted(f"Words {number}" for number in range(PEOPLE)))
        each = {str(rating): PEOPLE // 5 for rating in range(1, 6)}
        for mode, authors in (("anonymous", 0), ("named", PEOPLE)):
            self.assertEqual(
                found[mode],
                {
                    "counts": each,
                    "ratings": each if authors else {},
                    "responses": authors,
                    "answered": PEOPLE,
                    "partners": 12,
                    "authors": authors,
                    "state": "closed",
                },
            )

    def closed(self) -> bool:
        return {state for (state,) in self.rows(STATES)} == {"closed"}

    def whole_or_not_at_all(self) -> None:
        """Of the anonymous wave: everything is held, or only its tables and remarks are there."""
        held, *parted, tallies = self.rows(KEPT)[0]
        self.assertIn((held, *parted), [(PEOPLE, 0, 0, PEOPLE), (0, 0, PEOPLE, 0)])
        self.assertTrue(tallies or held)
