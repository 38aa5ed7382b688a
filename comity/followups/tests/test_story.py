"""What the page of a follow-up tells: its four steps with names and days, and one stream of all that happened."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from comity.followups import services
from comity.followups.models import Comment, FollowUp, HelpedLink, Step
from comity.followups.tests.world import RingTestCase
from comity.followups.views.story import Stage, stages, steps_of, stream
from comity.office.services import today
from comity.outbox.models import Message
from comity.people.models import User
from comity.ui.components.timeline import Item


class Steps(RingTestCase):
    def told_of(self, follow_up: FollowUp, user: User | None = None) -> list[Stage]:
        follow_up = FollowUp.objects.get(pk=follow_up.pk)
        return stages(follow_up, steps_of(follow_up, user or self.ana), today())

    def test_each_says_who_and_when_or_what_it_waits_for(self) -> None:
        now = today()
        for follow_up, wanted in (
            (self.heard(), [("Ben Okafor", now), ("Nobody yet", None), ("Not yet",), ("Not yet", None)]),
            (self.owned(), [("Ben Okafor", now), ("Ana Ruiz", now), ("Not yet",), ("Not yet", None)]),
            (self.done(), [("Ben Okafor", now), ("Ana Ruiz", now), ("Ana Ruiz", now), ("Not yet", None)]),
        ):
            with self.subTest(follow_up.state):
                for stage, (who, *when) in zip(self.told_of(follow_up), wanted, strict=True):
                    self.assertEqual(str(stage.who), who)
                    self.assertEqual([stage.when], when or [follow_up.due_on])

    def test_one_of_them_stands_out_and_holds_the_next_act(self) -> None:
        for follow_up, place, act in (
            (self.heard(), 1, "Take it on"),
            (self.owned(), 2, "Say what was done"),
            (self.done(), 3, "Tell them what came of it"),
            (self.told(), None, ""),
        ):
            with self.subTest(follow_up.state):
                following = [stage.is_next for stage in self.told_of(follow_up)]
                self.assertEqual(following, [number == place for number in range(4)])
                page = self.page(follow_up.get_absolute_url(), by=self.ana).content.decode()
                self.assertEqual(page.count('aria-current="step"'), 0 if place is None else 1)
                if act:
                    inside = page.split('aria-current="step"')[1].split("</li>")[0]
                    self.assertIn(act, inside)

    def test_told_says_to_whom_and_whether_it_helped(self) -> None:
        follow_up = self.told()
        told = self.told_of(follow_up)[3]
        self.assertEqual(
            (told.who, told.note),
            ("Ben Okafor", "By email from Comity, Ana Ruiz. They were asked. No answer yet."),
        )
        services.answer_by_link(HelpedLink.objects.get(), answer="yes")
        told = self.told_of(follow_up)[3]
        self.assertEqual(
            (told.note, told.tag, told.tag_kind), ("By email from Comity, Ana Ruiz", "It helped", "good")
        )

    def test_since_when_its_owner_owns_it(self) -> None:
        follow_up = self.owned()
        services.hand_over(follow_up.pk, to=self.sol, by=self.ana)
        days_ago = timezone.now() - timedelta(days=3)
        Step.objects.filter(follow_up=follow_up, what="handed_over").update(at=days_ago)
        services.move_due(follow_up.pk, due_on=today() + timedelta(days=30), words="The storm.", by=self.sol)
        owned, done = self.told_of(follow_up)[1:3]
        self.assertEqual((owned.who, owned.when), (self.sol, days_ago))
        self.assertIn("first promised for", done.note)

    def test_who_is_not_named_stays_unnamed(self) -> None:
        unnamed = self.told_of(self.heard(raised_by=None, anonymous=True), self.ben)[0]
        self.assertEqual(unnamed.who, "Someone who does not want to be named")
        self.assertEqual(self.told_of(self.heard(raised_by=None))[0].who, "No name recorded")

    def test_what_is_late_is_said_to_be(self) -> None:
        late = self.told_of(self.aged(self.owned(), due_on=9))[2]
        self.assertEqual((late.part, late.note.split(",")[0]), ("bad", "9 days late"))

    def test_the_partner_sees_the_same_and_in_spanish(self) -> None:
        follow_up = self.told(raised_by=self.ben)
        ours, theirs = self.told_of(follow_up), self.told_of(follow_up, self.ben)
        self.assertEqual([(one.who, one.when) for one in ours], [(one.who, one.when) for one in theirs])
        page = self.page(reverse("followups:portal_detail", args=[follow_up.pk]), by=self.ben)
        self.assertContains(page, 'class="story"')
        with override("es"):
            labels = [stage.label for stage in self.told_of(follow_up, self.ben)]
        self.assertEqual(labels, ["Recibido", "Asignado", "Hecho", "Comunicado"])


class Stream(RingTestCase):
    def test_everything_stands_in_one_stream_the_oldest_first(self) -> None:
        follow_up = self.owned(heard_at=timezone.now() - timedelta(days=5))
        services.comment(follow_up.pk, words="It is the old switch.", by=self.sol)
        services.move_due(follow_up.pk, due_on=today() + timedelta(days=30), words="The storm.", by=self.ana)
        services.finish(follow_up.pk, words="A new switch.", by=self.ana)
        services.tell(follow_up.pk, how="mail", words="It is mended.", by=self.ana)
        titles = [item.title for item in self.of(follow_up, self.ana)]
        wanted = (
            "wrote it down",
            "took it on",
            "Sol Service wrote",
            "changed the due date",
            "said what was done",
        )
        for title, words in zip(
            titles, (*wanted, "told Ben Okafor", "Email to Ben Okafor: What came of"), strict=True
        ):
            self.assertIn(words, title)
        page = self.page(follow_up.get_absolute_url(), by=self.ana).content.decode()
        self.assertLess(
            page.index("Email to Ben Okafor"), page.index('name="words"'), "the comment box is its end"
        )

    def of(self, follow_up: FollowUp, user: User) -> list[Item]:
        follow_up = FollowUp.objects.get(pk=follow_up.pk)
        return stream(follow_up, steps_of(follow_up, user), user)

    def test_the_partner_reads_no_mail_and_nothing_of_the_office_alone(self) -> None:
        follow_up = self.told(raised_by=self.ben)
        services.comment(follow_up.pk, words="He shouted.", by=self.sol)
        services.comment(follow_up.pk, words="For you too.", by=self.sol, office_only=False)
        page = self.page(reverse("followups:portal_detail", args=[follow_up.pk]), by=self.ben)
        self.assertContains(page, "For you too.")
        for words in ("He shouted.", "Email to", "office only"):
            self.assertNotContains(page, words)

    def test_mail_that_did_not_arrive_says_so_and_why(self) -> None:
        follow_up = self.told()
        Message.objects.update(state=Message.State.DEAD, last_error="550 no such user")
        self.assertContains(
            self.page(follow_up.get_absolute_url(), by=self.ana), "Not delivered: 550 no such user"
        )

    def test_a_comment_is_where_its_link_leads(self) -> None:
        follow_up = self.owned()
        self.post(reverse("followups:comment", args=[follow_up.pk]), {"words": "Hello"}, by=self.ana)
        comment = Comment.objects.get()
        page = self.page(follow_up.get_absolute_url(), by=self.ana)
        self.assertContains(page, f'id="comment-{comment.pk}"')
