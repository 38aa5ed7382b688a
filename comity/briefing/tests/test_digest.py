"""The daily summary."""

from __future__ import annotations

from comity.briefing.digest import send_digests
from comity.followups import services as ring
from comity.notifications.models import Notice
from comity.notifications.services import undigested
from comity.outbox.models import Message
from comity.testing.cast import CastTestCase


class DailySummary(CastTestCase):
    """Ana has two notices that wait for the summary."""

    def setUp(self) -> None:
        for text in ("Parks wrote a comment", "Roads raised something"):
            Notice.objects.create(user=self.ana, kind="followups.comment", text=text, mail="digest")

    def summaries(self) -> list[Message]:
        return list(Message.objects.filter(kind="briefing.digest"))

    def test_one_mail_holds_everything_that_waited(self) -> None:
        self.assertEqual(send_digests(), 1)
        (mail,) = self.summaries()
        self.assertEqual((mail.to, mail.subject), (self.ana.email, "2 things from yesterday"))
        self.assertIn("Parks wrote a comment", mail.text)
        self.assertIn("Roads raised something", mail.text)

    def test_it_names_what_is_late_of_ones_own(self) -> None:
        row = ring.raise_follow_up(
            kind="concern", partner=self.parks, title="It rains in", by=self.ana, owner=self.ana
        )
        type(row).objects.filter(pk=row.pk).update(due_on="2020-01-02")
        send_digests()
        self.assertIn("It rains in (was due Jan 2)", self.summaries()[0].text)

    def test_the_same_morning_twice_sends_it_once(self) -> None:
        send_digests()
        self.assertEqual(send_digests(), 0)
        self.assertEqual(len(self.summaries()), 1)

    def test_what_went_out_waits_no_longer(self) -> None:
        send_digests()
        self.assertEqual(undigested(), [])

    def test_a_day_without_notices_sends_nothing(self) -> None:
        Notice.objects.all().delete()
        self.assertEqual(send_digests(), 0)
        self.assertEqual(self.summaries(), [])
