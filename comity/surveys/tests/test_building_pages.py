"""The pages on which surveys are built: they work, they refuse, and they leave alone what is not theirs."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from comity.surveys.models import Question, Survey, Version
from comity.surveys.services import building
from comity.surveys.tests import world
from comity.testing.cast import CastTestCase

KIND = Question.Kind


class PagesTestCase(CastTestCase):
    survey: Survey
    draft: Version

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.survey = building.create_survey(template="pulse", by=cls.cora)
        cls.draft = cls.survey.versions.get()

    def setUp(self) -> None:
        self.client.force_login(self.cora)

    def at(self, name: str, *arguments: Any) -> str:
        return reverse(f"surveys:{name}", args=arguments)

    def question(self, key: str) -> Question:
        return Question.objects.get(version=self.draft, key=key)

    def asked(self) -> list[str]:
        return list(self.draft.questions.values_list("key", flat=True))

    def said(self, **changed: Any) -> dict[str, Any]:
        return {
            "ask_en": "Was it quick?",
            "ask_es": "¿Fue rápido?",
            "after": "-",
            "dont_know": "on",
            **changed,
        }

    def lines(self, *pairs: tuple[str, str], keys: tuple[str, ...] = ()) -> dict[str, str]:
        told = {"choice-TOTAL_FORMS": str(len(pairs)), "choice-INITIAL_FORMS": "0"}
        for place, (english, spanish) in enumerate(pairs):
            told[f"choice-{place}-en"], told[f"choice-{place}-es"] = english, spanish
            told[f"choice-{place}-key"] = keys[place] if place < len(keys) else ""
        return told


class Reading(PagesTestCase):
    def test_the_list_says_how_many_questions_and_when_it_was_sent(self) -> None:
        world.wave(version=building.freeze(self.draft, by=self.cora))
        building.begin_draft(self.survey.pk, by=self.cora)
        building.create_survey(name="Empty", by=self.cora)
        answer = self.page(self.at("list"))
        rows = {row.name: row for row in answer.context["table"].page}
        self.assertEqual((rows["Pulse"].question_count, rows["Pulse"].version_count), (4, 2))
        self.assertEqual((rows["Empty"].question_count, rows["Empty"].last_sent), (0, None))
        self.assertIn("Not yet", self.reads(answer))

    def test_the_list_costs_the_same_however_many_surveys_there_are(self) -> None:
        for number in range(8):
            building.create_survey(template="pulse", name=f"Pulse {number}", by=self.cora)
        self.client.get(self.at("list"))
        with self.assertQueries(6):
            self.page(self.at("list"))

    def test_a_survey_shows_its_versions_and_what_changed(self) -> None:
        wave = world.wave(version=building.freeze(self.draft, by=self.cora), name="Autumn pulse")
        draft = building.begin_draft(self.survey.pk, by=self.cora)
        building.remove_question(draft.questions.get(key="words").pk, by=self.cora)
        answer = self.page(self.survey.get_absolute_url())
        read = self.reads(answer)
        for words in (
            wave.name,
            "Version 2",
            "a draft",
            "No longer asked: “Would you like to tell us more?”",
        ):
            self.assertIn(words, read)

    def test_a_survey_costs_the_same_however_many_versions_it_has(self) -> None:
        version = self.draft
        for number in range(6):
            world.wave(version=building.freeze(version, by=self.cora), key=f"wave-{number}")
            version = building.begin_draft(self.survey.pk, by=self.cora)
        self.client.get(self.survey.get_absolute_url())
        with self.assertQueries(7):
            self.page(self.survey.get_absolute_url())

    def test_a_draft_shows_every_question_with_its_part_and_what_it_hangs_on(self) -> None:
        read = self.reads(self.page(self.at("version", self.draft.pk)))
        condition = (
            "Asked only if “How satisfied are you with your last experience with our office?” is 4 or 5."
        )
        for words in (condition, "¿Qué salió bien?", "overall rating", "compared", "Add a question"):
            self.assertIn(words, read)

    def test_a_draft_costs_the_same_however_many_questions_it_has(self) -> None:
        annual = building.create_survey(template="annual", by=self.cora).versions.get()
        self.client.get(self.at("version", annual.pk))
        with self.assertQueries(5):
            self.page(self.at("version", annual.pk))

    def test_missing_spanish_is_a_gap_and_no_error(self) -> None:
        building.add_question(self.draft.pk, ask_en="Was it quick?", by=self.cora)
        building.freeze(self.draft, by=self.cora)
        read = self.reads(self.page(self.at("version", self.draft.pk)))
        self.assertIn("No Spanish yet", read)
        draft = building.begin_draft(self.survey.pk, by=self.cora)
        self.assertIn("One part has no Spanish yet", self.reads(self.page(self.at("version", draft.pk))))

    def test_an_empty_draft_says_what_to_do_first(self) -> None:
        empty = building.create_survey(name="Empty", by=self.cora).versions.get()
        read = self.reads(self.page(self.at("version", empty.pk)))
        self.assertIn("Add the first question", read)
        self.assertIn("It has no questions yet.", read)

    def test_they_stand_under_feedback_and_lead_to_a_wave(self) -> None:
        page = self.page(self.survey.get_absolute_url())
        feedback = page.context["navigation"].here
        self.assertEqual([link.label for link in feedback.places if link.current], ["Surveys"])
        self.assertContains(page, f"{reverse('surveys:new_wave')}?version={self.draft.pk}")

    def test_whoever_only_reads_is_offered_nothing_to_change(self) -> None:
        for url in (self.at("list"), self.survey.get_absolute_url(), self.at("version", self.draft.pk)):
            read = self.reads(self.page(url, by=self.olu))
            for words in (
                "Build a survey",
                "Retire the survey",
                "Add a question",
                "Remove",
                "Continue with the draft",
            ):
                self.assertNotIn(words, read)
        self.page(self.at("words", self.draft.pk), status=403)
        self.post(self.at("retire", self.survey.pk), expect=403)
        self.page(self.at("list"), by=self.ben, status=403)


class Making(PagesTestCase):
    def test_a_survey_is_begun_from_the_library(self) -> None:
        self.page(self.at("new_survey"))
        url = f"{self.at('new_survey')}?from=annual"
        self.page(url)
        self.post(url, {"name": "Of the counties", "purpose": "annual"})
        made = Survey.objects.get(name="Of the counties")
        self.assertEqual(made.versions.get().questions.count(), 10)

    def test_a_name_that_is_taken_comes_back_with_a_sentence(self) -> None:
        url = f"{self.at('new_survey')}?from=empty"
        answer = self.post_refused(
            url, {"name": "Pulse", "purpose": "own"}, "already a survey called “Pulse”"
        )
        self.assertIn("name", answer.context["form"].errors)
        self.assertEqual(Survey.objects.count(), 1)

    def test_it_is_renamed_retired_and_brought_back(self) -> None:
        self.page(self.at("edit_survey", self.survey.pk))
        self.post(self.at("edit_survey", self.survey.pk), {"name": "Short pulse", "purpose": "pulse"})
        self.post(self.at("retire", self.survey.pk), expect=self.survey.get_absolute_url())
        self.survey.refresh_from_db()
        self.assertEqual((self.survey.name, self.survey.retired_at is None), ("Short pulse", False))
        self.assertIn("It is no longer sent", self.reads(self.page(self.survey.get_absolute_url())))
        self.post(self.at("bring_back", self.survey.pk))
        self.survey.refresh_from_db()
        self.assertIsNone(self.survey.retired_at)

    def test_its_words_are_changed_in_both_languages(self) -> None:
        url = self.at("words", self.draft.pk)
        self.page(url)
        self.post(url, {"title_en": "A pulse", "title_es": "Un pulso", "intro_en": "Hello.\nOne question."})
        self.draft.refresh_from_db()
        self.assertEqual((self.draft.title_es, self.draft.intro_en), ("Un pulso", "Hello.\nOne question."))

    def test_a_draft_is_begun_once_and_discarded(self) -> None:
        building.freeze(self.draft, by=self.cora)
        self.post(self.at("begin_version", self.survey.pk))
        draft = self.survey.draft()
        assert draft is not None
        self.post(self.at("begin_version", self.survey.pk), expect=self.at("version", draft.pk))
        self.page(self.at("version", draft.pk))
        self.post(self.at("discard_version", draft.pk), expect=self.survey.get_absolute_url())
        self.assertIsNone(self.survey.draft())


class Questions(PagesTestCase):
    def test_a_rating_is_added_where_it_was_wanted(self) -> None:
        url = f"{self.at('new_question', self.draft.pk)}?kind=rating"
        self.page(self.at("new_question", self.draft.pk))
        self.page(url)
        self.post(url, self.said(after="experience", driver="time", core="on"))
        self.assertEqual(self.asked()[:2], ["experience", "was-it-quick"])
        made = self.question("was-it-quick")
        self.assertEqual((made.driver, made.core, made.outcome, made.dont_know), ("time", True, False, True))

    def test_every_kind_has_a_form_that_asks_for_no_more_than_it_can_have(self) -> None:
        for kind, has in (
            (KIND.RATING, "ask_en driver outcome core dont_know"),
            (KIND.YES_NO, "ask_en core dont_know"),
            (KIND.MANY, "ask_en dont_know choice-0-en"),
            (KIND.TEXT, "ask_en"),
        ):
            with self.subTest(kind):
                page = self.page(f"{self.at('new_question', self.draft.pk)}?kind={kind}").content.decode()
                for name in ["ask_en", "driver", "outcome", "core", "dont_know", "choice-0-en"]:
                    self.assertEqual(f'name="{name}"' in page, name in has.split(), name)

    def test_choices_are_written_line_by_line_and_more_lines_come_without_scripts(self) -> None:
        url = f"{self.at('new_question', self.draft.pk)}?kind=one"
        told = self.said(**self.lines(("Phone", "Teléfono"), ("", ""), ("Mail", "")))
        more = self.post(url, {**told, "more": "1"}, expect=200)
        self.assertContains(more, 'name="choice-4-en"')
        self.assertContains(more, 'value="Teléfono"')
        self.post(url, told)
        self.assertEqual(
            self.question("was-it-quick").choices,
            [{"key": "phone", "en": "Phone", "es": "Teléfono"}, {"key": "mail", "en": "Mail", "es": ""}],
        )

    def test_one_choice_alone_and_one_without_english_are_refused(self) -> None:
        url = f"{self.at('new_question', self.draft.pk)}?kind=one"
        for lines, sentence in (
            (self.lines(("Phone", "")), "at least two choices"),
            (self.lines(("Phone", ""), ("", "Correo")), "no English text"),
        ):
            self.post_refused(url, self.said(**lines), sentence)
        self.assertEqual(len(self.asked()), 4)

    def test_a_question_is_said_otherwise_and_keeps_its_key(self) -> None:
        question = self.question("well")
        url = self.at("edit_question", question.pk)
        self.page(url)
        pairs = tuple((each["en"], each["es"]) for each in question.choices)
        keys = tuple(each["key"] for each in question.choices)
        told = self.said(
            ask_en="What was good?", **self.lines(("I got it", "Lo obtuve"), *pairs[1:], keys=keys)
        )
        self.post(url, told, expect=self.at("version", self.draft.pk) + "#q-well")
        question.refresh_from_db()
        self.assertEqual((question.ask_en, question.choices[0]["key"]), ("What was good?", "need"))

    def test_two_people_at_one_question_lose_nothing(self) -> None:
        question = self.question("words")
        url = self.at("edit_question", question.pk)
        told = self.said(ask_en="What else?", **self.seen(url))
        building.change_question(question.pk, {"ask_en": "Anything else?"}, by=self.ada)
        answer = self.post(url, told, expect=409)
        read = self.reads(answer)
        for words in ("Anything else?", "What else?", "Would you like to tell us more?"):
            self.assertIn(words, read)
        question.refresh_from_db()
        self.assertEqual(question.ask_en, "Anything else?")
        self.post(url, self.chosen(answer))
        question.refresh_from_db()
        self.assertEqual(question.ask_en, "What else?")

    def test_two_people_at_its_choices_lose_nothing_either(self) -> None:
        question = self.question("well")
        url = self.at("edit_question", question.pk)
        mine = tuple((each["en"], each["es"]) for each in question.choices)
        told = self.said(
            ask_en=question.ask_en,
            **self.seen(url),
            **self.lines(*mine, ("The coffee", ""), keys=tuple(each["key"] for each in question.choices)),
        )
        theirs = [*question.choices[:-1], {"en": "The <parking>", "es": "El estacionamiento"}]
        building.change_question(
            question.pk, {"choices": theirs, "dont_know": not question.dont_know}, by=self.ada
        )
        answer = self.post(url, told, expect=409)
        (choices,) = answer.context["differences"]
        self.assertEqual(choices.label, "Choices")
        self.assertEqual(choices.yours.splitlines()[-1], "The coffee")
        self.assertEqual(choices.theirs.splitlines()[-1], "The <parking> / El estacionamiento")
        self.assertEqual(choices.original.splitlines()[-1], " / ".join(filter(None, mine[-1])))
        self.assertContains(answer, "The &lt;parking&gt; / El estacionamiento", status_code=409)
        question.refresh_from_db()
        offered = question.dont_know
        for keep, last in (("theirs", "The <parking>"), ("yours", "The coffee")):
            self.post(url, self.chosen(answer, choices=keep))
            question.refresh_from_db()
            self.assertEqual((question.choices[-1]["en"], question.dont_know), (last, offered))

    def test_two_people_at_the_words_meet_only_where_they_wrote_the_same(self) -> None:
        url = self.at("words", self.draft.pk)
        told = {
            **self.seen(url),
            "title_en": "A pulse",
            "intro_en": self.draft.intro_en.replace("\n", "\r\n"),
        }
        building.change_words(self.draft.pk, {"intro_en": "Hello.\nWe ask."}, by=self.ada)
        self.post(url, told)
        self.draft.refresh_from_db()
        self.assertEqual((self.draft.title_en, self.draft.intro_en), ("A pulse", "Hello.\nWe ask."))

    def test_two_people_who_name_a_survey_are_shown_both_names(self) -> None:
        url = self.at("edit_survey", self.survey.pk)
        told = {**self.seen(url), "name": "Short pulse", "purpose": "pulse"}
        building.rename(self.survey.pk, {"name": "Quick pulse"}, by=self.ada)
        answer = self.post(url, told, expect=409)
        self.post(url, self.chosen(answer, name="theirs"))
        self.survey.refresh_from_db()
        self.assertEqual(self.survey.name, "Quick pulse")

    def test_what_it_hangs_on_is_chosen_then_the_answers(self) -> None:
        question = self.question("words")
        url = self.at("hang_question", question.pk)
        self.page(url)
        on = f"{url}?on=experience"
        self.page(on)
        self.post(on, {"values": ["1", "2"]}, expect=self.at("version", self.draft.pk) + "#q-words")
        question.refresh_from_db()
        self.assertEqual((question.show_if_question, question.show_if_values), ("experience", [1, 2]))
        self.assertIn("Ask everyone", self.reads(self.page(url)))
        self.post(url)
        question.refresh_from_db()
        self.assertEqual(question.show_if_question, "")

    def test_answers_that_are_none_are_refused(self) -> None:
        url = f"{self.at('hang_question', self.question('words').pk)}?on=experience"
        for values in ([], ["9"], ["na"]):
            self.post_refused(url, {"values": values})
        self.assertEqual(self.question("words").show_if_question, "")

    def test_a_later_question_and_one_in_own_words_are_not_offered(self) -> None:
        first = self.at("hang_question", self.question("experience").pk)
        self.assertIn("No question before it", self.reads(self.page(first)))
        last = self.page(f"{self.at('hang_question', self.question('well').pk)}?on=words")
        self.assertIsNone(last.context["on"])

    def test_it_is_moved_and_a_move_that_cannot_be_says_why(self) -> None:
        url = self.at("move_question", self.question("words").pk)
        self.post(url, {"way": "up"}, expect=self.at("version", self.draft.pk) + "#q-words")
        self.assertEqual(self.asked(), ["experience", "well", "words", "badly"])
        self.post(self.at("move_question", self.question("well").pk), {"way": "up"})
        self.assertIn("must be asked before it", self.reads(self.page(self.at("version", self.draft.pk))))
        self.assertEqual(self.asked()[0], "experience")

    def test_what_is_removed_can_be_put_back(self) -> None:
        self.post(self.at("remove_question", self.question("well").pk))
        self.assertEqual(self.asked(), ["experience", "badly", "words"])
        restore = self.at("restore_question", self.draft.pk)
        self.assertContains(self.page(self.at("version", self.draft.pk)), f'action="{restore}"')
        self.post(restore, expect=self.at("version", self.draft.pk) + "#q-well")
        self.assertEqual(self.asked(), ["experience", "well", "badly", "words"])
        self.post(restore)
        self.assertIn("nothing to undo", self.reads(self.page(self.at("version", self.draft.pk))))

    def test_what_others_hang_on_is_not_removed(self) -> None:
        self.post(self.at("remove_question", self.question("experience").pk))
        self.assertIn("depends on the answer", self.reads(self.page(self.at("version", self.draft.pk))))
        self.assertEqual(len(self.asked()), 4)

    def test_words_that_are_too_long_or_missing_come_back_to_be_mended(self) -> None:
        url = f"{self.at('new_question', self.draft.pk)}?kind=text"
        for changed in ({"ask_en": ""}, {"ask_en": "x" * 501}, {"help_es": "x" * 301}):
            self.post_refused(url, self.said(**changed))
        self.assertEqual(len(self.asked()), 4)


class Preview(PagesTestCase):
    def test_it_shows_what_a_respondent_sees_in_either_language(self) -> None:
        for language, words in (
            ("en", "What went well?"),
            ("es", "¿Qué salió bien?"),
            ("xx", "What went well?"),
        ):
            answer = self.page(f"{self.at('phone', self.draft.pk)}?language={language}")
            self.assertIn(words, self.reads(answer))
        self.assertContains(self.page(self.at("preview", self.draft.pk)), "?language=es")

    def test_only_our_own_pages_may_frame_it(self) -> None:
        answer = self.page(self.at("phone", self.draft.pk))
        self.assertEqual(answer["X-Frame-Options"], "SAMEORIGIN")
        self.assertIn("frame-ancestors 'self'", answer["Content-Security-Policy"])
        self.assertEqual(self.page(self.at("preview", self.draft.pk))["X-Frame-Options"], "DENY")

    def test_it_sends_nothing(self) -> None:
        page = self.page(self.at("phone", self.draft.pk))
        self.assertNotContains(page, '<form class="answer-form"')
        self.assertContains(page, 'type="button" disabled')

    def test_a_draft_without_questions_is_shown_too(self) -> None:
        empty = building.create_survey(name="Empty", by=self.cora).versions.get()
        self.page(self.at("phone", empty.pk))
        self.page(self.at("preview", empty.pk))


class WhatWasSent(PagesTestCase):
    def test_every_way_to_change_it_offers_a_new_version(self) -> None:
        question = self.question("words")
        building.freeze(self.draft, by=self.cora)
        attempts: tuple[tuple[str, int, dict[str, Any] | None], ...] = (
            ("words", self.draft.pk, None),
            ("words", self.draft.pk, {"title_en": "New"}),
            ("new_question", self.draft.pk, None),
            ("edit_question", question.pk, None),
            ("edit_question", question.pk, self.said()),
            ("hang_question", question.pk, None),
            ("move_question", question.pk, {"way": "up"}),
            ("remove_question", question.pk, {}),
            ("discard_version", self.draft.pk, {}),
        )
        for name, pk, data in attempts:
            with self.subTest(name, data=data):
                url = self.at(name, pk)
                answer = self.page(url, status=409) if data is None else self.post(url, data, expect=409)
                self.assertIn("What was sent never changes", self.reads(answer))
                self.assertContains(answer, self.at("begin_version", self.survey.pk), status_code=409)
        question.refresh_from_db()
        self.assertEqual((question.ask_en, len(self.asked())), ("Would you like to tell us more?", 4))

    def test_its_page_shows_it_without_anything_to_press(self) -> None:
        building.freeze(self.draft, by=self.cora)
        read = self.reads(self.page(self.at("version", self.draft.pk)))
        self.assertIn("It never changes.", read)
        self.assertNotIn("Remove", read)
