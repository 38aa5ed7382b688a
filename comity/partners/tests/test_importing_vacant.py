"""Vacant posts come in with a list of people, and go out again."""

from __future__ import annotations

from datetime import date

from comity.audit.models import Entry
from comity.imports import applying, services
from comity.imports.models import Import, ImportRow
from comity.jobs.progress import Unwatched
from comity.partners.models import Partner, Person, Position
from comity.partners.tests.test_importing import ImportTestCase


class VacantPosts(ImportTestCase):
    def people(self, text: str) -> tuple[int, int, int, int]:
        return self.counts(text, profile="people")

    def reasons(self, text: str) -> list[str]:
        return [one["reason"] for one in self.bring(text, profile="people")["problems"]]

    def vacant(self) -> list[tuple[str, str, date | None]]:
        rows = Position.objects.vacant().order_by("pk")
        return list(rows.values_list("partner__code", "title", "starts_on"))

    def test_a_row_with_a_title_that_names_nobody_is_a_vacant_post(self) -> None:
        text = (
            "Name,E-mail,Agency,Title,Function,Since\n,,PARKS,Chief,head,2026-07-01\nVACANT,,ROADS,Clerk,,\n"
        )
        before = Person.objects.count()
        self.assertEqual(self.people(text), (2, 0, 0, 0))
        self.assertEqual(self.vacant(), [("PARKS", "Chief", date(2026, 7, 1)), ("ROADS", "Clerk", None)])
        self.assertEqual(Person.objects.count(), before)
        self.assertEqual(self.people(text), (0, 0, 2, 0))

    def test_two_rows_of_one_title_are_two_posts_and_again_the_same_two(self) -> None:
        text = "Agency,Title,Vacant,Name\nPARKS,Ranger,yes,\nparks,RANGER,x,\n"
        self.assertEqual(self.people(text), (2, 0, 0, 0))
        self.assertEqual(self.people(text), (0, 0, 2, 0))
        self.assertEqual(self.people("Agency,Title,Name\nPARKS,Ranger,\n"), (0, 0, 1, 0))

    def test_what_a_row_says_of_a_known_vacant_post_changes_it(self) -> None:
        self.people("Agency,Title,Name\nPARKS,Ranger,\n")
        later = "Agency,Title,Name,Shared,Since\nPARKS,Ranger,,yes,7/1/2026\n"
        self.assertEqual(self.people(later), (0, 1, 0, 0))
        post = Position.objects.vacant().get()
        self.assertEqual((post.shared, post.starts_on), (True, date(2026, 7, 1)))
        self.assertEqual(self.people(later), (0, 0, 1, 0))

    def test_a_post_somebody_got_since_is_not_made_vacant_again(self) -> None:
        text = "Agency,Title,Name,Since\nPARKS,Ranger,,2026-07-01\n"
        self.people(text)
        post = Position.objects.vacant().get()
        post.ends_on = date(2026, 8, 1)
        post.save()
        self.assertEqual(self.people(text), (0, 0, 1, 0))
        self.assertEqual(self.people("Agency,Title,Name,Since\nPARKS,Ranger,,2026-09-01\n"), (1, 0, 0, 0))

    def test_rows_that_say_two_things_are_set_aside_with_the_reason(self) -> None:
        head = "Name,E-mail,Agency,Title,Vacant\n"
        self.assertIn("names someone", self.reasons(f"{head}Gil,,PARKS,Ranger,yes\n")[0])
        self.assertIn("has an email address", self.reasons(f"{head}Vacant,g@x.gov,PARKS,Ranger,\n")[0])
        self.assertIn("not vacant", self.reasons(f"{head},,PARKS,Ranger,no\n")[0])
        self.assertIn("does not say where", self.reasons(f"{head},,,Ranger,yes\n")[0])
        self.assertIn("needs a job title", self.reasons(f"{head},,PARKS,,yes\n")[0])
        self.assertIn("has no name", self.reasons("Name,Agency\n,PARKS\n")[0])
        self.assertEqual(self.vacant(), [])

    def test_who_gets_a_post_of_that_title_is_told_that_it_stays_vacant(self) -> None:
        self.people("Agency,Title,Name\nPARKS,Ranger,\n")
        self.people("Agency,Title,Name,E-mail\nPARKS,Ranger,Gil,gil@x.gov\n")
        row = ImportRow.objects.get(label="Gil")
        self.assertEqual(row.outcome, "new")
        self.assertIn("stays vacant", row.reason)

    def test_the_trail_tells_of_the_post_and_undoing_takes_it_away(self) -> None:
        self.people("Agency,Title,Name,E-mail\nPARKS,Chief,,\nPARKS,Ranger,Gil,gil@x.gov\n")
        post = Position.objects.vacant().get()
        made = Entry.objects.about(post).get()
        self.assertEqual((made.target_label, made.partner_id), ("Chief, vacant", self.parks.pk))
        batch = Import.objects.get()
        services.undo(batch.pk, by=self.ada)
        applying.undo(Unwatched(), import_id=batch.pk)
        self.assertEqual(self.vacant(), [])
        self.assertFalse(Person.objects.filter(email="gil@x.gov").exists())
        self.assertEqual(Entry.objects.about(post)[0].action, "imports.remove")

    def test_a_vacancy_filled_since_stands_in_the_way_of_undoing(self) -> None:
        self.people("Agency,Title,Name\nPARKS,Chief,\n")
        Position.objects.vacant().update(ends_on=self.today)
        batch = Import.objects.get()
        with self.assertRaisesMessage(Exception, "Changed since the import: “Chief”."):
            services.undo(batch.pk, by=self.ada)

    def test_a_code_beside_the_name_decides_between_bodies_of_one_name(self) -> None:
        for code in ("A1", "A2"):
            Partner.objects.create(name="Board of Elections", name_key="board of elections", code=code)
        text = "Name,E-mail,Partner code,Partner,Title\nGil,g@x.gov,A2,Board of Elections,Clerk\n"
        self.assertEqual(self.people(text), (1, 0, 0, 0))
        self.assertEqual(Position.objects.get(person__email="g@x.gov").partner.code, "A2")
        strange = "Name,E-mail,Partner code,Partner,Title\nBo,b@x.gov,77,Department of Parks,Clerk\n"
        self.assertEqual(self.people(strange), (1, 0, 0, 0))
