"""The form on which a survey is answered."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import SimpleTestCase
from django.utils import translation

from comity.core.errors import DomainError
from comity.surveys.forms.answering import AnswerForm
from comity.surveys.models import Question
from comity.surveys.services.answers import accepted, in_words

KIND = Question.Kind
CHANNELS = [
    {"key": "mail", "en": "Mail", "es": "Correo"},
    {"key": "phone", "en": "Phone", "es": "Teléfono"},
]
QUESTIONS = [
    Question(key="overall", kind=KIND.RATING, ask_en="How satisfied are you?", ask_es="¿Está satisfecho?"),
    Question(
        key="why",
        kind=KIND.ONE,
        ask_en="What went wrong?",
        choices=[{"key": "slow", "en": "Slow", "es": "Lento"}, {"key": "dear", "en": "Dear"}],
        show_if_question="overall",
        show_if_values=[1, 2, 3],
    ),
    Question(
        key="how-slow",
        kind=KIND.TEXT,
        ask_en="How slow was it?",
        show_if_question="why",
        show_if_values=["slow"],
    ),
    Question(key="recommend", kind=KIND.RECOMMEND, ask_en="Would you recommend us?"),
    Question(key="effort", kind=KIND.EFFORT, ask_en="Was it easy?", dont_know=False),
    Question(key="solved", kind=KIND.YES_NO, ask_en="Was it solved?"),
    Question(key="channels", kind=KIND.MANY, ask_en="How did you reach us?", choices=CHANNELS),
    Question(key="words", kind=KIND.TEXT, ask_en="What should change?"),
]


def form(data: str = "", **more: Any) -> AnswerForm:
    return AnswerForm(QUESTIONS, data=QueryDict(data) if data else None, **more)


def drawn(shown: AnswerForm) -> str:
    return render_to_string("surveys/answering/_questions.html", {"form": shown})


class WhatIsAnswered(SimpleTestCase):
    def test_each_kind_becomes_what_is_kept(self) -> None:
        sent = form(
            "q-overall=4&q-recommend=0&q-effort=7&q-solved=no&q-channels=mail&q-channels=phone&q-words=+Hello%0D%0Ayou+"
        )
        self.assertTrue(sent.is_valid(), sent.errors)
        self.assertEqual(
            sent.answers,
            {
                "overall": 4,
                "recommend": 0,
                "effort": 7,
                "solved": False,
                "channels": ["mail", "phone"],
                "words": "Hello\nyou",
            },
        )

    def test_i_dont_know_is_an_answer_of_its_own(self) -> None:
        sent = form("q-overall=na&q-channels=na")
        self.assertTrue(sent.is_valid(), sent.errors)
        self.assertEqual(sent.answers, {"overall": "na", "channels": "na"})

    def test_i_dont_know_goes_with_nothing_else(self) -> None:
        self.assertIn("q-channels", form("q-channels=na&q-channels=mail").errors)

    def test_what_is_off_the_scale_is_refused(self) -> None:
        for sent in (
            "q-overall=6",
            "q-overall=0",
            "q-recommend=11",
            "q-effort=na",
            "q-solved=maybe",
            "q-channels=fax",
        ):
            with self.subTest(sent):
                self.assertIn("Choose one of the answers shown.", str(form(sent).errors))

    def test_words_have_a_bound_and_the_sentence_says_by_how_much(self) -> None:
        self.assertTrue(form("q-words=" + "a%0D%0A" * 2_500).is_valid())
        self.assertIn("995,000 characters too long", str(form("q-words=" + "a" * 1_000_000).errors))

    def test_questions_nobody_asked_are_not_kept(self) -> None:
        sent = form("q-overall=5&q-salary=100&salary=100")
        self.assertTrue(sent.is_valid())
        self.assertEqual(sent.answers, {"overall": 5})


class QuestionsThatWait(SimpleTestCase):
    def test_what_is_asked_only_after_another_answer_is_hidden_until_then(self) -> None:
        self.assertEqual([one.question.key for one in form().asked if not one.shown], ["why", "how-slow"])
        low = form(answers={"overall": 2})
        self.assertEqual([one.question.key for one in low.asked if not one.shown], ["how-slow"])

    def test_answers_to_questions_no_longer_asked_are_dropped_with_all_that_wait_for_them(self) -> None:
        sent = form("q-overall=5&q-why=slow&q-how-slow=Very")
        self.assertTrue(sent.is_valid())
        self.assertEqual(sent.answers, {"overall": 5})

    def test_a_question_the_page_had_not_shown_yet_is_told_of(self) -> None:
        sent = form("q-overall=2")
        self.assertTrue(sent.is_valid())
        self.assertEqual([question.key for question in sent.unseen], ["why"])
        shown = form("q-overall=2&seen=why")
        self.assertTrue(shown.is_valid())
        self.assertEqual(shown.unseen, [])


class WhatIsRefusedBeneathTheForm(SimpleTestCase):
    def test_unknown_questions_and_answers_off_the_scale(self) -> None:
        for answers in (
            {"salary": 1},
            {"overall": 6},
            {"overall": True},
            {"overall": "5"},
            {"solved": 1},
            {"channels": ["mail", "mail"]},
            {"channels": [["mail"]]},
            {"words": ["a"]},
            {"words": "a" * 5_001},
            {"effort": "na"},
        ):
            with self.subTest(answers), self.assertRaises(DomainError):
                accepted(QUESTIONS, answers)


class HowItIsDrawn(SimpleTestCase):
    def test_the_ends_of_a_scale_are_said_in_words(self) -> None:
        self.assertIn("Not at all", drawn(form()))
        self.assertIn("Extremely likely", drawn(form()))

    def test_what_is_not_asked_sends_nothing(self) -> None:
        self.assertEqual(drawn(form()).count("hidden disabled"), 2)

    def test_a_script_in_an_answer_is_harmless(self) -> None:
        self.assertNotIn("<script>", drawn(form(answers={"words": "<script>alert(1)</script></textarea>"})))

    def test_it_is_asked_in_spanish_and_where_there_is_none_in_english(self) -> None:
        with translation.override("es"):
            spanish = drawn(form(language="es", answers={"overall": 1}))
        self.assertIn("¿Está satisfecho?", spanish)
        self.assertIn("Lento", spanish)
        self.assertIn("Dear", spanish)
        self.assertIn("What should change?", spanish)

    def test_what_was_saved_meanwhile_stands_beside_what_was_typed(self) -> None:
        both = drawn(form("q-overall=2&q-words=Mine", stored={"overall": 4, "words": "Mine"}))
        self.assertEqual(both.count("Already saved:"), 1)
        self.assertIn("4 of 5", both)

    def test_answers_are_told_in_words(self) -> None:
        asked = {question.key: question for question in QUESTIONS}
        self.assertEqual(in_words(asked["overall"], 2), "2 of 5")
        self.assertEqual(in_words(asked["overall"], "na"), "I don’t know")
        self.assertEqual(in_words(asked["solved"], False), "No")
        self.assertEqual(in_words(asked["channels"], ["mail", "phone"]), "Mail, Phone")
        self.assertEqual(in_words(asked["words"], "na"), "na")
