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
from comity.outbox.models import Fault, Message, Suppression
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

    def test_what_the_server_gave_up_is_not_delivered_whatever_its_status(self) -> None:
        self.assertIn("not delivered", bounces.take_in(self.report(status="4.4.7")))
        self.assertEqual(self.state(), Message.State.DEAD)
        self.assertFalse(Suppression.objects.exists())

    def test_where_we_are_not_wanted_nobodys_address_is_held_back(self) -> None:
        for status, said in (
            ("5.1.7", "The account"),
            ("5.1.8", "Access denied, bad outbound sender"),
            ("5.7.1", "The account"),
            ("5.1.0", "Bad outbound sender"),
            ("5.1.1", "Client host [192.0.2.1] blocked using zen.spamhaus.org"),
            ("5.1.1", "SPF check failed"),
        ):
            with self.subTest(said):
                Message.objects.update(state=Message.State.SENT)
                raw = self.report(status=status).replace(b"The account", said.encode())
                self.assertIn("not delivered", bounces.take_in(raw))
                self.assertEqual(self.state(), Message.State.DEAD)
                self.assertFalse(Suppression.objects.exists())

    def test_comments_brackets_and_a_written_out_plus_are_read(self) -> None:
        for other in (
            {"action": "failed (delivery expired)", "status": "5.1.1 (bad mailbox)"},
            {"address": "<ben@parks.example.gov> (Ben)"},
            {"address": "ben@parks.example.gov\nX-Odd: (", "action": "Failed"},
        ):
            with self.subTest(other):
                Message.objects.update(state=Message.State.SENT)
                self.assertIn("bounced", bounces.take_in(self.report(**other)))
        Message.objects.update(state=Message.State.SENT, to="ben+office@parks.example.gov")
        self.assertIn("bounced", bounces.take_in(self.report(address="ben+2Boffice@parks.example.gov")))

    def test_an_odd_message_id_is_read_as_it_stands(self) -> None:
        for odd in ("<[83c48d-ABC=@microsoft.com]>", "<[d10@localhost", '"a" <'):
            Message.objects.update(message_id=odd, state=Message.State.SENT)
            self.assertIn("bounced", bounces.take_in(self.report(part="message/rfc822", message_id=odd)))

    def test_an_old_report_in_words_is_read_where_it_names_whom_it_did_not_reach(self) -> None:
        old = (
            "From: Mail Delivery System <Mailer-Daemon@mx.example.gov>\nSubject: Mail delivery failed\n"
            "X-Failed-Recipients: ben@parks.example.gov\n\nA message that you sent could not be delivered.\n\n"
            "  ben@parks.example.gov\n    {said}\n\n------ This is a copy of the message. ------\n\n"
            f"Message-ID: {self.sent.message_id}\nSubject: hello\n\nhello\n"
        )
        told = bounces.take_in(
            old.format(said="all relevant MX records point to non-existent hosts").encode()
        )
        self.assertIn("not delivered", told)
        self.assertEqual(self.state(), Message.State.DEAD)
        self.assertIn("non-existent hosts", self.sent.last_error)
        self.assertFalse(Suppression.objects.exists())
        self.assertIn("bounced", bounces.take_in(old.format(said="550 5.1.1 no such user here").encode()))

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


FINAL = "Final-Recipient: rfc822; {to}\nAction: failed\nStatus: "
# Kinds of notices: what each says of the address it went to, the part that returns our mail, and what must come of it.
WHOLE, HEADS = "message/rfc822", "text/rfc822-headers"
KINDS = {
    "expired in a queue": (
        FINAL + "4.4.7\nDiagnostic-Code: smtp; 451 4.4.7 message expired after 48 hours",
        WHOLE,
        "Message-ID: {id}",
        "given up",
    ),
    "our sender is not wanted": (
        FINAL + "5.1.8\nDiagnostic-Code: smtp; 550 5.1.8 Access denied, bad outbound sender",
        WHOLE,
        "Message-ID: {id}",
        "our fault",
    ),
    "no such user": (
        FINAL + "5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 user unknown",
        WHOLE,
        "Message-ID: {id}",
        "blocked",
    ),
    "comments behind what is said": (
        "Final-Recipient: rfc822;<{to}>\nAction: failed (delivery expired)\nStatus: 5.1.1 (bad mailbox)",
        WHOLE,
        "Message-ID: {id}",
        "blocked",
    ),
    "a folded header": (FINAL + "5.1.1", HEADS, "Received: from a by b\nMessage-ID:\n\t{id}", "blocked"),
    "a mail that is oddly quoted": (
        FINAL + "5.1.1",
        WHOLE,
        'Content-Type: text/plain; charset="utf-8\nMessage-ID: {id}\nFrom: =?utf-8?q?Oficina?= <o@x>',
        "blocked",
    ),
    "Exchange finds nobody": (
        FINAL.replace("; ", ";")
        + "5.1.10\nDiagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient {to} "
        "not found by SMTP address lookup",
        WHOLE,
        "Message-ID: {id}",
        "blocked",
    ),
    "an odd Message-ID": (
        FINAL + "5.1.1",
        WHOLE,
        'Content-Type: multipart/alternative; boundary*=\nMessage-ID: {id}\nTo: "a" <',
        "blocked",
    ),
    "a plus that is written out": (
        "Original-Recipient: rfc822;{xtext}\nFinal-Recipient: rfc822;ben@parks.example.gov\nAction: failed\nStatus: 5.1.1",
        WHOLE,
        "Message-ID: {id}",
        "blocked",
    ),
    "a mailbox that is full": (FINAL + "5.2.2", WHOLE, "Message-ID: {id}", "given up"),
    "no such host": (
        FINAL + "5.4.4\nDiagnostic-Code: smtp; 550 5.4.4 Invalid domain name: Host not found",
        WHOLE,
        "Message-ID: {id}",
        "given up",
    ),
    "a delay": (
        "Final-Recipient: rfc822; {to}\nAction: delayed\nStatus: 4.4.1",
        WHOLE,
        "Message-ID: {id}",
        "nothing",
    ),
}
ODD_IDS = {
    "an odd Message-ID": ("<[d10@localhost", "<[83c48dddbea7492e873224a5ae1c04be-ABC=@microsoft.com]>")
}
OUT_OF_OFFICE = (
    "From: Ben <ben@parks.example.gov>\nSubject: Automatic reply: hello\nAuto-Submitted: auto-replied\n"
    "In-Reply-To: {id}\n\nI am away until Monday.\n"
)
OLD = (
    "From: Mail Delivery System <Mailer-Daemon@mx.example.gov>\nSubject: Mail delivery failed\n"
    "X-Failed-Recipients: {to}\n\nA message that you sent could not be delivered.\n\n  {to}\n"
    "    all relevant MX records point to non-existent hosts\n\n------ This is a copy of the message. ------\n\n"
    "Message-ID: {id}\nTo: {to}\n\nhello\n"
)
NOTICE = (
    "From: MAILER-DAEMON@mx.example.gov\nSubject: Undelivered mail\nMIME-Version: 1.0\n"
    'Content-Type: multipart/report; report-type=delivery-status; boundary="BB"\n\n--BB\n'
    "Content-Type: text/plain; charset=us-ascii\n\nYour mail could not be delivered.\n\n--BB\n"
    "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.gov\n\n{said}\n\n--BB\n"
    "Content-Type: {part}\n\n{original}\n\nhello\n\n--BB--\n"
)


class EveryKind(MailTestCase):
    """Notices as servers write them, each with what must come of it."""

    def comes_of(self, raw: str, to: str, message_id: str) -> str:
        """What became of a mail that was sent, after its notice was read twice."""
        Suppression.objects.all().delete()
        Fault.objects.all().delete()
        Message.objects.all().delete()
        sent = self.mail(to)
        Message.objects.update(state=Message.State.SENT, message_id=message_id)
        filled = raw.format(to=to, id=message_id, xtext=to.replace("+", "+2B"))
        for _time in range(2):
            try:
                bounces.take_in(filled.encode())
            except DomainError:
                return "not a notice"
        sent.refresh_from_db()
        blocked = list(Suppression.objects.values_list("address", flat=True))
        if sent.state != Message.State.DEAD:
            return "nothing" if not blocked else "blocked and not marked"
        if blocked:
            return "blocked" if blocked == [to] else f"blocked {blocked}"
        return "our fault" if Fault.objects.exists() else "given up"

    def test_each_comes_out_right(self) -> None:
        for kind, (said, part, original, right) in KINDS.items():
            to = "ben+survey@parks.example.gov" if "plus" in kind else "ben@parks.example.gov"
            raw = NOTICE.replace("{said}", said).replace("{part}", part).replace("{original}", original)
            for message_id in ODD_IDS.get(kind, ("<d1@localhost>",)):
                with self.subTest(kind, message_id=message_id):
                    self.assertEqual(self.comes_of(raw, to, message_id), right)

    def test_so_do_an_old_report_and_mail_that_is_none(self) -> None:
        to = "ben@parks.example.gov"
        self.assertEqual(self.comes_of(OLD, to, "<d9@localhost>"), "given up")
        self.assertEqual(self.comes_of(OUT_OF_OFFICE, to, "<d1@localhost>"), "not a notice")


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
