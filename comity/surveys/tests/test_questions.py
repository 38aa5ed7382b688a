"""What can be answered to a question, and when it comes up."""

from __future__ import annotations

from typing import Any

from django.test import SimpleTestCase

from comity.surveys.models import Question

KIND = Question.Kind


class Questions(SimpleTestCase):
    def test_a_question_knows_every_answer_there_is(self) -> None:
        choices = [{"key": "phone", "en": "Phone", "es": ""}, {"key": "mail", "en": "Mail", "es": ""}]
        for kind, values in (
            (KIND.RATING, (1, 2, 3, 4, 5)),
            (KIND.RECOMMEND, tuple(range(11))),
            (KIND.EFFORT, (1, 2, 3, 4, 5, 6, 7)),
            (KIND.YES_NO, (True, False)),
            (KIND.ONE, ("phone", "mail")),
            (KIND.MANY, ("phone", "mail")),
            (KIND.TEXT, ()),
        ):
            with self.subTest(kind):
                self.assertEqual(Question(kind=kind, choices=choices).values, values)

    def test_it_comes_up_only_after_the_answers_it_hangs_on(self) -> None:
        always, low = Question(), Question(show_if_question="ease", show_if_values=[1, 2, "na"])
        heard: list[tuple[dict[str, Any], bool]] = [
            ({}, False),
            ({"ease": 2}, True),
            ({"ease": 3}, False),
            ({"ease": "na"}, True),
            ({"speed": 1}, False),
        ]
        for answers, asked in heard:
            with self.subTest(answers):
                self.assertEqual((always.is_asked(answers), low.is_asked(answers)), (True, asked))

    def test_of_several_choices_one_is_enough(self) -> None:
        question = Question(show_if_question="how", show_if_values=["phone"])
        self.assertTrue(question.is_asked({"how": ["mail", "phone"]}))
        self.assertFalse(question.is_asked({"how": ["mail"]}))
