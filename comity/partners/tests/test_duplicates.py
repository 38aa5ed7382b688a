"""Two that are one are found, made one, and made two again; nothing is lost on the way."""

from __future__ import annotations

from datetime import timedelta
from unittest import TestCase

from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.audit.models import Entry
from comity.core.errors import DomainError
from comity.partners.duplicates import finding, services
from comity.partners.duplicates.people import PersonFacts, likely_people
from comity.partners.duplicates.reading import Reader
from comity.partners.duplicates.services import PARTNERS, PEOPLE
from comity.partners.duplicates.similarity import BodyFacts, likely_bodies
from comity.partners.models import (
    Alias,
    Assignment,
    Domain,
    LikelyPair,
    Membership,
    Merge,
    Partner,
    Person,
    Position,
)
from comity.testing.cast import CastTestCase


class Likeness(TestCase):
    """Spellings of one body are proposed; bodies that only share words are not."""

    def proposed(self, *spellings: str, **facts: object) -> bool:
        bodies = [BodyFacts(n, name) for n, name in enumerate(spellings, start=1)]
        return bool(likely_bodies(bodies, "north carolina", "nc"))

    def test_spellings_seen_in_a_real_list_are_proposed(self) -> None:
        for one, two in (
            ("Anson County", "County of Anson"),
            ("Alamance County", "Alamance County Government"),
            ("Hyde County", "Hyde County Local Govt."),
            ("Montgomery County", "Montgomery County, NC"),
            ("Clay County North Carolina", "Clay County NC"),
            ("NC Dept of Health and Human Services", "North Carolina Department of Health & Human Services"),
            ("North Carolina Housing Finance Agency", "Housing Finance Agency of North Carolina"),
            ("Wildlife Resources Commission", "Wildlife Resource Commision"),
        ):
            with self.subTest(one):
                self.assertTrue(self.proposed(one, two))

    def test_bodies_that_only_share_words_are_not(self) -> None:
        for one, two in (
            ("Union County", "Union County Board of Elections"),
            ("Town of Cary", "Town of Clayton"),
            ("District 11", "District 12"),
            ("North Carolina Board of Nursing", "North Carolina Board of Dental Examiners"),
        ):
            with self.subTest(one):
                self.assertFalse(self.proposed(one, two))

    def test_neighbours_of_one_place_and_domain_are_not(self) -> None:
        for one, two in (
            ("City of Santa Clara", "City of Santa Clarita"),
            ("Farmersville Fire Department", "Farmersville Police Department"),
            ("Durham County", "City of Durham"),
            ("Pine City", "Pine City Township"),
            ("Wake County", "Wake County Sheriff's Office"),
            ("City of San Diego", "San Diego Association of Governments"),
            ("Fire District 2", "Fire District 20"),
            ("Region II", "Region III"),
            ("Upper Merion Township", "Lower Merion Township"),
            ("City of Wilkesboro", "Town of North Wilkesboro"),
            ("North Valley Water District", "South Valley Water District"),
            ("Johnson County", "Johnston County"),
        ):
            bodies = [
                BodyFacts(pk, name, place="Springfield", domains=["springfield.gov"])
                for pk, name in enumerate((one, two))
            ]
            with self.subTest(one):
                self.assertEqual(likely_bodies(bodies, "", ""), {})

    def test_acronyms_are_proposed_with_their_names(self) -> None:
        for one, two in (
            ("DOT", "Department of Transportation"),
            ("D.O.T.", "Transportation Department"),
            ("NCDOT", "North Carolina Department of Transportation"),
            ("NC DMV", "Division of Motor Vehicles"),
            ("OCIO", "Office of the CIO"),
            ("Department of Transportation (DOT)", "NCDOT"),
            ("Round Rock ISD", "Round Rock Independent School District"),
        ):
            with self.subTest(one):
                self.assertTrue(self.proposed(one, two))
        self.assertFalse(self.proposed("DOT", "Department of Revenue"))

    def test_a_contradicting_place_or_parent_is_two_bodies(self) -> None:
        for fact, one, two in (
            ("place", "Adams County", "Clark County"),
            ("place", "Salem, Adams County", "Salem, Clark County"),
            ("parent", "Department of Revenue", "Department of Labor"),
        ):
            with self.subTest(one):
                bodies = [BodyFacts(1, "Union Township"), BodyFacts(2, "Union Township")]
                for body, said in zip(bodies, (one, two), strict=True):
                    setattr(body, fact, said)
                self.assertEqual(likely_bodies(bodies, "", ""), {})
        for one, two in (("Raleigh", "Raleigh, NC"), ("Raleigh", "Wake County"), ("Raleigh", "Ralegih")):
            with self.subTest(one):
                bodies = [BodyFacts(1, "Board of Health", place=one), BodyFacts(2, "Health Bd.", place=two)]
                self.assertTrue(likely_bodies(bodies, "north carolina", "nc"))

    def test_a_place_may_stand_in_the_name(self) -> None:
        inside, beside = BodyFacts(1, "Union Township, Clark County"), BodyFacts(2, "Union Township")
        beside.place = "Clark County"
        self.assertTrue(likely_bodies([inside, beside], "", ""))
        beside.place = "Adams County"
        self.assertFalse(likely_bodies([inside, beside], "", ""))

    def test_a_shared_code_is_a_reason(self) -> None:
        for one, two in (("DMA-1", "dma 1"), ("0DMA", "DMA")):
            bodies = [
                BodyFacts(1, "Medical Assistance", code=one),
                BodyFacts(2, "Health Benefits", code=two),
            ]
            with self.subTest(one):
                self.assertEqual(likely_bodies(bodies, "", "")[1, 2].reasons[0][0], "code")
        bodies = [BodyFacts(1, "Medical Assistance", code="042"), BodyFacts(2, "Tourism", code="42")]
        self.assertEqual(likely_bodies(bodies, "", ""), {})
        bodies = [BodyFacts(1, "PRK"), BodyFacts(2, "Department of Parks", code="PRK")]
        self.assertTrue(likely_bodies(bodies, "", ""))

    def test_two_fips_codes_are_two_bodies(self) -> None:
        bodies = [
            BodyFacts(1, "Washington County", fips="01129"),
            BodyFacts(2, "Washington County", fips="37187"),
        ]
        self.assertEqual(likely_bodies(bodies, "", ""), {})

    def test_a_shared_domain_is_a_reason(self) -> None:
        bodies = [
            BodyFacts(1, "Isothermal Planning Commission", domains=["frcnc.gov"]),
            BodyFacts(2, "Foothills Regional Commission", domains=["frcnc.gov"]),
        ]
        self.assertEqual(likely_bodies(bodies, "", "")[1, 2].reasons, [("domain", "frcnc.gov")])

    def test_people_of_one_address_or_of_one_name_at_one_body(self) -> None:
        people = [
            PersonFacts(1, "Ana Ruiz", "ana@x.gov", [1]),
            PersonFacts(2, "A. Ruiz", "ANA@x.gov", [2]),
            PersonFacts(3, "Ana Ruizz", "", [1]),
            PersonFacts(4, "Ana Ruiz", "", [3]),
        ]
        self.assertEqual(set(likely_people(people)), {(1, 2), (1, 3)})

    @given(st.text(max_size=60))
    @settings(max_examples=100)
    def test_a_name_is_always_about_something(self, name: str) -> None:
        self.assertTrue(Reader("north carolina", "nc").read(name).subject)


class MakingTwoOne(CastTestCase):
    """Parks was entered twice: "Parks Dept." has a lead contact, people, a part and a domain of its own."""

    def setUp(self) -> None:
        self.twin = Partner.objects.create(
            name="Parks Dept.",
            name_key="parks dept.",
            code="PK",
            kind="agency",
            headcount=40,
            parent=self.roads,
        )
        self.person = Person.objects.create(name="Gil Ranger", email="gil@parks.example.gov")
        self.post_there = Position.objects.create(partner=self.twin, person=self.person, title="Ranger")
        self.part = Partner.objects.create(name="Lakes", name_key="lakes", parent=self.twin)
        for partner in (self.twin, self.parks):
            Domain.objects.create(partner=partner, name="parks.gov")
        Domain.objects.create(partner=self.twin, name="lakes.gov")
        self.lead = Assignment.objects.create(
            partner=self.twin, user=self.olu, role="lead", starts_on=self.today - timedelta(days=9)
        )
        self.member = Membership.objects.create(
            user=self.cy, partner=self.twin, role="partner_member", starts_on=self.today
        )
        self.url = reverse("partners:compare_partner", args=[self.parks.pk, self.twin.pk])

    def make_one(self, **choices: str) -> Merge:
        self.post(
            self.url,
            {"stays": "1", "name": "1", "code": "1", "headcount": "2", "parent": "1", "tier": "1", **choices},
            by=self.ada,
        )
        return Merge.objects.latest("pk")

    def state(self) -> dict[str, object]:
        """All that may move, as it stands."""
        return {
            "posts": sorted(Position.objects.values_list("pk", "partner_id")),
            "parts": sorted(
                Partner.objects.values_list("pk", "parent_id", "merged_into_id", "name", "code", "headcount"),
                key=str,
            ),
            "domains": sorted(Domain.objects.values_list("pk", "partner_id", "name")),
            "leads": sorted(Assignment.objects.values_list("pk", "partner_id", "ends_on"), key=str),
            "members": sorted(Membership.objects.values_list("pk", "partner_id")),
            "names": sorted(Alias.objects.values_list("partner_id", "name")),
        }

    def test_everything_moves_and_nothing_is_lost(self) -> None:
        made = self.make_one()
        self.parks.refresh_from_db()
        self.twin.refresh_from_db()
        self.post_there.refresh_from_db()
        self.part.refresh_from_db()
        self.lead.refresh_from_db()
        self.member.refresh_from_db()
        self.assertEqual(self.twin.merged_into, self.parks)
        self.assertEqual((self.post_there.partner, self.part.parent, self.member.partner), (self.parks,) * 3)
        self.assertEqual(self.parks.headcount, 40)
        self.assertEqual({d.name for d in self.parks.domains.all()}, {"parks.gov", "lakes.gov"})
        self.assertEqual({a.name for a in self.parks.aliases.all()}, {"Parks Dept.", "PK"})
        self.assertEqual((self.lead.partner, self.lead.ends_on), (self.parks, self.today))
        self.assertEqual([lead.user for lead in self.parks.assignments.leads().on(self.today)], [self.ana])
        self.assertEqual(Entry.objects.about(self.twin)[0].action, services.MERGE)
        self.page(reverse("partners:merged", args=[made.pk]), by=self.ada)

    def test_undone_everything_is_as_it_was(self) -> None:
        before = self.state()
        made = self.make_one(name="2", code="2")
        self.assertNotEqual(self.state(), before)
        self.post(reverse("partners:undo_merge", args=[made.pk]), by=self.ada)
        self.assertEqual(self.state(), before)
        self.page(reverse("partners:merged", args=[made.pk]), by=self.ada)
        with self.assertRaises(DomainError):
            services.undo_merge(made.pk, by=self.ada)

    def test_the_tombstones_page_leads_to_the_survivor(self) -> None:
        self.make_one()
        answer = self.client.get(reverse("partners:facts", args=[self.twin.pk]))
        self.assertIn(answer.status_code, (301, 302))
        self.assertEqual(answer["Location"], reverse("partners:facts", args=[self.parks.pk]))

    def test_an_import_meets_the_survivor_by_the_old_name_and_code(self) -> None:
        from comity.partners.importing.directory import standing_partners

        self.make_one()
        for said in ("parks dept.", "PK", "Department of Parks"):
            found = standing_partners().named(said)
            self.assertEqual(found.pk if found else None, self.parks.pk, said)

    def test_what_is_between_them_would_close_a_circle_and_is_refused(self) -> None:
        between = Partner.objects.create(name="Region", name_key="region", parent=self.twin)
        Partner.objects.filter(pk=self.parks.pk).update(parent=between)
        with self.assertRaises(DomainError):
            services.merge(
                PARTNERS, survivor_id=self.parks.pk, tombstone_id=self.twin.pk, theirs={}, by=self.ada
            )
        self.twin.refresh_from_db()
        self.assertIsNone(self.twin.merged_into)

    def test_a_part_can_be_made_one_with_its_whole(self) -> None:
        services.merge(
            PARTNERS, survivor_id=self.trails.pk, tombstone_id=self.parks.pk, theirs={}, by=self.ada
        )
        self.trails.refresh_from_db()
        self.assertIsNone(self.trails.parent)

    def test_a_later_one_has_to_be_undone_first(self) -> None:
        made = self.make_one()
        services.merge(
            PARTNERS, survivor_id=self.roads.pk, tombstone_id=self.parks.pk, theirs={}, by=self.ada
        )
        answer = self.client.post(reverse("partners:undo_merge", args=[made.pk]), follow=True)
        self.assertContains(answer, "Undo that merge first")

    def test_people_are_made_one_with_their_posts(self) -> None:
        other = Person.objects.create(name="G. Ranger", phone="555-0100")
        post = Position.objects.create(partner=self.roads, person=other, title="Liaison")
        made = services.merge(
            PEOPLE, survivor_id=self.person.pk, tombstone_id=other.pk, theirs={"phone": True}, by=self.ada
        )
        post.refresh_from_db()
        self.person.refresh_from_db()
        self.assertEqual((post.person, self.person.phone), (self.person, "555-0100"))
        services.undo_merge(made.pk, by=self.ada)
        post.refresh_from_db()
        self.person.refresh_from_db()
        self.assertEqual((post.person, self.person.phone), (other, ""))


class TheList(CastTestCase):
    """Ada works through the proposals."""

    def setUp(self) -> None:
        self.twin = Partner.objects.create(name="Parks Department", name_key="parks department")
        finding.find()

    def test_a_pair_is_shown_with_its_reason_and_led_side_by_side(self) -> None:
        said = self.reads(self.page(reverse("partners:duplicates"), by=self.ada))
        self.assertIn("One pair may be the same", said)
        self.assertIn("same name, different spelling", said)
        self.page(reverse("partners:compare_partner", args=[self.parks.pk, self.twin.pk]), by=self.ada)
        self.page(
            reverse("partners:compare_person", args=[self.ben_person.pk, self.cy_person.pk]), by=self.ada
        )

    def test_what_stays_is_chosen_inside_the_table(self) -> None:
        page = self.page(reverse("partners:compare_partner", args=[self.parks.pk, self.twin.pk]), by=self.ada)
        table = page.content.decode().partition("<table ")[2].partition("</table>")[0]
        for name in ("stays", "name", "code"):
            self.assertEqual(table.count(f'name="{name}"'), 2, name)
        self.assertNotIn('name="domains"', table)

    def test_told_apart_they_are_not_proposed_again(self) -> None:
        url = reverse("partners:tell_apart_partner", args=[self.twin.pk, self.parks.pk])
        self.post(url, by=self.ada, expect=reverse("partners:duplicates"))
        finding.find()
        self.assertFalse(LikelyPair.objects.exists())
        self.assertIn(
            "No likely duplicates",
            self.reads(self.page(reverse("partners:duplicates"), by=self.ada)),
        )

    def test_the_list_asks_as_many_queries_for_one_pair_as_for_many(self) -> None:
        for number in range(30):
            Partner.objects.create(name=f"Board {number} of Parks", name_key=f"board {number} of parks")
            Partner.objects.create(name=f"Parks Board {number}", name_key=f"parks board {number}")
        finding.find()
        self.client.force_login(self.ada)
        self.client.get(reverse("partners:duplicates"))
        with self.assertQueries(7):
            self.client.get(reverse("partners:duplicates"))

    def test_looking_again_is_done_in_the_background(self) -> None:
        LikelyPair.objects.all().delete()
        self.post(reverse("partners:look_for_duplicates"), by=self.ada)
        self.run_jobs()
        self.assertTrue(LikelyPair.objects.exists())
