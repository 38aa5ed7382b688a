"""The page behind the link in the mail."""

from __future__ import annotations

import re
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from comity.followups.models import FollowUp, HelpedLink
from comity.followups.tests.world import RingTestCase
from comity.outbox.models import Message


class HelpedPage(RingTestCase):
    def link(self, follow_up: FollowUp) -> str:
        mail = Message.objects.filter(kind="followups.told", about_id=str(follow_up.pk)).latest("pk")
        found = re.search(r"/helped/\S+", mail.text)
        assert found
        return found[0]

    def test_opening_it_changes_nothing_however_often(self) -> None:
        follow_up = self.told()
        for _each in range(3):
            self.assertContains(self.page(self.link(follow_up)), "From today you get a message.")
        follow_up.refresh_from_db()
        self.assertEqual((follow_up.helped, follow_up.version), ("", 3))

    def test_an_answer_is_kept_and_thanked_for(self) -> None:
        follow_up = self.told()
        answer = self.client.post(self.link(follow_up), {"answer": "yes", "words": "Thanks."}, follow=True)
        self.assertContains(answer, "Thank you for telling us.")
        follow_up.refresh_from_db()
        self.assertEqual(follow_up.helped, "yes")
        self.assertContains(self.page(self.link(follow_up)), "You can still change it below.")

    def test_no_reopens_it_and_uses_the_link_up(self) -> None:
        follow_up = self.told()
        link = self.link(follow_up)
        answer = self.client.post(link, {"answer": "no"}, follow=True)
        self.assertContains(answer, "We have reopened it.")
        self.page(link, status=404)

    def test_no_answer_is_an_error_that_says_so(self) -> None:
        self.post_refused(self.link(self.told()), {"words": "x"}, "There is a problem")

    def test_dead_links_of_every_kind_get_the_same_answer(self) -> None:
        expired, used, cut = self.told(), self.told(), self.told()
        links = [self.link(expired), self.link(used), self.link(cut)[:-6] + "/", "/helped/guessed/"]
        HelpedLink.objects.filter(follow_up=expired).update(expires_at=timezone.now())
        HelpedLink.objects.filter(follow_up=used).update(answered_at=timezone.now() - timedelta(days=30))
        answers = [self.client.get(link) for link in links]
        self.assertEqual({answer.status_code for answer in answers}, {404})
        bodies = {re.sub(rb'(value|content)="[^"]*"', b"", answer.content) for answer in answers}
        self.assertEqual(len(bodies), 1)

    def test_who_guesses_too_often_has_to_wait(self) -> None:
        for _each in range(20):
            self.client.get("/helped/guessed/")
        self.assertEqual(self.client.get("/helped/guessed/").status_code, 429)

    def test_thanks_need_no_link(self) -> None:
        self.page(reverse("followups:thanks"))
