"""`comity demo`: whoever keeps heads of the trail hears that another begins."""

from __future__ import annotations

import tempfile
from io import StringIO
from pathlib import Path
from unittest import mock

from django.core.management import call_command
from django.test import TestCase, override_settings
from django.utils import timezone

from comity.audit.chain import verify
from comity.audit.heads import InFile, Line
from comity.demo.management.commands import demo
from comity.demo.state import Made


class DemoCommand(TestCase):
    def test_a_demo_made_anew_begins_another_chain_and_is_no_alarm(self) -> None:
        kept = Path(self.enterContext(tempfile.TemporaryDirectory())) / "heads"
        InFile(kept).add(Line(timezone.now(), "0" * 64))  # of the demo before
        with override_settings(TRAIL_HEADS=kept):
            self.assertFalse(verify().ok)
            with mock.patch.object(demo, "make_sample_state", return_value=Made(1, 2, 3)):
                call_command("demo", stdout=StringIO())
            self.assertEqual([line.begins for line in InFile(kept).read()], ["", "comity demo"])
            self.assertTrue(verify().ok)
