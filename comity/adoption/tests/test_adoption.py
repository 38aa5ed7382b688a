"""From talks to using: the steps, who takes them together, what the trail and the partner see, and what bills say."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import translation

from comity.adoption import services
from comity.adoption.models import Adoption, Eligibility, Stage
from comity.adoption.services import Said
from comity.adoption.tests.matrix import service_of
from comity.audit.models import Entry
from comity.core.errors import DomainError
from comity.notifications.models import Notice
from comity.office.models import Office
from comity.partners.models import Partner
from comity.services.models import Service
from comity.testing.cast import CastTestCase

WANTED: dict[str, Any] = {"requirements": "Two servers.", "present_cost_cents": 31_200_00}
OFFER: dict[str, Any] = {"scope": "Two servers.", "price_cents": 18_000_00, "starts_on": date(2027, 7, 1)}


class AdoptionTestCase(CastTestCase):
    """Backup is open to agencies; Parks and Roads are some."""

    backup: Service

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.backup = service_of(cls.cast, "Backup")
        facts = {
            "service": cls.backup,
            "kinds": ["agency", "county"],
            "offer": "Two copies.",
            "basis": "Code 4-3",
        }
        services.ELIGIBLE.enter({**facts, "condition": "", "national": "backup"}, by=cls.cast.sol)

    def ago(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def begun(self, partner: Partner, stage: str = Stage.TALKS, days: int = 40, **facts: Any) -> Adoption:
        return services.begin(self.backup, partner, stage, Said(self.ago(days), facts), by=self.ana)

    def requested(self, partner: Partner) -> Adoption:
        return self.begun(partner, Stage.REQUESTED, **WANTED)

    def step(self, row: Adoption, stage: str, days: int, **facts: Any) -> Adoption:
        return services.step(row.pk, stage, Said(self.ago(days), facts), by=self.ana)

    def refused(self, sentence: str, row: Adoption, stage: str, days: int, **facts: Any) -> None:
        before = row.steps.count()
        with self.assertRaisesRegex(DomainError, sentence):
            self.step(row, stage, days, **facts)
        self.assertEqual(row.steps.count(), before)

    def county(self, name: str, fips: str, **facts: Any) -> Partner:
        known = {"kind": Partner.Kind.COUNTY, "fips": fips, **facts}
        return Partner.objects.create(name=f"{name} County", name_key=f"{name} county".casefold(), **known)


class Steps(AdoptionTestCase):
    def test_the_offer_flow_goes_from_the_request_to_using(self) -> None:
        row = self.requested(self.parks)
        self.step(row, Stage.ANALYZED, 30, analysis="Fits.", cost_cents=18_000_00)
        self.step(row, Stage.OFFERED, 20, **OFFER)
        self.step(row, Stage.AGREED, 10, volume="2 TB", starts_on=self.today + timedelta(days=30))
        row = self.step(row, Stage.USING, 1)
        self.assertEqual((row.stage, row.since, row.version), (Stage.USING, self.ago(1), 5))
        offered = row.steps.get(stage=Stage.OFFERED)
        self.assertEqual(
            [said for _name, said in offered.told], ["Two servers.", "$18,000.00", "Jul 1, 2027"]
        )
        entry = Entry.objects.filter(action=services.STEP, target_id=str(row.pk)).latest("pk")
        self.assertEqual(entry.partner_id, self.parks.pk)
        self.assertEqual((entry.before, entry.after["stage"]), ({"stage": "agreed"}, "using"))  # type: ignore[index]

    def test_what_cannot_follow_is_refused_in_words(self) -> None:
        row = self.begun(self.parks)
        self.refused("“Offered” cannot follow “In talks”", row, Stage.OFFERED, 1, **OFFER)
        self.refused("This day is before the step that came last", row, Stage.NO, 41, reason="price")
        self.refused("This day has not come yet", row, Stage.NO, -1, reason="price")
        self.refused("Enter this", row, Stage.NO, 1)
        with self.assertRaisesRegex(DomainError, "stands here already"):
            self.begun(self.parks)
        with self.assertRaisesRegex(DomainError, "cannot begin with that"):
            self.begun(self.roads, Stage.OFFERED, **OFFER)

    def test_after_a_no_it_may_begin_again(self) -> None:
        row = self.step(self.begun(self.parks), Stage.NO, 5, reason="contract")
        self.assertEqual(row.steps.last().told, [("Why", "A contract runs")])  # type: ignore[union-attr]
        self.assertEqual(self.step(row, Stage.TALKS, 1).stage, Stage.TALKS)

    def test_those_who_apply_together_are_offered_together_and_one_may_say_no_alone(self) -> None:
        lead = self.requested(self.parks)
        other = services.add_body(lead, self.roads, by=self.ana)
        self.step(other, Stage.ANALYZED, 30, analysis="Fits both.", cost_cents=1)
        self.step(other, Stage.NO, 20, reason="price")
        self.step(lead, Stage.OFFERED, 10, **OFFER)
        stages = dict(Adoption.objects.values_list("partner__code", "stage"))
        self.assertEqual(stages, {"PARKS": Stage.OFFERED, "ROADS": Stage.NO})
        page = self.page(lead.get_absolute_url(), by=self.ben)
        self.assertContains(page, "Department of Roads")
        self.assertNotContains(page, other.get_absolute_url())
        with self.assertRaisesRegex(DomainError, "until it is analyzed"):
            services.add_body(lead, self.trails, by=self.ana)

    def test_a_wrong_step_is_taken_back_by_all_who_took_it(self) -> None:
        lead = self.requested(self.parks)
        other = services.add_body(lead, self.roads, by=self.ana)
        self.step(lead, Stage.ANALYZED, 30, analysis="Fits both.", cost_cents=1)
        self.page(lead.get_absolute_url(), by=self.ana)
        back = reverse("adoption:take_back", args=[other.pk])
        self.assertRedirects(self.client.post(back), other.get_absolute_url())
        for row in (lead, other):
            row.refresh_from_db()
            self.assertEqual((row.stage, row.since, row.steps.count()), (Stage.REQUESTED, self.ago(40), 1))
            entry = Entry.objects.filter(action=services.BACK, target_id=str(row.pk)).get()
            self.assertEqual(entry.before["analysis"], "Fits both.")  # type: ignore[index]

    def test_who_took_only_one_step_stands_nowhere_once_it_is_taken_back(self) -> None:
        lead = self.requested(self.parks)
        other = services.add_body(lead, self.roads, by=self.ana)
        self.client.force_login(self.ana)
        back = [reverse("adoption:take_back", args=[row.pk]) for row in (lead, other)]
        self.assertContains(self.client.post(back[0], follow=True), "Others apply together with")
        for url in reversed(back):
            self.assertRedirects(self.client.post(url), reverse("adoption:pipeline"))
        self.assertFalse(Adoption.objects.exists())
        self.assertEqual(self.client.post(back[0]).status_code, 404)

    def test_a_list_of_who_uses_what_gets_its_steps(self) -> None:
        Adoption.objects.create(service=self.backup, partner=self.parks, stage=Stage.USING, since=self.ago(9))
        services.complete_steps()
        services.complete_steps()
        row = Adoption.objects.get()
        self.assertEqual(list(row.steps.values_list("stage", "on")), [(Stage.USING, self.ago(9))])

    def test_without_bills_there_is_nothing_to_write_down(self) -> None:
        self.assertEqual((services.billed(), services.record_billed(by=self.ana)), ({}, 0))

    def test_what_is_written_down_from_bills_says_so_in_the_language_of_its_reader(self) -> None:
        pairs = {(self.parks.pk, self.backup.pk): self.today}
        self.assertEqual(services.record_billed(pairs, by=self.ana), 1)
        self.assertEqual(services.record_billed(pairs, by=self.ana), 0)
        row = self.parks.adoptions.get()
        self.assertEqual((row.stage, row.since), (Stage.USING, self.today))
        self.assertIn(
            "Written down from the bills.", self.reads(self.page(row.get_absolute_url(), by=self.ana))
        )
        self.assertEqual(row.steps.get().words, "")
        with translation.override("es"):
            self.assertEqual(row.steps.get().said, "Anotado a partir de las facturas.")


class Pages(AdoptionTestCase):
    def test_the_pipeline_lists_where_everybody_stands(self) -> None:
        self.begun(self.parks)
        words = self.reads(self.page("/counties/pipeline/", by=self.ana))
        self.assertIn("Department of Parks Backup In talks", words)
        with self.assertQueries(6):
            self.client.get("/counties/pipeline/")

    def test_a_step_is_taken_from_the_page_and_bad_input_changes_nothing(self) -> None:
        row = self.begun(self.parks)
        page = self.page(row.get_absolute_url(), by=self.ana)
        url = f"/adoption/{row.pk}/requested/"
        self.assertContains(page, url)
        day = self.today.isoformat()
        for wrong in (
            {"on": day},
            {"on": "soon", "requirements": "x"},
            {"on": day, "requirements": "x", "present_cost_cents": "much"},
        ):
            self.assertEqual(self.client.post(url, wrong).status_code, 422)
        self.assertEqual(self.client.post(f"/adoption/{row.pk}/nowhere/", {"on": day}).status_code, 404)
        self.assertEqual(row.steps.count(), 1)
        self.client.post(url, {"on": day, "requirements": "Two servers.", "present_cost_cents": "31,200"})
        words = self.reads(self.page(row.get_absolute_url()))
        self.assertIn("What it costs you today, a year: $31,200.00", words)

    def test_it_begins_with_a_service_and_a_partner(self) -> None:
        self.client.force_login(self.ana)
        data = {
            "service": self.backup.pk,
            "partner": "PARKS",
            "stage": "interested",
            "on": self.today.isoformat(),
            "words": "",
        }
        answer = self.client.post("/counties/pipeline/add/", data)
        self.assertRedirects(answer, Adoption.objects.get().get_absolute_url())

    def test_who_is_eligible_is_kept_with_its_law_and_stands_beside_the_nation(self) -> None:
        self.client.force_login(self.sol)
        data = {
            "service": self.backup.pk,
            "kinds": ["city"],
            "offer": "One copy.",
            "basis": "Code 9",
            "national": "storage",
        }
        self.client.post("/counties/eligibility/add/", data)
        self.assertIn("Code 9", self.reads(self.page("/counties/eligibility/")))
        self.assertEqual(
            self.client.post("/counties/eligibility/add/", {**data, "kinds": []}).status_code, 422
        )
        words = self.reads(self.page("/counties/"))
        self.assertIn("Security infrastructure not offered 65%", words)
        self.assertIn("Storage Backup 47%", words)
        self.assertIn("Route Fifty", words)

    def test_it_stands_on_the_timeline_of_the_partner(self) -> None:
        self.begun(self.parks)
        self.assertIn("Backup: In talks", self.reads(self.page(self.parks.get_absolute_url(), by=self.ana)))


class OnTheMap(AdoptionTestCase):
    """Two of three counties use Backup: Carter for ten days, Cocke for long."""

    def setUp(self) -> None:
        Office.objects.filter(pk=1).update(state_fips="47")
        self.carter = self.county("Carter", "47019", lead_gap_since=self.ago(7))
        self.cocke = self.county("Cocke", "47029")
        self.knox = self.county("Knox", "47093")
        self.begun(self.cocke, Stage.USING, 700)
        self.begun(self.carter, Stage.USING, 10)
        self.begun(self.knox, Stage.TALKS, 30)

    def words(self, **asked: Any) -> str:
        return self.reads(self.page("/counties/", by=self.ana, data=asked))

    def month(self, day: date) -> int:
        return day.year * 12 + day.month - 1

    def test_it_says_how_many_and_each_county_is_on_the_map_and_in_the_table(self) -> None:
        words = self.words(service=self.backup.pk)
        self.assertIn("2 of 3 counties use Backup", words)
        self.assertIn("Knox County In talks In talks,", words)
        with self.assertQueries(8):
            self.client.get("/counties/")

    def test_an_earlier_month_shows_who_was_there_then_and_says_what_came_since(self) -> None:
        before = self.ago(75)
        words = self.words(at=self.month(before))
        self.assertIn("1 of 3 counties uses one of our services", words)
        self.assertIn("nobody joined, nobody left. Since then Carter County joined, nobody left.", words)
        self.assertIn("Carter County joined", self.words(at=self.month(self.ago(10))))

    def test_it_shows_who_has_no_contact_and_when_we_met(self) -> None:
        self.assertIn("1 of 3 counties has no contact in our office", self.words(show="contact"))
        self.assertIn("3 of 3 counties were not visited within half a year", self.words(show="met"))

    def test_what_cannot_be_read_is_said_and_the_usual_is_shown(self) -> None:
        for asked in ({"at": "999999999"}, {"at": "x"}, {"show": "secrets"}, {"service": "0"}):
            words = self.words(**asked)
            self.assertIn("There is a problem", words)
            self.assertIn("2 of 3 counties use one of our services", words)

    def test_a_county_lists_who_lies_in_it(self) -> None:
        Partner.objects.create(
            name="City of Elm", name_key="city of elm", kind=Partner.Kind.CITY, lies_in="47019"
        )
        words = self.reads(self.page(f"/partners/{self.carter.pk}/adoption/", by=self.ana))
        self.assertIn("City of Elm City", words)
        self.assertIn("Two copies. Code 4-3", words)

    def test_a_state_without_counties_says_so(self) -> None:
        Partner.objects.filter(kind=Partner.Kind.COUNTY).update(status=Partner.Status.FORMER)
        self.assertIn("No county is entered yet", self.words())


class InThePortal(AdoptionTestCase):
    def url(self, partner: Partner) -> str:
        return f"/portal/offers/{partner.pk}/{self.backup.pk}/ask/"

    def asked(self, **more: str) -> Any:
        data = {
            "on": self.today.isoformat(),
            "requirements": "Two servers.",
            "present_cost_cents": "31200",
            **more,
        }
        return self.client.post(self.url(self.parks), data)

    def test_a_body_sees_what_it_may_have_and_asks_and_the_owner_hears_of_it(self) -> None:
        page = self.page("/portal/offers/", by=self.ben)
        self.assertContains(page, self.url(self.parks))
        self.page(self.url(self.parks))
        self.asked()
        row = Adoption.objects.get()
        self.assertIn("Requested", self.reads(self.page(row.get_absolute_url())))
        self.assertNotContains(self.page("/portal/offers/"), self.url(self.parks))
        self.assertEqual({notice.user for notice in Notice.objects.all()}, {self.sol, self.ana})
        self.assertEqual(self.asked().status_code, 422)

    def test_what_it_talks_about_with_us_is_ours_until_it_asks(self) -> None:
        row = self.begun(self.parks)
        self.page(row.get_absolute_url(), by=self.ben, status=404)
        self.step(row, Stage.REQUESTED, 3, **WANTED)
        words = self.reads(self.page(row.get_absolute_url(), by=self.ben))
        self.assertIn("Two servers.", words)
        self.assertNotIn("In talks", words)

    def test_its_people_hear_of_the_offer(self) -> None:
        row = self.requested(self.parks)
        self.step(row, Stage.ANALYZED, 2, analysis="Fits.", cost_cents=1)
        self.step(row, Stage.OFFERED, 1, **OFFER)
        told = Notice.objects.filter(user=self.eve, kind=services.MOVED).values_list("text", flat=True)
        self.assertIn("Backup for Department of Parks: Offered", list(told))

    def test_others_see_nothing_and_members_do_not_ask(self) -> None:
        row = self.requested(self.parks)
        self.page(row.get_absolute_url(), by=self.cy, status=404)
        self.page(self.url(self.parks), by=self.cy, status=403)
        self.page(f"/partners/{self.parks.pk}/adoption/", by=self.cy, status=404)
        self.page("/counties/", by=self.ben, status=403)

    def test_what_its_kind_cannot_have_is_absent(self) -> None:
        Eligibility.objects.update(kinds=["city"])
        self.page(self.url(self.parks), by=self.ben, status=404)
        with self.assertRaisesRegex(DomainError, "cannot have this service"):
            services.ask(self.backup, self.parks, Said(self.today, WANTED), by=self.ben)

    def test_it_is_there_in_spanish(self) -> None:
        self.ben.language = "es"
        self.ben.save()
        self.assertIn(
            "Qué puede tener Department of Parks", self.reads(self.page("/portal/offers/", by=self.ben))
        )

    def test_its_services_are_called_as_in_the_catalog_and_no_draft_of_it_is_read(self) -> None:
        row = self.requested(self.parks)
        Service.objects.filter(pk=self.backup.pk).update(name_es="Copias", promise="Not said yet.")
        self.ben.language = "es"
        self.ben.save()
        for url in ("/portal/offers/", row.get_absolute_url()):
            words = self.reads(self.page(url, by=self.ben))
            self.assertIn("Copias", words)
            self.assertNotIn("Not said yet.", words)
