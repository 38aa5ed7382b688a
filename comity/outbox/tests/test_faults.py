"""Mail refused because of us: which cause it is, and that each is told once."""

from __future__ import annotations

import smtplib
from datetime import timedelta

from django.utils import timezone

from comity.outbox import faults
from comity.outbox.bounces import refusal_of
from comity.outbox.faults import Alarm, cause_of, note
from comity.outbox.models import Fault
from comity.outbox.tests.test_put import MailTestCase
from comity.testing.declaring import declaring

Cause = Fault.Cause


class Causes(MailTestCase):
    def test_what_a_server_says_tells_which_it_is(self) -> None:
        for said, cause in {
            "550 5.1.8 Access denied, bad outbound sender": Cause.SENDER,
            "5.1.7 The account": Cause.SENDER,
            "550 5.7.1 Service unavailable, Client host [192.0.2.1] blocked using Spamhaus": Cause.LIST,
            "550 5.7.26 This mail is unauthenticated, SPF and DKIM did not pass": Cause.PROOF,
            "554 5.7.1 <ben@x.gov>: Relay access denied": Cause.RELAY,
            "530 5.7.0 Authentication required": Cause.RELAY,
            "550 5.7.1 Message refused": Cause.POLICY,
            "554 This looks like spam": Cause.POLICY,
            "550 5.1.1 user unknown": "",
            "552 5.2.2 mailbox full": "",
        }.items():
            with self.subTest(said):
                self.assertEqual(cause_of(said), cause)

    def test_a_sender_that_is_refused_is_our_fault_unless_it_is_only_for_now(self) -> None:
        for code, cause in ((550, Cause.SENDER), (450, "")):
            refused = smtplib.SMTPSenderRefused(code, b"no", "comity@example.gov")
            self.assertEqual(refusal_of(refused).cause, cause)
        listed = smtplib.SMTPRecipientsRefused({"ben@x.gov": (451, b"blocked using a list, try later")})
        self.assertEqual(refusal_of(listed).cause, "")
        refused_for_good = refusal_of(
            smtplib.SMTPRecipientsRefused({"ben@x.gov": (550, b"blocked, see our list")})
        )
        self.assertEqual((refused_for_good.cause, refused_for_good.bad_address), (Cause.LIST, False))


class Telling(MailTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.told: list[str] = []
        self.enterContext(declaring(Alarm(lambda fault: self.told.append(fault.cause))))

    def test_each_cause_is_told_once(self) -> None:
        for cause in (Cause.LIST, Cause.LIST, Cause.PROOF, Cause.LIST):
            note(cause, "words")
        self.assertEqual(self.told, [Cause.LIST, Cause.PROOF])

    def test_and_again_when_it_comes_back_after_it_was_away(self) -> None:
        note(Cause.LIST, "words")
        for days, times in ((6, 1), (8, 2), (0, 2)):
            Fault.objects.update(last_at=timezone.now() - timedelta(days=days))
            note(Cause.LIST, "other words")
            self.assertEqual(len(self.told), times, days)
        fault = Fault.objects.get()
        self.assertGreater(fault.since, timezone.now() - timedelta(minutes=1))
        self.assertEqual(fault.words, "other words")
        self.assertEqual(list(Fault.objects.lately(timezone.now() - faults.AWAY_AFTER)), [fault])
