"""The ring itself: each step, what it refuses, and what it leaves behind."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from comity.audit.models import Entry
from comity.core.errors import DomainError
from comity.editing.conflict import ConflictError
from comity.followups import services
from comity.followups.kinds import Kind
from comity.followups.models import FollowUp, Helped, HelpedLink, State, Step
from comity.followups.tests.world import RingTestCase
from comity.notifications.models import Notice
from comity.office import services as office
from comity.outbox.models import Message
from comity.partners.models import Partner
from comity.people.models import Absence
from comity.testing.declaring import declaring


def words_of(follow_up: FollowUp) -> list[str]:
    return [step.what for step in follow_up.steps.all()]


class Heard(RingTestCase):
    def test_it_waits_for_an_owner_and_is_due_by_the_days_of_its_severity(self) -> None:
        follow_up = self.heard(severity="urgent")
        self.assertEqual(follow_up.state, State.HEARD)
        self.assertEqual(follow_up.due_on, office.due_on("urgent", office.today()))
        self.assertEqual(follow_up.own_by, office.calendar().add_days(office.today(), 1))

    def test_the_lead_contact_gets_notice_and_so_does_who_stands_in(self) -> None:
        today = timezone.localdate()
        Absence.objects.create(user=self.ana, stand_in=self.sol, starts_on=today, until_on=today)
        follow_up = self.heard()
        told = Notice.objects.filter(about_id=follow_up.pk)
        self.assertEqual({notice.user for notice in told}, {self.ana, self.sol})
        self.assertTrue(all(notice.mail == "at_once" for notice in told))

    def test_without_a_lead_contact_the_one_above_or_the_cco_gets_notice(self) -> None:
        trails, roads = self.heard(partner=self.trails), self.heard(partner=self.roads, raised_by=None)
        self.assertEqual(Notice.objects.get(about_id=trails.pk).user, self.ana)
        self.assertEqual(Notice.objects.get(about_id=roads.pk).user, self.cora)

    def test_given_an_owner_it_is_owned_from_the_start(self) -> None:
        follow_up = self.owned()
        self.assertEqual(follow_up.state, State.OWNED)
        self.assertEqual(follow_up.promised_on, follow_up.due_on)
        self.assertEqual(words_of(follow_up), ["heard", "owned"])

    def test_it_may_be_about_the_office_as_a_whole(self) -> None:
        self.assertIsNone(self.heard(partner=None, raised_by=None, anonymous=True).partner)

    def test_it_is_written_to_the_trail_with_its_partner(self) -> None:
        entry = Entry.objects.about(self.heard()).get()
        self.assertEqual(entry.action, "followups.raise")
        self.assertEqual(entry.partner_id, self.parks.pk)

    def test_what_cannot_be_is_refused_with_a_sentence(self) -> None:
        Partner.objects.filter(pk=self.roads.pk).update(status="former")
        self.roads.refresh_from_db()
        tomorrow = timezone.now() + timedelta(days=1)
        refused: list[tuple[dict[str, Any], str]] = [
            ({"title": "  "}, "Say in one line"),
            ({"title": "x" * 10_000}, "up to 200"),
            ({"partner": self.roads}, "no longer served"),
            ({"anonymous": True}, "either anonymous"),
            ({"heard_at": tomorrow}, "in the future"),
            ({"due_on": timezone.localdate() - timedelta(days=3)}, "before the day it was heard"),
            ({"owner": self.ben}, "Only our office’s people"),
        ]
        for change, sentence in refused:
            with self.subTest(change), self.assertRaisesMessage(DomainError, sentence):
                self.heard(**change)
        self.assertFalse(FollowUp.objects.exists())

    def test_a_kind_nobody_registered_is_our_own_mistake(self) -> None:
        with self.assertRaises(ValueError):
            self.heard(kind="never heard of")


class Owned(RingTestCase):
    def test_taking_it_on_promises_a_day(self) -> None:
        day = office.today() + timedelta(days=3)
        follow_up = services.own(self.heard().pk, by=self.ana, due_on=day)
        self.assertEqual((follow_up.owner, follow_up.due_on, follow_up.promised_on), (self.ana, day, day))

    def test_the_second_who_takes_it_on_reads_who_was_first(self) -> None:
        follow_up = self.owned()
        with self.assertRaisesMessage(DomainError, "Ana Ruiz already owns this"):
            services.own(follow_up.pk, by=self.sol)

    def test_handing_over_tells_the_new_owner_and_keeps_the_note_in_the_office(self) -> None:
        follow_up = services.hand_over(
            self.owned().pk, to=self.sol, by=self.ana, words="You know the network."
        )
        self.assertEqual(follow_up.owner, self.sol)
        self.assertTrue(follow_up.comments.get().office_only)
        self.assertTrue(Notice.objects.filter(user=self.sol, about_id=follow_up.pk, mail="at_once").exists())

    def test_many_are_handed_over_with_one_notice(self) -> None:
        pile = [self.owned().pk for _each in range(3)]
        Notice.objects.all().delete()
        self.assertEqual(services.hand_over_many(pile, to=self.sol, by=self.cora), 3)
        self.assertEqual(Notice.objects.filter(user=self.sol).count(), 1)

    def test_a_moved_day_leaves_the_day_first_promised(self) -> None:
        follow_up = self.owned()
        first = follow_up.due_on
        moved = services.move_due(
            follow_up.pk, due_on=first + timedelta(days=7), words="The part is late.", by=self.ana
        )
        self.assertEqual((moved.due_on, moved.promised_on), (first + timedelta(days=7), first))
        with self.assertRaisesMessage(DomainError, "Say why"):
            services.move_due(follow_up.pk, due_on=first, words=" ", by=self.ana)


class DoneAndTold(RingTestCase):
    def test_done_wants_words(self) -> None:
        follow_up = self.owned()
        with self.assertRaisesMessage(DomainError, "Say what was done"):
            services.finish(follow_up.pk, words="\n", by=self.ana)
        self.assertEqual(self.done().state, State.DONE)

    def test_who_does_what_nobody_owned_owns_it(self) -> None:
        follow_up = services.finish(self.heard().pk, words="Mended.", by=self.sol)
        self.assertEqual((follow_up.owner, follow_up.state), (self.sol, State.DONE))

    def test_nobody_is_told_before_something_was_done(self) -> None:
        with self.assertRaisesMessage(DomainError, "First say what was done"):
            services.tell(self.owned().pk, how="phone", words="Soon.", by=self.ana)

    def test_telling_by_mail_sends_the_words_and_a_link(self) -> None:
        follow_up = self.told()
        mail = Message.objects.get(to=self.ben_person.email)
        self.assertIn("From today you get a message.", mail.text)
        self.assertIn("/helped/", mail.text)
        self.assertTrue(mail.wipe_after_sending)
        link = HelpedLink.objects.get(follow_up=follow_up)
        self.assertNotIn(link.token_hash, mail.text)

    def test_after_a_call_the_link_goes_by_mail_where_there_is_an_address(self) -> None:
        self.told(how="phone")
        self.assertIn("Ana Ruiz has talked with you", Message.objects.get(kind="followups.told").text)

    def test_where_nobody_stands_behind_it_no_mail_goes(self) -> None:
        follow_up = self.done(raised_by=None, anonymous=True)
        with self.assertRaisesMessage(DomainError, "nobody to email"):
            services.tell(follow_up.pk, how="mail", words="Done.", by=self.ana)
        with self.assertRaisesMessage(DomainError, "who you told"):
            services.tell(follow_up.pk, how="public", words="Done.", by=self.ana)
        told = services.tell(follow_up.pk, how="public", to="The IT user group", words="Done.", by=self.ana)
        self.assertEqual((told.state, told.asked_at), (State.TOLD, None))
        self.assertFalse(Message.objects.filter(kind="followups.told").exists())

    def test_without_an_address_the_sentence_says_what_to_do(self) -> None:
        self.ben_person.email = ""
        self.ben_person.save()
        follow_up = self.done()
        with self.assertRaisesMessage(DomainError, "Tell them in person or by phone"):
            services.tell(follow_up.pk, how="mail", words="Done.", by=self.ana)

    def test_nobody_is_asked_whether_thanks_have_helped(self) -> None:
        self.told(kind="compliment")
        self.assertNotIn("/helped/", Message.objects.get(kind="followups.told").text)

    def test_the_mail_is_in_the_language_of_its_reader(self) -> None:
        self.ben_person.language = "es"
        self.ben_person.save()
        self.told()
        self.assertEqual(Message.objects.get(kind="followups.told").language, "es")

    def test_a_crash_while_telling_leaves_it_done_with_its_words(self) -> None:
        follow_up = self.done()
        with self.assertRaises(RuntimeError), transaction.atomic():
            services.tell(follow_up.pk, how="mail", words="Told.", by=self.ana)
            raise RuntimeError("the power went")
        follow_up.refresh_from_db()
        self.assertEqual(follow_up.state, State.DONE)
        self.assertEqual(follow_up.done_words, "We send a message within ten minutes.")
        self.assertFalse(
            Message.objects.filter(kind="followups.told").exists() or HelpedLink.objects.exists()
        )
        self.assertEqual(services.tell(follow_up.pk, how="mail", words="Told.", by=self.ana).state, "told")

    def test_the_database_itself_refuses_a_ring_that_skips_a_step(self) -> None:
        follow_up = self.heard()
        for fields in ({"state": "owned"}, {"state": "heard", "owner": self.ana}, {"state": "told"}):
            with self.subTest(fields), self.assertRaises(IntegrityError), transaction.atomic():
                FollowUp.objects.filter(pk=follow_up.pk).update(**fields)


class Helping(RingTestCase):
    def answer(self, follow_up: FollowUp, answer: str, words: str = "") -> FollowUp | None:
        link = HelpedLink.objects.get(follow_up=follow_up, round=follow_up.reopened)
        return services.answer_by_link(link, answer=answer, words=words)

    def test_yes_is_kept_and_the_owner_hears_of_it(self) -> None:
        follow_up = self.told()
        self.answer(follow_up, "yes", "Thank you.")
        follow_up.refresh_from_db()
        self.assertEqual((follow_up.helped, follow_up.helped_words), (Helped.YES, "Thank you."))
        self.assertIn("It helped", Notice.objects.filter(user=self.ana).latest("pk").text)

    def test_no_reopens_it_for_its_owner_and_the_first_round_stays_readable(self) -> None:
        follow_up = self.told()
        self.answer(follow_up, "no", "Still no message.")
        follow_up.refresh_from_db()
        self.assertEqual((follow_up.state, follow_up.owner, follow_up.reopened), (State.OWNED, self.ana, 1))
        self.assertEqual(follow_up.done_words, "")
        said = {step.what: step.words for step in follow_up.steps.filter(round=0)}
        self.assertEqual(said["done"], "We send a message within ten minutes.")
        self.assertEqual(said["told"], "From today you get a message.")
        self.assertEqual(said["helped"], "Still no message.")

    def test_when_its_owner_has_left_it_waits_for_another(self) -> None:
        follow_up = self.told()
        self.ana.is_active = False
        self.ana.save()
        self.answer(follow_up, "no")
        follow_up.refresh_from_db()
        self.assertEqual((follow_up.state, follow_up.owner), (State.HEARD, None))

    def test_one_may_change_ones_mind_for_some_days_but_not_after_no(self) -> None:
        follow_up = self.told()
        self.answer(follow_up, "partly")
        self.assertIsNotNone(self.answer(follow_up, "yes"))
        HelpedLink.objects.update(answered_at=timezone.now() - timedelta(days=8))
        self.assertIsNone(self.answer(follow_up, "no"))
        HelpedLink.objects.update(answered_at=timezone.now())
        self.assertIsNotNone(self.answer(follow_up, "no"))
        self.assertIsNone(self.answer(follow_up, "yes"))

    def test_whoever_raised_it_may_answer_in_the_portal(self) -> None:
        follow_up = services.answer_helped(self.told(raised_by=self.ben).pk, answer="yes", by=self.ben)
        self.assertEqual(follow_up.helped, Helped.YES)


class ReopenedAndWithdrawn(RingTestCase):
    def test_a_reason_is_wanted_and_stays(self) -> None:
        follow_up = self.owned()
        with self.assertRaisesMessage(DomainError, "why it is withdrawn"):
            services.withdraw(follow_up.pk, reason="", by=self.ana)
        services.withdraw(follow_up.pk, reason="Said twice.", by=self.ana)
        again = services.reopen(follow_up.pk, words="It was not the same.", by=self.ana)
        self.assertEqual((again.state, again.reopened, again.withdrawn_reason), (State.OWNED, 1, ""))
        self.assertEqual(again.steps.get(what="withdrawn").words, "Said twice.")


class Conflicts(RingTestCase):
    def test_the_second_of_two_reads_what_the_first_did(self) -> None:
        follow_up = self.owned()
        seen = follow_up.version
        services.edit(follow_up.pk, {"title": "Outages", "severity": "high"}, by=self.sol)
        with self.assertRaises(ConflictError) as caught:
            services.finish(follow_up.pk, words="Done.", by=self.ana, version=seen)
        self.assertEqual(caught.exception.since, ["Sol Service edited the text"])
        with self.assertRaises(ConflictError) as caught:
            services.edit(follow_up.pk, {"title": "Power"}, by=self.ana, seen={"title": "The network"})
        self.assertEqual([clash.theirs for clash in caught.exception.clashes], ["Outages"])

    def test_a_comment_is_no_conflict(self) -> None:
        follow_up = self.owned()
        services.comment(follow_up.pk, words="Who knows more?", by=self.sol)
        self.assertEqual(
            services.finish(follow_up.pk, words="Done.", by=self.ana, version=follow_up.version).state, "done"
        )


class TakenBack(RingTestCase):
    def test_ones_own_last_step_for_some_minutes(self) -> None:
        follow_up = self.heard()
        services.own(follow_up.pk, by=self.ana)
        undone = services.undo(follow_up.pk, by=self.ana)
        self.assertEqual((undone.state, undone.owner, undone.owned_on), (State.HEARD, None, None))
        services.own(follow_up.pk, by=self.ana)
        with self.assertRaisesMessage(DomainError, "no longer be undone"):
            services.undo(follow_up.pk, by=self.sol)
        Step.objects.update(at=timezone.now() - timedelta(minutes=11))
        with self.assertRaisesMessage(DomainError, "no longer be undone"):
            services.undo(follow_up.pk, by=self.ana)


class Comments(RingTestCase):
    def test_only_those_who_may_read_it_are_called(self) -> None:
        follow_up = self.owned()
        inside = services.comment(follow_up.pk, words="@Sol Service and @Ben Okafor, look.", by=self.ana)
        self.assertEqual(set(inside.mentions.all()), {self.sol})
        outside = services.comment(
            follow_up.pk, words="Dear @ben okafor, and @Cy Young: look.", by=self.ana, office_only=False
        )
        self.assertEqual(set(outside.mentions.all()), {self.ben})
        self.assertTrue(Notice.objects.filter(user=self.ben, about_id=follow_up.pk).exists())

    def test_a_partners_user_cannot_hide_a_comment_from_their_own_side(self) -> None:
        follow_up = self.owned()
        self.assertFalse(services.comment(follow_up.pk, words="Any news?", by=self.ben).office_only)

    def test_an_address_calls_as_well_as_a_name(self) -> None:
        written = services.comment(self.owned().pk, words=f"Ask @{self.finn.email}, please.", by=self.ana)
        self.assertEqual(set(written.mentions.all()), {self.finn})


class KindsThatOwnTheirEnding(RingTestCase):
    def setUp(self) -> None:
        self.enterContext(declaring(Kind("quarrel", "Quarrel", outcomes=(("upheld", "We agreed"),))))

    def test_only_the_domain_says_how_it_ended(self) -> None:
        follow_up = self.owned(kind="quarrel")
        with self.assertRaisesMessage(DomainError, "closed where it came from"):
            services.finish(follow_up.pk, words="Done.", by=self.ana)
        ended = services.finish(follow_up.pk, words="You were right.", outcome="upheld", by=self.ana)
        self.assertEqual((ended.outcome, ended.state), ("upheld", State.DONE))


class Rings(RingTestCase):
    def test_each_part_and_its_sentence(self) -> None:
        today = office.today()
        late = self.aged(self.owned(), due_on=9)
        for follow_up, parts, title in [
            (self.heard(), ("on", "now", "off", "off"), "nobody owns it yet"),
            (self.aged(self.heard(), own_by=1), ("on", "bad", "off", "off"), "nobody owns it yet"),
            (self.owned(), ("on", "on", "now", "off"), "Owned by Ana Ruiz, due in"),
            (late, ("on", "on", "bad", "off"), "Owned by Ana Ruiz, 9 days late"),
            (self.done(), ("on", "on", "on", "now"), "nobody told yet"),
            (self.told(), ("on", "on", "on", "on"), "Told what came of it"),
        ]:
            with self.subTest(title):
                ring = follow_up.ring(today)
                self.assertEqual(ring.parts, parts)
                self.assertIn(title, ring.title)
