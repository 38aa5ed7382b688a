"""A wave on two sheets: what the PDF says, to the eye and to a screen reader."""

from __future__ import annotations

from itertools import islice
from typing import Any
from unittest import mock

import typst
from django.test import SimpleTestCase
from django.urls import reverse

from comity.office.models import Office
from comity.people.models import User
from comity.surveys.models import Held, Mode, Question, Survey, Wave
from comity.surveys.services import counting
from comity.surveys.tests import world
from comity.surveys.tests.test_results_pages import TOO_FEW, ResultsTestCase
from comity.surveys.views.results.pdf_report import TEMPLATE
from comity.testing.pdf import ReadPdf
from comity.ui import paper, typesetting

HOSTILE = '#panic("x") $x$ *b*'
QUERIES = 5
BOX = "□"
WITHOUT_SYSTEM = typst.Fonts(include_system_fonts=False, font_paths=[paper.FACE])
# Set by the face of the pages, or by fonts that come with Typst.
SET = (
    "Łukasz Żółć", "Nguyễn Thị Ánh", "Đặng Thị Hoa", "Ōtani", "Kaʻiulani Keʻala", "Diné bizaad ǫ́", "Æsir Þór Straße",
    "Γεώργιος Παπαδόπουλος", "Юрий Щукин",
)  # fmt: skip


class ReportTestCase(ResultsTestCase):
    def report(self, by: User | None = None) -> ReadPdf:
        answer: Any = self._asked(by or self.ana).get(self.url("report"))
        self.assertEqual(answer.status_code, 200)
        return ReadPdf(answer.content)

    def rows(self, pdf: ReadPdf, table: int = 0) -> list[list[str]]:
        """The words of each cell below the head."""
        body = next(pdf.tags("Table")[table].every("TBody"))
        return [[cell.words for cell in row.parts] for row in body.every("TR")]

    def rename(self, **facts: Any) -> None:
        Wave.objects.filter(pk=self.asked.pk).update(**facts)
        self.asked.refresh_from_db()


class ReadItAloud(ReportTestCase):
    """What PDF/UA-1 asks for, as far as a machine can see it."""

    def setUp(self) -> None:
        super().setUp()
        self.before(*[2] * 20, *[4] * 10)
        self.answers(self.parks, *[4] * 24, *[2] * 6, ease=3)
        self.count()
        self.pdf = self.report()

    def test_it_says_that_it_is_tagged_and_accessible_in_which_language_and_how_it_is_called(self) -> None:
        self.assertTrue(self.pdf.is_tagged)
        self.assertEqual(
            (self.pdf.accessible_part, self.pdf.language, self.pdf.title, self.pdf.pages),
            ("1", "en", "Autumn", 2),
        )
        self.assertTrue(self.pdf.root.ViewerPreferences.DisplayDocTitle)

    def test_headings_are_headings_in_their_order(self) -> None:
        self.assertEqual(self.pdf.said("H1"), ["Autumn"])
        self.assertEqual(
            self.pdf.said("H2"),
            [
                "The core questions",
                "Strongest and weakest",
                "How the answers are spread",
                "What drives satisfaction",
                "How the figures were made",
            ],
        )

    def test_tables_have_heads(self) -> None:
        heads = [[head.words for head in table.every("TH")] for table in self.pdf.tags("Table")]
        self.assertEqual(
            heads,
            [
                [
                    "Question",
                    "Answers",
                    "Mean 95% interval",
                    "Good answers 95% interval",
                    "Since Spring 95% interval; p",
                ],
                ["Question", "Shares", "Good answers"],
            ],
        )

    def test_what_is_drawn_is_said_in_words(self) -> None:
        self.assertEqual(
            [figure.alt for figure in self.pdf.tags("Figure")],
            [
                "How satisfied are you? 1: 0%, 2: 20%, 3: 0%, 4: 80%, 5: 0%",
                "How easy was it? 1: 0%, 2: 0%, 3: 100%, 4: 0%, 5: 0%",
            ],
        )

    def test_the_foot_of_a_page_is_not_read_aloud(self) -> None:
        self.assertIn("Page 2 of 2", self.pdf.on_paper)
        self.assertIn("Counted on", self.pdf.on_paper)
        self.assertNotIn("Page 2", self.pdf.words)

    def test_it_is_set_in_the_face_of_the_pages(self) -> None:
        self.assertEqual({"PublicSans"}, {font.split("+")[1].split("-")[0] for font in self.pdf.fonts})

    def test_it_names_the_state_and_the_office_unless_one_names_the_other(self) -> None:
        self.assertIn("Office of IT · ", self.pdf.said("P")[0])
        Office.objects.update(state_name="State of Franklin")
        self.assertIn("State of Franklin · Office of IT · ", self.report().said("P")[0])
        Office.objects.update(name="State of Franklin Office of IT")
        self.assertNotIn("Franklin · ", self.report().said("P")[0])


class SayWhatThePageSays(ReportTestCase):
    def test_every_figure_of_the_table_stands_on_the_page_of_results(self) -> None:
        self.before(*[2] * 20, *[4] * 10)
        self.answers(self.parks, *[4] * 24, *[2] * 6, ease=3)
        self.count()
        pdf, page = self.report(), self.reads(self.page(self.url(), by=self.ana))
        rows = self.rows(pdf)
        self.assertEqual([row[0] for row in rows], ["How satisfied are you?", "How easy was it?"])
        for row in rows:
            self.assertEqual(len(row), 5)
            for words in row:
                self.assertIn(words, page)
        for sentence in (
            "30 of 30 have answered; 80% are satisfied, up from 33%, a change too large for chance.",
            "Since Spring, 1 question got better and 1 question got worse.",
        ):
            self.assertIn(sentence, page)
            self.assertIn(sentence, pdf.said("P"))
        self.assertIn("Better: +47 points", rows[0][4])
        for fact in ("Asked 30", "Reached 30", "Answered 30", "Response rate 100%", "Compared with Spring"):
            self.assertIn(fact, pdf.said("P"))

    def test_drivers_are_ranked_from_fifty_answers_on_and_not_before(self) -> None:
        for rating in range(1, 6):
            self.answers(self.parks, *[rating] * 9, ease=rating)
        self.count()
        self.assertIn("Too few people answered every driver to say which matters most", self.report().words)
        self.answers(self.parks, 1, 2, 3, 4, 5, ease=4)
        self.count()
        pdf, page = self.report(), self.reads(self.page(self.url(), by=self.ana))
        [ease] = self.rows(pdf, 2)
        self.assertEqual(ease[0], "Ease")
        self.assertIn(" ".join(ease), page)

    def test_a_wave_compared_with_none_has_no_column_of_change(self) -> None:
        self.answers(self.parks, 5, 4)
        self.count()
        pdf = self.report()
        self.assertEqual(len(self.rows(pdf)[0]), 4)
        self.assertIn("This wave is not compared with another", pdf.words)

    def test_a_survey_of_own_words_alone_has_no_table(self) -> None:
        Question.objects.exclude(kind=Question.Kind.TEXT).delete()
        world.answered(world.invited(self.asked, self.ben_person, self.parks)[0], change="More light")
        self.count()
        pdf = self.report()
        self.assertEqual((pdf.pages, pdf.tags("Table")), (2, []))
        self.assertIn("1 more question is on the results page", pdf.words)
        self.assertNotIn("More light", pdf.words)

    def test_of_imported_responses_nobody_knows_who_was_reached(self) -> None:
        self.answers(self.parks, 5, 4)
        self.count()
        self.rename(imported=True)
        words = self.report().words
        self.assertIn("Answered 2", words)
        for unknown in ("Asked", "Reached", "Response rate"):
            self.assertNotIn(unknown, words)

    def test_it_is_in_english_whatever_its_reader_speaks(self) -> None:
        self.answers(self.parks, 5, 4)
        self.count()
        User.objects.filter(pk=self.ana.pk).update(language="es")
        self.assertIn("4.5", self.rows(self.report())[0][2])

    def test_the_page_of_results_leads_to_it_once_there_are_figures(self) -> None:
        self.assertNotContains(self.page(self.url(), by=self.ana), self.url("report"))
        self.answers(self.parks, 5, 4)
        self.count()
        self.assertContains(self.page(self.url(), by=self.ana), self.url("report"))

    def test_it_takes_as_many_queries_with_more_answers(self) -> None:
        self.before(2, 3, 4)
        self.answers(self.parks, 5, 4)
        self.count()
        self.report()
        with self.assertQueries(QUERIES):
            self.client.get(self.url("report"))
        self.answers(self.roads, *[3] * 20)
        self.count()
        with self.assertQueries(QUERIES):
            self.client.get(self.url("report"))


class KeepNamesBack(ReportTestCase):
    def test_of_an_open_anonymous_wave_there_is_no_figure(self) -> None:
        self.rename(mode=Mode.ANONYMOUS)
        held = (
            Held(wave=self.asked, key=str(n), is_complete=True, answers={"overall": 5}) for n in range(14)
        )
        Held.objects.bulk_create(islice(held, 11))
        pdf = self.report(self.cora)
        self.assertIn("Figures appear when the wave closes, after", pdf.words)
        self.assertIn("10 or more have answered", pdf.words)
        self.assertIn("Nobody learns who said what.", pdf.words)
        self.assertNotIn("%", pdf.on_paper)
        self.assertEqual((pdf.pages, pdf.tags("Table"), pdf.tags("Figure")), (1, [], []))
        Held.objects.bulk_create(held)
        self.assertEqual(self.report(self.cora).on_paper, pdf.on_paper, "three more show")

    def test_a_closed_wave_with_too_few_says_only_that(self) -> None:
        self.answers(self.parks, 5, 4, 3)
        self.closed(Mode.CONFIDENTIAL)
        pdf = self.report(self.cora)
        self.assertIn("Too few people answered to show results.", pdf.words)
        self.assertNotIn("%", pdf.on_paper)
        for fact in ("Asked", "Reached", "Answered 3", "Response rate"):
            self.assertNotIn(fact, pdf.on_paper)

    def test_a_question_that_too_few_answered_shows_nothing_anywhere(self) -> None:
        self.answers(self.parks, 5, 4, 3, 2)
        self.answers(self.parks, 5, 1, ease=1)
        self.closed(Mode.CONFIDENTIAL)
        pdf = self.report(self.cora)
        overall, ease = self.rows(pdf)
        self.assertEqual(overall[1], "6")
        self.assertEqual(ease, ["How easy was it?", TOO_FEW])
        self.assertEqual(pdf.words.count("How easy was it?"), 1)
        self.assertEqual([figure.alt[:22] for figure in pdf.tags("Figure")], ["How satisfied are you?"])
        self.assertIn("Where fewer than 5 answered", pdf.words)

    def test_a_named_wave_that_is_not_counted_yet_says_so(self) -> None:
        self.assertIn("Nobody has been counted yet.", self.report().words)

    def test_a_draft_says_that_it_was_not_sent(self) -> None:
        self.rename(state=Wave.State.DRAFT, opened_at=None, closes_on=None)
        self.assertIn("This wave has not been sent yet.", self.report().words)


class TakeItAlong(ReportTestCase):
    def test_it_is_a_file_called_after_the_wave(self) -> None:
        self.count()
        answer = self._asked(self.ana).get(self.url("report"))
        self.assertEqual(answer["Content-Type"], "application/pdf")
        self.assertRegex(
            answer["Content-Disposition"], r'^attachment; filename="results-autumn-\d{4}-\d\d-\d\d\.pdf"$'
        )
        self.assertEqual(answer["Cache-Control"], "private, no-store")

    def test_a_partners_user_may_not_have_it(self) -> None:
        self.answers(self.parks, 5)
        self.closed(Mode.NAMED)
        self.assertEqual(self._asked(self.ben).get(self.url("report")).status_code, 403)

    def test_a_wave_that_is_not_there_is_not_found(self) -> None:
        url = reverse("surveys:report", args=[self.asked.pk + 1])
        self.assertEqual(self._asked(self.ana).get(url).status_code, 404)


class ShowWhateverWasWritten(ReportTestCase):
    def test_signs_of_the_template_are_only_signs_in_what_people_wrote(self) -> None:
        self.before(2, 3)
        self.answers(self.parks, 5, 4)
        Question.objects.filter(key="overall").update(ask_en=f"{HOSTILE} \\ // <a> @b [c]?")
        Survey.objects.update(name=HOSTILE)
        Wave.objects.update(name=HOSTILE)
        self.count()
        pdf = self.report()
        self.assertEqual((pdf.said("H1"), pdf.title), ([HOSTILE], HOSTILE))
        self.assertIn(f"Office of IT · {HOSTILE}", pdf.words)
        self.assertEqual(self.rows(pdf)[0][0], f"{HOSTILE} \\ // <a> @b [c]?")
        self.assertIn(f"Since {HOSTILE}", pdf.said("TH")[4])

    def test_names_are_set_as_they_are_written(self) -> None:
        for name in SET:
            with self.subTest(name):
                self.rename(name=name)
                pdf = self.report()
                self.assertEqual((pdf.said("H1"), pdf.title), ([name], name))
                self.assertNotIn(BOX, pdf.words)

    def test_what_is_read_from_the_right_is_set_from_the_right(self) -> None:
        """A PDF holds letters in the order of their places, and each reader turns them."""
        for name, placed in (
            ("שלום עולם", "םלוע םולש"),
            ("مرحبا بالعالم", "ملاعلاب ابحرم"),
            ("Roads שלום 2026", "Roads םולש 2026"),
        ):
            with self.subTest(name):
                self.rename(name=name)
                pdf = self.report()
                self.assertEqual((pdf.said("H1"), pdf.title), ([placed], name))

    def test_heaps_of_marks_that_typst_breaks_off_at_are_boxes_and_named(self) -> None:
        self.rename(name="Heaps " + "".join(map(chr, range(0x0610, 0x061B))) * 9)
        pdf = self.report()
        self.assertTrue(pdf.said("H1")[0].startswith("Heaps □"), pdf.said("H1"))
        self.assertIn("U+0610, U+0611", pdf.words)

    def test_a_letter_for_which_there_is_no_font_is_a_box_and_named(self) -> None:
        self.rename(name="Otoño 日\u200b本 \u202e\n\x07Ω Ж")
        with mock.patch.object(typesetting, "fonts", return_value=WITHOUT_SYSTEM):
            pdf = self.report()
            self.assertEqual((pdf.said("H1"), pdf.title), (["Otoño □□ Ω Ж"], "Otoño 日本 Ω Ж"))
            self.assertIn(
                "□ stands for letters for which there was no font where this was made: U+65E5, U+672C.",
                pdf.said("P"),
            )
            self.rename(name="Otoño")
            self.assertNotIn(BOX, self.report().words)

    def test_without_the_face_of_the_pages_it_is_set_in_what_comes_with_typst(self) -> None:
        self.rename(name="Łukasz Żółć, Жук")
        of_typst = typst.Fonts(include_system_fonts=False)
        with mock.patch.object(typesetting, "fonts", return_value=of_typst):
            pdf = self.report()
        self.assertEqual(pdf.said("H1"), ["Łukasz Żółć, Жук"])
        self.assertEqual({"LibertinusSerif"}, {font.split("+")[1].split("-")[0] for font in pdf.fonts})

    def test_a_name_of_nothing_to_see_is_shown_as_its_key(self) -> None:
        self.rename(name=" \u200b \u200b")
        self.assertEqual(self.report().title, "autumn")

    def test_it_is_two_pages_however_long_the_words(self) -> None:
        self.much_is_asked("W" * 500)

    def test_it_is_two_pages_however_many_the_words(self) -> None:
        self.much_is_asked("Would you, all in all and everything considered, " * 10)

    def much_is_asked(self, words: str) -> None:
        """Thirty core questions, eleven of them drivers, and a wave to compare with."""
        words = words[:500]
        Question.objects.filter(version=self.asked.version).delete()
        for order in range(30):
            Question.objects.create(
                version=self.asked.version,
                order=order,
                key=f"q{order}",
                kind=Question.Kind.RECOMMEND,
                ask_en=words,
                core=True,
                outcome=order == 0,
                driver=f"driver-{order}" if 0 < order < 12 else "",
            )
        earlier = world.wave(key="earlier", name=words[:200], version=self.asked.version)
        Survey.objects.update(name=words[:200])
        for wave in (earlier, self.asked):
            for number in range(60):
                who = world.person_at(self, self.parks, f"{wave.key} {number}")
                ratings = {f"q{order}": (number * (order + 7)) % 11 for order in range(30)}
                world.answered(world.invited(wave, who, self.parks)[0], **ratings)
            counting.refresh(wave)
        self.rename(name=words[:200], against=earlier)
        pdf = self.report()
        self.assertEqual((pdf.pages, pdf.title), (2, words[:200].strip()))
        self.assertEqual([len(self.rows(pdf, table)) for table in range(3)], [12, 12, 11])
        self.assertIn("18 more questions are on the results page", pdf.words)


class SetLetters(SimpleTestCase):
    def test_whatever_is_written_is_set_or_named(self) -> None:
        """Letters and signs from all of the first plane; a box each where the machine has no font for it."""
        codes = (code for code in range(0x20, 0x10000, 17) if not 0xD800 <= code < 0xE000)
        letters = "".join(map(chr, codes))
        pdf = ReadPdf(typesetting.typeset(TEMPLATE, sheet(sentence=" ".join(letters))))
        self.assertIn("stands for letters for which there was no font", pdf.words)

    def test_a_long_word_may_break_but_not_within_a_letter_nor_between_those_that_join(self) -> None:
        self.assertEqual(typesetting.printable("W" * 23), "W" * 23)
        self.assertEqual(typesetting.printable("W" * 24), "\u200bW" * 24)
        for joined in ("q\u0301" * 12, "\u0645" * 24):
            self.assertEqual(typesetting.printable(joined).count("\u200b"), joined.count("q"))


def sheet(**said: Any) -> dict[str, Any]:
    return {
        **dict.fromkeys(("kicker", "office", "lead", "promise", "why", "footer", "too_few"), "a"),
        **dict.fromkeys(("core", "extremes", "spread", "drivers")),
        "name": "a",
        "title": "a",
        "facts": [],
        "pages": ["1", "2"],
        "how": {"heading": "a", "said": []},
        **said,
    }
