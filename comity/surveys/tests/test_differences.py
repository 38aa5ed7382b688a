"""What changed between two versions, in words."""

from __future__ import annotations

from itertools import permutations
from typing import Any

from comity.surveys.models import Question, Version
from comity.surveys.services import building
from comity.surveys.services.building.differences import _longest_in_order
from comity.surveys.tests.test_building import BuildingTestCase

KIND = Question.Kind


class Differences(BuildingTestCase):
    draft_2: Version

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        for words, said in (
            ("How easy was it?", {"driver": "ease"}),
            ("How did you reach us?", {"kind": KIND.MANY, "choices": cls.choices("Phone", "Mail")}),
            ("Why?", {"kind": KIND.TEXT}),
        ):
            building.add_question(cls.draft.pk, ask_en=words, by=cls.cora, **said)
        building.freeze(cls.draft, by=cls.cora)
        cls.draft_2 = building.begin_draft(cls.survey.pk, by=cls.cora)

    @staticmethod
    def choices(*words: str) -> list[dict[str, str]]:
        return [{"key": each.lower(), "en": each, "es": ""} for each in words]

    def question(self, key: str) -> Question:
        return self.draft_2.questions.get(key=key)

    def change(self, key: str, **said: Any) -> None:
        building.change_question(self.question(key).pk, said, by=self.cora)

    def said(self) -> list[str]:
        old, new = (Version.objects.get(pk=each.pk) for each in (self.draft, self.draft_2))
        return building.differences(old, new, list(old.questions.all()), list(new.questions.all()))

    def test_a_copy_differs_in_nothing(self) -> None:
        self.assertEqual(self.said(), [])

    def test_words_are_given_as_they_were_and_as_they_are(self) -> None:
        self.change("how-easy-was-it", ask_en="How easy was it for you?", help_en="Think of last year.")
        self.change("why", ask_es="¿Por qué?")
        self.assertEqual(
            self.said(),
            [
                "“How easy was it?” is now asked as “How easy was it for you?”",
                "“How easy was it for you?” has a new hint",
                "“Why?” is now asked in Spanish too",
            ],
        )

    def test_what_came_and_what_went(self) -> None:
        building.remove_question(self.question("why").pk, by=self.cora)
        building.add_question(self.draft_2.pk, ask_en="What else?", kind=KIND.TEXT, by=self.cora)
        self.assertEqual(self.said(), ["New: “What else?”", "No longer asked: “Why?”"])

    def test_choices(self) -> None:
        choices = [{"key": "phone", "en": "By phone", "es": ""}, {"key": "", "en": "Chat", "es": ""}]
        self.change("how-did-you-reach-us", choices=choices)
        self.assertEqual(
            self.said(),
            [
                "“How did you reach us?”: the choice “Phone” is now “By phone”",
                "“How did you reach us?” has a new choice: “Chat”",
                "“How did you reach us?” no longer has the choice “Mail”",
            ],
        )

    def test_when_a_question_is_asked_and_its_part_in_the_figures(self) -> None:
        why = self.question("why").pk
        building.hang_question(why, on="how-easy-was-it", values=[1, 2, "na"], by=self.cora)
        self.change("how-easy-was-it", core=True)
        self.assertEqual(
            self.said(),
            [
                "“How easy was it?” now counts differently in the figures",
                "“Why?” is now asked only if “How easy was it?” is 1, 2 or I don’t know",
            ],
        )

    def test_titles_and_longer_words(self) -> None:
        building.change_words(
            self.draft_2.pk, {"title_en": "How did we do?", "intro_en": "Hello."}, by=self.cora
        )
        self.assertEqual(
            self.said(),
            ["The title “How we did” is now “How did we do?”", "Reworded: introduction"],
        )

    def test_one_move_is_told_once(self) -> None:
        for _each in range(2):
            building.move_question(self.question("why").pk, up=True, by=self.cora)
        self.assertEqual(self.said(), ["Moved: “Why?”"])

    def test_as_few_moves_are_told_as_explain_the_order(self) -> None:
        for places in permutations(range(5)):
            kept = sorted(_longest_in_order(places))
            run = [places[at] for at in kept]
            self.assertEqual(run, sorted(run))
            longest = max(
                len(subset)
                for bits in range(1, 32)
                if (subset := [places[at] for at in range(5) if bits >> at & 1]) == sorted(subset)
            )
            self.assertEqual(len(run), longest)
