"""What partners read of follow-ups and promises is said to them, in no words of the office's trade."""

from __future__ import annotations

import re

from django.urls import reverse
from django.utils.translation import override

from comity.followups import services, to_them
from comity.followups.models import FollowUp, Step
from comity.followups.tests.world import RingTestCase
from comity.notifications.models import Notice
from comity.office.services import today
from comity.ui.components.days import day

JARGON = re.compile(r"\b(own(er|ed|s)?|raised?|told|due|escalated?|follow-ups?)\b", re.IGNORECASE)


class ToThem(RingTestCase):
    def promised(self, **more: object) -> FollowUp:
        return self.owned(kind="promise", title="Send the migration plan", said="", **more)

    def portal(self, follow_up: FollowUp) -> str:
        url = reverse("followups:portal_detail", args=[follow_up.pk])
        return self.reads(self.page(url, by=self.ben))

    def test_a_promise_is_what_we_promised_with_its_day_and_who_keeps_it(self) -> None:
        promise = self.promised()
        page = self.portal(promise)
        self.assertIn("What we promised you", page)
        self.assertIn(f"We will do this by {day(promise.due_on)}. Ana Ruiz is looking after it.", page)
        self.assertIn(f"We promised it to you on {day(today())}", page)
        self.assertNotIn("told us", page)

    def test_what_they_said_is_what_they_told_us(self) -> None:
        page = self.portal(self.owned())
        self.assertIn("What you told us", page)
        self.assertIn(f"You told us on {day(today())}", page)

    def test_whoever_else_reads_it_there_reads_who_said_it(self) -> None:
        url = reverse("followups:portal_detail", args=[self.owned().pk])
        self.assertIn("Ben Okafor told us on", self.reads(self.page(url, by=self.eve)))

    def test_the_list_tells_promises_from_what_was_told(self) -> None:
        self.owned()
        page = self.page(reverse("followups:portal_list"), by=self.ben)
        self.assertNotContains(page, "We promised you")
        self.promised()
        page = self.page(reverse("followups:portal_list"), by=self.ben)
        self.assertContains(page, "We promised you", count=1)

    def test_where_it_stands_is_said_plainly_in_every_state(self) -> None:
        late = self.aged(self.owned(), due_on=9)
        stands = [
            (self.heard(), "We heard you. Someone will take it on."),
            (
                self.aged(self.heard(), own_by=1),
                "We heard you. We are late in finding someone to look after it.",
            ),
            (late, f"We promised this by {day(late.due_on)} and are late. Ana Ruiz is looking after it."),
            (self.done(), "Done. We will tell you what came of it."),
            (self.told(), "Done. We told you what came of it."),
        ]
        for follow_up, words in stands:
            with self.subTest(words):
                self.assertEqual(to_them.stands(follow_up, today()), words)
                self.assertIn(words, self.portal(follow_up))

    def test_the_list_says_it_briefly(self) -> None:
        owned, late = self.owned(), self.aged(self.owned(), due_on=9)
        for follow_up, words in (
            (self.heard(), "We heard it"),
            (owned, f"Ana Ruiz will do this by {day(owned.due_on)}"),
            (late, f"Late: Ana Ruiz promised this by {day(late.due_on)}"),
            (self.done(), "It is done"),
            (self.told(), "We said what came of it"),
        ):
            with self.subTest(words):
                self.assertEqual(to_them.briefly(follow_up, today()), words)
        page = self.page(reverse("followups:portal_list"), by=self.ben)
        self.assertContains(page, f"Late: Ana Ruiz promised this by {day(late.due_on)}")

    def test_no_step_is_told_in_the_words_of_the_trade(self) -> None:
        """All that can have happened, in both languages."""
        follow_up = self.heard(raised_by=None)
        named = {
            "by": "Ana",
            "to": "Sol",
            "due_on": "2026-05-03",
            "was_due_on": "2026-05-01",
            "helped": "yes",
        }
        for what in Step.What:
            if what == Step.What.ESCALATED:  # only the office sees it
                continue
            step = Step(follow_up=follow_up, what=what, named=named, version=1)
            said = to_them.happened(step)
            with self.subTest(said):
                self.assertIsNone(JARGON.search(said.replace("told Sol what came of it", "")))
                with override("es"):
                    self.assertNotEqual(to_them.happened(step), said)

    def test_the_mail_about_a_promise_says_we_promised(self) -> None:
        follow_up = services.tell(
            services.finish(self.promised().pk, words="It is sent.", by=self.ana).pk,
            how="mail",
            words="Here is the plan.",
            by=self.ana,
        )
        mail = self.sent_mail("ben@parks.example.gov")[-1]
        self.assertIn("We promised you: “Send the migration plan”. Here is what came of it.", mail.text)
        self.assertNotIn("You told us", mail.text)
        link = re.search(r"/helped/\S+", mail.text)
        assert link, follow_up
        self.assertContains(self.client.get(link[0]), "What we promised you")

    def test_notices_speak_to_whoever_raised_it_and_to_the_owner_each_in_their_words(self) -> None:
        follow_up = self.owned(raised_by=self.ben)
        services.finish(follow_up.pk, words="A message goes out.", by=self.cora)
        services.tell(follow_up.pk, how="in_person", words="It goes out.", by=self.cora)
        texts = {notice.user: notice.text for notice in Notice.objects.order_by("pk")}
        self.assertTrue(texts[self.ben].startswith("Here is what came of it: Nobody tells us"))
        self.assertTrue(texts[self.ana].startswith("Told what came of it: Nobody tells us"))
