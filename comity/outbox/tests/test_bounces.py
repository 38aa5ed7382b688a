"""Mail that comes back."""

from __future__ import annotations

import io
from unittest import mock

from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from comity.core.errors import DomainError
from comity.outbox import bounces
from comity.outbox.models import Message, Suppression
from comity.outbox.tests.test_put import MailTestCase

REPORT = """\
From: MAILER-DAEMON@mx.example.gov
To: comity@example.gov
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="XX"

--XX
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--XX
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.gov

Final-Recipient: rfc822; {address}
Original-Recipient: rfc822;{address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} The account that you tried
 to reach does not exist

--XX
Content-Type: {part}

Message-ID: {message_id}
Subject: Hello Ben

--XX--
"""


class Bounces(MailTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.sent = self.mail()
        Message.objects.update(state=Message.State.SENT)

    def report(self, **other: str) -> bytes:
        given = {
            "address": "Ben@parks.example.gov",
            "action": "failed",
            "status": "5.1.1",
            "part": "text/rfc822-headers",
            "message_id": self.sent.message_id,
            **other,
        }
        return REPORT.format(**given).encode()

    def state(self) -> str:
        self.sent.refresh_from_db()
        return self.sent.state

    def test_the_mail_is_marked_and_its_address_held_back(self) -> None:
        for part in ("text/rfc822-headers", "message/rfc822"):
            Suppression.objects.all().delete()
            Message.objects.update(state=Message.State.SENT)
            told = bounces.take_in(self.report(part=part))
            self.assertIn("No more email", told)
            self.assertEqual(self.state(), Message.State.DEAD)
            self.assertIn("does not exist", self.sent.last_error)
            suppression = Suppression.objects.get()
            self.assertEqual((suppression.address, suppression.reason), ("ben@parks.example.gov", "bounced"))

    def test_a_full_mailbox_marks_the_mail_and_leaves_the_address(self) -> None:
        self.assertIn("not delivered", bounces.take_in(self.report(status="5.2.2")))
        self.assertEqual(self.state(), Message.State.DEAD)
        self.assertFalse(Suppression.objects.exists())

    def test_a_delay_changes_nothing(self) -> None:
        for other in ({"action": "delayed", "status": "4.4.1"}, {"action": "delivered", "status": "2.0.0"}):
            self.assertIn("Nothing was changed", bounces.take_in(self.report(**other)))
        self.assertEqual(self.state(), Message.State.SENT)

    def test_nobody_stops_anothers_mail_with_a_report_he_wrote_himself(self) -> None:
        with self.assertRaisesMessage(DomainError, "not one of ours"):
            bounces.take_in(self.report(message_id="<guess@comity.example.gov>"))
        self.assertIn("Nothing was changed", bounces.take_in(self.report(address="eve@parks.example.gov")))
        self.assertEqual(self.state(), Message.State.SENT)
        self.assertFalse(Suppression.objects.exists())

    def test_other_mail_gets_a_sentence(self) -> None:
        for raw in (b"", b"Subject: out of office\n\nI am away.", b"\xff\xfe\x00"):
            with self.assertRaises(DomainError):
                bounces.take_in(raw)
        with self.assertRaisesMessage(DomainError, "which email bounced"):
            bounces.take_in(self.report(part="text/plain"))

    def run_command(self, raw: bytes) -> str:
        out = io.StringIO()
        with mock.patch("sys.stdin", mock.Mock(buffer=io.BytesIO(raw))):
            call_command("mail_bounce", stdout=out)
        return out.getvalue()

    def test_the_command_takes_it_from_standard_input(self) -> None:
        self.assertIn("No more email", self.run_command(self.report()))
        with self.assertRaisesMessage(CommandError, "not a bounce notice"):
            self.run_command(b"Subject: hello\n\nhello")


class AnyBytes(TestCase):
    @settings(max_examples=200)
    @given(st.binary(max_size=400), st.integers(0, len(REPORT)))
    def test_nothing_that_comes_in_is_an_error_of_ours(self, noise: bytes, at: int) -> None:
        whole = REPORT.format(
            address="a@b.gov", action="failed", status="5.1.1", part="message/rfc822", message_id="<x@y>"
        ).encode()
        for raw in (noise, whole[:at] + noise + whole[at:]):
            with self.assertRaises(DomainError):
                bounces.take_in(raw)
