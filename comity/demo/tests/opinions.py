"""What the State of Franklin was asked, and the stories that its answers tell; asked of the state made in test_sample_state."""

from __future__ import annotations

from django.test import TestCase

from comity.followups.models import FollowUp, State
from comity.meetings.models import PlannedVisit
from comity.outbox.models import Message
from comity.people.models import User
from comity.surveys.models import Account, Held, Mode, Participant, Response, Wave
from comity.surveys.services import closed_loop
from comity.surveys.services.partner_results import partners_in, shared_with, waves_for
from comity.surveys.services.results import QuestionResult, results_of


class Opinions(TestCase):
    def question(self, wave: str, key: str) -> QuestionResult:
        results = results_of(Wave.objects.select_related("version", "against").get(key=wave))
        return next(one for one in results.questions if one.question.key == key)

    def mean(self, wave: str, key: str = "experience") -> float:
        summary = self.question(wave, key).summary
        assert summary is not None
        assert summary.mean is not None
        return summary.mean

    def test_two_annual_waves_lie_a_year_apart_and_the_second_asks_one_thing_more(self) -> None:
        first, second = Wave.objects.filter(key__startswith="annual-").order_by("opened_at")
        assert first.opened_at is not None
        assert second.opened_at is not None
        self.assertTrue(350 < (second.opened_at - first.opened_at).days < 370)
        self.assertEqual((first.mode, second.mode), (Mode.ANONYMOUS, Mode.CONFIDENTIAL))
        self.assertEqual({first.state, second.state}, {Wave.State.CLOSED})
        self.assertEqual((first.version.number, second.version.number, second.against), (1, 2, first))
        for wave in (first, second):
            results = results_of(wave)
            self.assertGreater(results.answered or 0, 100)
            self.assertIsNotNone(results.drivers, "fifty answers and more, so what drives them is worked out")

    def test_the_time_things_take_got_better_once_the_desk_was_mended(self) -> None:
        change = self.question("annual-2026", "time").change
        assert change is not None
        self.assertEqual(change.verdict, "better")

    def test_of_the_anonymous_wave_nothing_is_held_and_nobody_is_named(self) -> None:
        self.assertFalse(Held.objects.exists())
        wave = Wave.objects.get(key="annual-2025")
        self.assertGreater(wave.figures["answered"], 100)
        self.assertFalse(wave.responses.exists())
        self.assertFalse(wave.participants.exclude(answered=False, token_hash=None).exists())

    def test_the_pulse_shows_the_spring_of_the_outage(self) -> None:
        outage = self.mean("pulse-2026-q2")
        self.assertLess(outage + 0.5, self.mean("pulse-2026-q1"))
        self.assertLess(outage + 0.5, self.mean("pulse-2026-q3"))

    def test_a_pulse_can_be_answered_now(self) -> None:
        now = Wave.objects.get(key="pulse-2026-q4")
        self.assertEqual(now.state, Wave.State.OPEN)
        self.assertTrue(now.participants.filter(state="sent", answered=False).exists())

    def test_low_ratings_were_heard_and_most_were_told_what_came_of_them(self) -> None:
        rows = FollowUp.objects.filter(kind="low_rating")
        told = rows.filter(state=State.TOLD).count()
        self.assertGreater(told, 20)
        self.assertGreater(rows.exclude(owner=None).count(), told)
        self.assertTrue(rows.filter(state=State.OWNED).exists(), "some are fresh")
        self.assertTrue(FollowUp.objects.filter(kind="low_in_survey", source_label__contains="2025").exists())

    def test_some_low_ratings_were_visited_with_the_officers_they_need(self) -> None:
        held = PlannedVisit.objects.filter(state=PlannedVisit.State.HELD, follow_ups__kind="low_rating")
        held = held.distinct()
        self.assertGreater(held.count(), 10)
        about = FollowUp.objects.filter(kind="low_rating", meetings__isnull=False)
        self.assertGreaterEqual(about.count(), held.count())
        self.assertTrue(held.filter(going__function="procurement").exists())

    def test_some_were_asked_again_and_most_rate_higher_now(self) -> None:
        rows = FollowUp.objects.filter(kind="low_rating")
        effect = closed_loop.effect_of(rows)
        assert effect is not None
        self.assertGreater(effect.n, 5)
        self.assertGreater(effect.better, effect.worse)
        self.assertTrue(rows.filter(reopened__gt=0).exists(), "where it was still low the ring opened again")

    def test_everybody_who_was_asked_a_year_ago_was_told_what_came_of_it_in_both_languages(self) -> None:
        account = Account.objects.get(wave__key="annual-2025")
        self.assertTrue(account.published_at and account.mailed_at)
        self.assertFalse(account.deeds.filter(heard_es="").exists())
        reached = account.wave.participants.filter(state=Participant.State.SENT).exclude(email="").count()
        self.assertEqual(Message.objects.filter(kind="surveys.tell_respondents").count(), reached)

    def test_an_agency_reads_how_its_own_people_answered_beside_all_others(self) -> None:
        executive = User.objects.get(email="anita.duncan@dor.franklin.example")
        wave = waves_for(executive).select_related("version").get(key="desk")
        partner = partners_in(wave, executive)[0]
        pair = shared_with(wave, partner, [partner.pk]).pairs[0]
        assert pair.own is not None
        assert pair.own.summary is not None
        assert pair.whole.summary is not None
        self.assertLess(pair.own.summary.mean or 5, pair.whole.summary.mean or 0)

    def test_visits_are_asked_about_afterwards(self) -> None:
        waves = Wave.objects.filter(key__startswith="after-a-visit-")
        self.assertGreaterEqual(waves.count(), 2)
        self.assertGreater(Response.objects.filter(wave__in=waves).count(), 10)
