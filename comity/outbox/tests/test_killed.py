"""Workers killed while they send: nothing is lost, and what arrives twice was killed in the one window there is."""

from __future__ import annotations

import random
import time
from collections import Counter
from threading import Event

import pytest

from comity.jobs.tests.processes import ProcessTestCase
from comity.outbox.tests.smtp import Server

MAILS = 60
KILLS = 6
SENDER = """
from django.conf import settings
from comity.outbox import sending
settings.MAIL_LEAVES, settings.EMAIL_HOST, settings.EMAIL_PORT = True, "127.0.0.1", {port}
settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
while True:
    sending.send_waiting()
"""
SHOWN = "SELECT message_id, state, repeats FROM outbox_message ORDER BY id"


@pytest.mark.slow
class Killed(ProcessTestCase):
    def setUp(self) -> None:
        self.server = Server()
        self.addCleanup(self.server.stop)
        self.sender = SENDER.format(port=self.server.port)
        self.run_python(
            "from django.utils import timezone\n"
            "from comity.outbox.models import Message\n"
            "Message.objects.all().delete()\n"
            "Message.objects.bulk_create(Message(kind='test', to=f'u{n}@example.gov', subject='S', text='T', "
            f"message_id=f'<{{n}}@test>', send_after=timezone.now()) for n in range({MAILS}))\n"
        )

    def states(self) -> list[tuple[str, str, int]]:
        return self.rows(SHOWN)

    def kill_in_window(self) -> int:
        """Kill a worker after a mail of its was taken and before it is told so; 1 for the repeat that must follow."""
        taken, dead, before = Event(), Event(), len(self.server.taken)

        def hold_back() -> None:
            if len(self.server.taken) == before + 2:
                taken.set()
                dead.wait(30)

        self.server.after_taking = hold_back
        worker = self.start_python(self.sender)
        self.wait_until(taken.is_set)
        worker.kill()
        worker.wait()
        dead.set()
        return 1

    def kill_somewhere(self, chance: random.Random) -> int:
        """Kill a worker at any moment; 0 repeats have to follow."""
        before = len(self.server.taken)
        self.server.after_taking = lambda: None
        worker = self.start_python(self.sender)
        self.wait_until(lambda: len(self.server.taken) > before)
        time.sleep(chance.random() / 20)
        worker.kill()
        worker.wait()
        return 0

    def test_nothing_is_lost_and_repeats_are_counted(self) -> None:
        """Killed at random moments, among them while the server holds its answer back."""
        chance = random.Random(5)
        in_window = 0
        for kill in range(KILLS):
            # Every other worker dies in the window; the first does, since a quick one may send all there is.
            in_window += self.kill_in_window() if kill % 2 == 0 else self.kill_somewhere(chance)
            if len(self.server.taken) >= MAILS:
                break
        self.server.after_taking = lambda: None
        self.start_python(self.sender)
        self.wait_until(lambda: {state for _, state, _ in self.states()} == {"sent"})
        arrived = Counter(self.server.ids)
        self.assertEqual(set(arrived), {f"<{n}@test>" for n in range(MAILS)}, "every mail arrived")
        counted = {message_id: repeats for message_id, _, repeats in self.states()}
        for message_id, times in arrived.items():
            self.assertLessEqual(times, 1 + counted[message_id], "a repeat that was not counted")
        self.assertGreater(in_window, 0)
        self.assertEqual(sum(times - 1 for times in arrived.values() if times > 1) >= in_window, True)

    def test_two_senders_at_once_send_each_mail_once(self) -> None:
        for _ in range(2):
            self.start_python(self.sender)
        self.wait_until(lambda: {state for _, state, _ in self.states()} == {"sent"})
        self.assertEqual(Counter(self.server.ids), Counter(f"<{n}@test>" for n in range(MAILS)))
