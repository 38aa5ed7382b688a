"""Responses from elsewhere through the pages: about the file, columns, words, preview, apply, undo; and who may."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from comity.audit.models import Entry
from comity.followups import services as ring
from comity.followups.models import FollowUp
from comity.imports.models import Import, ImportRow
from comity.surveys.models import Account, Deed, Mode, Response, Survey, Tally, Wave
from comity.surveys.services.results import results_of
from comity.surveys.tests import world
from comity.testing.cast import CastTestCase

LIST = """Agency,Overall,How easy,Comment
Parks,5,4,Good
Roads,2,Very easy,Slow
Nowhere,3,3,
"""
USUAL = {"wave": "-", "survey": "-", "mode": "named", "scale": "1-5"}


class ImportingResponses(CastTestCase):
    """Cora is the survey office; she has a file of three responses from another tool."""

    def imported(self, text: str = LIST, **about: Any) -> Import:
        """A file, and what is said about it."""
        file = SimpleUploadedFile("answers.csv", text.encode())
        self.post(reverse("imports:new"), {"profile": "responses", "file": file}, by=self.cora)
        batch = Import.objects.latest("pk")
        self.assertEqual(batch.state, "about")
        self.page(batch.get_absolute_url(), by=self.cora)
        url = reverse("imports:about", args=[batch.pk])
        self.page(url, by=self.cora)
        self.post(url, {**USUAL, **about}, by=self.cora, expect=batch.get_absolute_url())
        self.run_jobs()
        batch.refresh_from_db()
        return batch

    def do(self, batch: Import, act: str) -> Import:
        self.post(reverse(f"imports:{act}", args=[batch.pk]), by=self.cora, expect=batch.get_absolute_url())
        self.run_jobs()
        batch.refresh_from_db()
        return batch

    def draft(self, mode: str = Mode.NAMED, **facts: Any) -> Wave:
        return world.wave(
            mode,
            key="paper",
            name="On paper",
            state=Wave.State.DRAFT,
            version=world.version(frozen=False),
            **facts,
        )

    def reads_detail(self, batch: Import) -> str:
        return self.reads(self.page(batch.get_absolute_url(), by=self.cora))

    def mapped(self, batch: Import, **columns: str) -> Import:
        """The columns in the order of the file."""
        names = {
            f"column_{place}": columns.get(header, "nothing") for place, header in enumerate(batch.headers)
        }
        url = reverse("imports:columns", args=[batch.pk])
        self.page(url, by=self.cora)
        self.post(url, names, by=self.cora, expect=batch.get_absolute_url())
        self.run_jobs()
        batch.refresh_from_db()
        return batch

    def test_from_the_file_to_the_results_and_back(self) -> None:
        batch = self.imported(name="Year 2024")
        self.assertEqual(batch.state, "columns")
        self.assertIn("Choose which column answers which question.", self.reads_detail(batch))
        batch = self.mapped(batch, Agency="partner", Overall="overall", **{"How easy": "how-easy"})
        self.assertEqual((batch.rows_new, batch.rows_set_aside), (1, 2))
        said = self.reads_detail(batch)
        self.assertIn("“Very easy” is not on the scale from 1 to 5.", said)
        self.assertIn("We cannot find “Nowhere”.", said)
        self.assertFalse(Response.objects.exists() or Wave.objects.exists())

        words = reverse("imports:values", args=[batch.pk])
        self.assertIn("How easy “Very easy”", self.reads(self.page(words, by=self.cora)))
        self.post(words, {"value_0": "5"}, by=self.cora, expect=batch.get_absolute_url())
        self.run_jobs()
        batch = self.do(batch, "apply")
        self.assertEqual((batch.state, batch.rows_new, batch.rows_set_aside), ("applied", 2, 1))
        wave = Wave.objects.get()
        self.assertEqual((wave.name, wave.state, wave.created_by), ("Year 2024", "closed", self.cora))
        self.assertEqual(results_of(wave).by_key["how-easy"].n, 2)
        self.assertIn(
            wave.get_absolute_url(), self.page(batch.get_absolute_url(), by=self.cora).content.decode()
        )
        acts = Entry.objects.about(wave).values_list("action", flat=True)
        self.assertEqual(list(acts), ["surveys.freeze_wave", "surveys.import_responses"])

        batch = self.do(batch, "undo")
        self.assertEqual(batch.state, "undone")
        left = [model.objects.exists() for model in (Wave, Survey, Response, Tally)]
        self.assertEqual(left, [False] * 4)
        self.assertIn(
            "surveys.undo_import_responses", Entry.objects.about(wave).values_list("action", flat=True)
        )
        self.reads_detail(batch)

    def test_questions_of_a_wave_in_preparation_are_found_by_their_words_and_it_is_one_again_when_undone(
        self,
    ) -> None:
        wave = self.draft(audience={"kinds": ["agency"]})
        batch = self.imported(
            "Agency,How satisfied are you?,ease,What should change?\nParks,5,4,More\n", wave="paper"
        )
        self.assertEqual((batch.state, batch.rows_new), ("preview", 1))
        self.do(batch, "apply")
        wave.refresh_from_db()
        self.assertEqual(
            (wave.state, wave.imported, wave.version.frozen_at is not None), ("closed", True, True)
        )
        self.do(batch, "undo")
        wave = Wave.objects.get()
        facts = (
            wave.state,
            wave.imported,
            wave.has_answers,
            wave.everyone,
            wave.audience,
            wave.version.frozen_at,
        )
        self.assertEqual(facts, ("draft", False, False, True, {"kinds": ["agency"]}, None))
        self.assertFalse(Response.objects.exists() or Tally.objects.exists())

    def test_undoing_a_later_import_leaves_the_earlier_one_counted(self) -> None:
        head = "Id,How satisfied are you?\n"
        self.draft()
        about = {"wave": "paper", "population": "10"}
        first = self.imported(head + "1,5\n2,4\n", **about)
        first = self.do(self.mapped(first, Id="respondent", **{"How satisfied are you?": "overall"}), "apply")
        later = self.do(self.imported(head + "2,1\n3,3\n", wave="paper", population="20"), "apply")
        self.assertEqual((later.rows_new, later.rows_changed), (1, 1))
        answer = self.client.post(reverse("imports:undo", args=[first.pk]), follow=True)
        self.assertContains(answer, "Undo later imports first: “answers.csv”.")
        self.do(later, "undo")
        wave = Wave.objects.get()
        self.assertEqual((wave.state, wave.audience), ("closed", {"population": 10}))
        self.assertEqual(
            sorted(one["overall"] for one in wave.responses.values_list("answers", flat=True)), [4, 5]
        )
        self.assertEqual(results_of(wave).by_key["overall"].n, 2)
        self.do(first, "undo")
        self.assertEqual(Wave.objects.get().state, "draft")

    def test_undoing_says_what_was_built_on_it(self) -> None:
        self.draft()
        batch = self.imported("Agency,ease\nParks,1\n", wave="paper", raise_low="on")
        batch = self.do(batch, "apply")
        wave, raised = Wave.objects.get(), FollowUp.objects.get()
        world.wave(key="next", name="Next year", against=wave)
        account = Account.objects.create(wave=wave)
        Deed.objects.create(account=account, heard_en="Slow", done_en="Quicker")
        self.post(reverse("imports:undo", args=[batch.pk]), by=self.cora, expect=batch.get_absolute_url())
        said = self.reads_detail(batch)
        for sentence in (
            "Follow-ups were raised from it: “1 of 5 on ease”.",
            "Other waves are compared with it: “Next year”.",
            "“What came of it” has been written for “On paper”.",
        ):
            self.assertIn(sentence, said)
        self.assertEqual(Response.objects.count(), 1)
        ring.withdraw(raised.pk, reason="Said twice", by=self.cora)
        Deed.objects.all().delete()
        Wave.objects.filter(key="next").delete()
        self.assertEqual(self.do(batch, "undo").state, "undone")

    def test_of_an_anonymous_wave_no_row_is_left_and_it_is_taken_back_whole(self) -> None:
        self.draft(Mode.ANONYMOUS)
        rows = "".join(f"Parks,{1 + n % 5}\n" for n in range(8))
        batch = self.do(self.imported(f"Agency,ease\n{rows}", wave="paper"), "apply")
        said = self.reads_detail(batch)
        self.assertIn("so the file and its rows were destroyed once they were counted", said)
        self.assertIn("Undo the import", said)
        wave = Wave.objects.get()
        self.assertIn("8", self.reads(self.page(wave.get_absolute_url(), by=self.cora)))
        self.page(reverse("surveys:results", args=[wave.pk]), by=self.cora)
        self.page(reverse("surveys:responses", args=[wave.pk]), by=self.cora, status=404)
        self.assertFalse(Response.objects.exists() or ImportRow.objects.exists())
        raised = FollowUp.objects.get(kind="low_in_survey")
        self.do(batch, "undo")
        self.assertIn("Follow-ups were raised from it", self.reads_detail(batch))
        ring.withdraw(raised.pk, reason="Taken back", by=self.cora)
        self.assertEqual(self.do(batch, "undo").state, "undone")
        wave.refresh_from_db()
        self.assertEqual((wave.state, wave.imported, wave.tallies.exists()), ("draft", False, False))
        self.assertNotIn("can still be undone", self.reads_detail(batch))

    def test_what_is_wrong_is_said_beside_its_field_and_can_be_said_again(self) -> None:
        self.draft()
        batch = self.imported("Agency,ease\nParks,1\nRoads,5\n", wave="paper", population="1")
        self.assertEqual(batch.state, "columns")
        self.assertIn("2 people answered, so there cannot be only 1.", self.reads_detail(batch))
        url = reverse("imports:about", args=[batch.pk])
        self.assertIn("On paper", self.reads(self.page(url, by=self.cora)))
        for about, sentence in (
            ({}, "Enter a name for the new wave."),
            ({"wave": "A b"}, "cannot be a wave"),
            ({"wave": world.wave(key="own", name="Own").key}, "asks people itself"),
            (
                {"wave": world.wave(Mode.ANONYMOUS, key="anon", state="closed", imported=True).key},
                "is anonymous and already counted",
            ),
            (
                {"name": "x", "mode": "confidential", "raise_low": "on"},
                "no follow-up is raised for a single response",
            ),
        ):
            with self.subTest(sentence):
                answer = self.post(url, {**USUAL, **about}, by=self.cora, expect=422)
                self.assertIn(sentence, self.reads(answer))
        self.post(
            url, {**USUAL, "wave": "paper", "population": "2"}, by=self.cora, expect=batch.get_absolute_url()
        )
        self.run_jobs()
        batch.refresh_from_db()
        self.assertEqual((batch.state, batch.rows_new), ("preview", 2))

    def test_a_file_of_responses_is_the_survey_offices_alone(self) -> None:
        batch = self.imported(name="Year 2024")
        self.page(batch.get_absolute_url(), by=self.ada, status=404)
        self.assertNotIn("answers.csv", self.reads(self.page(reverse("imports:list"), by=self.ada)))
        self.page(reverse("imports:set_aside", args=[batch.pk]), by=self.ada, status=404)
        for person in (self.ben, self.olu):
            self.page(batch.get_absolute_url(), by=person, status=403)
        file = SimpleUploadedFile("answers.csv", LIST.encode())
        self.post(reverse("imports:new"), {"profile": "responses", "file": file}, by=self.ada, expect=422)

    def test_the_pages_of_waves_and_surveys_lead_there(self) -> None:
        wave = self.draft()
        pages = (wave.get_absolute_url(), reverse("surveys:waves"), wave.version.survey.get_absolute_url())
        for url in pages:
            with self.subTest(url):
                self.assertIn("what=responses", self.page(url, by=self.cora).content.decode())
                self.assertNotIn("what=responses", self.page(url, by=self.ada).content.decode())
        file = SimpleUploadedFile("answers.csv", LIST.encode())
        url = f"{reverse('imports:new')}?what=responses&wave=paper"
        answer = self.post(url, {"profile": "responses", "file": file}, by=self.cora)
        self.assertInHTML(
            '<option value="paper" selected>On paper</option>',
            self.page(answer.headers["Location"], by=self.cora).content.decode(),
        )
