"""What becomes of a vote: departures with a reason, a list of follow-ups, and a report back to each who raised or backed it."""

from __future__ import annotations

from django.urls import reverse

from comity.core.errors import DomainError
from comity.councils.models import AgendaItem, Topic, Vote, VoteItem
from comity.councils.services import publishing
from comity.councils.tests.voting import VotingTestCase
from comity.followups import services as followups
from comity.followups.models import FollowUp
from comity.outbox import services as outbox


class PublishingTestCase(VotingTestCase):
    def item(self, vote: Vote, topic: Topic) -> VoteItem:
        return vote.items.get(topic=topic)

    def published(self) -> Vote:
        vote = self.voted()
        given = {self.item(vote, self.scans).pk: (self.ana, self.today)}
        return publishing.publish(vote.pk, given, by=self.cora)


class Departing(PublishingTestCase):
    def test_the_cio_takes_what_did_not_win_and_leaves_what_won_with_the_reason(self) -> None:
        vote = self.voted()
        scans, mail = (
            reverse("councils:depart", args=[self.item(vote, each).pk]) for each in (self.scans, self.mail)
        )
        self.page(mail, by=self.ira)
        self.post_refused(mail, {"taken": "1", "reason": " "}, "Say why.")
        self.post(mail, {"taken": "1", "reason": "A law asks for it."}, expect=vote.get_absolute_url())
        self.post(scans, {"taken": "0", "reason": "The contract ends anyway."})
        self.assertEqual([one.taken for one in publishing.the_list(vote)], [False, False, True])
        page = self.reads(self.page(vote.get_absolute_url(), by=self.ben))
        self.assertIn("Not taken on, though it won The contract ends anyway.", page)
        self.assertIn("Taken on, though it did not win A law asks for it.", page)
        self.post(scans, {"taken": "1"}, by=self.ira)
        self.assertIsNone(self.item(vote, self.scans).taken)

    def test_nobody_else_departs_and_not_once_it_is_published(self) -> None:
        vote = self.published()
        item = self.item(vote, self.mail)
        self.page(reverse("councils:depart", args=[item.pk]), by=self.ana, status=403)
        with self.assertRaisesMessage(DomainError, "before its list is published"):
            publishing.depart(item.pk, taken=True, reason="Late", by=self.ira)


class Publishing(PublishingTestCase):
    def test_each_item_becomes_a_follow_up_of_whoever_raised_it(self) -> None:
        vote = self.voted()
        url = reverse("councils:publish_vote", args=[vote.pk])
        self.page(url, by=self.cora)
        pk = self.item(vote, self.scans).pk
        self.post_refused(url, {f"owner-{pk}": "Nobody", f"due-{pk}": ""}, "Nobody")
        self.post(url, {f"owner-{pk}": "Ana Ruiz", f"due-{pk}": self.today.isoformat()})
        follow_up = FollowUp.objects.get()
        self.assertEqual(
            (follow_up.kind, follow_up.owner, follow_up.partner, follow_up.raised_by, follow_up.due_on),
            (publishing.LISTED, self.ana, self.parks, self.ben_person, self.today),
        )
        self.scans.refresh_from_db()
        self.assertEqual(self.scans.follow_up, follow_up)
        self.assertContains(self.page(follow_up.get_absolute_url(), by=self.ana), vote.get_absolute_url())
        with self.assertRaisesMessage(DomainError, "published once"):
            publishing.publish(vote.pk, {}, by=self.cora)

    def test_what_is_worked_on_already_keeps_its_follow_up(self) -> None:
        self.published()
        again = self.voted()
        publishing.publish(again.pk, {}, by=self.cora)
        self.assertEqual(FollowUp.objects.count(), 1)

    def test_what_a_guest_raised_is_the_offices_own(self) -> None:
        vote = self.opened()
        self.cast_by(vote, self.bens, self.mail)
        vote = self.closed(vote)
        publishing.publish(vote.pk, {self.item(vote, self.mail).pk: (self.ana, self.today)}, by=self.cora)
        self.assertIsNone(FollowUp.objects.get().partner)


class Reporting(PublishingTestCase):
    def test_it_is_put_on_the_agenda_and_mailed_once_to_each_who_raised_or_backed_something(self) -> None:
        vote = self.published()
        follow_up = FollowUp.objects.get()
        followups.finish(follow_up.pk, words="Scans cost half now.", by=self.ana)
        meeting, url = self.meeting(7), reverse("councils:report_vote", args=[vote.pk])
        page = self.reads(self.page(url, by=self.cora))
        self.assertIn("You asked: Scans cost too much", page)
        self.assertIn("Ben Okafor Cy Young Eve Head", page)
        before = len(self.sent_mail())
        for _time in range(2):
            self.post(url, {}, expect=vote.get_absolute_url())
        self.assertEqual(AgendaItem.objects.get().meeting, meeting)
        self.assertEqual(len(self.sent_mail()) - before, 3)
        text = self.sent_mail(self.eve.email)[-1].text
        self.assertIn("Scans cost half now.", text)
        self.assertIn("You asked: Mail is lost\nWe do not work on it now.", text)
        self.assertNotIn("Nobody answers the phone", text)
        self.assertIn("Scans cost half now.", self.reads(self.page(vote.get_absolute_url(), by=self.eve)))

    def test_without_a_meeting_to_come_or_a_list_nothing_is_sent(self) -> None:
        vote = self.published()
        self.assertIn(
            "no meeting to come",
            self.reads(self.page(reverse("councils:report_vote", args=[vote.pk]), by=self.cora)),
        )
        with self.assertRaisesMessage(DomainError, "no meeting to come"):
            publishing.report_back(vote.pk, by=self.cora)
        with self.assertRaisesMessage(DomainError, "Publish the list"):
            publishing.report_back(self.opened().pk, by=self.cora)

    def test_who_stopped_this_mail_gets_none_of_it(self) -> None:
        vote, _meeting = self.published(), self.meeting(7)
        outbox.stop(self.eve.email, publishing.REPORT_MAIL, by=self.eve)
        publishing.report_back(vote.pk, by=self.cora)
        self.assertEqual(self.sent_mail(self.eve.email)[-1].state, "held")

    def test_members_who_read_spanish_read_it_in_spanish(self) -> None:
        type(self.cy_person).objects.update(language="es")
        vote, _meeting = self.published(), self.meeting(7)
        publishing.report_back(vote.pk, by=self.cora)
        self.assertIn("Usted pidió: Scans cost too much", self.sent_mail(self.cy.email)[-1].text)
