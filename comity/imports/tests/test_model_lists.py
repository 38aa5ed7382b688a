"""A list of a noun that only declares itself: the days the office is closed, and odder ones made for the test."""

from __future__ import annotations

import io
import json
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import models
from django.urls import reverse

from comity.audit.models import Entry
from comity.core.errors import DomainError
from comity.imports import applying, services, staging
from comity.imports.capabilities import IMPORT
from comity.imports.model_lists import Fact, list_of
from comity.imports.models import Import, ImportRow
from comity.imports.parsing import STAFF, Lookup
from comity.jobs.progress import Unwatched
from comity.testing.cast import CastTestCase
from comity.testing.declaring import declaring

# A lower room does not know the rooms above it; its tests ask for their models by name.
Closure: Any = apps.get_model("office.Closure")
VisitTier: Any = apps.get_model("office.VisitTier")
Assignment: Any = apps.get_model("partners.Assignment")
Partner: Any = apps.get_model("partners.Partner")
LIST = """Date,Reason
7/3/2026,Moving house
2026-12-24,Christmas Eve
the day after,Thanksgiving
"""


class ListTestCase(CastTestCase):
    def bring(self, text: str, profile: str = "closures") -> Import:
        """A file as a page receives it, read and shown."""
        batch = services.receive(
            ContentFile(text.encode(), name="list.csv"), profile=profile, by=self.ada, in_background=False
        )
        staging.read(Unwatched(), import_id=batch.pk)
        batch.refresh_from_db()
        self.assertEqual(batch.rows_total, sum(self.counts(batch)))
        return batch

    def apply(self, batch: Import) -> Import:
        services.apply(batch.pk, by=self.ada, here=True)
        batch.refresh_from_db()
        return batch

    def undo(self, batch: Import) -> Import:
        services.undo(batch.pk, by=self.ada)
        applying.undo(Unwatched(), import_id=batch.pk)
        batch.refresh_from_db()
        return batch

    def counts(self, batch: Import) -> tuple[int, int, int, int]:
        return batch.rows_new, batch.rows_changed, batch.rows_same, batch.rows_set_aside

    def reasons(self, batch: Import) -> list[tuple[int, str, str]]:
        rows = ImportRow.objects.filter(batch=batch, outcome="set_aside")
        return list(rows.values_list("line", "column", "reason"))


class ClosuresComeIn(ListTestCase):
    """Ada has a list of the days on which the office is closed; one day of it is known by another name."""

    def setUp(self) -> None:
        super().setUp()
        self.snow = Closure.objects.create(day=date(2026, 7, 3), name="Move")

    def test_through_the_pages_from_the_file_to_undoing(self) -> None:
        self.assertIn("Import", self.reads(self.page(reverse("office:calendar"), by=self.ada)))
        self.page(f"{reverse('imports:new')}?what=closures", by=self.ada)
        file = SimpleUploadedFile("closed.csv", LIST.encode())
        self.post(reverse("imports:new"), {"profile": "closures", "file": file}, by=self.ada)
        self.run_jobs()
        batch = Import.objects.get()
        said = self.reads(self.page(batch.get_absolute_url(), by=self.ada))
        self.assertIn("1 new and 1 changed, if you apply it", said)
        self.assertIn("“the day after” is not a date. Write it like 2026-07-01.", said)
        self.assertIn("Reason: Move → Moving house", said)
        self.assertEqual(Closure.objects.get(), self.snow)

        self.post(reverse("imports:apply", args=[batch.pk]), by=self.ada)
        self.run_jobs()
        closed = Closure.objects.values_list("day", "name")
        self.assertEqual(
            list(closed), [(date(2026, 7, 3), "Moving house"), (date(2026, 12, 24), "Christmas Eve")]
        )
        made = Entry.objects.about(Closure.objects.get(day=date(2026, 12, 24))).get()
        self.assertEqual(
            (made.action, made.before, made.after),
            ("imports.make", None, {"day": "2026-12-24", "name": "Christmas Eve"}),
        )
        changed = Entry.objects.about(self.snow).get()
        self.assertEqual(
            (changed.action, changed.before, changed.after),
            ("imports.change", {"name": "Move"}, {"name": "Moving house"}),
        )

        self.post(reverse("imports:undo", args=[batch.pk]), by=self.ada)
        self.run_jobs()
        self.assertEqual(list(Closure.objects.values_list("name", flat=True)), ["Move"])
        self.assertEqual(Entry.objects.about(self.snow).latest("pk").action, "imports.restore")
        self.page(batch.get_absolute_url(), by=self.ada)

    def test_the_command_brings_it_in_and_writes_what_it_set_aside(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path, aside, out = Path(folder) / "closed.csv", Path(folder) / "aside.csv", io.StringIO()
            path.write_text(LIST)
            call_command(
                "import_file", "closures", path, "--set-aside", aside, "--json", stdout=out, stderr=out
            )
            self.assertIn("the day after,Thanksgiving", aside.read_text())
        told = json.loads(out.getvalue())
        self.assertEqual(
            [told[name] for name in ("rows", "new", "changed", "same", "set_aside")], [3, 1, 1, 0, 1]
        )
        self.assertEqual(Closure.objects.count(), 2)

    def test_the_same_file_again_changes_nothing(self) -> None:
        self.apply(self.bring(LIST))
        acts = Entry.objects.filter(target_kind="office.Closure").count()
        again = self.bring(LIST)
        self.assertEqual(self.counts(again), (0, 0, 2, 1))
        self.apply(again)
        self.assertEqual(Entry.objects.filter(target_kind="office.Closure").count(), acts)

    def test_a_day_named_twice_is_known_again_and_may_not_be_said_otherwise(self) -> None:
        batch = self.bring("Day,Why\n2026-12-24,Eve\n12/24/2026,Eve\n24 Dec 2026,Christmas\n")
        self.assertEqual(self.counts(batch), (1, 0, 1, 1))
        self.assertEqual(
            self.reasons(batch), [(4, "Why", "Line 2 is about the same record, but it says something else.")]
        )

    def test_what_has_to_be_said_and_what_fits_nowhere(self) -> None:
        batch = self.bring(f"Day,Why\n,Nothing\n2026-12-24,\n2026-12-26,{'x' * 101}\n2026-07-03,\n")
        self.assertEqual(self.counts(batch), (0, 0, 1, 3))
        self.assertEqual(
            self.reasons(batch),
            [
                (2, "Day", "“Day” is required, but it is empty."),
                (3, "Why", "“Reason” is required, but it is empty."),
                (4, "Why", "It has 101 characters. The limit is 100."),
            ],
        )

    def test_what_was_changed_since_the_preview_is_shown_again_and_not_written_over(self) -> None:
        batch = self.bring(LIST)
        Closure.objects.filter(pk=self.snow.pk).update(name="Snow")
        self.apply(batch)
        self.assertEqual((batch.state, Closure.objects.get().name), ("preview", "Snow"))
        self.assertIn("Check the preview again", batch.note)
        self.assertEqual(self.apply(batch).state, "applied")

    def test_undoing_is_refused_with_the_names_of_what_was_changed_since(self) -> None:
        batch = self.apply(self.bring(LIST))
        self.client.force_login(self.ada)
        eve = Closure.objects.get(day=date(2026, 12, 24))
        Closure.objects.filter(pk=eve.pk).update(name="Half a day")
        with self.assertRaises(DomainError) as refused:
            self.undo(batch)
        self.assertEqual(
            str(refused.exception),
            "This import cannot be undone. Changed since the import: “2026-12-24: Christmas Eve”. Change single "
            "records on their pages, or import a corrected list. Rows that are right already stay as they are.",
        )
        self.assertEqual(Closure.objects.count(), 2)

    def test_what_was_removed_since_does_not_hinder_undoing_the_rest(self) -> None:
        batch = self.apply(self.bring(LIST))
        Closure.objects.get(day=date(2026, 12, 24)).delete()
        self.undo(batch)
        self.assertEqual((batch.state, Closure.objects.get().name), ("undone", "Move"))

    def test_it_is_the_administrators_alone(self) -> None:
        batch = self.bring(LIST)
        self.assertNotIn("closed", self.reads(self.page(reverse("imports:new"), by=self.ana)))
        file = SimpleUploadedFile("closed.csv", LIST.encode())
        self.post(reverse("imports:new"), {"profile": "closures", "file": file}, by=self.ana, expect=422)
        self.client.force_login(self.ana)
        self.assertEqual(self.client.get(batch.get_absolute_url()).status_code, 404)


class OtherLists(ListTestCase):
    """Lists declared for the test: rows that name other rows, rules of the room, what only one may have."""

    def declared(self, model: type[models.Model], **said: Any) -> Any:
        return declaring(list_of(model, "others", label="Others", to=IMPORT, page="imports:list", **said))

    def test_cells_name_partners_by_code_or_name_and_staff_by_address(self) -> None:
        with self.declared(
            Assignment,
            key=["partner", "user", "starts_on"],
            fields=[
                Fact("partner", names=Lookup(Partner.objects.standing, ("code", "name"))),
                Fact("user", ["contact"], names=STAFF),
                Fact("role", spellings={"second": "backup"}),
                "starts_on",
            ],
        ):
            batch = self.bring(
                "Partner,Contact,Role,Starts on\n"
                f"roads,{self.ana.email},Backup,2026-01-05\n"
                f"Department of  Trails,{self.ana.email},second,2026-01-05\n"
                "Division of Trails,ANA RUIZ,second,2026-01-05\n"
                "ROADS,nobody@example.gov,Backup,2026-01-05\n",
                "others",
            )
            self.assertEqual(
                self.reasons(batch),
                [
                    (3, "Partner", "We cannot find “Department of Trails”."),
                    (5, "Contact", "We cannot find “nobody@example.gov”."),
                ],
            )
            shown = batch.rows.get(line=2).changes
            self.assertEqual(
                (shown["partner"], shown["role"]), ([None, "Department of Roads"], [None, "backup"])
            )
            self.apply(batch)
            made = Assignment.objects.get(partner=self.roads)
            self.assertEqual((made.user, made.role), (self.ana, "backup"))
            self.assertEqual(Entry.objects.about(made).get().partner_id, self.roads.pk)
            again = self.bring(
                f"Partner,Contact,Role,Starts on\nroads,{self.ana.email},,2026-01-05\n", "others"
            )
            self.assertEqual(self.counts(again), (0, 0, 1, 0))

    def test_the_rooms_own_rules_are_asked_and_may_tidy(self) -> None:
        def check(tier: Any) -> None:
            if tier.every_days > 365:
                raise DomainError("Once a year is the least.", "every_days")
            tier.order = 7

        with self.declared(
            VisitTier, key=["name"], fields=["name", Fact("every_days", ["days"])], check=check
        ):
            batch = self.bring("Name,Days\nQuarterly,90\nNever,9999\nSeldom,400\n", "others")
            self.assertEqual(
                self.reasons(batch),
                [
                    (3, "Days", "Once a year is the least."),
                    (4, "Days", "Once a year is the least."),
                ],
            )
            self.apply(batch)
            self.assertEqual(VisitTier.objects.get(name="Quarterly").order, 7)

    def test_what_only_one_may_have_is_had_by_the_first_row(self) -> None:
        VisitTier.objects.create(name="Yearly", every_days=365)
        with self.declared(VisitTier, key=["every_days"], fields=["name", Fact("every_days", ["days"])]):
            batch = self.bring("Name,Days\nMonthly,30\nMonthly,31\nYearly,366\n", "others")
            self.assertEqual(
                self.reasons(batch),
                [
                    (3, "Name", "Line 2 already says this."),
                    (4, "Name", "There is already a tier with this name."),
                ],
            )

    def test_undoing_is_refused_where_other_rows_were_built_on_it(self) -> None:
        with self.declared(VisitTier, key=["name"], fields=["name", Fact("every_days", ["days"])]):
            batch = self.apply(self.bring("Name,Days\nA,1\nB,2\nC,3\nD,4\nE,5\n", "others"))
            tiers = {tier.name: tier for tier in VisitTier.objects.all()}
            self.parks.tier = tiers["B"]
            self.parks.save()
            with self.assertRaises(DomainError) as refused:
                self.undo(batch)
            self.assertIn("This import cannot be undone. Partners depend on “B”.", str(refused.exception))

    def test_several_known_rows_of_one_key_are_not_guessed_between(self) -> None:
        Closure.objects.create(day=date(2026, 1, 2), name="Move")
        Closure.objects.create(day=date(2026, 1, 3), name="Move")
        with self.declared(Closure, key=["name"], fields=["day", "name"]):
            batch = self.bring("Day,Reason\n2026-01-02,Move\n", "others")
        self.assertEqual(
            self.reasons(batch),
            [(2, "Reason", "There are several of these, so we cannot tell which one you mean.")],
        )

    def test_a_longer_list_than_is_written_at_once_is_refused(self) -> None:
        text = "Name,Days\n" + "".join(f"Tier {n},{n % 90 + 1}\n" for n in range(5_001))
        with self.declared(VisitTier, key=["name"], fields=["name", Fact("every_days", ["days"])]):
            batch = services.receive(
                ContentFile(text.encode(), name="long.csv"),
                profile="others",
                by=self.ada,
                in_background=False,
            )
            staging.read(Unwatched(), import_id=batch.pk)
        batch.refresh_from_db()
        self.assertEqual(batch.state, "refused")
        self.assertIn("up to 5,000 rows. This one has 5,001", batch.note)

    def test_a_field_that_names_rows_has_to_say_which(self) -> None:
        with self.assertRaises(TypeError):
            self.declared(apps.get_model("partners.Alias"), key=["name"], fields=["partner", "name"])
