"""Where answers lie, and who may read them there."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from comity.people import tokens
from comity.surveys.models import Held, Mode, Question, Response, Survey, Wave
from comity.surveys.services.sealing import SealedElsewhereError, held_key, opened, sealed
from comity.surveys.tests import world
from comity.testing.cast import CastTestCase


class WhoReadsAnswers(CastTestCase):
    """Ben of Parks answers a wave in each of the modes."""

    def answer_in(self, mode: str, **facts: bool) -> Response:
        asked = world.wave(mode, key=f"wave-{mode}-{len(facts)}")
        participant, _raw = world.invited(asked, self.ben_person, self.parks)
        response = world.answered(participant, overall=2)
        Response.objects.filter(pk=response.pk).update(**facts)
        return response

    def test_the_office_reads_named_answers_and_partners_read_none(self) -> None:
        response = self.answer_in(Mode.NAMED)
        self.assertIn(response, Response.objects.visible_to(self.ana))
        self.assertNotIn(response, Response.objects.visible_to(self.ben))

    def test_a_confidential_answer_is_the_survey_offices_unless_its_author_allows_more(self) -> None:
        kept = self.answer_in(Mode.CONFIDENTIAL)
        allowed = self.answer_in(Mode.CONFIDENTIAL, may_contact=True)
        self.assertEqual(set(Response.objects.visible_to(self.ana)), {allowed})
        self.assertEqual(set(Response.objects.visible_to(self.cora)), {kept, allowed})

    def test_nobody_reads_single_answers_of_an_anonymous_wave(self) -> None:
        Response.objects.create(wave=world.wave(Mode.ANONYMOUS), answers={"overall": 1}, is_complete=True)
        for user in (self.ada, self.cora, self.ana, self.ben):
            self.assertFalse(Response.objects.visible_to(user).exists())

    def test_what_is_held_is_nobodys(self) -> None:
        Held.objects.create(wave=world.wave(Mode.ANONYMOUS), key="k" * 64, answers={"overall": 1})
        for user in (self.ada, self.cora, self.ana, self.ben):
            self.assertFalse(Held.objects.visible_to(user).exists())


class KeysOfHeldAnswers(CastTestCase):
    def test_the_key_is_not_to_be_had_from_the_token_or_its_hash_without_the_secret(self) -> None:
        raw, token_hash = tokens.new_token()
        key = held_key(token_hash)
        self.assertEqual(key, held_key(token_hash))
        self.assertNotIn(key, {raw, token_hash, tokens.hash_token(token_hash)})
        with self.settings(SECRET_KEY="another installation's secret, long enough to be one"):
            self.assertNotEqual(key, held_key(token_hash))

    def test_rows_lie_in_no_order_of_arrival(self) -> None:
        asked = world.wave(Mode.ANONYMOUS)
        made = [Held.objects.create(wave=asked, key=f"{number:064}").pk for number in range(12)]
        self.assertNotEqual(made, sorted(made))
        self.assertEqual(len(set(made)), 12)


class SealedAnswers(CastTestCase):
    """What is held of an anonymous wave is read with the installation's secret alone."""

    SAID: dict[str, Any] = {
        "overall": 2,
        "change": "¡Más senderos! " * 20,
        "topics": ["wifi", "phones"],
        "solved": False,
    }

    def test_what_was_sealed_is_opened_again_and_looks_different_each_time(self) -> None:
        first, second = sealed(self.SAID, "a" * 64), sealed(self.SAID, "a" * 64)
        self.assertNotEqual(first, second)
        self.assertEqual((opened(first, "a" * 64), opened(second, "a" * 64)), (self.SAID, self.SAID))
        self.assertEqual(len(first), len(sealed({"overall": 1}, "b" * 64)))

    def test_the_longest_answer_comes_back_whole(self) -> None:
        said = {"change": "".join(chr(0x4E00 + number) for number in range(5_000)), "overall": 1}
        self.assertEqual(opened(sealed(said, "a" * 64), "a" * 64), said)

    def test_it_opens_under_no_other_key_and_not_for_another_installation(self) -> None:
        kept = sealed(self.SAID, "a" * 64)
        with self.assertRaises(SealedElsewhereError):
            opened(kept, "b" * 64)
        former = settings.SECRET_KEY
        with self.settings(SECRET_KEY="another installation's secret, long enough to be one"):
            with self.assertRaises(SealedElsewhereError):
                opened(kept, "a" * 64)
            with self.settings(SECRET_KEY_FALLBACKS=[former]):
                self.assertEqual(opened(kept, "a" * 64), self.SAID)

    def test_what_a_former_release_held_is_read_as_it_is(self) -> None:
        self.assertEqual(opened(self.SAID, "a" * 64), self.SAID)


class WhatStaysOne(CastTestCase):
    def test_a_survey_has_one_draft_at_a_time(self) -> None:
        world.version(frozen=False)
        with self.assertRaises(IntegrityError), transaction.atomic():
            world.version(frozen=False)

    def test_a_key_names_one_question_of_a_version(self) -> None:
        version = world.version()
        with self.assertRaises(IntegrityError), transaction.atomic():
            Question.objects.create(version=version, key="ease", ask_en="Twice?")

    def test_a_wave_that_is_closed_says_when(self) -> None:
        asked = world.wave()
        with self.assertRaises(IntegrityError), transaction.atomic():
            Wave.objects.filter(pk=asked.pk).update(state=Wave.State.CLOSED)

    def test_a_question_without_spanish_is_asked_in_english(self) -> None:
        question = world.version().questions.get(key="ease")
        self.assertEqual(question.said("ask", "es"), "¿ease?")
        question.ask_es = ""
        self.assertEqual(question.said("ask", "es"), "How easy was it?")

    def test_surveys_are_the_offices(self) -> None:
        world.version()
        self.assertTrue(Survey.objects.visible_to(self.olu).exists())
        self.assertFalse(Survey.objects.visible_to(self.ben).exists())
