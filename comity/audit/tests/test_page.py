"""The trail as a page, and what happened to one thing."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO

from django.db import connection
from django.template import Context, Template
from django.utils import timezone

from comity.audit import guards, words
from comity.audit.models import Entry
from comity.audit.services import record
from comity.nouns import Actions
from comity.testing.cast import CastTestCase
from comity.testing.declaring import declaring

TRAIL = "/trail/"


class TrailTestCase(CastTestCase):
    def setUp(self) -> None:
        with guards.lifted(connection):
            Entry.objects.all().delete()
        self.changed = record(
            by=self.ana,
            action="partners.update",
            target=self.parks,
            before={"status": "active", "name": "Parks"},
            after={"status": "former", "name": "Department of Parks"},
            partner_id=self.parks.pk,
        )
        self.made = record(
            by="command line", action="partners.create", target=self.roads, after={"name": "<b>Roads</b>"}
        )


class Reading(TrailTestCase):
    def test_who_did_what_and_what_it_changed_is_told_in_words(self) -> None:
        text = self.reads(self.page(TRAIL, by=self.ada))
        self.assertIn("Ana Ruiz changed Department of Parks", text)
        self.assertIn("Status: Active → Former", text)
        self.assertIn("<b>Roads</b>", text)
        self.assertIn("Nothing here can be edited or deleted.", text)

    def test_it_can_be_narrowed_to_who_what_and_when(self) -> None:
        with guards.lifted(connection):
            Entry.objects.filter(pk=self.made.pk).update(at=timezone.now() - timedelta(days=40))
        today = timezone.localdate().isoformat()
        for query, found, other in (
            ("who=ana", "Department of Parks", "Department of Roads"),
            ("what=create", "Department of Roads", "Department of Parks"),
            ("what=roads", "Department of Roads", "Department of Parks"),
            (f"when_from={today}&when_to={today}", "Department of Parks", "Department of Roads"),
        ):
            text = self.reads(self.page(f"{TRAIL}?{query}", by=self.ada))
            self.assertIn(found, text, query)
            self.assertNotIn(other, text, query)

    def test_it_can_be_narrowed_to_a_partner(self) -> None:
        text = self.reads(self.page(f"{TRAIL}?partner=parks", by=self.ada))
        self.assertIn(f"Department of Parks Partner {self.parks.pk}", text)
        self.assertNotIn("Department of Roads", text)
        self.assertIn("Nothing matches", self.reads(self.page(f"{TRAIL}?partner=none", by=self.ada)))

    def test_the_csv_has_the_trail_as_it_is_kept(self) -> None:
        self.client.force_login(self.ada)
        content = b"".join(self.client.get(f"{TRAIL}?format=csv")).decode("utf-8-sig")
        rows = list(csv.DictReader(StringIO(content)))
        self.assertEqual([row["action"] for row in rows], ["partners.create", "partners.update"])
        self.assertIn('"status": "former"', rows[1]["after"])
        self.assertEqual(rows[1]["actor"], f"people.User:{self.ana.pk}")

    def test_it_asks_few_queries_however_many_entries_there_are(self) -> None:
        self.page(TRAIL, by=self.ada)
        for _ in range(30):
            record(by=self.ana, action="partners.update", target=self.parks, after={"n": 1})
        self.client.force_login(self.ada)
        with self.assertQueries(6):
            self.client.get(TRAIL)


class History(TrailTestCase):
    def shown(self, target: object) -> str:
        return Template("{% load audit %}{% history target %}").render(Context({"target": target}))

    def test_what_happened_to_one_thing_is_listed_in_one_query(self) -> None:
        with self.assertNumQueries(1):
            shown = self.shown(self.parks)
        self.assertIn("Changed", shown)
        self.assertIn("Ana Ruiz", shown)
        self.assertIn("Status: Active → Former", shown)
        self.assertNotIn("Roads", shown)

    def test_nothing_said_of_a_thing_becomes_markup(self) -> None:
        self.assertIn("&lt;b&gt;Roads&lt;/b&gt;", self.shown(self.roads))

    def test_a_thing_without_a_history_says_so(self) -> None:
        self.assertIn("Nothing is recorded", self.shown(self.trails))


class Words(CastTestCase):
    def test_an_action_is_called_as_its_room_says_or_by_its_name(self) -> None:
        with declaring(Actions({"test.acted": "acted well"})):
            self.assertEqual(words.action_words("test.acted"), "acted well")
        self.assertEqual(words.action_words("partners.fold_paper"), "fold paper")

    def test_values_of_every_kind_are_readable(self) -> None:
        entry = Entry(
            target_kind="partners.Partner",
            before={"headcount": 12000, "aliases": ["A", "B"], "unknown_field": {"a": True}},
            after={
                "created_at": "2026-11-23T10:00:00Z",
                "status_on": "2026-11-23",
                "code": "2026-99-99",
                "notes": "x" * 500,
            },
        )
        read = {change.name: (change.before, change.after) for change in words.changes_of(entry)}
        self.assertEqual(read["Employees"][0], "12,000")
        self.assertEqual(read["Aliases"][0], "A, B")
        self.assertEqual(read["Unknown field"][0], "a: yes")
        self.assertIn("Nov 23, 2026", read["Created at"][1])
        self.assertEqual(read["Status on"][1], "Nov 23, 2026")
        self.assertEqual(read["Code"][1], "2026-99-99")
        self.assertLess(len(read["Notes"][1]), 250)

    def test_a_kind_that_is_no_more_is_still_named(self) -> None:
        self.assertEqual(words.kind_words("old.Thing"), "thing")
        self.assertEqual(words.kind_words(""), "")
