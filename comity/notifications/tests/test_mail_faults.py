"""Notice that mail servers refuse our email: to those who tend the outbox, once."""

from __future__ import annotations

from comity.notifications.models import Notice
from comity.outbox import faults
from comity.outbox.models import Fault
from comity.testing.cast import CastTestCase


class MailFaults(CastTestCase):
    def test_those_who_tend_the_outbox_are_told_once_in_their_language(self) -> None:
        self.cora.language = "es"
        self.cora.save()
        for _time in range(3):
            faults.note(Fault.Cause.LIST, "550 blocked using a list")
        told = {notice.user: notice for notice in Notice.objects.select_related("user")}
        self.assertEqual(set(told), {self.ada, self.cora})
        self.assertIn("Our mail server is on a list of blocked senders", told[self.ada].text)
        self.assertIn("550 blocked using a list", told[self.ada].text)
        self.assertIn("lista de remitentes bloqueados", told[self.cora].text)
        self.assertEqual(told[self.ada].url, "/outbox/?state=dead")
