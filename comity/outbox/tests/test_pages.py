"""The Outbox pages, and the page on which one stops mail."""

from __future__ import annotations

from datetime import timedelta

from django.test import override_settings
from django.utils import timezone

from comity.audit.models import Entry
from comity.outbox import services, stopping
from comity.outbox.kinds import MailKind
from comity.outbox.models import Fault, MailServer, Message, Suppression
from comity.testing.cast import CastTestCase
from comity.testing.declaring import declaring

State = Message.State
OUTBOX = "/outbox/"
STOPPED = "/outbox/stopped/"


class OutboxTestCase(CastTestCase):
    def setUp(self) -> None:
        digest = MailKind("digest", "The daily summary", may_stop=True)
        self.enterContext(declaring(digest, MailKind("answer", "Answers to what was raised"), alone=True))

    def mail(self, subject: str = "About Parks", **fields: object) -> Message:
        given = {
            "kind": "answer",
            "to": "ben@parks.example.gov",
            "to_name": "Ben Okafor",
            "subject": subject,
            "text": "Dear Ben,\n\nsee http://localhost:8000/follow-ups/7/ and <script>.\n",
            "message_id": f"<{Message.objects.count()}@test>",
            "send_after": timezone.now(),
            **fields,
        }
        return Message.objects.create(**given)


class Listing(OutboxTestCase):
    def test_without_a_mail_server_it_says_that_mail_stays(self) -> None:
        self.mail(state=State.KEPT)
        text = self.reads(self.page(OUTBOX, by=self.ada))
        self.assertIn("email stays here", text)
        self.assertIn("One email is kept here to read", text)
        with override_settings(DEMO=True):
            self.assertIn("This is a demo", self.reads(self.page(OUTBOX)))

    @override_settings(MAIL_LEAVES=True, DEMO=False)
    def test_its_heading_says_what_matters_most(self) -> None:
        for state, heading in (
            (State.SENT, "All email has been sent"),
            (State.WAITING, "One email is on its way"),
            (State.DEAD, "One email could not be delivered"),
        ):
            self.mail(state=state)
            self.assertIn(heading, self.reads(self.page(OUTBOX, by=self.cora)))

    @override_settings(MAIL_LEAVES=True, DEMO=False)
    def test_a_mail_server_that_is_away_is_told(self) -> None:
        MailServer.objects.create(
            pk=1, tried_at=timezone.now(), down_since=timezone.now(), last_error="refused"
        )
        text = self.reads(self.page(OUTBOX, by=self.ada))
        self.assertIn("The mail server cannot be reached", text)
        self.assertIn("“refused”", text)

    @override_settings(MAIL_LEAVES=True, DEMO=False)
    def test_our_own_fault_is_shown_while_it_lasts(self) -> None:
        now = timezone.now()
        fault = Fault.objects.create(cause=Fault.Cause.LIST, since=now, last_at=now, words="550 blocked")
        text = self.reads(self.page(OUTBOX, by=self.ada))
        self.assertIn("Our mail server is on a list of blocked senders", text)
        self.assertIn("“550 blocked”", text)
        Fault.objects.filter(pk=fault.pk).update(last_at=now - timedelta(days=8))
        self.assertNotIn("blocked senders", self.reads(self.page(OUTBOX)))

    def test_it_can_be_searched_and_filtered(self) -> None:
        self.mail("About Parks")
        self.mail(
            "About Roads", to="cy@roads.example.gov", to_name="Cy Young", kind="digest", state=State.SENT
        )
        for query in ("q=roads.example", "q=cy", "state=sent", "kind=digest"):
            text = self.reads(self.page(f"{OUTBOX}?{query}", by=self.ada))
            self.assertIn("About Roads", text, query)
            self.assertNotIn("About Parks", text, query)

    def test_it_asks_few_queries(self) -> None:
        for number in range(30):
            self.mail(f"Mail {number}")
        self.client.force_login(self.ada)
        with self.assertQueries(7):
            self.client.get(OUTBOX)

    def test_only_who_looks_after_the_mail_may_see_it(self) -> None:
        mail = self.mail()
        for user in (self.ana, self.ira, self.ben):
            for url in (OUTBOX, STOPPED, mail.get_absolute_url()):
                self.client.force_login(user)
                self.assertEqual(self.client.get(url).status_code, 403, (user, url))


class OneMail(OutboxTestCase):
    def test_it_is_readable_and_its_links_open_this_site(self) -> None:
        with override_settings(ADDRESS="http://localhost:8000"):
            answer = self.page(self.mail().get_absolute_url(), by=self.ada)
        self.assertContains(answer, 'href="/follow-ups/7/"')
        self.assertContains(answer, "&lt;script&gt;")
        self.assertIn("Dear Ben,", self.reads(answer))

    @override_settings(MAIL_LEAVES=True, DEMO=False)
    def test_a_link_that_is_its_readers_alone_is_shown_to_nobody_else(self) -> None:
        waiting = self.mail(wipe_after_sending=True)
        wiped = self.mail(wipe_after_sending=True, wiped_at=timezone.now(), text="", state=State.SENT)
        self.assertNotIn("Dear Ben", self.reads(self.page(waiting.get_absolute_url(), by=self.ada)))
        self.assertIn("was deleted", self.reads(self.page(wiped.get_absolute_url())))

    @override_settings(MAIL_LEAVES=True, DEMO=False)
    def test_a_dead_one_can_be_sent_again_or_given_up(self) -> None:
        mail = self.mail(state=State.DEAD, last_error="550 No such user")
        self.assertIn("550 No such user", self.reads(self.page(mail.get_absolute_url(), by=self.ada)))
        self.post(f"{mail.get_absolute_url()}give-up/", by=self.ada, expect=mail.get_absolute_url())
        mail.refresh_from_db()
        self.assertEqual(mail.state, State.GIVEN_UP)
        self.post(f"{mail.get_absolute_url()}try-again/", by=self.ada)
        mail.refresh_from_db()
        self.assertEqual(mail.state, State.WAITING)
        actions = Entry.objects.filter(target_kind="outbox.Message").values_list("action", flat=True)
        self.assertEqual(list(actions.order_by("pk")), [services.GIVE_UP, services.TRY_AGAIN])

    def test_what_cannot_be_done_gets_a_sentence_and_changes_nothing(self) -> None:
        mail = self.mail(state=State.SENT)
        for act in ("give-up", "try-again"):
            self.post(f"{mail.get_absolute_url()}{act}/", by=self.ada)
        self.assertIn("already sent", self.reads(self.page(mail.get_absolute_url())))
        mail.refresh_from_db()
        self.assertEqual(mail.state, State.SENT)


class Stopped(OutboxTestCase):
    def test_addresses_are_listed_with_the_reason_and_let_through_again(self) -> None:
        suppression = services.stop(
            "ben@parks.example.gov", "digest", by="mail reader", detail="by one click"
        )
        text = self.reads(self.page(STOPPED, by=self.ada))
        self.assertIn("One address is blocked", text)
        self.assertIn("The daily summary Asked us to stop by one click", text)
        self.post(f"{STOPPED}{suppression.pk}/lift/", by=self.ada, expect=STOPPED)
        self.assertIn("No address is blocked", self.reads(self.page(STOPPED)))
        self.assertTrue(Entry.objects.filter(action=services.LIFT).exists())

    def test_what_one_cause_made_is_found_and_let_through_together(self) -> None:
        for number in range(12):
            services.stop(
                f"p{number}@parks.example.gov",
                reason=Suppression.Reason.BOUNCED,
                by="mail server",
                detail="550 Unwanted: see our List 7",
            )
        services.stop(
            "gone@parks.example.gov",
            reason=Suppression.Reason.BOUNCED,
            by="mail server",
            detail="no such user",
        )
        text = self.reads(self.page(f"{STOPPED}?q=list 7", by=self.ada))
        self.assertIn("p11@parks.example.gov", text)
        self.assertNotIn("gone@parks.example.gov", text)
        chosen = {"all": "1", "query": "q=list+7"}
        asked = self.post(f"{STOPPED}lift/", chosen, expect=200)
        self.assertIn("12 are chosen.", self.reads(asked))
        self.assertIn("and 2 more", self.reads(asked))
        self.assertEqual(Suppression.objects.count(), 13, "it is asked first")
        self.post(f"{STOPPED}lift/", chosen | {"step": "act"}, expect=f"{STOPPED}?q=list+7")
        self.assertEqual(Suppression.objects.get().address, "gone@parks.example.gov")
        self.assertEqual(Entry.objects.filter(action=services.LIFT).count(), 12)
        self.assertIn("12 addresses are unblocked", self.reads(self.page(STOPPED)))

    def test_an_address_can_be_held_back_by_hand(self) -> None:
        self.post(f"{STOPPED}add/", {"address": "Old@parks.example.gov", "detail": "left"}, by=self.ada)
        suppression = Suppression.objects.get()
        self.assertEqual((suppression.address, suppression.reason), ("old@parks.example.gov", "by_hand"))
        self.post(f"{STOPPED}add/", {"address": "no address"}, by=self.ada, expect=422)
        self.assertEqual(Suppression.objects.count(), 1)


class Stopping(OutboxTestCase):
    def url(self, kind: str = "digest", language: str = "en") -> str:
        return stopping.path_for("ben@parks.example.gov", kind, language)

    def is_stopped(self) -> bool:
        return Suppression.objects.filter(address="ben@parks.example.gov", kind="digest").exists()

    def test_looking_stops_nothing_a_button_does_and_another_takes_it_back(self) -> None:
        self.assertIn("Stop sending you these emails?", self.reads(self.page(self.url())))
        self.assertFalse(self.is_stopped())
        self.post(self.url(), expect=self.url())
        self.assertTrue(self.is_stopped())
        self.assertIn("We have stopped sending you these emails", self.reads(self.page(self.url())))
        self.post(self.url(), {"again": "1"}, expect=self.url())
        self.assertFalse(self.is_stopped())

    def test_a_mail_program_stops_it_with_one_click_and_is_not_sent_elsewhere(self) -> None:
        self.client.handler.enforce_csrf_checks = True
        self.post(self.url(), {"List-Unsubscribe": "One-Click"}, expect=204)
        self.assertTrue(self.is_stopped())

    def test_it_speaks_the_language_of_the_mail_until_its_reader_chooses_another(self) -> None:
        self.assertContains(self.page(self.url(language="es")), '<html lang="es"')
        self.client.cookies["django_language"] = "en"
        self.assertContains(self.page(self.url(language="es")), '<html lang="en"')

    def test_a_link_that_was_cut_short_guessed_or_is_about_other_mail_is_not_there(self) -> None:
        for url in (self.url()[:-4] + "/", "/mail/stop/guess/", self.url(kind="answer")):
            for answer in (self.client.get(url), self.client.post(url)):
                self.assertEqual(answer.status_code, 404, url)

    def test_what_came_back_is_not_let_through_by_its_reader(self) -> None:
        Suppression.objects.create(
            address="ben@parks.example.gov", kind="digest", reason=Suppression.Reason.BOUNCED
        )
        self.post(self.url(), {"again": "1"})
        self.assertTrue(self.is_stopped())
