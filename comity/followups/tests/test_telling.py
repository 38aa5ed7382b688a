"""The mail that tells: seen before it goes, signed by the contact, taken back while it waits, and never lost."""

from __future__ import annotations

import re
from datetime import timedelta

import time_machine
from django.urls import reverse
from django.utils import timezone

from comity.core.errors import DomainError
from comity.followups import services
from comity.followups.models import FollowUp, HelpedLink, Step
from comity.followups.services.letters import HELD_FOR, letters
from comity.followups.tests.world import RingTestCase
from comity.notifications.models import Notice
from comity.office.models import Office
from comity.outbox import sending
from comity.outbox import services as outbox
from comity.outbox.models import Message, MessageQuerySet, Suppression
from comity.partners.models import Assignment

State = Message.State
WORDS = "From today you get a message."


def later(seconds: int) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(seconds=seconds))


def told_mails() -> MessageQuerySet:
    return Message.objects.filter(kind="followups.told")


class BeforeItGoes(RingTestCase):
    def seen(self, follow_up: FollowUp, name: str) -> tuple[str, str]:  # type: ignore[override]
        found = {letter.name: letter for letter in letters(follow_up, self.ana)}
        one = found[name]
        return one.subject, f"{one.before}\n\n{WORDS}\n\n{one.after}\n"

    def test_what_is_seen_is_what_goes(self) -> None:
        for language in ("en", "es"):
            self.ben_person.language = language
            self.ben_person.save()
            for name, how, asks in (
                ("mail", "mail", False),
                ("mail-asking", "mail", True),
                ("asking", "phone", True),
            ):
                with self.subTest(language, name=name):
                    follow_up = self.done(title="“Salt” & <b>sand</b>")
                    subject, text = self.seen(follow_up, name)
                    services.tell(follow_up.pk, how=how, words=WORDS, by=self.ana, ask_if_it_helped=asks)
                    mail = told_mails().order_by("-pk")[0]
                    self.assertEqual(mail.subject, subject)
                    sent = re.sub(r"/helped/[^/]+/", "/helped/…/", mail.text)
                    self.assertEqual(re.sub(r"\n{3,}", "\n\n", sent), text)

    def test_the_page_shows_it_with_the_button_that_sends_it(self) -> None:
        page = self.page(reverse("followups:tell", args=[self.done().pk]), by=self.ana)
        for words in (
            "Send the mail",
            f"Ben Okafor &lt;{self.ben_person.email}&gt;",
            "What came of “Nobody tells us",
            "Dear Ben Okafor,",
        ):
            self.assertContains(page, words)

    def test_where_no_mail_can_go_the_form_says_how_it_was_told(self) -> None:
        Suppression.objects.create(address="blocked@parks.example.gov", reason="bounced")
        for email, words in (("", "We have no email address"), ("Blocked@parks.example.gov", "is blocked")):
            with self.subTest(words):
                self.ben_person.email = email
                self.ben_person.save()
                follow_up = self.done()
                page = self.page(reverse("followups:tell", args=[follow_up.pk]), by=self.ana)
                self.assertContains(page, words)
                self.assertContains(page, "They were told")
                self.assertNotContains(page, "Send the mail")
                with self.assertRaisesMessage(DomainError, words):
                    services.tell(follow_up.pk, how="mail", words=WORDS, by=self.ana)
                services.tell(follow_up.pk, how="in_person", words=WORDS, by=self.ana)
        self.assertFalse(told_mails().exists())

    def test_the_contact_signs_with_their_number_and_the_owner_where_there_is_none(self) -> None:
        Office.objects.update(name="Office of IT", phone="555-0100")
        self.ana.phone = "555-0111"
        self.ana.save()
        follow_up = self.done()
        services.hand_over(follow_up.pk, to=self.sol, by=self.ana)
        follow_up.refresh_from_db()
        signed = self.seen(follow_up, "mail")[1].partition(WORDS)[2]
        self.assertEqual(signed.strip(), "Ana Ruiz\nOffice of IT\n555-0111")
        Assignment.objects.filter(partner=self.parks).delete()
        follow_up = FollowUp.objects.get(pk=follow_up.pk)
        signed = self.seen(follow_up, "mail")[1].partition(WORDS)[2]
        self.assertEqual(signed.strip(), "Sol Service\nOffice of IT\n555-0100")


class TakenBack(RingTestCase):
    def undo(self, follow_up: FollowUp) -> FollowUp:
        return services.undo(follow_up.pk, by=self.ana)

    def test_within_half_a_minute_it_does_not_go_and_they_can_be_told_again(self) -> None:
        follow_up = self.told(raised_by=self.ben)
        told = told_mails().get()
        self.assertGreater(told.send_after, timezone.now() + HELD_FOR - timedelta(seconds=5))
        self.assertEqual(Notice.objects.filter(user=self.ben, text__startswith="Here is").count(), 1)
        undone = self.undo(follow_up)
        told.refresh_from_db()
        self.assertEqual(
            (undone.state, undone.told_words, undone.asked_at, told.state),
            ("done", "", None, State.TAKEN_BACK),
        )
        read = {step.what for step in Step.objects.visible_to(self.ben).filter(follow_up=follow_up)}
        self.assertEqual(read, {"heard", "owned", "done"}, "they do not read what was taken back")
        self.assertFalse(HelpedLink.objects.exists(), "the link that was in it is dead")
        self.assertFalse(Notice.objects.filter(user=self.ben, text__startswith="Here is").exists())
        services.tell(follow_up.pk, how="mail", words="Better words.", by=self.ana)
        with later(31):
            sending.send_waiting()
        self.assertEqual([mail.state for mail in told_mails().order_by("pk")], [State.TAKEN_BACK, State.KEPT])
        with self.assertRaisesMessage(DomainError, "already sent"):
            outbox.try_again(told.pk, by=self.ana)

    def test_the_page_offers_it_and_says_when_it_is_too_late(self) -> None:
        follow_up = self.done()
        url, page = reverse("followups:tell", args=[follow_up.pk]), follow_up.get_absolute_url()
        said = {"how": "mail", "words": WORDS, "ask_if_it_helped": "on"}
        self.post(url, said, by=self.ana, expect=page)
        undo = reverse("followups:undo", args=[follow_up.pk])
        answer = self.page(page, by=self.ana)
        self.assertContains(answer, "The email leaves in 30 seconds.")
        self.assertContains(answer, undo)
        with later(31):
            self.assertNotContains(self.page(page, by=self.ana), undo)
            self.post(undo, by=self.ana, expect=page)
            self.assertContains(
                self.page(page, by=self.ana), "The email has left, so this can no longer be undone."
            )
        follow_up.refresh_from_db()
        self.assertEqual((follow_up.state, told_mails().get().state), ("told", State.WAITING))

    def test_a_worker_has_it_or_it_is_taken_back_never_both(self) -> None:
        follow_up = self.told()
        told_mails().update(state=State.SENDING)
        with self.assertRaisesMessage(DomainError, "has left"):
            self.undo(follow_up)
        follow_up.refresh_from_db()
        self.assertEqual((follow_up.state, HelpedLink.objects.count()), ("told", 1))
        self.undo(self.told())
        Message.objects.exclude(state=State.TAKEN_BACK).delete()
        with later(31):
            self.assertIsNone(sending.claim(), "what was taken back is never claimed")

    def test_mail_that_is_tried_again_has_left(self) -> None:
        follow_up = self.told()
        told_mails().update(attempts=1, send_after=timezone.now() + timedelta(minutes=5))
        with self.assertRaisesMessage(DomainError, "has left"):
            self.undo(follow_up)

    def test_what_was_said_in_person_without_a_mail_can_be_taken_back_like_any_step(self) -> None:
        follow_up = self.done()
        services.tell(follow_up.pk, how="in_person", words=WORDS, by=self.ana, ask_if_it_helped=False)
        with later(120):
            self.assertEqual(self.undo(follow_up).state, "done")

    def test_only_by_whoever_told_them(self) -> None:
        follow_up = self.told()
        with self.assertRaises(DomainError):
            services.undo(follow_up.pk, by=self.sol)
        self.assertEqual(told_mails().get().state, State.WAITING)
