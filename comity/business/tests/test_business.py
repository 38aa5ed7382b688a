"""The page about a partner's business: written by both sides, with who wrote what and what is near."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override

from comity.audit.models import Entry
from comity.business import services
from comity.business.models import Mission, Program, Season
from comity.business.parts import KINDS
from comity.core.errors import DomainError
from comity.imports.models import Import
from comity.meetings.services import log_visit
from comity.partners.duplicates.services import PARTNERS, merge
from comity.partners.models import Membership, Partner
from comity.testing.cast import CastTestCase

PAGE, LIST = 12, 6  # queries
SAID = {"name": "Camping", "serves": "Families"}


class BusinessTestCase(CastTestCase):
    """Parks runs *Trails*, which Ana wrote down."""

    trails_program: Program

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        facts = {"partner": cls.parks, "name": "Trail care", "serves": "Hikers"}
        cls.trails_program = services.PROGRAMS.enter(facts, by=cls.ana)

    def at(self, name: str, *rows: Any) -> str:
        return reverse(f"business:{name}", args=[row.pk for row in rows])

    def season(self, name: str, starts_on: date, ends_on: date | None = None, **more: Any) -> Season:
        facts = {"partner": self.parks, "name": name, "starts_on": starts_on, "ends_on": ends_on, **more}
        return services.SEASONS.enter(facts, by=self.ana)


class Writing(BusinessTestCase):
    def test_the_partner_corrects_the_office_and_both_names_stand_on_the_page(self) -> None:
        url = self.at("edit_program", self.trails_program)
        self.post(url, {**self.seen(url, by=self.ben), "name": "Trail care", "serves": "Riders, too"})
        page = self.reads(self.page(self.at("of_partner", self.parks), by=self.eve))
        self.assertIn("Trail care Whom it serves: Riders, too Ben Okafor", page)
        told = self.reads(self.page(self.at("history", self.parks), by=self.ana))
        self.assertIn("Changed a program: Trail care Ben Okafor Whom it serves: Hikers → Riders, too", told)
        self.assertIn("Added a program: Trail care Ana Ruiz", told)

    def test_two_who_change_it_at_once_are_shown_both(self) -> None:
        url = self.at("edit_program", self.trails_program)
        said = {"name": "Trail care"} | self.seen(url, by=self.ana)
        self.post(url, {**said, "serves": "Theirs"}, by=self.ben)
        answer = self.post(url, {**said, "serves": "Ours"}, by=self.ana, expect=409)
        self.assertIn("When you started: Hikers Theirs: Theirs Yours: Ours", self.reads(answer))

    def test_the_mission_is_written_and_changed_at_one_address(self) -> None:
        url = self.at("mission", self.parks)
        self.page(url, by=self.eve)
        self.post(url, {"mission": " We keep parks open. "})
        self.assertEqual(self.parks.mission.mission, "We keep parks open.")
        self.post(url, {**self.seen(url, by=self.ana), "mission": "For everybody."})
        self.assertIn(
            "For everybody. Ana Ruiz", self.reads(self.page(self.at("of_partner", self.parks), by=self.ben))
        )

    def test_each_part_is_added_and_removed(self) -> None:
        self.post(self.at("add_program", self.parks), SAID, by=self.olu)
        found = Program.objects.get(name="Camping")
        self.assertEqual(Entry.objects.about(found).get().partner_id, self.parks.pk)
        self.post(self.at("remove_program", found), {}, by=self.ben)
        self.assertFalse(Program.objects.filter(name="Camping").exists())
        self.assertIn(
            "Removed a program: Camping Ben Okafor",
            self.reads(self.page(self.at("history", self.parks), by=self.ben)),
        )

    def test_a_division_is_written_by_those_above_it(self) -> None:
        self.post(self.at("add_program", self.trails), SAID, by=self.ben)
        self.assertTrue(Program.objects.filter(partner=self.trails).exists())

    def test_others_of_the_partner_read_and_another_partner_cannot_tell_it_exists(self) -> None:
        page = self.page(self.at("of_partner", self.roads), by=self.cy)
        self.assertNotContains(page, "/add/")
        self.page(self.at("add_program", self.roads), by=self.cy, status=403)
        self.page(self.at("of_partner", self.parks), by=self.cy, status=404)

    def test_who_answers_for_one_partner_only_reads_the_other(self) -> None:
        facts = {"role": "partner_member", "starts_on": self.today}
        Membership.objects.create(user=self.ben, partner=self.roads, **facts)
        self.page(self.at("add_program", self.roads), by=self.ben, status=403)
        self.assertNotContains(self.page(self.at("of_partner", self.roads)), "/add/")

    def test_the_same_name_twice_and_what_is_no_season_are_refused(self) -> None:
        self.post_refused(
            self.at("add_program", self.parks),
            {"name": "Trail care", "serves": "All"},
            "on the page already",
            by=self.ben,
        )
        said = {"name": "Summer", "kind": "busy", "starts_on": "2026-06-01", "yearly": "on"}
        url = self.at("add_season", self.parks)
        self.post_refused(url, {**said, "ends_on": "2026-05-31"}, "cannot end before it begins")
        self.post_refused(url, {**said, "ends_on": "2027-06-01"}, "shorter than a year")
        self.assertFalse(Season.objects.exists())

    def test_after_a_merge_all_of_it_stands_with_the_survivor(self) -> None:
        services.MISSIONS.enter({"partner": self.parks, "mission": "Parks."}, by=self.ana)
        merge(PARTNERS, survivor_id=self.roads.pk, tombstone_id=self.parks.pk, theirs={}, by=self.ana)
        page = self.reads(self.page(self.at("of_partner", self.roads), by=self.ana))
        self.assertIn("Parks.", page)
        self.assertIn("Trail care", page)
        self.assertIn("Added a program", self.reads(self.page(self.at("history", self.roads))))
        self.page(self.at("of_partner", self.parks), status=404)


class Near(BusinessTestCase):
    def test_what_begins_soon_heads_the_page(self) -> None:
        self.season("Budget hearings", self.today + timedelta(days=9), kind="legislative")
        page = self.page(self.at("of_partner", self.parks), by=self.ana)
        self.assertIn("Budget hearings: in 9 days", self.reads(page))
        self.assertContains(page, 'class="chart-rows year"')

    def test_near_is_what_is_under_way_or_begins_within_thirty_days(self) -> None:
        day = timedelta(days=1)
        self.season("Summer", self.today - 5 * day, self.today + 5 * day)
        self.season("Hearings", self.today + 30 * day, yearly=False)
        self.season("Later", self.today + 31 * day)
        self.season("Over", self.today - 9 * day, yearly=False)
        with self.assertNumQueries(1):
            found = services.near([self.parks, self.roads], self.today)
        self.assertEqual([one.season.name for one in found[self.parks.pk]], ["Summer", "Hearings"])
        self.assertEqual(found[self.roads.pk], [])

    def test_days_are_said_as_a_person_says_them(self) -> None:
        today, day = self.today, timedelta(days=1)
        for first, last, words in (
            (today + day, today + day, "in 1 day ("),
            (today, today, "today"),
            (today - day, today, "until today"),
            (today - day, today + day, "now, until "),
        ):
            self.assertIn(words, services.Near(Season(name="x"), first, last, today).when)

    def test_the_year_has_twelve_months_and_each_time_in_words_too(self) -> None:
        with patch("comity.business.views.today", lambda: date(2026, 11, 20)):
            self.season("Filing season", date(2020, 1, 27), date(2020, 4, 20))
            text = self.reads(self.page(self.at("of_partner", self.parks), by=self.ana))
        self.assertIn("What Department of Parks does Department of Parks.", text)  # nothing is near
        self.assertIn("Filing season: in 68 days (Jan 27, 2027)", text)
        self.assertIn("Busy season: Jan 27 to Apr 20, every year", text)
        self.assertIn("Filing season Busy season in 68 days (Jan 27, 2027) Jan 27, 2027 Apr 20, 2027", text)


class Portal(BusinessTestCase):
    def test_a_partners_people_come_to_their_own_page_and_find_their_divisions(self) -> None:
        page = self.page(self.at("portal"), by=self.ben)
        self.assertIn("Trail care", self.reads(page))
        self.assertContains(page, self.at("of_partner", self.trails))
        self.assertNotContains(page, "Who of us understands it")

    def test_briefings_and_journeys_held_together_stand_on_the_page_as_far_as_each_side_sees_them(
        self,
    ) -> None:
        for kind, office_only in (("briefing", True), ("journey", False), ("visit", False)):
            facts: dict[str, Any] = {"kind": kind, "office_only": office_only}
            log_visit(partners=[self.parks], by=self.ana, held_on=self.today, **facts)
        url = self.at("of_partner", self.parks)
        for user, told in ((self.ana, ["briefing", "journey"]), (self.ben, ["journey"])):
            rows = self.page(url, by=user).context["together"]
            self.assertEqual(sorted(row.kind for row in rows), told)

    def test_it_is_there_in_spanish(self) -> None:
        self.season("Verano", self.today + timedelta(days=9))
        type(self.ben).objects.filter(pk=self.ben.pk).update(language="es")
        page = self.reads(self.page(self.at("portal"), by=self.ben))
        for words in ("Misión", "A quién sirve", "dentro de 9 días", "Ambas partes escriben aquí"):
            self.assertIn(words, page)

    def test_every_word_of_the_forms_is_there_in_spanish_too(self) -> None:
        parts: list[Any] = [Mission, *(kind.model for kind in KINDS)]
        for model in parts:
            for field in (model._meta.get_field(name) for name in model.ASKED):
                for words in filter(None, (field.verbose_name, field.help_text)):
                    with self.subTest(words), override("en"):
                        english = str(words)
                        with override("es"):
                            self.assertNotEqual(str(words), english)


class Lists(BusinessTestCase):
    def test_pages_and_lists_ask_as_much_however_much_is_written(self) -> None:
        for number in range(3):
            self.season(f"Season {number}", self.today + timedelta(days=number))
            services.PROGRAMS.enter({"partner": self.parks, "name": f"P{number}", "serves": "x"}, by=self.ana)
        self.client.force_login(self.ana)
        with self.assertQueries(PAGE):
            self.client.get(self.at("of_partner", self.parks))
        with self.assertQueries(LIST):
            self.client.get(self.at("list"))

    def test_a_system_is_found_by_its_name_whosever_it_is(self) -> None:
        facts = {"partner": self.roads, "name": "Paving", "systems": "RoadWise"}
        services.PROCESSES.enter(facts, by=self.ana)
        table = self.page(self.at("processes"), by=self.olu, data={"q": "roadwise"}).context["table"]
        self.assertEqual([row.name for row in table.page], ["Paving"])
        found = self.page(reverse("find"), by=self.olu, data={"q": "roadwise"})
        self.assertContains(found, "Paving")

    def test_what_goes_out_as_csv_comes_in_again_without_a_change(self) -> None:
        self.season("Summer", date(2026, 6, 1), date(2026, 8, 31))
        for name, count in (("programs", 1), ("seasons", 1)):
            with self.subTest(name):
                self.client.force_login(self.cora)
                answer: Any = self.client.get(self.at(name), {"format": "csv"})
                file = SimpleUploadedFile("list.csv", b"".join(answer.streaming_content))
                self.post(reverse("imports:new"), {"profile": f"business-{name}", "file": file})
                self.run_jobs()
                batch = Import.objects.latest("pk")
                self.assertEqual((batch.rows_same, batch.rows_total), (count, count))


class Refused(BusinessTestCase):
    def test_a_season_cannot_be_made_wrong_by_a_service_either(self) -> None:
        with self.assertRaisesMessage(DomainError, "cannot end before"):
            self.season("Wrong", self.today, self.today - timedelta(days=1))

    def test_a_former_partner_keeps_its_page(self) -> None:
        Partner.objects.filter(pk=self.parks.pk).update(status=Partner.Status.FORMER)
        self.assertContains(self.page(self.at("of_partner", self.parks), by=self.ana), "Trail care")
