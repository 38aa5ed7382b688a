"""An entry of the catalog: written as a draft, published for good, reviewed by its day; brought in and written out."""

from __future__ import annotations

import json
import tempfile
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.utils import translation

from comity.audit.models import Entry
from comity.core.errors import DomainError
from comity.services import services
from comity.services.models import DataClass, Edition, Service, Subject
from comity.services.tests.test_services import CatalogueTestCase


class EntryTestCase(CatalogueTestCase):
    def write(self, **values: Any) -> Service:
        self.hosting = services.change_service(self.hosting.pk, values, by=self.sol)
        return self.hosting

    def published(self, **values: Any) -> Service:
        service, day = self.write(**values), self.today + timedelta(days=90)
        return services.publish(service.pk, version=service.version, review_on=day, by=self.sol)


class Publishing(EntryTestCase):
    def test_a_draft_is_read_by_nobody_until_it_is_published_and_stays_as_it_was_then(self) -> None:
        self.write(hours="8 to 5")
        self.assertFalse(Edition.objects.exists())
        self.published()
        self.write(hours="Day and night")
        first = Edition.objects.get()
        self.assertEqual((first.number, first.facts["hours"], first.published_by), (1, "8 to 5", self.sol))
        self.published()
        self.assertEqual([each.facts["hours"] for each in Edition.objects.all()], ["Day and night", "8 to 5"])
        actions = Entry.objects.about(self.hosting).values_list("action", flat=True)
        self.assertEqual(list(actions).count(services.PUBLISH), 2)

    def test_the_database_itself_keeps_what_was_published(self) -> None:
        self.published(hours="8 to 5")
        for change in (lambda: Edition.objects.update(number=7), lambda: Edition.objects.all().delete()):
            with self.assertRaises(DatabaseError), transaction.atomic():
                change()

    def test_the_page_says_in_words_what_will_change_and_publishes_it(self) -> None:
        self.published(hours="8 to 5")
        self.write(hours="Day and night", data_classes=[DataClass.objects.get(name="Public").pk])
        url = self.at("publish", self.hosting)
        said = self.reads(self.page(url, by=self.sol))
        self.assertIn("Hours Day and night before: 8 to 5", said)
        self.assertIn("Data it may hold Public", said)
        day = self.today + timedelta(days=200)
        self.post(url, {"version": self.hosting.version, "review_on": day.isoformat()})
        self.hosting.refresh_from_db()
        self.assertEqual((self.hosting.review_on, self.hosting.reviewed_by), (day, self.sol))
        self.assertEqual(self.hosting.editions.count(), 2)
        self.assertIn("Partners read edition 2", self.reads(self.page(self.hosting.get_absolute_url())))

    def test_what_has_not_changed_is_reviewed_without_a_new_edition(self) -> None:
        service = self.published(hours="8 to 5")
        url = self.at("publish", service)
        self.assertIn("still right?", self.reads(self.page(url, by=self.sol)))
        self.post(
            url, {"version": service.version, "review_on": (self.today + timedelta(days=300)).isoformat()}
        )
        self.assertEqual(service.editions.count(), 1)
        self.assertEqual(Entry.objects.about(service).order_by("-pk")[0].action, services.REVIEW)

    def test_a_review_that_is_not_to_come_and_a_draft_that_changed_meanwhile_are_refused(self) -> None:
        service = self.write(hours="8 to 5")
        url, later = self.at("publish", service), self.today + timedelta(days=90)
        self.post_refused(
            url,
            {"version": service.version, "review_on": self.today.isoformat()},
            "a day to come",
            by=self.sol,
        )
        self.post_refused(
            url, {"version": service.version - 1, "review_on": later.isoformat()}, "Read it again"
        )
        self.assertFalse(Edition.objects.exists())

    def test_only_those_who_keep_the_catalog_write_and_publish(self) -> None:
        for name in ("entry", "spanish", "publish"):
            self.page(self.at(name, self.hosting), by=self.olu, status=403)
            self.page(self.at(name, self.hosting), by=self.ben, status=403)


class Writing(EntryTestCase):
    def test_both_languages_are_written_spanish_below_what_it_says_in_english(self) -> None:
        url = self.at("entry", self.hosting)
        seen = self.seen(url, by=self.sol)
        self.post(url, {**seen, "promise": "It runs.", "hours": "Day and night", "needs": []})
        url = self.at("spanish", self.hosting)
        page = self.page(url)
        self.assertIn("Day and night", self.reads(page))
        self.post(url, {**self.seen(url), "hours_es": "Día y noche"})
        self.hosting.refresh_from_db()
        self.assertEqual((self.hosting.hours, self.hosting.hours_es), ("Day and night", "Día y noche"))

    def test_a_service_neither_needs_itself_nor_goes_back_in_time(self) -> None:
        with self.assertRaisesMessage(DomainError, "neither needs nor follows itself"):
            self.write(needs=[self.hosting.pk])
        with self.assertRaisesMessage(DomainError, "neither needs nor follows itself"):
            self.write(followed_by=self.hosting)
        with self.assertRaisesMessage(DomainError, "before the one above it"):
            self.write(pilot_on=self.today, offered_on=self.today - timedelta(days=1))

    def test_a_list_entry_that_is_chosen_stays_and_another_goes(self) -> None:
        subject = services.SUBJECTS.enter({"name": "Work  from anywhere", "order": 1}, by=self.sol)
        self.write(subjects=[subject.pk])
        self.post_refused(self.at("remove_subject", subject), {}, "still in use", by=self.sol)
        self.write(subjects=[])
        self.post(self.at("remove_subject", subject), {})
        self.assertFalse(Subject.objects.exists())
        with translation.override("es"):
            self.assertEqual(str(DataClass.objects.get(name="Public")), "Pública")

    def test_a_service_is_found_by_the_words_of_customers_in_any_language(self) -> None:
        self.write(synonyms="virtual machine, computer room, máquina virtual", name_es="Alojamiento")
        for words in ("computer room", "maquina", "VIRTUAL", "alojam"):
            self.assertEqual(list(Service.objects.search(words)), [self.hosting], words)
        self.assertFalse(Service.objects.search("parking"))


class InAndOut(EntryTestCase):
    def bring(self, text: str, *options: str) -> dict[str, Any]:
        with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            said = StringIO()
            call_command("services", "import", file.name, "--json", *options, stdout=said)
        found: dict[str, Any] = json.loads(said.getvalue())
        return found

    def test_a_catalog_comes_in_with_what_it_names_and_says_what_it_does_not_know(self) -> None:
        text = (
            "service,description,owner,also called,data_classes,needs,hours\n"
            "Backup,It is back,Sol Service,restore; tape,pci (payment cards); Public,Hosting,At night\n"
            "Lunch,You eat,Sol Service,,Secret,,Noon\n"
        )
        rehearsed = self.bring(text, "--dry-run")
        self.assertFalse(Service.objects.filter(name="Backup").exists())
        found = self.bring(text)
        self.assertEqual(rehearsed["problems"], found["problems"])
        self.assertIn("We cannot find “Secret”", found["problems"][0]["reason"])
        row = Service.objects.get(name="Backup")
        names = [each.name for each in services.named("data_classes", row.data_classes)]
        self.assertEqual(
            (names, row.needs, row.hours), (["PCI (payment cards)", "Public"], [self.hosting.pk], "At night")
        )
        self.assertEqual(self.bring(text)["same"], 1)

    def test_it_goes_out_as_csv_that_comes_in_again_and_as_json(self) -> None:
        self.write(
            hours='=HYPERLINK("x")\nand after a break', included_es="Sí", needs=[], synonyms="@home",
            data_classes=[DataClass.objects.get(name="Public").pk],
            offered_on=self.today,
        )  # fmt: skip
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "services.csv"
            call_command("services", "export", str(out), stdout=StringIO())
            said = out.read_text(encoding="utf-8")
            self.assertIn('"\'=HYPERLINK(""x"")\nand after a break"', said)
            self.assertEqual(self.bring(said)["same"], 1)
            out = Path(folder) / "services.json"
            call_command("services", "export", str(out), stdout=StringIO())
            (row,) = json.loads(out.read_text(encoding="utf-8"))["services"]
            self.assertEqual(
                (row["name"], row["data_classes"], row["included_es"]), ("Hosting", "Public", "Sí")
            )
            with self.assertRaisesMessage(CommandError, "cannot be written"):
                call_command("services", "export", str(Path(folder) / "no" / "where.csv"), stdout=StringIO())
