"""Whether who was doing a piece of work still lives: not one that was killed, nor another under its number."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from unittest import TestCase, skipUnless

from comity.jobs import identity

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


class Identity(TestCase):
    def name_of(self, pid: int) -> str:
        return f"{identity.HOST}/{pid}/{identity._of_process(pid)[1]}-abcd1234"

    def test_this_process_lives_and_an_earlier_one_under_its_number_does_not(self) -> None:
        me = identity.this_process()
        self.assertEqual(me, identity.this_process())
        self.assertFalse(identity.is_gone(me))
        self.assertTrue(identity.is_gone(me[:-1] + "x"))

    def test_one_that_was_killed_is_gone_before_its_parent_takes_note(self) -> None:
        with subprocess.Popen(SLEEP) as process:
            name = self.name_of(process.pid)
            self.assertFalse(identity.is_gone(name))
            process.send_signal(signal.SIGKILL)
            os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # dead, and still listed
            self.assertTrue(identity.is_gone(name))
        self.assertTrue(identity.is_gone(name))

    @skipUnless(identity._of_process(os.getpid())[1], "this system does not say when a process began")
    def test_another_process_under_its_number_is_another(self) -> None:
        with subprocess.Popen(SLEEP) as process:
            name = self.name_of(process.pid)
            self.assertTrue(identity.is_gone(name.replace(f"/{process.pid}/", f"/{process.pid}/1")))
            self.assertFalse(
                identity.is_gone(f"{identity.HOST}/{process.pid}/abcd1234"), "as named by a version before"
            )
            process.kill()

    def test_who_works_elsewhere_may_live(self) -> None:
        for name in ("elsewhere/1/x", "", "x", f"{identity.HOST}/x/y"):
            self.assertFalse(identity.is_gone(name))
