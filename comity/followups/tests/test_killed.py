"""`kill -9` between *done* and *told*: either nobody was told and no mail left, or told with exactly one mail; and back."""

from __future__ import annotations

import pytest

from comity.jobs.tests.processes import ProcessTestCase

# Somebody at a partner with an address, somebody in the office, and so many follow-ups that are done.
MADE = """
import json
from django.utils import timezone
from comity.followups import services
from comity.office.models import Office
from comity.partners.models import Partner, Person
from comity.people.models import User
Office.objects.create(pk=1, name="Office of IT", set_up_at=timezone.now())
ana = User.objects.create(email="ana@oit.example.gov", name="Ana Ruiz")
parks = Partner.objects.create(name="Parks", name_key="parks", kind="agency")
ben = Person.objects.create(name="Ben Okafor", email="ben@parks.example.gov")
made = []
for number in range({count}):
    raised = services.raise_follow_up(
        kind="concern", partner=parks, title="Salt", by=ana, raised_by=ben, owner=ana)
    made.append(services.finish(raised.pk, words="We bought salt.", by=ana).pk)
print(json.dumps(made))
"""

# Tells, and dies without a word when it comes to a point.
TOLD = """
import os, signal
from django.db import connection, transaction
from comity.followups import notices, services
from comity.followups.services import closing, letters
from comity.people.models import User

def die(*_said, **_more):
    os.kill(os.getpid(), signal.SIGKILL)

def after(place, name):
    then = getattr(place, name)
    setattr(place, name, lambda *said, **more: (then(*said, **more), die()))

{point}
ana = User.objects.get(email="ana@oit.example.gov")
services.tell({pk}, how="mail", words="There is salt again.", by=ana)
die()
"""

INSIDE = {
    "once the follow-up is locked": 'after(closing, "locked")',
    "once it is told, before the mail": 'after(closing, "change")',
    "once the link is made, before the mail": "letters.outbox.put = die",
    "once the mail is written": 'after(letters, "send")',
    "once everyone has notice of it": 'after(notices, "told")',
    "as it begins to commit": "connection.connect(); connection._commit = die",
}
AFTER = {
    "as soon as it is committed": "connection.connect(); after(connection, '_commit')",
    "once all is over": "",
}
# Tells each of them once more; what each said against it.
AGAIN = """
import json
from comity.core.errors import DomainError
from comity.followups import services
from comity.people.models import User
ana, said = User.objects.get(email="ana@oit.example.gov"), []
for pk in {pks}:
    try:
        services.tell(pk, how="mail", words="There is salt again.", by=ana)
        said.append("")
    except DomainError as error:
        said.append(str(error))
print(json.dumps(said))
"""
NOTHING = {"state": "done", "steps": 0, "links": 0, "mails": 0, "trail": 0}
TOLD_ONCE = {"state": "told", "steps": 1, "links": 1, "mails": 1, "trail": 1}


@pytest.mark.slow
class KilledBetweenDoneAndTold(ProcessTestCase):
    made: list[int]

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.made = cls.run_python(MADE.format(count=len(INSIDE) + len(AFTER)))

    def kill(self, point: str) -> int:
        """Kill a process that tells a follow-up which was done; the follow-up."""
        pk = self.made.pop()
        process = self.start_python(TOLD.format(point=point, pk=pk))
        self.assertEqual(process.wait(120), -9, "it has to die where it is told to, not of an error")
        return pk

    def kept(self, pk: int) -> dict[str, int | str]:
        """What there is of the telling."""
        state = self.rows(f"SELECT state FROM followups_followup WHERE id = {pk}")[0][0]
        counted = {
            "steps": f"SELECT count(*) FROM followups_step WHERE follow_up_id = {pk} AND what = 'told'",
            "links": f"SELECT count(*) FROM followups_helpedlink WHERE follow_up_id = {pk}",
            "mails": "SELECT count(*) FROM outbox_message WHERE kind = 'followups.told' AND about_kind = "
            f"'followups.FollowUp' AND about_id = '{pk}'",
            "trail": f"SELECT count(*) FROM audit_entry WHERE action = 'followups.tell' AND target_id = '{pk}'",
        }
        return {"state": state, **{name: self.rows(query)[0][0] for name, query in counted.items()}}

    def test_killed_before_it_is_committed_nobody_was_told_and_it_can_be_done_again(self) -> None:
        killed = []
        for point, code in INSIDE.items():
            with self.subTest(point):
                killed.append(self.kill(code))
                self.assertEqual(self.kept(killed[-1]), NOTHING)
        self.assertEqual(self.run_python(AGAIN.format(pks=killed)), [""] * len(INSIDE))
        for pk in killed:
            self.assertEqual(self.kept(pk), TOLD_ONCE)

    def test_killed_once_it_is_committed_they_are_told_with_one_mail_whoever_tries_again(self) -> None:
        killed = []
        for point, code in AFTER.items():
            with self.subTest(point):
                killed.append(self.kill(code))
                self.assertEqual(self.kept(killed[-1]), TOLD_ONCE)
        again = self.run_python(AGAIN.format(pks=killed))
        self.assertEqual(again, ["They have already been told."] * len(AFTER))
        for pk in killed:
            self.assertEqual(self.kept(pk), TOLD_ONCE)


# Told and taken back at once, dying at a point of it.
BACK = """
import os, signal
from django.db import connection
from comity.followups import notices, services
from comity.followups.services import changing, letters
from comity.people.models import User

def die(*_said, **_more):
    os.kill(os.getpid(), signal.SIGKILL)

def after(place, name):
    then = getattr(place, name)
    setattr(place, name, lambda *said, **more: (then(*said, **more), die()))

ana = User.objects.get(email="ana@oit.example.gov")
services.tell({pk}, how="mail", words="There is salt again.", by=ana)
{point}
services.undo({pk}, by=ana)
die()
"""
STILL_TOLD = ("told", "waiting", 1)
BACK_TO_DONE = ("done", "taken_back", 0)


BACK_AT = {
    'after(letters.outbox, "take_back")': STILL_TOLD,
    'after(changing, "change")': STILL_TOLD,
    "connection.connect(); after(connection, '_commit')": BACK_TO_DONE,
}


@pytest.mark.slow
class KilledWhileTakingBack(ProcessTestCase):
    made: list[int]

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.made = cls.run_python(MADE.format(count=len(BACK_AT) + 1))

    def test_told_with_its_mail_or_done_without_one(self) -> None:
        for pk, (point, wanted) in zip(self.made[1:], BACK_AT.items(), strict=True):
            with self.subTest(point):
                self.assertEqual(self.start_python(BACK.format(point=point, pk=pk)).wait(120), -9)
                ((state, mail, links),) = self.rows(
                    "SELECT f.state, m.state, (SELECT count(*) FROM followups_helpedlink h WHERE h.follow_up_id = f.id) "
                    "FROM followups_followup f JOIN outbox_message m ON m.about_id = CAST(f.id AS varchar) "
                    f"AND m.kind = 'followups.told' WHERE f.id = {pk}"
                )
                self.assertEqual((state, mail, links), wanted)

    def test_a_worker_never_sends_what_is_being_taken_back(self) -> None:
        """It is taken back in the last moment, and the worker looks while that is not committed yet."""
        pk = self.made[0]
        back = self.start_python(TAKING_BACK.format(pk=pk))
        claimed = self.run_python(CLAIMING)
        self.assertEqual((back.wait(120), claimed), (0, []))
        self.assertEqual(
            self.rows(
                f"SELECT state FROM outbox_message WHERE kind = 'followups.told' AND about_id = '{pk}'"
            ),
            [("taken_back",)],
        )


TAKING_BACK = """
import time
from datetime import timedelta
from django.utils import timezone
from comity.followups import services
from comity.followups.services import letters
from comity.outbox.models import Message
from comity.people.models import User

taken = letters.outbox.take_back

def slowly(key):
    done = taken(key)
    time.sleep(4)
    return done

letters.outbox.take_back = slowly
ana = User.objects.get(email="ana@oit.example.gov")
services.tell({pk}, how="mail", words="There is salt again.", by=ana)
Message.objects.filter(about_id="{pk}").update(send_after=timezone.now() + timedelta(seconds=1))
services.undo({pk}, by=ana)
"""
# What a worker finds to send while that goes on, and a moment longer.
CLAIMING = """
import json, time
from comity.outbox import sending
ends, found = time.monotonic() + 6, []
while time.monotonic() < ends:
    mail = sending.claim()
    if mail and mail.kind == "followups.told":
        found.append(mail.pk)
    time.sleep(0.05)
print(json.dumps(found))
"""
