"""Building a survey: what it leaves behind, what is kept from version to version, and what is refused."""

from __future__ import annotations

from typing import Any

from comity.audit.models import Entry
from comity.core.errors import DomainError
from comity.editing.conflict import ConflictError
from comity.surveys.models import Question, Survey, Version
from comity.surveys.services import building
from comity.surveys.tests import world
from comity.testing.cast import CastTestCase

KIND = Question.Kind


class BuildingTestCase(CastTestCase):
    survey: Survey
    draft: Version

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.survey = building.create_survey(name="How we did", purpose="annual", by=cls.cora)
        cls.draft = cls.survey.versions.get()

    def ask(self, words: str = "How easy was it?", **said: Any) -> Question:
        return building.add_question(self.draft.pk, by=self.cora, ask_en=words, **said)

    def choose(self, *words: str, **said: Any) -> Question:
        choices = [{"en": each, "es": ""} for each in words]
        return self.ask("How did you reach us?", kind=KIND.ONE, choices=choices, **said)

    def asked(self, version: Version | None = None) -> list[str]:
        return list((version or self.draft).questions.values_list("key", flat=True))

    def acts(self) -> list[str]:
        return list(Entry.objects.filter(action__startswith="surveys.").values_list("action", flat=True))


class Making(BuildingTestCase):
    def test_an_empty_one_begins_with_a_draft_that_bears_its_name(self) -> None:
        self.assertEqual(
            (self.draft.number, self.draft.title_en, self.draft.frozen_at), (1, "How we did", None)
        )
        self.assertEqual((self.survey.key, self.asked()), ("how-we-did", []))
        self.assertEqual(self.acts(), ["surveys.create"])

    def test_a_key_is_made_from_the_words_once_and_stays(self) -> None:
        question = self.ask("How easy was it to get what you needed from all of our people?")
        self.assertEqual(question.key, "how-easy-was-it-to-get-what-you-needed")
        building.change_question(question.pk, {"ask_en": "Was it easy?"}, by=self.cora)
        question.refresh_from_db()
        self.assertEqual(
            (question.ask_en, question.key), ("Was it easy?", "how-easy-was-it-to-get-what-you-needed")
        )

    def test_the_same_words_twice_get_two_keys(self) -> None:
        self.assertEqual([self.ask().key, self.ask().key], ["how-easy-was-it", "how-easy-was-it-2"])
        self.assertEqual(self.ask("¿¿??").key, "question")

    def test_a_question_is_added_where_one_wants_it(self) -> None:
        for words, after in (("First", None), ("Third", None), ("Second", "first"), ("Zeroth", "")):
            self.ask(words, after=after)
        self.assertEqual(self.asked(), ["zeroth", "first", "second", "third"])
        self.assertEqual([each.order for each in self.draft.questions.all()], [0, 1, 2, 3])

    def test_moving_goes_one_place_and_no_further_than_the_ends(self) -> None:
        first, second = self.ask("First"), self.ask("Second")
        building.move_question(second.pk, up=True, by=self.cora)
        building.move_question(second.pk, up=True, by=self.cora)
        self.assertEqual(self.asked(), ["second", "first"])
        building.move_question(second.pk, up=False, by=self.cora)
        self.assertEqual(self.asked(), [first.key, second.key])

    def test_what_was_removed_is_put_back_where_it_was(self) -> None:
        self.ask("First")
        gone = self.choose("Phone", "Mail")
        self.ask("Third")
        facts = building.remove_question(gone.pk, by=self.cora)
        self.assertEqual(self.asked(), ["first", "third"])
        back = building.restore_question(self.draft.pk, facts, by=self.cora)
        self.assertEqual(self.asked(), ["first", gone.key, "third"])
        self.assertEqual(back.choices, gone.choices)

    def test_a_reworded_choice_keeps_its_key_and_a_new_one_gets_its_own(self) -> None:
        question = self.choose("Phone", "Mail")
        building.change_question(
            question.pk,
            {
                "choices": [
                    {"key": "mail", "en": "By mail", "es": "Por correo"},
                    {"key": "", "en": "Mail", "es": ""},
                    {"key": "invented", "en": "Chat", "es": ""},
                ]
            },
            by=self.cora,
        )
        question.refresh_from_db()
        self.assertEqual(
            [(each["key"], each["en"]) for each in question.choices],
            [("mail", "By mail"), ("mail-2", "Mail"), ("invented", "Chat")],
        )

    def test_choices_that_change_places_take_their_keys_along(self) -> None:
        question = self.choose("Phone", "Mail")
        building.change_question(
            question.pk,
            {"choices": [{"key": "phone", "en": "Mail", "es": ""}, {"key": "mail", "en": "Phone", "es": ""}]},
            by=self.cora,
        )
        question.refresh_from_db()
        self.assertEqual(
            [(each["key"], each["en"]) for each in question.choices], [("mail", "Mail"), ("phone", "Phone")]
        )

    def test_a_choice_called_n_a_is_not_taken_for_i_do_not_know(self) -> None:
        question = self.choose("Phone", "N/A")
        self.assertEqual([each["key"] for each in question.choices], ["phone", "na-2"])

    def test_every_act_stands_in_the_trail_in_words(self) -> None:
        from comity.surveys.nouns import BUILDING

        first, second = self.ask("First"), self.ask("Second")
        building.change_question(first.pk, {"help_en": "Think of last year."}, by=self.cora)
        building.hang_question(second.pk, on=first.key, values=[1], by=self.cora)
        building.hang_question(second.pk, on="", by=self.cora)
        building.move_question(second.pk, up=True, by=self.cora)
        facts = building.remove_question(second.pk, by=self.cora)
        building.restore_question(self.draft.pk, facts, by=self.cora)
        building.change_words(self.draft.pk, {"intro_en": "Hello."}, by=self.cora)
        building.freeze(self.draft, by=self.cora)
        draft = building.begin_draft(self.survey.pk, by=self.cora)
        building.discard_draft(draft.pk, by=self.cora)
        building.rename(self.survey.pk, {"name": "Yearly", "purpose": "own"}, by=self.cora)
        building.retire(self.survey.pk, by=self.cora)
        building.bring_back(self.survey.pk, by=self.cora)
        acts = self.acts()
        self.assertEqual(len(acts), 16)
        self.assertEqual([act for act in acts if act not in BUILDING], [])

    def test_what_changes_nothing_is_no_act(self) -> None:
        question = self.ask()
        before = len(self.acts())
        building.change_question(question.pk, {"ask_en": question.ask_en}, by=self.cora)
        building.change_words(self.draft.pk, {"title_en": "How we did"}, by=self.cora)
        building.rename(self.survey.pk, {"name": "How we did", "purpose": "annual"}, by=self.cora)
        building.hang_question(question.pk, on="", by=self.cora)
        self.assertEqual(len(self.acts()), before)


class Versions(BuildingTestCase):
    def test_a_new_draft_asks_what_was_sent_last_under_the_same_keys(self) -> None:
        question = self.ask(kind=KIND.YES_NO, ask_es="¿Fue fácil?", core=True)
        self.ask("Why?", kind=KIND.TEXT)
        building.freeze(self.draft, by=self.cora)
        draft = building.begin_draft(self.survey.pk, by=self.cora)
        self.assertEqual((draft.number, self.asked(draft)), (2, self.asked()))
        copied = draft.questions.get(key=question.key)
        self.assertEqual((copied.ask_es, copied.core), ("¿Fue fácil?", True))
        self.assertEqual(building.begin_draft(self.survey.pk, by=self.cora), draft)

    def test_what_was_sent_never_changes(self) -> None:
        question, other = self.ask(), self.ask("And why?")
        building.freeze(self.draft, by=self.cora)
        for attempt in (
            lambda: self.ask("One more?"),
            lambda: building.change_question(question.pk, {"ask_en": "Otherwise?"}, by=self.cora),
            lambda: building.hang_question(other.pk, on=question.key, values=[1], by=self.cora),
            lambda: building.move_question(question.pk, up=False, by=self.cora),
            lambda: building.remove_question(question.pk, by=self.cora),
            lambda: building.change_words(self.draft.pk, {"title_en": "New"}, by=self.cora),
            lambda: building.discard_draft(self.draft.pk, by=self.cora),
        ):
            with self.assertRaisesMessage(building.FrozenError, "what was sent never changes"):
                attempt()
        self.assertEqual(self.asked(), [question.key, other.key])

    def test_a_key_once_asked_is_given_to_no_other_question(self) -> None:
        question = self.ask()
        building.freeze(self.draft, by=self.cora)
        draft = building.begin_draft(self.survey.pk, by=self.cora)
        building.remove_question(draft.questions.get().pk, by=self.cora)
        added = building.add_question(draft.pk, ask_en=question.ask_en, by=self.cora)
        self.assertEqual(added.key, "how-easy-was-it-2")

    def test_a_question_of_an_earlier_version_can_be_asked_again_as_the_same(self) -> None:
        question = self.ask()
        self.ask("Why?", kind=KIND.TEXT)
        building.freeze(self.draft, by=self.cora)
        second = building.begin_draft(self.survey.pk, by=self.cora)
        building.remove_question(second.questions.get(key=question.key).pk, by=self.cora)
        building.freeze(second, by=self.cora)
        third = building.begin_draft(self.survey.pk, by=self.cora)
        again = building.add_question(third.pk, ask_en="Was it easy?", key=question.key, by=self.cora)
        self.assertEqual(again.key, question.key)
        with self.assertRaisesMessage(DomainError, "already a question with the key"):
            building.add_question(third.pk, ask_en="Easy?", key=question.key, by=self.cora)

    def test_a_question_is_never_asked_in_another_way_under_its_key(self) -> None:
        self.ask()
        building.freeze(self.draft, by=self.cora)
        draft = building.begin_draft(self.survey.pk, by=self.cora)
        with self.assertRaisesMessage(DomainError, "could not be compared"):
            building.change_question(draft.questions.get().pk, {"kind": KIND.RECOMMEND}, by=self.cora)

    def test_freezing_twice_is_freezing_once(self) -> None:
        self.ask()
        first = building.freeze(self.draft, by=self.cora).frozen_at
        self.assertEqual(building.freeze(self.draft, by="worker").frozen_at, first)
        self.assertEqual(self.acts().count("surveys.freeze"), 1)

    def test_a_draft_is_discarded_and_what_was_sent_stays(self) -> None:
        self.ask()
        building.freeze(self.draft, by=self.cora)
        draft = building.begin_draft(self.survey.pk, by=self.cora)
        building.discard_draft(draft.pk, by=self.cora)
        self.assertEqual(list(self.survey.versions.all()), [self.draft])

    def test_the_only_draft_and_one_that_a_wave_needs_are_not_discarded(self) -> None:
        with self.assertRaisesMessage(DomainError, "only version"):
            building.discard_draft(self.draft.pk, by=self.cora)
        world.wave(version=self.draft, state="draft", name="Spring")
        with self.assertRaisesMessage(DomainError, "The wave “Spring”"):
            building.discard_draft(self.draft.pk, by=self.cora)


class Conflicts(BuildingTestCase):
    def test_who_writes_over_what_they_did_not_see_is_told(self) -> None:
        question = self.ask()
        building.change_question(question.pk, {"ask_en": "Was it easy?"}, by=self.ada)
        with self.assertRaises(ConflictError) as caught:
            building.change_question(
                question.pk, {"ask_en": "How hard was it?"}, seen={"ask_en": "How easy was it?"}, by=self.cora
            )
        self.assertEqual([clash.theirs for clash in caught.exception.clashes], ["Was it easy?"])
        question.refresh_from_db()
        self.assertEqual(question.ask_en, "Was it easy?")

    def test_what_was_removed_meanwhile_is_said_to_be(self) -> None:
        question = self.ask()
        building.remove_question(question.pk, by=self.ada)
        with self.assertRaisesMessage(DomainError, "has been removed"):
            building.change_question(question.pk, {"ask_en": "Otherwise?"}, by=self.cora)


class Refusals(BuildingTestCase):
    def refused(self, sentence: str, **said: Any) -> None:
        before = self.asked()
        with self.subTest(sentence), self.assertRaisesMessage(DomainError, sentence):
            self.ask(**{"words": "Refused?", **said})
        self.assertEqual(self.asked(), before)

    def test_a_survey_without_questions_is_not_sent(self) -> None:
        with self.assertRaisesMessage(DomainError, "has no questions yet"):
            building.freeze(self.draft, by=self.cora)
        self.draft.refresh_from_db()
        self.assertIsNone(self.draft.frozen_at)

    def test_a_question_hangs_only_on_an_earlier_one_and_answers_it_has(self) -> None:
        ease, words = self.ask(), self.ask("Why?", kind=KIND.TEXT)
        last = self.ask("What else?", kind=KIND.TEXT)
        for question, on, values, sentence in (
            (ease, last.key, [1], "must be asked before it"),
            (ease, ease.key, [1], "its own answer"),
            (last, "gone", [1], "no longer exists"),
            (last, ease.key, [], "Choose which answers"),
            (last, ease.key, [0], "does not have"),
            (last, ease.key, [True], "does not have"),
            (last, ease.key, [1, 6], "does not have"),
            (last, words.key, ["Because"], "does not have"),
        ):
            with self.subTest(sentence), self.assertRaisesMessage(DomainError, sentence):
                building.hang_question(question.pk, on=on, values=values, by=self.cora)
        building.hang_question(last.pk, on=ease.key, values=[1, 2, "na"], by=self.cora)

    def test_what_another_question_hangs_on_stays_before_it(self) -> None:
        ease, why = self.ask(), self.ask("Why?", kind=KIND.TEXT)
        building.hang_question(why.pk, on=ease.key, values=[1, 2], by=self.cora)
        with self.assertRaisesMessage(DomainError, "must be asked before it"):
            building.move_question(why.pk, up=True, by=self.cora)
        with self.assertRaisesMessage(DomainError, "depends on the answer"):
            building.remove_question(ease.pk, by=self.cora)
        with self.assertRaisesMessage(DomainError, "does not have"):
            building.change_question(ease.pk, {"kind": KIND.YES_NO}, by=self.cora)
        self.assertEqual(self.asked(), [ease.key, why.key])

    def test_choices_are_two_or_more_each_with_words_of_its_own(self) -> None:
        for words, sentence in (
            (("Phone",), "at least two choices"),
            (("Phone", ""), "no English text"),
            (("Phone", "phone"), "are the same"),
            (tuple(map(str, range(41))), "up to 40"),
            (("Phone", "x" * 201), "too long"),
        ):
            choices = [{"en": each, "es": ""} for each in words]
            self.refused(sentence, kind=KIND.ONE, choices=choices)

    def test_what_has_no_place_in_the_figures_gets_none(self) -> None:
        self.ask("All in all?", outcome=True)
        self.refused("already the overall rating", outcome=True)
        self.refused("not a rating, so it cannot be the overall", kind=KIND.TEXT, outcome=True)
        self.refused("not a rating, so it cannot be a driver", kind=KIND.YES_NO, driver="ease")
        self.refused("compared from wave to wave", kind=KIND.TEXT, core=True)

    def test_words_that_are_missing_or_too_long_are_refused(self) -> None:
        self.refused("in English", words=" ", ask_es="¿Fue fácil?")
        self.refused("501 characters. Use up to 500", words="x" * 501)
        self.refused("the hint in Spanish has 301", help_es="x" * 301)
        self.refused("kind of question does not exist", kind="stars")
        refused: tuple[tuple[dict[str, Any], str], ...] = (
            ({"title_en": ""}, "a title in English"),
            ({"title_es": "x" * 201}, "at most 200"),
            ({"intro_en": "x" * 3_001}, "at most 3000"),
        )
        for words, sentence in refused:
            with self.subTest(sentence), self.assertRaisesMessage(DomainError, sentence):
                building.change_words(self.draft.pk, words, by=self.cora)

    def test_there_is_an_end_to_questions(self) -> None:
        Question.objects.bulk_create(
            Question(version=self.draft, key=f"q{number}", order=number, ask_en=f"Question {number}?")
            for number in range(building.MOST_QUESTIONS)
        )
        self.refused("up to 60 questions")

    def test_names_are_given_once_and_keys_never_again(self) -> None:
        with self.assertRaisesMessage(DomainError, "already a survey called"):
            building.create_survey(name="how WE did", by=self.cora)
        with self.assertRaisesMessage(DomainError, "a name"):
            building.create_survey(name=" ", by=self.cora)
        building.retire(self.survey.pk, by=self.cora)
        second = building.create_survey(name="How we did", by=self.cora)
        self.assertEqual(second.key, "how-we-did-2")
        with self.assertRaisesMessage(DomainError, "already a survey called"):
            building.bring_back(self.survey.pk, by=self.cora)

    def test_a_retired_survey_is_neither_changed_nor_sent(self) -> None:
        self.ask()
        building.freeze(self.draft, by=self.cora)
        building.retire(self.survey.pk, by=self.cora)
        with self.assertRaisesMessage(DomainError, "Restore it"):
            building.begin_draft(self.survey.pk, by=self.cora)
        with self.assertRaisesMessage(DomainError, "is retired"):
            building.freeze(self.draft, by=self.cora)

    def test_what_cannot_be_read_back_from_a_broken_copy_is_not_sent_either(self) -> None:
        """Whatever wrote the questions, opening looks at all of them once more."""
        Question.objects.create(version=self.draft, key="one", ask_en="Why?", show_if_question="gone")
        with self.assertRaisesMessage(DomainError, "no longer exists"):
            building.freeze(self.draft, by=self.cora)
