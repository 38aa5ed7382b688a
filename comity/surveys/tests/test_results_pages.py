"""Reading the results of a wave: the page, its breakdowns, what was said in own words, and the files."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from itertools import islice
from typing import Any

from django.urls import reverse
from django.utils import timezone

from comity.core.surveys import share_of
from comity.surveys.models import Held, Mode, Participant, Question, Remark, Tally, Wave
from comity.surveys.services import counting
from comity.surveys.services.counting.refreshing import counted
from comity.surveys.tests import world
from comity.surveys.tests.test_counting import CountingTestCase
from comity.surveys.views.results import sentences

TOO_FEW = "Too few to show"


class ResultsTestCase(CountingTestCase):
    def url(self, name: str = "results", *more: str, **query: str) -> str:
        url = reverse(f"surveys:{name}", args=[self.asked.pk, *more])
        return f"{url}?{'&'.join(f'{key}={value}' for key, value in query.items())}" if query else url

    def count(self) -> None:
        counting.refresh(self.asked)
        self.asked.refresh_from_db()

    def closed(self, mode: str) -> None:
        """The wave closed in that mode, its rows and figures written as closing does."""
        Wave.objects.filter(pk=self.asked.pk).update(mode=mode)
        self.asked.refresh_from_db()
        rows, figures = counted(self.asked)
        counting.write(self.asked, rows)
        now = timezone.now()
        Wave.objects.filter(pk=self.asked.pk).update(
            state=Wave.State.CLOSED, closed_at=now, figures=figures, figures_at=now
        )
        self.asked.refresh_from_db()

    def before(self, *ratings: int) -> Wave:
        wave = world.wave(key="spring", name="Spring", version=self.asked.version)
        Wave.objects.filter(pk=wave.pk).update(opened_at=timezone.now() - timedelta(days=365))
        for number, rating in enumerate(ratings):
            person = world.person_at(self, self.parks, f"Earlier {number}")
            world.answered(world.invited(wave, person, self.parks)[0], overall=rating, ease=rating)
        counting.refresh(wave)
        Wave.objects.filter(pk=self.asked.pk).update(against=wave)
        self.asked.refresh_from_db()
        return wave

    def csv(self, url: str) -> list[dict[str, str]]:
        answer: Any = self._asked(self.ana).get(url)
        self.assertEqual(answer.status_code, 200)
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))


class ReadTheResults(ResultsTestCase):
    def test_the_page_opens_with_what_matters(self) -> None:
        self.before(*[2] * 20, *[4] * 10)
        self.answers(self.parks, *[4] * 24, *[2] * 6, ease=3)
        self.count()
        words = self.reads(self.page(self.url(), by=self.ana))
        self.assertIn(
            "30 of 30 have answered; 80% are satisfied, up from 33%, a change too large for chance.", words
        )
        self.assertIn("Better: +47 points", words)
        self.assertIn("Worse: −33 points", words)
        self.assertIn("Since Spring, 1 question got better and 1 question got worse.", words)
        self.assertIn("+22 to +64; p < 0.001", words)
        self.assertIn("+47 +22 to +64 < 0.001 Better", words)
        self.assertIn("30 were reached, 100% of them answered", words)

    def test_one_wave_alone_says_how_many_are_satisfied(self) -> None:
        self.answers(self.parks, 5, 4, 4, 2)
        self.count()
        words = self.reads(self.page(self.url(), by=self.ana))
        self.assertIn("4 of 4 have answered; 3 of 4 are satisfied.", words)
        self.assertNotIn("Since", words)
        self.assertIn("as of", words)

    def test_a_number_leads_to_the_answers_behind_it(self) -> None:
        self.answers(self.parks, 5)
        self.count()
        self.assertContains(
            self.page(self.url(), by=self.ana), reverse("surveys:responses", args=[self.asked.pk])
        )

    def test_while_it_is_open_it_says_from_how_many_partners_nobody_has_answered(self) -> None:
        self.answers(self.parks, 5, 4)
        self.count()
        silent = reverse("surveys:silent_partners", args=[self.asked.pk])
        self.assertIn(
            "Someone has answered from every place we asked", self.reads(self.page(self.url(), by=self.ana))
        )
        world.invited(self.asked, self.cy_person, self.roads)
        page = self.page(self.url())
        self.assertContains(page, silent)
        self.assertIn("Nobody has answered from 1 partner", self.reads(page))
        self.closed(Mode.NAMED)
        self.assertNotContains(self.page(self.url()), silent)

    def test_where_names_are_kept_back_only_who_may_know_reads_of_silence(self) -> None:
        world.invited(self.asked, self.cy_person, self.roads)
        for mode, reader in ((Mode.CONFIDENTIAL, self.ana), (Mode.ANONYMOUS, self.cora)):
            Wave.objects.filter(pk=self.asked.pk).update(mode=mode)
            self.assertNotIn("No answer yet", self.reads(self.page(self.url(), by=reader)))
        Wave.objects.filter(pk=self.asked.pk).update(mode=Mode.CONFIDENTIAL)
        self.assertIn("Nobody has answered from 1 partner", self.reads(self.page(self.url(), by=self.cora)))

    def test_drivers_are_not_ranked_where_too_few_answered(self) -> None:
        self.answers(self.parks, 5, 4, 3, 2, ease=3)
        self.count()
        words = self.reads(self.page(self.url(), by=self.ana))
        self.assertIn("Too few people answered every driver to say which matters most", words)
        self.assertNotIn("Fix first", words)

    def test_drivers_are_ranked_from_fifty_answers_on(self) -> None:
        for rating in range(1, 6):
            self.answers(self.parks, *[rating] * 10, ease=rating)
        self.count()
        words = self.reads(self.page(self.url(), by=self.ana))
        self.assertIn("50 people answered all of it", words)
        self.assertIn("“Ease” matters most", words)

    def test_two_ways_of_weighing_stand_side_by_side(self) -> None:
        self.answers(self.parks, 5, 5, 5)
        self.answers(self.roads, 1)
        self.count()
        words = self.reads(self.page(self.url(), by=self.ana))
        self.assertIn("One partner one vote: each of 2 counts once", words)
        self.assertIn("4.0; 75%", words)
        self.assertIn("3.0", words)

    def test_choices_are_counted_one_by_one(self) -> None:
        Question.objects.create(
            version=self.asked.version,
            order=9,
            key="how",
            kind=Question.Kind.MANY,
            ask_en="How do you reach us?",
            choices=[{"key": "mail", "en": "By mail"}, {"key": "phone", "en": "By phone"}],
        )
        self.answers(self.parks, 5, how=["mail", "phone"])
        self.answers(self.parks, 5, how=["mail"])
        self.count()
        words = self.reads(self.page(self.url(), by=self.ana))
        self.assertIn("By mail 2 100%", words)
        self.assertIn("By phone 1 50%", words)

    def test_a_trend_stands_from_the_second_wave_on(self) -> None:
        self.answers(self.parks, 5, 4, 4, 2)
        self.count()
        self.assertNotContains(self.page(self.url(), by=self.ana), 'class="plot')
        self.before(2, 4)
        page = self.page(self.url(), by=self.ana)
        self.assertContains(page, 'class="plot')
        self.assertIn("1 of 2 good answers in Spring, 3 of 4 in Autumn.", self.reads(page))

    def test_the_title_of_a_trend_tells_of_the_wave_that_lies_outside_its_ends(self) -> None:
        for shares, said in (
            ((84, 37, 84), "Ease: 84% good answers in W0, 37% in W1, 84% in W2."),
            ((40, 90, 95, 60), "Ease: 40% good answers in W0, 95% in W2, 60% in W3."),
            ((40, 50, 60), "Ease: 40% good answers in W0, 60% in W2."),
            ((None, 50, None), "Ease: 50% good answers in W1."),
        ):
            with self.subTest(shares):
                waves = [f"W{place}" for place in range(len(shares))]
                found = [None if one is None else share_of(one, 100) for one in shares]
                self.assertEqual(sentences.about_trend("Ease", zip(found, waves, strict=True)), said)

    def test_a_single_question_is_not_said_to_be_like_others(self) -> None:
        self.answers(self.parks, 5, 4, 4, 2)
        self.count()
        Question.objects.exclude(key="overall").delete()
        Tally.objects.filter(wave=self.asked).exclude(question__in=["", "overall"]).delete()
        self.assertIn("3 of 4 give a good answer.", self.reads(self.page(self.url(), by=self.ana)))

    def test_a_wave_nobody_answered_says_so(self) -> None:
        self.assertIn("Nobody has been counted yet", self.reads(self.page(self.url(), by=self.ana)))

    def test_words_of_a_question_are_text_and_never_markup(self) -> None:
        Question.objects.filter(key="overall").update(ask_en="<script>alert(1)</script>")
        self.answers(self.parks, 5, 3)
        self.count()
        self.assertNotContains(self.page(self.url(), by=self.ana), "<script>alert")

    def test_it_takes_as_many_queries_with_more_waves_and_answers(self) -> None:
        self.before(2, 3, 4)
        self.answers(self.parks, 5, 4)
        self.count()
        self.page(self.url(), by=self.ana)
        with self.assertQueries(QUERIES):
            self.page(self.url())
        for number in range(6):
            world.wave(key=f"more-{number}", version=self.asked.version)
        self.answers(self.roads, *[3] * 20)
        self.count()
        with self.assertQueries(QUERIES):
            self.page(self.url())


QUERIES = 10  # two of them for what has come in and which partners are silent, while the wave is open


class ReadWhatKeepsNamesBack(ResultsTestCase):
    def test_an_open_anonymous_wave_says_when_figures_come_and_about_how_many_answered(self) -> None:
        Wave.objects.filter(pk=self.asked.pk).update(mode=Mode.ANONYMOUS)
        held = (
            Held(wave=self.asked, key=str(n), is_complete=True, answers={"overall": 5}) for n in range(14)
        )
        Held.objects.bulk_create(islice(held, 11))
        words = self.reads(self.page(self.url(), by=self.cora))
        self.assertIn("Figures appear when the wave closes, after", words)
        self.assertIn("10 or more have answered", words)
        Held.objects.bulk_create(held)
        self.assertEqual(self.reads(self.page(self.url(), by=self.cora)), words, "three more show")

    def test_fewer_than_the_smallest_group_is_all_that_is_said_of_very_few(self) -> None:
        Wave.objects.filter(pk=self.asked.pk).update(mode=Mode.CONFIDENTIAL)
        self.asked.refresh_from_db()
        self.answers(self.parks, 5, 4, 3)
        self.assertIn("answers are shown from 5 on", self.reads(self.page(self.url(), by=self.ana)))
        for name in ("Rea", "Bea"):
            world.invited(self.asked, world.person_at(self, self.roads, name), self.roads)
        self.assertIn("fewer than 5 have answered", self.reads(self.page(self.url())))

    def test_a_closed_one_with_too_few_says_only_that(self) -> None:
        self.answers(self.parks, 5, 4, 3)
        self.closed(Mode.CONFIDENTIAL)
        words = self.reads(self.page(self.url(), by=self.cora))
        self.assertIn("Too few people answered to show results.", words)
        self.assertNotIn("100%", words)

    def test_no_figure_leads_to_single_answers(self) -> None:
        self.answers(self.parks, 5, 4, 3, 2, 1, 5)
        self.closed(Mode.CONFIDENTIAL)
        page = self.page(self.url(), by=self.cora)
        self.assertNotContains(page, reverse("surveys:responses", args=[self.asked.pk]))
        self.assertIn("3 of 6 are satisfied", self.reads(page))

    def test_small_groups_are_too_few_to_show_without_a_reason(self) -> None:
        self.answers(self.parks, 5, 4, 3, 2, 1, 5)
        self.answers(self.roads, 1, 2)
        self.closed(Mode.CONFIDENTIAL)
        words = self.reads(self.page(self.url("breakdown", "partner"), by=self.cora))
        self.assertIn(TOO_FEW, words)
        self.assertNotIn("responses", self.page(self.url("breakdown", "partner")).content.decode())
        rows = {row["name"]: row for row in self.csv(self.url("breakdown", "partner", format="csv"))}
        roads = rows["Department of Roads"]
        self.assertEqual(
            (roads["suppressed"], roads["n"], roads["mean"], roads["count_1"]), ("yes", "", "", "")
        )

    def test_words_stand_alone_once_enough_answered(self) -> None:
        self.answers(self.parks, 5, 4, 3, 2, 1, 5, change="More light, please")
        self.closed(Mode.CONFIDENTIAL)
        page = self.page(self.url("said", "change"), by=self.ana)
        self.assertContains(page, "More light, please", count=6)
        self.assertNotContains(page, "Person ")
        self.assertNotContains(page, "Department of Parks")

    def test_very_many_words_are_read_page_by_page_each_once(self) -> None:
        self.answers(self.parks, 5, 4, 3, 2, 1, 5)
        self.closed(Mode.ANONYMOUS)
        Remark.objects.bulk_create(
            Remark(wave=self.asked, question="change", text=f"Wish {number:03}") for number in range(450)
        )
        seen: list[str] = []
        for number, (first, last) in enumerate(((1, 200), (201, 400), (401, 450)), start=1):
            response = self.page(f"{self.url('said', 'change')}?page={number}", by=self.cora)
            page = self.reads(response)
            self.assertIn(f"{first} to {last} of 450", page)
            self.assertEqual('rel="next"' in response.text, last < 450)
            seen += re.findall(r"Wish \d{3}", page)
        self.assertEqual(sorted(seen), [f"Wish {number:03}" for number in range(450)])
        for nonsense in ("0", "-1", "x", "99999999"):
            self.page(f"{self.url('said', 'change')}?page={nonsense}")

    def test_words_of_too_few_are_not_shown(self) -> None:
        self.answers(self.parks, 5, 4, change="More light, please")
        self.closed(Mode.CONFIDENTIAL)
        words = self.reads(self.page(self.url("said", "change"), by=self.ana))
        self.assertNotIn("More light", words)
        self.assertIn(TOO_FEW, words)

    def test_words_are_not_read_before_it_closes(self) -> None:
        Wave.objects.filter(pk=self.asked.pk).update(mode=Mode.CONFIDENTIAL)
        self.answers(self.parks, *[4] * 8, change="More light, please")
        words = self.reads(self.page(self.url("said", "change"), by=self.cora))
        self.assertNotIn("More light", words)
        self.assertIn("once the wave closes", words)

    def test_remarks_of_an_anonymous_wave_are_read_in_the_order_of_random_keys(self) -> None:
        self.answers(self.parks, 5, 4, 3, 2, 1, 5)
        self.closed(Mode.ANONYMOUS)
        for key, text in ((9, "Written first"), (3, "Written second")):
            Remark.objects.create(pk=key, wave=self.asked, question="change", text=text)
        words = self.reads(self.page(self.url("said", "change"), by=self.ana))
        self.assertLess(words.index("Written second"), words.index("Written first"))


class BreakDown(ResultsTestCase):
    def test_each_partner_has_a_row_and_its_number_leads_to_its_answers(self) -> None:
        self.answers(self.parks, 5, 4, 2)
        world.invited(self.asked, self.cy_person, self.roads)
        self.count()
        page = self.page(self.url("breakdown", "partner"), by=self.ana)
        words = self.reads(page)
        self.assertIn("Department of Parks 3 3 3 3.7", words)
        self.assertIn("Department of Roads 1 0 0 – –", words)
        url = reverse("surveys:responses", args=[self.asked.pk])
        self.assertContains(page, f'{url}?partner={self.parks.pk}"')
        self.assertNotContains(page, f'{url}?partner={self.roads.pk}"')

    def test_it_is_sorted_by_what_was_answered(self) -> None:
        self.answers(self.parks, 5, 4)
        self.answers(self.roads, 2, 2)
        self.answers(self.trails, 3, 4)
        self.count()
        for sort, first, last in (
            ("mean", "Roads", "Trails"),
            ("mean", "Trails", "Parks"),
            ("-mean", "Parks", "Trails"),
            ("-mean", "Trails", "Roads"),
            ("good", "Roads", "Trails"),
            ("-good", "Parks", "Trails"),
        ):
            words = self.reads(self.page(self.url("breakdown", "partner", sort=sort), by=self.ana))
            self.assertLess(words.index(f"of {first} "), words.index(f"of {last} "), sort)

    def test_groups_without_figures_stand_last_whichever_way_it_is_sorted(self) -> None:
        self.answers(self.roads, 5, 4)
        world.invited(self.asked, self.ben_person, self.parks)
        self.count()
        for sort in ("mean", "-mean"):
            words = self.reads(self.page(self.url("breakdown", "partner", sort=sort), by=self.ana))
            self.assertLess(words.index("of Roads "), words.index("of Parks "), sort)

    def test_kinds_tiers_and_sizes_are_called_by_their_words(self) -> None:
        self.answers(self.parks, 5)
        self.count()
        for table, word in (("kind", "Agency"), ("tier", "Tier 1"), ("size", "Not known")):
            self.assertIn(
                f"{word} 1 1 1 5.0", self.reads(self.page(self.url("breakdown", table), by=self.ana))
            )

    def test_another_question_can_be_asked_of_the_same_groups(self) -> None:
        self.answers(self.parks, 5, ease=2)
        self.count()
        words = self.reads(self.page(self.url("breakdown", "kind", question="ease"), by=self.ana))
        self.assertIn("Agency 1 1 1 2.0", words)

    def test_a_table_or_question_that_is_not_there_is_not_found(self) -> None:
        self.count()
        self.page(self.url("breakdown", "shoe-size"), by=self.ana, status=404)
        self.page(self.url("breakdown", "all"), status=404)
        self.page(self.url("said", "overall"), status=404)

    def test_the_file_has_names_and_what_was_answered(self) -> None:
        self.answers(self.parks, 5, 4)
        self.count()
        rows = self.csv(self.url("breakdown", "partner", format="csv"))
        self.assertEqual([row["name"] for row in rows], ["Department of Parks"])
        self.assertEqual(
            (rows[0]["n"], rows[0]["mean"], rows[0]["count_5"], rows[0]["suppressed"]),
            ("2", "4.5", "1", "no"),
        )

    def test_it_takes_as_many_queries_with_more_groups(self) -> None:
        self.answers(self.parks, 5)
        self.count()
        self.page(self.url("breakdown", "partner"), by=self.ana)
        with self.assertQueries(GROUP_QUERIES):
            self.page(self.url("breakdown", "partner"))
        for number in range(8):
            self.answers(self.partner(f"Body {number}"), 3)
        self.count()
        with self.assertQueries(GROUP_QUERIES):
            self.page(self.url("breakdown", "partner"))

    def partner(self, name: str) -> Any:
        return type(self.parks).objects.create(
            name=name, name_key=name.casefold(), kind="agency", tier=self.tier
        )


GROUP_QUERIES = 8


class ReadTheirWords(ResultsTestCase):
    def test_words_of_a_named_wave_stand_with_their_author_and_lead_to_the_answer(self) -> None:
        response = self.answers(self.parks, 5, change="More light, please")[0]
        self.answers(self.parks, 5, change="")
        page = self.page(self.url("said", "change"), by=self.ana)
        self.assertContains(page, reverse("surveys:response", args=[response.pk]))
        words = self.reads(page)
        self.assertIn("1 in all", words)
        self.assertIn(f"More light, please {response.person}", words)

    def test_they_are_found_by_what_they_say(self) -> None:
        self.answers(self.parks, 5, change="More light, please")
        self.answers(self.parks, 5, change="Less noise")
        words = self.reads(self.page(self.url("said", "change", q="noise"), by=self.ana))
        self.assertIn("Less noise", words)
        self.assertNotIn("More light", words)


class TakeItAway(ResultsTestCase):
    def test_the_counts_are_one_line_for_each_answer_in_each_group(self) -> None:
        self.answers(self.parks, 5, 4, 4)
        self.count()
        rows = self.csv(self.url("results_csv"))
        fours = [row for row in rows if row["question"] == "overall" and row["answer"] == "4"]
        self.assertEqual(
            {row["table"]: row["count"] for row in fours}, dict.fromkeys(Tally.Table.values, "2")
        )
        self.assertIn("Department of Parks", {row["name"] for row in rows})

    def test_counts_of_what_is_hidden_are_not_in_the_file(self) -> None:
        self.answers(self.parks, 5, 4, 3, 2, 1, 5)
        self.answers(self.roads, 1, 2)
        self.closed(Mode.CONFIDENTIAL)
        rows = self.csv(self.url("results_csv"))
        roads = [
            row for row in rows if row["name"] == "Department of Roads" and row["question"] in ("", "overall")
        ]
        self.assertEqual(
            [(row["suppressed"], row["count"], row["answered"]) for row in roads], [("yes", "", "")]
        )

    def test_the_codebook_says_what_every_answer_means(self) -> None:
        Question.objects.filter(key="ease").update(ask_en='=HYPERLINK("x")')
        rows = self.csv(self.url("codebook"))
        ease = [row for row in rows if row["question"] == "ease"]
        self.assertEqual([row["answer"] for row in ease], ["1", "2", "3", "4", "5", "na"])
        self.assertEqual({row["wording_en"] for row in ease}, {'\'=HYPERLINK("x")'})
        self.assertEqual([row["good"] for row in ease], ["no", "no", "no", "yes", "yes", ""])
        self.assertEqual(Participant.objects.count(), 0)
