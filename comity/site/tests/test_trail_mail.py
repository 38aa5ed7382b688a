"""The mail to those who keep the heads of the trail."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.db import connection
from django.test import override_settings
from django.utils import translation

from comity.audit import chain, guards, heads
from comity.audit.models import Block
from comity.audit.services import record
from comity.core.errors import DomainError
from comity.outbox.models import Message
from comity.testing.cast import CastTestCase


class TrailMail(CastTestCase):
    def setUp(self) -> None:
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.enterContext(
            override_settings(TRAIL_HEADS=folder / "heads", TRAIL_WITNESSES=("auditor@example.gov",))
        )
        record(by="command line", action="test.acted")
        chain.seal()

    def mail(self) -> Message:
        return Message.objects.get(to="auditor@example.gov")

    def test_a_head_is_mailed_with_how_to_compare_it(self) -> None:
        head = heads.keep()
        mail = self.mail()
        self.assertIn("keep this email", mail.subject)
        self.assertIn(f"comity audit verify --head {head}", mail.text)
        self.assertFalse(mail.wipe_after_sending)

    def test_a_new_chain_is_mailed_with_why(self) -> None:
        heads.begin("comity restore x.tar.gz")
        self.assertIn("begins anew", self.mail().subject)
        self.assertIn("the records were replaced: comity restore x.tar.gz.", self.mail().text)

    def test_that_a_head_is_gone_is_mailed(self) -> None:
        heads.keep()
        Message.objects.all().delete()
        with guards.lifted(connection):
            Block.objects.all().delete()
        chain.seal()
        with self.assertRaises(DomainError):
            heads.keep()
        self.assertIn("may have been tampered with", self.mail().subject)
        self.assertIn("the chain was rewritten", self.mail().text)
        self.assertNotIn("--head", self.mail().text)

    def test_it_is_there_in_spanish(self) -> None:
        with translation.override("es"):
            self.assertEqual(
                translation.gettext("To check, on the server:"), "Para comprobarlo, en el servidor:"
            )
