"""Keeping what somebody answered."""

from __future__ import annotations

from typing import Any

from django.test import TestCase
from django.utils import timezone

from comity.audit.models import Entry
from comity.core.errors import DomainError
from comity.surveys.models import Held, Mode, Participant, Response, Wave
from comity.surveys.services import answering
from comity.surveys.services.answering import ClosedError, SavedMeanwhileError, Stored
from comity.surveys.services.sealing import held_key, opened
from comity.surveys.tests import world
from comity.testing.cast import CastTestCase


class Answering(CastTestCase):
    """Ben of Parks is asked how the office did."""

    def asked(self, mode: str = Mode.NAMED) -> Participant:
        wave = world.wave(mode, key=f"wave-{mode}")
        participant, self.raw = world.invited(wave, self.ben_person, self.parks)
        return self.found(participant)

    def found(self, participant: Participant) -> Participant:
        return Participant.objects.answerable().get(pk=participant.pk)

    def answer(self, participant: Participant, *, revision: int = 0, **more: Any) -> Stored:
        said = {
            "complete": True,
            "language": "en",
            "answers": {"overall": 5, "change": "More trails."},
            **more,
        }
        return answering.answer(participant, said.pop("answers"), revision=revision, **said)

    def test_a_named_answer_is_kept_with_its_person_its_body_and_the_day(self) -> None:
        participant = self.asked()
        self.answer(participant)
        response = Response.objects.get()
        self.assertEqual(response.answers, {"overall": 5, "change": "More trails."})
        self.assertEqual((response.person, response.partner), (self.ben_person, self.parks))
        self.assertEqual(response.day, timezone.localdate())
        self.assertTrue(response.is_complete)
        self.assertTrue(Participant.objects.get().answered)
        self.assertTrue(Wave.objects.get().has_answers)

    def test_what_is_saved_for_later_is_not_sent_off_and_what_was_sent_off_stays_so(self) -> None:
        participant = self.asked()
        self.answer(participant, complete=False)
        self.assertFalse(Response.objects.get().is_complete)
        self.assertFalse(Participant.objects.get().answered)
        self.answer(participant, revision=1)
        self.answer(participant, revision=2, complete=False, answers={"overall": 4})
        self.assertTrue(Response.objects.get().is_complete)
        self.assertEqual(answering.stored_of(participant), Stored({"overall": 4}, True, False, 3))

    def test_consent_is_asked_only_where_it_means_something(self) -> None:
        self.answer(self.asked(Mode.NAMED), may_contact=True)
        self.answer(self.asked(Mode.CONFIDENTIAL), may_contact=True)
        self.assertEqual(
            set(Response.objects.values_list("wave__mode", "may_contact")),
            {("named", False), ("confidential", True)},
        )

    def test_an_anonymous_answer_is_held_and_leaves_no_other_mark(self) -> None:
        participant = self.asked(Mode.ANONYMOUS)
        before = Participant.objects.values().get()
        entries = Entry.objects.count()
        self.answer(participant, may_contact=True)
        self.answer(participant, revision=1, answers={"overall": 1})
        held = Held.objects.get()
        self.assertEqual(held.key, held_key(str(participant.token_hash)))
        self.assertEqual(
            (opened(held.answers, held.key), held.is_complete, held.revision), ({"overall": 1}, True, 2)
        )
        self.assertEqual(Participant.objects.values().get(), before)
        self.assertEqual(Entry.objects.count(), entries)
        self.assertFalse(Response.objects.exists())
        self.assertTrue(Wave.objects.get().has_answers)

    def test_the_second_window_learns_that_something_was_saved_and_loses_nothing(self) -> None:
        for mode in Mode.values:
            with self.subTest(mode):
                participant = self.asked(mode)
                self.answer(participant, answers={"overall": 5})
                for revision in (0, 7):
                    with self.assertRaises(SavedMeanwhileError) as caught:
                        self.answer(participant, answers={"overall": 2}, revision=revision)
                    self.assertEqual(caught.exception.stored, Stored({"overall": 5}, True, False, 1))
                self.answer(participant, answers={"overall": 2}, revision=1)
                self.assertEqual(answering.stored_of(participant).answers, {"overall": 2})

    def test_the_same_sent_twice_is_no_conflict(self) -> None:
        for mode in Mode.values:
            with self.subTest(mode):
                participant = self.asked(mode)
                first, second = self.answer(participant), self.answer(participant)
                self.assertEqual(first, second)

    def test_a_wave_that_closed_meanwhile_takes_nothing(self) -> None:
        for state in (Wave.State.CLOSING, Wave.State.CLOSED):
            for mode in Mode.values:
                with self.subTest(state=state, mode=mode):
                    Wave.objects.all().delete()
                    participant = self.asked(mode)
                    Wave.objects.update(state=state, closed_at=timezone.now())
                    with self.assertRaises(ClosedError):
                        self.answer(participant)
                    self.assertFalse(Response.objects.exists() or Held.objects.exists())
                    self.assertFalse(Wave.objects.get().has_answers)

    def test_a_link_that_a_reminder_ended_meanwhile_holds_nothing(self) -> None:
        participant = self.asked(Mode.ANONYMOUS)
        Participant.objects.update(token_hash="e" * 64)
        with self.assertRaises(ClosedError):
            self.answer(participant)
        self.assertFalse(Held.objects.exists())

    def test_what_is_refused_changes_nothing(self) -> None:
        participant = self.asked()
        for answers in ({}, {"change": "  "}, {"overall": 9}, {"salary": 1}, {"change": "a" * 5_001}):
            with self.subTest(answers), self.assertRaises(DomainError):
                self.answer(participant, answers=answers)
        self.assertFalse(Response.objects.exists())
        self.assertFalse(Wave.objects.get().has_answers)


class OfAPartner(TestCase):
    def test_low_ratings_are_found_and_i_dont_know_is_not_low(self) -> None:
        wave = world.wave()
        for given in (1, 3, 4, "na"):
            Response.objects.create(wave=wave, answers={"overall": given})
        low = Response.objects.with_low(["overall", "ease"], 3)
        self.assertEqual(sorted(row.answers["overall"] for row in low), [1, 3])
