"""A list comes in through the pages: file, preview, columns, words, apply, undo."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from comity.audit.models import Entry
from comity.imports import profiles
from comity.imports.models import Import, ImportRow
from comity.testing.cast import CastTestCase

# A lower room does not know the rooms above it; its tests ask for their models by name.
Partner: Any = apps.get_model("partners.Partner")
Alias: Any = apps.get_model("partners.Alias")

LIST = """Organisation,Type,Part of,People,Domain
Department of Parks,Agency,,1200,parks.franklin.gov
Harbor Authority,Port,DEPARTMENT OF ROADS,12,harbor.franklin.gov
Nowhere Board,Board,No such body,3,
"""


class ImportingAList(CastTestCase):
    """Ada brings a list of three: one known, one new, one that cannot be taken."""

    def bring(self, text: str = LIST, profile: str = "partners") -> Import:
        file = SimpleUploadedFile("list.csv", text.encode())
        self.post(reverse("imports:new"), {"profile": profile, "file": file}, by=self.ada)
        self.run_jobs()
        return Import.objects.latest("pk")

    def counts(self, batch: Import) -> tuple[int, int, int, int]:
        batch.refresh_from_db()
        return batch.rows_new, batch.rows_changed, batch.rows_same, batch.rows_set_aside

    def test_the_preview_shows_every_row_and_writes_nothing(self) -> None:
        batch = self.bring()
        said = self.reads(self.page(reverse("imports:detail", args=[batch.pk]), by=self.ada))
        self.assertEqual(self.counts(batch), (1, 1, 0, 1))
        self.assertIn("1 new and 1 changed, if you apply it", said)
        self.assertIn("Employees: 1,200", said)
        self.assertIn("There is no partner called “No such body”, here or in this file.", said)
        self.assertFalse(Partner.objects.filter(name="Harbor Authority").exists())

    def test_rows_are_filtered_by_what_becomes_of_them(self) -> None:
        batch = self.bring()
        url = reverse("imports:detail", args=[batch.pk])
        said = self.reads(self.page(f"{url}?outcome=set_aside", by=self.ada))
        self.assertIn("Nowhere Board", said)
        self.assertNotIn("Harbor Authority", said)

    def test_the_preview_asks_few_queries_however_long_the_list(self) -> None:
        batch = self.bring("Name\n" + "".join(f"Body {n}\n" for n in range(120)))
        self.client.force_login(self.ada)
        url = reverse("imports:detail", args=[batch.pk])
        self.client.get(url)
        with self.assertQueries(8):
            self.client.get(url)

    def test_applied_it_is_there_with_its_trail_and_undone_it_is_gone(self) -> None:
        batch = self.bring()
        self.post(reverse("imports:apply", args=[batch.pk]), by=self.ada, expect=batch.get_absolute_url())
        self.run_jobs()
        harbor = Partner.objects.visible_to(self.ada).get(name="Harbor Authority")
        self.assertEqual((harbor.parent, harbor.lead_gap_since), (self.roads, self.today))
        self.assertEqual([domain.name for domain in harbor.domains.all()], ["harbor.franklin.gov"])
        self.parks.refresh_from_db()
        self.assertEqual((self.parks.headcount, self.parks.version), (1200, 2))
        self.assertEqual(
            list(Entry.objects.about(harbor).values_list("action", "actor_label")),
            [("imports.make", "Ada Admin")],
        )
        self.assertEqual((Entry.objects.about(self.parks).latest("pk").after or {})["headcount"], 1200)
        self.assertIn("Applied: 1 new", self.reads(self.page(batch.get_absolute_url(), by=self.ada)))

        self.post(reverse("imports:undo", args=[batch.pk]), by=self.ada, expect=batch.get_absolute_url())
        self.run_jobs()
        batch.refresh_from_db()
        self.parks.refresh_from_db()
        self.assertEqual((batch.state, self.parks.headcount), ("undone", None))
        self.assertFalse(Partner.objects.filter(name="Harbor Authority").exists())
        self.assertFalse(self.parks.domains.exists())
        self.assertIn("Undone", self.reads(self.page(batch.get_absolute_url(), by=self.ada)))

    def test_undoing_says_what_stands_in_the_way(self) -> None:
        batch = self.bring()
        self.post(reverse("imports:apply", args=[batch.pk]), by=self.ada)
        self.run_jobs()
        harbor = Partner.objects.get(name="Harbor Authority")
        Partner.objects.create(name="Pier 9", name_key="pier 9", parent=harbor)
        answer = self.client.post(reverse("imports:undo", args=[batch.pk]), follow=True)
        self.assertIn("depend on “Harbor Authority”", self.reads(answer))
        self.assertTrue(Partner.objects.filter(pk=harbor.pk, arriving=False).exists())

    def test_of_two_previews_of_one_file_the_second_says_so(self) -> None:
        first, second = self.bring(), self.bring()
        self.assertIn(
            "This file is here twice.", self.reads(self.page(second.get_absolute_url(), by=self.ada))
        )
        for batch in (first, second):
            self.post(reverse("imports:apply", args=[batch.pk]), by=self.ada)
            self.run_jobs()
        second.refresh_from_db()
        self.assertEqual((second.state, self.counts(second)), ("preview", (0, 0, 2, 1)))
        self.assertIn("The same file was applied by Ada Admin", second.note)

    def test_a_body_made_by_hand_at_the_same_moment_is_no_error(self) -> None:
        batch = self.bring("Name,Code\nHarbor Authority,HRB\n")
        handler: Any = profiles.profile_of(batch).handler

        def begin(self: Any, batch: Import, inner: Any = handler.begin) -> None:
            inner(self, batch)
            Partner.objects.create(name="Harbour", name_key="harbour", code="HRB")

        with patch.object(handler, "begin", begin):
            self.post(reverse("imports:apply", args=[batch.pk]), by=self.ada)
            self.run_jobs()
        batch.refresh_from_db()
        self.assertEqual((batch.state, self.counts(batch)), ("preview", (0, 1, 0, 0)))
        self.assertFalse(Partner.objects.filter(arriving=True).exists())

    def test_a_column_is_corrected_and_remembered(self) -> None:
        text = "Wer,Was\nBoard of Nursing,Board\n"
        batch = self.bring(text)
        self.assertEqual(batch.state, "columns")
        self.page(batch.get_absolute_url(), by=self.ada)
        url = reverse("imports:columns", args=[batch.pk])
        self.page(url, by=self.ada)
        answer = self.post(
            url,
            {"column_0": "name", "column_1": "name", "default_kind": "nothing", "default_status": "nothing"},
            by=self.ada,
            expect=422,
        )
        self.assertIn("are mapped", self.reads(answer))
        self.post(
            url,
            {"column_0": "name", "column_1": "kind", "default_kind": "nothing", "default_status": "nothing"},
            by=self.ada,
            expect=batch.get_absolute_url(),
        )
        self.run_jobs()
        self.assertEqual(self.counts(batch), (1, 0, 0, 0))
        again = self.bring(text)
        self.assertEqual((again.state, again.mapping), ("preview", {"Wer": "name", "Was": "kind"}))

    def test_how_a_file_is_read_can_be_said(self) -> None:
        batch = self.bring("Board list,\nName,People\nBoard of Nursing,1.200\n")
        said = self.reads(self.page(batch.get_absolute_url(), by=self.ada))
        self.assertIn("The headers are in line 2. We did not read what is above them: Board list.", said)
        self.assertIn("We kept these rows, but left out cells that we could not read: People (1).", said)
        url = reverse("imports:reading", args=[batch.pk])
        self.page(url, by=self.ada)
        self.post(url, {"header": "", "mark": ","}, by=self.ada, expect=batch.get_absolute_url())
        self.run_jobs()
        row = ImportRow.objects.get(batch=batch)
        self.assertEqual((row.outcome, row.write["fields"]["headcount"]), ("new", 1200))
        self.post(url, {"header": "9", "mark": "nothing"}, by=self.ada, expect=batch.get_absolute_url())
        self.run_jobs()
        batch.refresh_from_db()
        self.assertEqual(
            (batch.state, batch.note), ("columns", "Line 9 is empty, so it cannot hold the headers.")
        )

    def test_words_are_explained_once_and_remembered(self) -> None:
        batch = self.bring()
        self.assertEqual(batch.unmatched, {"kind": {"Port": 1}})
        url = reverse("imports:values", args=[batch.pk])
        self.assertIn("Kind “Port”", self.reads(self.page(url, by=self.ada)))
        self.post(url, {"value_0": "district"}, by=self.ada, expect=batch.get_absolute_url())
        self.run_jobs()
        self.post(reverse("imports:apply", args=[batch.pk]), by=self.ada)
        self.run_jobs()
        self.assertEqual(Partner.objects.get(name="Harbor Authority").kind, "district")
        self.assertEqual(self.bring().unmatched, {})

    def test_rows_can_be_left_out_by_a_word(self) -> None:
        batch = self.bring()
        self.post(reverse("imports:values", args=[batch.pk]), {"value_0": "-"}, by=self.ada)
        self.run_jobs()
        self.assertEqual(self.counts(batch), (0, 1, 0, 2))

    def test_rows_set_aside_come_as_a_file_that_reads_back(self) -> None:
        batch = self.bring()
        answer = self.client.get(reverse("imports:set_aside", args=[batch.pk]))
        text = b"".join(answer).decode("utf-8-sig")
        lines = text.splitlines()
        self.assertEqual(lines[0], "line,column,reason,Organisation,Type,Part of,People,Domain")
        self.assertTrue(lines[1].startswith('4,Part of,"There is no partner called “No such body”'))
        again = self.bring(
            text.replace("No such body", "Department of Parks").replace(",reason,", ",reason,")
        )
        self.assertEqual(self.counts(again), (1, 0, 0, 0))

    def test_what_is_no_table_is_refused_at_once_with_a_sentence(self) -> None:
        for content, sentence in (
            (b"%PDF-1.7 x", "a PDF file, not a table"),
            (b"Name\n", "no rows below"),
        ):
            with self.subTest(sentence):
                file = SimpleUploadedFile("list.csv", content)
                answer = self.post(
                    reverse("imports:new"), {"profile": "partners", "file": file}, by=self.ada, expect=422
                )
                self.assertContains(answer, sentence, status_code=422)
        self.assertFalse(Import.objects.exists())

    def test_what_changed_since_the_preview_is_never_written_over(self) -> None:
        batch = self.bring()
        Partner.objects.filter(pk=self.parks.pk).update(headcount=999, version=2)
        self.post(reverse("imports:apply", args=[batch.pk]), by=self.ada)
        self.run_jobs()
        batch.refresh_from_db()
        self.assertEqual(batch.state, "preview")
        self.assertIn("come out differently", batch.note)
        row = ImportRow.objects.get(batch=batch, line=2)
        self.assertEqual(row.changes["headcount"], [999, 1200])
        self.assertFalse(Partner.objects.filter(name="Harbor Authority").exists())

    def test_a_change_elsewhere_does_not_stop_it(self) -> None:
        batch = self.bring()
        Partner.objects.filter(pk=self.trails.pk).update(headcount=5, version=2)
        self.post(reverse("imports:apply", args=[batch.pk]), by=self.ada)
        self.run_jobs()
        batch.refresh_from_db()
        self.assertEqual(batch.state, "applied")

    def test_the_same_file_again_changes_nothing_and_says_so(self) -> None:
        batch = self.bring()
        self.post(reverse("imports:apply", args=[batch.pk]), by=self.ada)
        self.run_jobs()
        again = self.bring()
        self.assertEqual(self.counts(again), (0, 0, 2, 1))
        said = self.reads(self.page(again.get_absolute_url(), by=self.ada))
        self.assertIn("This file would change nothing", said)
        self.assertIn("same file was applied", said)

    def test_a_renamed_body_keeps_its_old_name(self) -> None:
        batch = self.bring("Code,Name\nPARKS,Parks and Wildlife\n")
        self.post(reverse("imports:apply", args=[batch.pk]), by=self.ada)
        self.run_jobs()
        self.parks.refresh_from_db()
        self.assertEqual((self.parks.name, self.parks.name_key), ("Parks and Wildlife", "parks and wildlife"))
        self.assertEqual(Alias.objects.get(partner=self.parks).name, "Department of Parks")

    def test_pages_are_there_for_each_state(self) -> None:
        batch = self.bring()
        for name in ("list", "new"):
            self.page(reverse(f"imports:{name}"), by=self.ada)
        self.post(reverse("imports:discard", args=[batch.pk]), by=self.ada)
        self.assertIn("Discarded", self.reads(self.page(batch.get_absolute_url(), by=self.ada)))
        for state in ("reading", "applying", "undoing", "refused"):
            Import.objects.filter(pk=batch.pk).update(state=state)
            self.page(batch.get_absolute_url(), by=self.ada)

    def test_who_does_not_keep_the_registry_may_not(self) -> None:
        for person in (self.olu, self.ben):
            self.page(reverse("imports:list"), by=person, status=403)
