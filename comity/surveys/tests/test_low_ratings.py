"""Low ratings become follow-ups."""

from __future__ import annotations

from typing import Any

from django.utils import timezone, translation

from comity.followups import services as ring
from comity.followups.models import FollowUp, How, Severity, State, Step
from comity.notifications.models import Notice
from comity.office import services as office
from comity.partners.models import Assignment, Partner
from comity.surveys.models import Mode, Participant, Question, Response, Rules, Tally, Wave
from comity.surveys.services import answering, low_ratings
from comity.surveys.tests import world
from comity.testing.cast import CastTestCase


class Hearing(CastTestCase):
    """Ben of Parks is not satisfied; Ana is its lead contact."""

    def asked(self, mode: str = Mode.NAMED, partner: Partner | None = None) -> Participant:
        wave = world.wave(mode)
        participant, _raw = world.invited(wave, self.ben_person, partner or self.parks)
        return Participant.objects.answerable().get(pk=participant.pk)

    def answer(self, participant: Participant, revision: int = 0, **answers: Any) -> None:
        may_contact = answers.pop("may_contact", False)
        answering.answer(
            participant, answers, complete=True, language="es", may_contact=may_contact, revision=revision
        )

    def test_a_low_rating_is_heard_with_what_how_low_who_and_in_which_words(self) -> None:
        with translation.override("es"):
            self.answer(self.asked(), overall=2, ease=3, recommend=0, change="Nobody calls back.")
        follow_up = FollowUp.objects.get()
        self.assertEqual(follow_up.title, "Ben Okafor: “Nobody calls back.”")
        self.assertEqual(
            follow_up.said,
            "Rated 2 of 5: How satisfied are you?\nRated 3 of 5: How easy was it?\nNobody calls back.",
        )
        self.assertEqual((follow_up.raised_by, follow_up.partner), (self.ben_person, self.parks))
        self.assertEqual((follow_up.owner, follow_up.state), (self.ana, State.OWNED))
        self.assertEqual(follow_up.due_on, office.due_on("normal", office.today()))
        self.assertEqual(follow_up.severity, Severity.NORMAL)
        response = Response.objects.get()
        self.assertEqual(response.follow_up, follow_up)
        self.assertEqual(follow_up.source_id, str(response.pk))
        self.assertTrue(Notice.objects.filter(user=self.ana).exists())

    def test_the_others_at_the_same_body_do_not_read_it(self) -> None:
        self.answer(self.asked(), overall=2)
        self.assertFalse(FollowUp.objects.visible_to(self.eve).exists())
        self.assertTrue(FollowUp.objects.visible_to(self.olu).exists())

    def test_the_lowest_is_serious(self) -> None:
        self.answer(self.asked(), overall=3, ease=1)
        follow_up = FollowUp.objects.get()
        self.assertEqual(follow_up.title, "Ben Okafor: 1 of 5 on ease")
        self.assertEqual(follow_up.severity, Severity.HIGH)

    def test_good_ratings_and_recommendations_raise_nothing(self) -> None:
        self.answer(self.asked(), overall=4, ease="na", recommend=0)
        self.assertFalse(FollowUp.objects.exists())

    def test_the_offices_own_bound_counts(self) -> None:
        Rules.objects.create(low_rating=1)
        self.answer(self.asked(), overall=2)
        self.assertFalse(FollowUp.objects.exists())

    def test_without_a_lead_contact_it_waits_for_an_owner(self) -> None:
        self.answer(self.asked(partner=self.roads), overall=2)
        follow_up = FollowUp.objects.get()
        self.assertEqual((follow_up.owner, follow_up.state), (None, State.HEARD))

    def test_a_lead_contact_who_left_owns_nothing(self) -> None:
        self.ana.is_active = False
        self.ana.save()
        self.answer(self.asked(), overall=2)
        self.assertIsNone(FollowUp.objects.get().owner)

    def test_a_body_served_no_more_costs_nobody_their_answer(self) -> None:
        participant = self.asked()
        Assignment.objects.all().delete()
        Partner.objects.filter(pk=self.parks.pk).update(status=Partner.Status.FORMER)
        self.answer(Participant.objects.answerable().get(pk=participant.pk), overall=2)
        self.assertIsNone(FollowUp.objects.get().partner)
        self.assertTrue(Response.objects.exists())

    def test_further_low_ratings_and_words_are_added_to_the_same_follow_up(self) -> None:
        participant = self.asked()
        self.answer(participant, overall=3)
        self.answer(participant, 1, overall=3, ease=1, change="Still nobody.")
        follow_up = FollowUp.objects.get()
        step = Step.objects.latest("pk")
        self.assertEqual(step.words, "Rated 1 of 5: How easy was it?\nStill nobody.")
        self.assertTrue(step.office_only)
        self.assertIn(step.words, follow_up.said)
        self.assertEqual(follow_up.severity, Severity.HIGH)

    def test_a_rating_that_is_low_no_more_is_told_too(self) -> None:
        participant = self.asked()
        self.answer(participant, overall=2)
        self.answer(participant, 1, overall=5)
        self.assertEqual(
            Step.objects.latest("pk").words, "Changed from 2 of 5 to 5 of 5: How satisfied are you?"
        )
        self.assertEqual(FollowUp.objects.count(), 1)

    def test_lower_yet_after_it_was_told_opens_the_ring_again_and_better_does_not(self) -> None:
        participant = self.asked()
        self.answer(participant, overall=2)
        follow_up = FollowUp.objects.get()
        ring.finish(follow_up.pk, words="Mended", by=self.ana)
        ring.tell(follow_up.pk, how=How.PHONE, words="It is mended", by=self.ana, to="Ben")
        self.answer(participant, 1, overall=3)
        self.answer(participant, 2, overall=5)
        follow_up.refresh_from_db()
        self.assertEqual(follow_up.state, State.TOLD)
        self.answer(participant, 3, overall=2)
        follow_up.refresh_from_db()
        self.assertEqual((follow_up.state, follow_up.owner, follow_up.reopened), (State.OWNED, self.ana, 1))

    def test_who_has_yet_to_read_of_an_answer_is_not_told_of_it_again(self) -> None:
        participant = self.asked()
        self.answer(participant, overall=3)
        self.answer(participant, 1, overall=3, ease=1, change="Still nobody.")
        self.assertEqual(Notice.objects.filter(user=self.ana).count(), 1)
        Notice.objects.update(read_at=timezone.now())
        self.answer(participant, 2, overall=2, ease=1, change="Still nobody.")
        self.assertEqual(Notice.objects.filter(user=self.ana).count(), 2)

    def test_a_question_about_no_driver_is_asked_in_full(self) -> None:
        participant = self.asked()
        Question.objects.filter(key="ease").update(driver="")
        participant = Participant.objects.answerable().get(pk=participant.pk)
        self.answer(participant, overall=5, ease=1)
        self.assertEqual(FollowUp.objects.get().title, "Ben Okafor: 1 of 5: How easy was it?")

    def test_long_words_are_cut(self) -> None:
        self.answer(self.asked(), overall=1, change="Nobody calls back.\n" * 20)
        title = FollowUp.objects.get().title
        self.assertTrue(title.startswith("Ben Okafor: “Nobody calls back. Nobody"))
        self.assertLess(len(title), 140)

    def test_the_same_again_adds_nothing(self) -> None:
        participant = self.asked()
        self.answer(participant, overall=2)
        steps = Step.objects.count()
        self.answer(participant, 1, overall=2, recommend=3)
        self.assertEqual(Step.objects.count(), steps)

    def test_what_is_only_saved_for_later_is_its_authors_until_it_is_sent(self) -> None:
        participant = self.asked()
        answering.answer(participant, {"overall": 1}, complete=False, language="en", revision=0)
        self.assertFalse(FollowUp.objects.exists())
        self.answer(participant, 1, overall=1)
        self.assertEqual(FollowUp.objects.get().title, "Ben Okafor: 1 of 5 overall")

    def test_a_confidential_answer_is_heard_only_if_its_author_allows_it(self) -> None:
        participant = self.asked(Mode.CONFIDENTIAL)
        self.answer(participant, overall=1)
        self.assertFalse(FollowUp.objects.exists())
        self.answer(participant, 1, overall=1, may_contact=True)
        self.assertEqual(FollowUp.objects.get().raised_by, self.ben_person)

    def test_who_takes_the_consent_back_is_not_called_and_what_they_say_then_stays_theirs(self) -> None:
        participant = self.asked(Mode.CONFIDENTIAL)
        self.answer(participant, overall=2, may_contact=True)
        self.answer(participant, 1, overall=1, change="Between us.")
        self.assertEqual(Step.objects.latest("pk").words, "No longer wants to be contacted about this.")
        steps = Step.objects.count()
        self.answer(participant, 2, overall=1, ease=1)
        self.assertEqual(Step.objects.count(), steps)
        self.answer(participant, 3, overall=1, ease=3, may_contact=True)
        self.assertEqual(
            Step.objects.latest("pk").words,
            "Can be contacted about this again.\nRated 1 of 5: How satisfied are you?\nRated 3 of 5: How easy was it?",
        )
        self.assertNotIn("Between us.", FollowUp.objects.get().said)
        self.assertEqual(FollowUp.objects.count(), 1)

    def test_what_was_heard_as_low_is_told_when_it_is_better_though_the_bound_moved(self) -> None:
        participant = self.asked()
        self.answer(participant, overall=3)
        Rules.objects.create(low_rating=2)
        self.answer(Participant.objects.answerable().get(pk=participant.pk), 1, overall=5)
        self.assertIn("Changed from 3 of 5 to 5 of 5", Step.objects.latest("pk").words)

    def test_an_anonymous_answer_raises_nothing_when_it_comes(self) -> None:
        self.answer(self.asked(Mode.ANONYMOUS), overall=1, change="Ben Okafor")
        self.assertFalse(FollowUp.objects.exists())


class TheSurveyAsAWhole(CastTestCase):
    def closed(self, mode: str, **counts: dict[str, int] | None) -> Wave:
        wave = world.wave(mode, state=Wave.State.CLOSED)
        for question, found in counts.items():
            Tally.objects.create(
                wave=wave,
                table="all",
                question=question,
                n=sum(found.values()) if found else None,
                counts=found,
            )
        return wave

    def test_low_core_ratings_are_raised_once_for_the_office_as_a_whole(self) -> None:
        wave = self.closed(
            Mode.ANONYMOUS, overall={"3": 2, "5": 18}, ease={"1": 6, "4": 4}, recommend={"0": 20}
        )
        raised = low_ratings.raise_for_whole(wave)
        assert raised is not None
        self.assertEqual(raised.title, "6 of 10 rated 3 of 5 or less: How easy was it?")
        self.assertEqual(raised.said, "2 of 20 rated 3 of 5 or less: How satisfied are you?")
        self.assertEqual((raised.partner, raised.raised_by, raised.owner), (None, None, None))
        self.assertTrue(raised.anonymous)
        self.assertEqual(low_ratings.raise_for_whole(wave), raised)
        self.assertTrue(Notice.objects.filter(user=self.cora).exists())

    def test_what_is_hidden_or_good_or_named_raises_nothing(self) -> None:
        for mode, counts in (
            (Mode.ANONYMOUS, {"overall": None}),
            (Mode.CONFIDENTIAL, {"overall": {"5": 9}}),
            (Mode.NAMED, {"overall": {"1": 9}}),
        ):
            with self.subTest(mode):
                Wave.objects.all().delete()
                self.assertIsNone(low_ratings.raise_for_whole(self.closed(mode, **counts)))
