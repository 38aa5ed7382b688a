"""What the mail server takes, refuses or never hears of, and what becomes of the mail."""

from __future__ import annotations

import smtplib
from datetime import timedelta
from unittest import mock

from django.test import override_settings
from django.utils import timezone

from comity.jobs import identity
from comity.outbox import sending, services
from comity.outbox.bounces import BACK_OFF, is_about_address, refusal_of, wait_after
from comity.outbox.models import MailServer, Message, Suppression
from comity.outbox.tests.smtp import Server
from comity.outbox.tests.test_put import MailTestCase
from comity.testing.cast import CastTestCase

State = Message.State


class SendingTestCase(MailTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.server = Server()
        self.addCleanup(self.server.stop)
        settings = override_settings(
            MAIL_LEAVES=True,
            DEMO=False,
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=self.server.port,
            EMAIL_TIMEOUT=5,
            DEFAULT_FROM_EMAIL="Office of IT <comity@example.gov>",
        )
        settings.enable()
        self.addCleanup(settings.disable)

    def state(self, mail: Message) -> str:
        mail.refresh_from_db()
        return mail.state


class Taken(SendingTestCase):
    def test_mail_is_sent_once_with_the_message_id_it_was_written_with(self) -> None:
        mail = self.mail(to_name='Ben "IT" Okafor, Sr.')
        self.assertEqual(sending.send_waiting().sent, 1)
        self.assertEqual(sending.send_waiting().sent, 0)
        self.assertEqual(self.state(mail), State.SENT)
        (taken,) = self.server.taken
        self.assertEqual(taken["Message-ID"], mail.message_id)
        self.assertEqual(taken["Subject"], "Hello Ben")
        self.assertIn("ben@parks.example.gov", taken["To"])
        self.assertEqual(taken["Auto-Submitted"], "auto-generated")
        self.assertIsNone(taken["List-Unsubscribe"])

    def test_mail_one_may_stop_says_so_to_mail_programs(self) -> None:
        self.mail(kind="digest")
        sending.send_waiting()
        (taken,) = self.server.taken
        self.assertRegex(
            "".join(str(taken["List-Unsubscribe"]).split()),
            r"^<https://comity\.example\.gov/mail/stop/\S+/>$",
        )
        self.assertEqual(taken["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click")

    def test_text_and_markup_go_together(self) -> None:
        self.mail(template="mail/rich", context={"name": "Ben"})
        sending.send_waiting()
        parts = [part.get_content_type() for part in self.server.taken[0].walk()]
        self.assertEqual(parts, ["multipart/alternative", "text/plain", "text/html"])

    def test_the_words_of_a_personal_link_are_wiped_once_they_were_taken(self) -> None:
        mail = self.mail(template="mail/rich", context={"name": "Ben"}, wipe_after_sending=True)
        self.assertFalse(mail.is_readable)
        sending.send_waiting()
        mail.refresh_from_db()
        self.assertEqual((mail.text, mail.html, mail.subject), ("", "", "Rich"))
        self.assertFalse(mail.is_readable)
        self.assertIn("Text for Ben", str(self.server.taken[0]))

    def test_mail_for_later_waits_and_the_longest_due_goes_first(self) -> None:
        self.mail(send_after=timezone.now() + timedelta(hours=1))
        second = self.mail(send_after=timezone.now() - timedelta(minutes=1))
        first = self.mail(send_after=timezone.now() - timedelta(hours=1))
        sending.send_waiting()
        self.assertEqual(self.server.ids, [first.message_id, second.message_id])

    def test_who_said_stop_after_it_was_written_does_not_get_it(self) -> None:
        mail = self.mail(kind="digest")
        Suppression.objects.create(address=mail.to, kind="digest", reason=Suppression.Reason.OPTED_OUT)
        sending.send_waiting()
        self.assertEqual((self.state(mail), self.server.taken), (State.HELD, []))


class Refused(SendingTestCase):
    def test_an_address_that_is_none_is_dead_and_gets_no_more_mail(self) -> None:
        self.server.refuse_recipient = lambda address: "550 5.1.1 No such user here"
        mail, other = self.mail(), self.mail(to="eve@parks.example.gov")
        self.server.refuse_recipient = lambda to: (
            "550 5.1.1 No such user here" if to.startswith("ben") else ""
        )
        with self.assertLogs("comity.outbox.sending", "ERROR"):
            tally = sending.send_waiting()
        self.assertEqual((tally.dead, tally.sent), (1, 1))
        self.assertEqual((self.state(mail), self.state(other)), (State.DEAD, State.SENT))
        self.assertIn("No such user", mail.last_error)
        self.assertEqual(Suppression.objects.get().reason, Suppression.Reason.BOUNCED)
        self.assertEqual(self.mail().state, State.HELD)

    def test_a_mail_that_is_refused_for_what_it_is_says_nothing_of_its_address(self) -> None:
        self.server.refuse_content = lambda message_id: "554 5.7.1 Looks like spam"
        mail = self.mail()
        with self.assertLogs("comity.outbox.sending", "ERROR"):
            sending.send_waiting()
        self.assertEqual(self.state(mail), State.DEAD)
        self.assertFalse(Suppression.objects.exists())

    def test_not_now_means_later_and_less_and_less_often_for_two_days(self) -> None:
        self.server.refuse_recipient = lambda address: "451 4.3.0 Try later"
        mail = self.mail()
        waits = []
        for _ in BACK_OFF:
            self.assertEqual(sending.send_waiting().later, 1)
            mail.refresh_from_db()
            waits.append(mail.send_after - timezone.now())
            Message.objects.update(send_after=timezone.now())
        self.assertEqual(
            [round(wait / timedelta(minutes=1)) for wait in waits], [1, 5, 15, 60, 240, 480, 720, 1440]
        )
        with self.assertLogs("comity.outbox.sending", "ERROR"):
            self.assertEqual(sending.send_waiting().dead, 1)
        self.assertEqual((self.state(mail), mail.attempts), (State.DEAD, len(BACK_OFF) + 1))
        self.assertFalse(Suppression.objects.exists())

    def test_one_that_can_not_be_written_as_a_mail_does_not_hold_up_the_others(self) -> None:
        broken = self.mail(send_after=timezone.now() - timedelta(hours=1))
        Message.objects.filter(pk=broken.pk).update(subject="two\nlines")
        fine = self.mail()
        with self.assertLogs("comity.outbox.sending", "ERROR"):
            sending.send_waiting()
        self.assertEqual((self.state(broken), self.state(fine)), (State.DEAD, State.SENT))

    def test_what_servers_answer_is_read_with_care(self) -> None:
        def refused(code: int, words: str) -> tuple[bool, bool]:
            found = refusal_of(smtplib.SMTPRecipientsRefused({"x": (code, words.encode())}))
            return found.permanent, found.bad_address

        self.assertEqual(refused(550, "5.1.1 unknown"), (True, True))
        self.assertEqual(refused(550, "unknown user"), (True, True))
        self.assertEqual(refused(550, "5.7.1 relaying denied"), (True, False))
        self.assertEqual(refused(550, "Your server is on our block list (S3140)"), (True, False))
        self.assertEqual(refused(553, "sender rejected"), (True, False))
        self.assertEqual(refused(552, "5.2.2 mailbox full"), (True, False))
        self.assertEqual(refused(450, "4.2.0 greylisted"), (False, False))
        self.assertTrue(is_about_address("5.2.1"))
        self.assertFalse(is_about_address("2.1.5"))
        self.assertFalse(refusal_of(smtplib.SMTPSenderRefused(550, b"who are you", "x")).permanent)
        self.assertFalse(refusal_of(smtplib.SMTPAuthenticationError(535, b"no")).permanent)
        self.assertFalse(refusal_of(TimeoutError()).permanent)
        self.assertIsNone(wait_after(len(BACK_OFF) + 1))
        self.assertGreater(sum(BACK_OFF, timedelta()), timedelta(days=2))


class Away(SendingTestCase):
    """The mail server is down."""

    def test_for_an_hour_nothing_is_lost_and_no_mail_uses_up_its_tries(self) -> None:
        mails = [self.mail() for _ in range(5)]
        self.server.stop()
        with self.assertLogs("comity.outbox.sending", "ERROR") as log:
            for _ in range(60):
                sending.send_waiting()
        self.assertEqual(len(log.records), 1, "the log hears of it once")
        self.assertEqual({(self.state(mail), mail.attempts) for mail in mails}, {(State.WAITING, 0)})
        server = MailServer.objects.get()
        self.assertIsNotNone(server.down_since)
        again = Server()
        self.addCleanup(again.stop)
        self.addCleanup(setattr, self.server, "stop", lambda: None)
        vars(self.server)["stop"] = lambda: None
        with override_settings(EMAIL_PORT=again.port), self.assertLogs("comity.outbox.sending", "WARNING"):
            self.assertEqual(sending.send_waiting().sent, 5)
        server.refresh_from_db()
        self.assertIsNone(server.down_since)

    def test_it_is_not_asked_again_every_few_seconds(self) -> None:
        self.mail()
        self.assertTrue(sending.something_waits())
        MailServer.objects.create(pk=1, tried_at=timezone.now(), down_since=timezone.now())
        self.assertFalse(sending.something_waits())
        MailServer.objects.update(tried_at=timezone.now() - timedelta(minutes=1))
        self.assertTrue(sending.something_waits())

    def test_lost_in_the_middle_the_mail_in_hand_waits_and_the_rest_is_not_touched(self) -> None:
        mails = [self.mail() for _ in range(3)]
        with (
            mock.patch("smtplib.SMTP.sendmail", side_effect=smtplib.SMTPServerDisconnected("gone")),
            self.assertLogs("comity.outbox.sending", "ERROR"),
        ):
            self.assertEqual(sending.send_waiting().later, 1)
        self.assertEqual([self.state(mail) for mail in mails], [State.WAITING] * 3)
        self.assertEqual(sum(mail.attempts for mail in mails), 1)


class ABadHour(SendingTestCase, CastTestCase):
    """Minute by minute the server says nothing, "not now" or "no"; then it is well again."""

    BAD = ("", "421 4.3.2 Service shutting down", "554 5.3.2 No service here")

    def test_what_waited_leaves_in_order_and_once_and_no_page_asks_the_server(self) -> None:
        began = timezone.now()
        mails = [self.mail() for _ in range(6)]
        with override_settings(EMAIL_TIMEOUT=0.05), self.assertLogs("comity.outbox.sending", "ERROR"):
            for minute in range(60):
                self.server.greeting = self.BAD[minute % 3]
                with mock.patch("django.utils.timezone.now", return_value=began + timedelta(minutes=minute)):
                    sending.send_waiting()
        calls = self.server.calls
        self.assertGreater(calls, 40, "it was asked nearly every minute")
        mails.append(self.mail())
        read = self.reads(self.page("/outbox/", by=self.ada))
        self.assertIn("The mail server cannot be reached", read)
        self.assertEqual(self.server.calls, calls, "pages only write down what is to be sent")
        self.assertEqual({(self.state(mail), mail.attempts) for mail in mails}, {(State.WAITING, 0)})
        self.server.greeting = "220 stub"
        after = began + timedelta(minutes=61)
        with (
            mock.patch("django.utils.timezone.now", return_value=after),
            self.assertLogs("comity.outbox.sending", "WARNING"),
        ):
            self.assertEqual(sending.send_waiting().sent, 7)
            self.assertEqual(sending.send_waiting().sent, 0)
        self.assertEqual(self.server.ids, [mail.message_id for mail in mails])


class Staying(MailTestCase):
    def test_without_a_mail_server_mail_stays_to_be_read_and_is_not_wiped(self) -> None:
        mail = self.mail(wipe_after_sending=True)
        with override_settings(MAIL_LEAVES=False):
            self.assertEqual(sending.send_waiting().kept, 1)
            mail.refresh_from_db()
            self.assertEqual(mail.state, State.KEPT)
            self.assertTrue(mail.is_readable)
            self.assertIn("Dear Ben", mail.text)

    def test_a_demo_sends_nothing_even_where_there_is_a_server(self) -> None:
        mail = self.mail()
        with override_settings(MAIL_LEAVES=True, DEMO=True), mock.patch("smtplib.SMTP") as smtp:
            sending.send_waiting()
        smtp.assert_not_called()
        mail.refresh_from_db()
        self.assertEqual(mail.state, State.KEPT)


class Crashed(SendingTestCase):
    def test_a_mail_another_worker_has_in_hand_is_left_alone(self) -> None:
        self.mail()
        with mock.patch.object(identity, "this_process", return_value="elsewhere/1/x"):
            self.assertIsNotNone(sending.claim())
        self.assertIsNone(sending.claim())
        self.assertEqual(sending.send_waiting().sent, 0)

    def test_one_whose_worker_died_is_sent_again_under_the_same_id_and_counted(self) -> None:
        mail = self.mail()
        with mock.patch.object(identity, "this_process", return_value=f"{identity.HOST}/4/x"):
            sending.claim()
        with mock.patch("os.kill", side_effect=ProcessLookupError), self.assertLogs("comity.outbox.sending"):
            self.assertEqual(sending.send_waiting().sent, 1)
        self.assertEqual((self.state(mail), mail.repeats), (State.SENT, 1))
        self.assertEqual(self.server.ids, [mail.message_id])

    def test_one_that_hangs_elsewhere_for_long_is_sent_again(self) -> None:
        mail = self.mail()
        with mock.patch.object(identity, "this_process", return_value="elsewhere/1/x"):
            sending.claim()
        Message.objects.update(claimed_at=timezone.now() - sending.STALE_AFTER * 2)
        with self.assertLogs("comity.outbox.sending"):
            sending.send_waiting()
        self.assertEqual((self.state(mail), mail.repeats), (State.SENT, 1))


class Tending(SendingTestCase):
    def test_a_dead_mail_can_be_sent_again_and_a_held_one_once_its_address_is_let_through(self) -> None:
        suppression = services.stop("ben@parks.example.gov", by="test")
        held = self.mail()
        with self.assertRaisesMessage(Exception, "is blocked"):
            services.try_again(held.pk, by="test")
        services.lift(suppression, by="test")
        services.try_again(held.pk, by="test")
        sending.send_waiting()
        self.assertEqual(self.state(held), State.SENT)
        with self.assertRaisesMessage(Exception, "already sent"):
            services.try_again(held.pk, by="test")

    def test_only_a_dead_mail_is_given_up(self) -> None:
        mail = self.mail()
        with self.assertRaisesMessage(Exception, "Only an email that could not be delivered"):
            services.give_up(mail.pk, by="test")
        Message.objects.update(state=State.DEAD)
        services.give_up(mail.pk, by="test")
        self.assertEqual(self.state(mail), State.GIVEN_UP)

    def test_saying_stop_holds_back_what_already_waits(self) -> None:
        digest, answer = self.mail(kind="digest"), self.mail()
        services.stop(digest.to, "digest", by="test")
        self.assertEqual((self.state(digest), self.state(answer)), (State.HELD, State.WAITING))
        services.resume(digest.to, "digest", by="test")
        self.assertFalse(Suppression.objects.exists())

    def test_old_mail_is_destroyed_but_not_what_is_on_its_way_or_needs_someone(self) -> None:
        for state in State:
            Message.objects.filter(pk=self.mail().pk).update(state=state)
        services.destroy_ended(timezone.now() + timedelta(seconds=1))
        self.assertEqual(
            set(Message.objects.values_list("state", flat=True)), {State.WAITING, State.SENDING, State.DEAD}
        )
