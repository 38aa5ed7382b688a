"""One stakeholder: entered, rated, kept from those it is not for, brought in as a list, destroyed when it is over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from comity.core.errors import DomainError
from comity.followups.models import FollowUp
from comity.imports.models import Import
from comity.meetings.services import log_visit
from comity.partners.duplicates.services import PARTNERS, PEOPLE, merge
from comity.partners.models import Partner, Person
from comity.stakeholders import services
from comity.stakeholders.models import Initiative, Stakeholder
from comity.stakeholders.services import INITIATIVES, STAKEHOLDERS
from comity.stakeholders.tests.world import StakesTestCase

LIST, PAGE = 6, 8  # queries


class Entering(StakesTestCase):
    def test_somebody_is_entered_on_the_map_of_their_partner(self) -> None:
        url = self.at("add_to_partner", self.parks)
        self.page(url, by=self.ana)
        said = {"role": "pays", "influence": 4, "interest": 2, "stance": "doubter", "sure": "heard"}
        self.post(url, {"person": "Ben Okafor", "note": "Counts every hour.", **said})
        row = Stakeholder.objects.get(initiative=None)
        self.assertEqual((row.person, row.partner, row.quadrant), (self.ben_person, self.parks, "satisfied"))
        self.assertIn("Counts every hour.", self.reads(self.page(row.get_absolute_url())))

    def test_in_an_initiative_one_says_of_which_partner_they_are(self) -> None:
        url = self.at("add_to_initiative", self.payroll)
        self.page(url, by=self.ana)
        said = {
            "person": "Cy Young",
            "role": "affected",
            "influence": 1,
            "interest": 5,
            "stance": "neutral",
            "sure": "assumed",
        }
        self.post_refused(url, said, "Choose one.")
        self.post(url, {**said, "partner": self.roads.pk, "influences": [self.ben_row.pk]})
        row = Stakeholder.objects.get(person=self.cy_person)
        self.assertEqual((row.partner, [*row.influences.all()]), (self.roads, [self.ben_row]))

    def test_nobody_is_on_one_map_twice_nor_on_that_of_strangers(self) -> None:
        url = self.at("add_to_initiative", self.payroll)
        said = {
            "person": "Ben Okafor",
            "partner": self.parks.pk,
            "role": "affected",
            "influence": 1,
            "interest": 5,
        }
        self.post_refused(url, {**said, "stance": "neutral", "sure": "assumed"}, "already", by=self.ana)
        with self.assertRaisesMessage(DomainError, "Division of Trails is not part of New payroll."):
            self.rated(self.cy_person, partner=self.trails)

    def test_a_rating_is_changed_and_its_page_tells_how(self) -> None:
        url = self.at("edit", self.ben_row)
        said = {"role": "advises", "influence": 4, "interest": 5, "stance": "neutral", "sure": "checked"}
        self.post(
            url, {**said, **self.seen(url, by=self.ana), "influences": [self.eve_row.pk], "long_timer": "on"}
        )
        page = self.reads(self.page(self.ben_row.get_absolute_url(), by=self.olu))
        self.assertIn("Stance: Opposed → Neutral", page)
        self.assertIn("Influences Eve Head", page)
        with self.assertQueries(PAGE):
            self.client.get(self.ben_row.get_absolute_url())

    def test_whoever_was_never_meant_to_be_on_it_is_taken_off(self) -> None:
        self.page(self.at("remove", self.ben_row), by=self.ana)
        self.post(self.at("remove", self.ben_row), expect=self.payroll.get_absolute_url())
        self.assertFalse(Stakeholder.objects.filter(pk=self.ben_row.pk).exists())

    def test_the_page_of_a_person_says_where_they_have_a_say(self) -> None:
        page = self.page(self.ben_person.get_absolute_url(), by=self.olu)
        self.assertIn("Has a say in New payroll: Opposed", self.reads(page))
        STAKEHOLDERS.mend(self.ben_row, {"sensitive": True}, by=self.ana)
        self.assertNotIn("Has a say in", self.reads(self.page(self.ben_person.get_absolute_url())))

    def test_last_contact_comes_from_meetings_they_were_at(self) -> None:
        url = self.ben_row.get_absolute_url()
        self.assertIn("Last contact never", self.reads(self.page(url, by=self.olu)))
        day = self.today - timedelta(days=3)
        log_visit(by=self.ana, partners=[self.parks], held_on=day, theirs=[self.ben_person])
        self.assertNotIn("Last contact never", self.reads(self.page(url)))


class Sensitive(StakesTestCase):
    def test_only_those_who_may_see_that_somebody_is_there(self) -> None:
        STAKEHOLDERS.mend(self.eve_row, {"sensitive": True, "note": "Between us."}, by=self.ana)
        for who, sees in ((self.ana, True), (self.ira, True), (self.olu, False), (self.sol, False)):
            with self.subTest(who):
                self.page(self.eve_row.get_absolute_url(), by=who, status=200 if sees else 404)
                pages = [self.payroll.get_absolute_url(), self.ben_row.get_absolute_url(), self.at("list")]
                for url in pages:
                    self.assertEqual("Eve Head" in self.reads(self.page(url)), sees, url)
                self.client.force_login(who)
                answer: Any = self.client.get(self.at("list"), {"format": "csv"})
                self.assertEqual(b"Between us." in b"".join(answer.streaming_content), sees)

    def test_no_partners_user_sees_any(self) -> None:
        self.assertFalse(Stakeholder.objects.visible_to(self.ben).exists())
        self.page(self.ben_row.get_absolute_url(), by=self.ben, status=403)

    def test_of_a_partner_that_is_still_arriving_there_is_none(self) -> None:
        Partner.objects.filter(pk=self.parks.pk).update(arriving=True)
        self.page(self.ben_row.get_absolute_url(), by=self.ana, status=404)


class Initiatives(StakesTestCase):
    def test_one_is_entered_with_whom_and_ends(self) -> None:
        url = self.at("add_initiative")
        self.page(url, by=self.cora)
        said = {"name": " Less  paper ", "purpose": "Nobody prints.", "begun_on": "2026-01-05"}
        self.post_refused(url, said, "Choose at least one.")
        self.post(url, {**said, "also": "Department of Roads"})
        found = Initiative.objects.get(name="Less paper")
        edit = self.at("edit_initiative", found)
        again: dict[str, Any] = {**said, "named": [self.roads.pk], **self.seen(edit)}
        self.post_refused(edit, {**again, "ends_on": "2025-12-31"}, "It cannot end before it begins.")
        self.post(edit, {**again, "ends_on": "2026-02-01"}, expect=found.get_absolute_url())
        self.assertIn("Ended on Feb 1, 2026", self.reads(self.page(found.get_absolute_url())))

    def test_of_a_partner_that_leaves_it_people_stay_and_can_be_rated(self) -> None:
        INITIATIVES.mend(self.payroll, {"partners": [self.roads]}, by=self.ana)
        STAKEHOLDERS.mend(self.ben_row, {"stance": "neutral"}, by=self.ana)
        self.assertIn("Ben Okafor", self.reads(self.page(self.payroll.get_absolute_url(), by=self.olu)))

    def test_both_lists_are_narrowed_and_found(self) -> None:
        self.assertIn(
            "New payroll Paid on the day.", self.reads(self.page(self.at("initiatives"), by=self.olu))
        )
        self.assertContains(
            self.page(reverse("find"), data={"q": "payroll"}), self.payroll.get_absolute_url()
        )
        for query, count in (
            ({"q": "okaf"}, 1),
            ({"stance": "opposed"}, 1),
            ({"quadrant": "satisfied"}, 1),
            ({"quadrant": "monitor"}, 0),
            ({"partner": "ROADS"}, 0),
            ({"long_timer": "1"}, 1),
        ):
            with self.subTest(query):
                self.assertEqual(self.page(self.at("list"), data=query).context["table"].total, count)
        with self.assertQueries(LIST):
            self.client.get(self.at("list"))


class Lists(StakesTestCase):
    def bring(self, content: bytes) -> Import:
        file = SimpleUploadedFile("list.csv", content)
        self.post(reverse("imports:new"), {"profile": "stakeholders", "file": file}, by=self.ana)
        self.run_jobs()
        return Import.objects.latest("pk")

    def test_what_goes_out_comes_in_again_without_a_change(self) -> None:
        self.rated(self.cy_person, partner=self.roads, initiative=None)
        self.client.force_login(self.ana)
        answer: Any = self.client.get(self.at("list"), {"format": "csv"})
        batch = self.bring(b"".join(answer.streaming_content))
        self.assertEqual((batch.rows_same, batch.rows_changed, batch.rows_set_aside), (3, 0, 0))

    def test_a_list_comes_in_and_is_taken_back_and_its_ratings_are_history(self) -> None:
        text = (
            "who,agency,project,role,power,interest,attitude\n"
            "Ben Okafor,PARKS,New payroll,advises,4,5,Neutral\n"
            "Flo Money,ROADS,New payroll,Holds the budget,5,2,doubter\n"
            "Cy Young,TRAILS,New payroll,decides,5,2,doubter\n"
        )
        batch = self.bring(text.encode())
        self.assertEqual((batch.rows_new, batch.rows_changed, batch.rows_set_aside), (1, 1, 1))
        self.post(reverse("imports:apply", args=[batch.pk]))
        self.run_jobs()
        was = services.as_of(Stakeholder.objects.filter(pk=self.ben_row.pk), self.today - timedelta(days=1))
        self.assertEqual(was, {})
        self.assertEqual(Stakeholder.objects.get(pk=self.ben_row.pk).stance, "neutral")
        self.post(reverse("imports:undo", args=[batch.pk]))
        self.run_jobs()
        self.assertEqual(Stakeholder.objects.get(pk=self.ben_row.pk).stance, "opposed")
        self.assertFalse(Stakeholder.objects.filter(person=self.flo_person).exists())


class Following(StakesTestCase):
    def test_they_follow_their_person_and_their_partner_when_these_are_merged(self) -> None:
        other = Person.objects.create(name="Benjamin Okafor")
        merge(PEOPLE, survivor_id=other.pk, tombstone_id=self.ben_person.pk, theirs={}, by=self.ana)
        merge(PARTNERS, survivor_id=self.roads.pk, tombstone_id=self.parks.pk, theirs={}, by=self.ana)
        self.ben_row.refresh_from_db()
        self.assertEqual((self.ben_row.person, self.ben_row.partner), (other, self.roads))

    def test_of_two_on_one_map_who_were_one_the_survivor_stays(self) -> None:
        merge(
            PEOPLE,
            survivor_id=self.eve_person.pk,
            tombstone_id=self.ben_person.pk,
            theirs={},
            by=self.ana,
        )
        self.assertEqual([*Stakeholder.objects.on(self.today)], [self.eve_row])

    def test_when_it_is_over_they_are_destroyed_and_people_who_left_with_them(self) -> None:
        Person.objects.filter(pk=self.ben_person.pk).update(left_on=self.today - timedelta(days=9))
        before = timezone.now()
        self.assertEqual(services.destroy_past(before), 1)
        self.assertEqual([*Stakeholder.objects.all()], [self.eve_row])


class Plan(StakesTestCase):
    def test_a_step_is_a_follow_up_of_the_office_alone_that_leads_back(self) -> None:
        url = self.at("plan", self.ben_row)
        self.page(url, by=self.ana)
        said = {"title": "Visit the basement", "owner": "Cora Customer", "due_on": self.today}
        self.post(url, said, expect=self.ben_row.get_absolute_url())
        step = FollowUp.objects.get()
        self.assertEqual((step.kind, step.owner, step.partner), ("engagement", self.cora, self.parks))
        self.assertFalse(FollowUp.objects.visible_to(self.ben).exists())
        self.assertContains(self.page(step.get_absolute_url()), self.ben_row.get_absolute_url())
        for page in (self.ben_row.get_absolute_url(), self.payroll.get_absolute_url()):
            self.assertIn("Visit the basement Cora Customer", self.reads(self.page(page)))
        self.post_refused(self.at("remove", self.ben_row), {}, "Steps are planned for them.")

    def test_its_name_tells_nobody_of_whom_it_is(self) -> None:
        STAKEHOLDERS.mend(self.eve_row, {"sensitive": True}, by=self.ana)
        step = services.plan_step(
            self.eve_row, title="Call her", said="", owner=self.ana, due_on=self.today, by=self.ana
        )
        page = self.page(step.get_absolute_url(), by=self.olu)
        self.assertNotContains(page, "Eve Head")
        self.assertNotContains(page, self.eve_row.get_absolute_url())

    def test_a_day_that_has_passed_is_refused(self) -> None:
        said = {"title": "Call", "owner": "Ana Ruiz", "due_on": self.today - timedelta(days=1)}
        self.post_refused(self.at("plan", self.ben_row), said, "due date cannot be before", by=self.ana)

    def test_somebody_with_a_step_is_not_destroyed(self) -> None:
        services.plan_step(
            self.ben_row, title="Call", said="", owner=self.ana, due_on=self.today, by=self.ana
        )
        Person.objects.filter(pk=self.ben_person.pk).update(left_on=self.today - timedelta(days=9))
        self.assertEqual(services.destroy_past(timezone.now()), 0)
