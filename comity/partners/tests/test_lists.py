"""The lists: what they show, how they are narrowed, what their CSV holds, what they cost."""

from __future__ import annotations

import csv as csv_module
import io
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from comity.audit.models import Entry
from comity.partners import services
from comity.partners.models import Assignment, Partner, Person, Position
from comity.people.models import SavedView
from comity.testing.cast import CastTestCase

LIST = 6  # session, user with roles, office, notices, rows, how many, saved views


class ListTestCase(CastTestCase):
    """Lists are read by Cora unless somebody else is named."""

    def settled(self) -> None:
        """Sign Cora in and let her open a page: the first one stamps the session."""
        self.client.force_login(self.cora)
        self.client.get(reverse("partners:choose_tier"))

    def lines(self, url: str) -> list[dict[str, str]]:
        self.client.force_login(self.cora)
        answer = self.client.get(url)
        text = answer.getvalue().decode("utf-8-sig")
        return list(csv_module.DictReader(io.StringIO(text)))


class PartnerList(ListTestCase):
    """Parks is led by Ana; Trails is part of it; nobody leads Roads."""

    url = reverse("partners:list")

    def names(self, **query: str) -> list[str]:
        return [line["name"] for line in self.lines(f"{self.url}?{urlencode({**query, 'format': 'csv'})}")]

    def test_it_says_who_leads_and_since_when_nobody_does(self) -> None:
        words = self.reads(self.page(self.url, by=self.cora))
        self.assertIn("Ana Ruiz", words)
        self.assertIn("nobody since", words)

    def test_a_full_page_costs_six_queries(self) -> None:
        Partner.objects.bulk_create(
            Partner(
                name=f"Board {number:03}", name_key=f"board {number:03}", parent=self.parks, tier=self.tier
            )
            for number in range(120)
        )
        SavedView.objects.create(owner=self.cora, list_name="partners", name="Boards", query="q=board")
        self.settled()
        query = urlencode({"q": "board", "status": "active", "tier": "Tier 1", "sort": "-lead"})
        with self.assertQueries(LIST):
            answer = self.client.get(f"{self.url}?{query}")
        self.assertContains(answer, "1 to 50 of 120")
        self.assertLess(len(answer.content), 80_000)

    def test_it_is_narrowed_by_words_kind_status_tier_contact_and_parent(self) -> None:
        Partner.objects.filter(pk=self.roads.pk).update(kind="court", status="considering", tier=None)
        narrowed: list[tuple[dict[str, str], list[str]]] = [
            ({"q": "trai"}, ["Division of Trails"]),
            ({"kind": "court"}, ["Department of Roads"]),
            ({"status": "considering"}, ["Department of Roads"]),
            ({"tier": "tier 1"}, ["Department of Parks", "Division of Trails"]),
            ({"contact": "Ana Ruiz"}, ["Department of Parks"]),
            ({"contact": self.ana.email}, ["Department of Parks"]),
            ({"part_of": "PARKS"}, ["Division of Trails"]),
            ({"part_of": "department of  parks"}, ["Division of Trails"]),
            ({"part_of": str(self.parks.pk)}, ["Division of Trails"]),
            ({"part_of": "park"}, ["Division of Trails"]),
            ({"part_of": "nothing of the kind"}, []),
            ({"without_lead": "1"}, ["Division of Trails"]),
        ]
        for query, found in narrowed:
            with self.subTest(query):
                self.assertEqual(self.names(**query), found)

    def test_an_address_given_out_before_counts_while_its_words_stand(self) -> None:
        before = {"part_of": "Department of Parks (PARKS)", "part_of-chosen": self.parks.pk}
        chosen = urlencode({**before, "part_of-label": "Department of Parks (PARKS)"})
        self.assertEqual(
            [line["name"] for line in self.lines(f"{self.url}?{chosen}&format=csv")], ["Division of Trails"]
        )
        changed = chosen.replace("part_of=Department+of+Parks+%28PARKS%29", "part_of=Roads")
        self.assertNotEqual(chosen, changed)
        self.assertEqual(self.lines(f"{self.url}?{changed}&format=csv"), [])

    def test_a_narrowed_page_keeps_the_words_in_its_fields(self) -> None:
        answer = self.page(f"{self.url}?contact={self.ana.pk}", by=self.cora)
        self.assertContains(answer, 'value="Ana Ruiz"')
        self.assertIn("1 in all", self.reads(answer))

    def test_the_csv_has_names_as_well_as_ids_and_all_that_an_import_reads(self) -> None:
        services.update_partner(
            self.trails.pk,
            {
                "aliases": ["Paths", "=HYPERLINK(1)"],
                "domains": ["trails.example.gov"],
                "budget_cents": 123_456,
            },
            by=self.cora,
        )
        (line,) = self.lines(f"{self.url}?q=trails&format=csv")
        self.assertEqual(line["id"], str(self.trails.pk))
        self.assertEqual((line["kind"], line["part_of"], line["tier"]), ("agency", "PARKS", "Tier 1"))
        self.assertEqual((line["aliases"], line["domains"]), ("'=HYPERLINK(1); Paths", "trails.example.gov"))
        self.assertEqual((line["budget"], line["lead"]), ("1234.56", ""))

    def test_sorting_by_contact_puts_those_without_one_first(self) -> None:
        self.assertEqual(self.names(sort="lead")[-1], "Department of Parks")

    def test_an_empty_registry_says_what_to_do(self) -> None:
        Partner.objects.update(arriving=True)
        words = self.reads(self.page(self.url, by=self.cora))
        self.assertIn("No partners yet.", words)
        self.assertIn("Add the first one", words)

    def test_who_may_not_change_is_offered_nothing(self) -> None:
        words = self.reads(self.page(self.url, by=self.olu))
        for offer in ("Assign a contact", "Enter a partner", "Change tier"):
            self.assertNotIn(offer, words)


class BulkActs(ListTestCase):
    """What was ticked, or all that was found, is changed at once."""

    assign_url, set_url = reverse("partners:assign_many"), reverse("partners:set_many")

    def ticked(self, **more: Any) -> dict[str, Any]:
        return {"ids": [self.roads.pk, self.trails.pk], "query": "", **more}

    def test_first_it_is_asked_who_for_the_chosen(self) -> None:
        answer = self.post(self.assign_url, self.ticked(), by=self.cora, expect=200)
        self.assertIn("2 are chosen.", self.reads(answer))
        self.assertFalse(Entry.objects.exists())

    def test_then_it_is_done(self) -> None:
        typed = {"step": "act", "user": "Olu Staff", "role": "lead", "starts_on": self.today.isoformat()}
        self.post(self.assign_url, self.ticked(**typed), by=self.cora, expect=reverse("partners:list"))
        led = self.olu.assignments.leads().on(self.today).values_list("partner", flat=True)
        self.assertEqual(set(led), {self.roads.pk, self.trails.pk})

    def test_all_that_was_found_is_meant_beyond_the_page(self) -> None:
        form = {"step": "act", "all": "1", "query": "q=department", "kind": "commission"}
        self.post(self.set_url, form, by=self.cora)
        self.assertEqual(
            set(Partner.objects.filter(kind="commission").values_list("code", flat=True)), {"PARKS", "ROADS"}
        )

    def test_nothing_ticked_changes_nothing(self) -> None:
        self.post(self.set_url, {"step": "act", "kind": "court", "query": ""}, by=self.cora)
        self.assertFalse(Partner.objects.filter(kind="court").exists())

    def test_nothing_to_set_is_said(self) -> None:
        answer = self.post(self.set_url, self.ticked(step="act"), by=self.cora, expect=422)
        self.assertIn("Choose at least one thing to change.", self.reads(answer))

    def test_a_name_that_could_be_nobody_is_said(self) -> None:
        typed = {"step": "act", "user": "Zed", "role": "lead", "starts_on": self.today.isoformat()}
        answer = self.post(self.assign_url, self.ticked(**typed), by=self.cora, expect=422)
        self.assertIn("Nothing is named “Zed”", self.reads(answer))

    def test_who_may_not_assign_does_not(self) -> None:
        self.post(self.assign_url, self.ticked(), by=self.ana, expect=403)


class PeopleList(ListTestCase):
    """Ben and Eve are at Parks, Cy and Flo at Roads."""

    url = reverse("partners:people")

    def names(self, **query: str) -> set[str]:
        return {line["name"] for line in self.lines(f"{self.url}?{urlencode({**query, 'format': 'csv'})}")}

    def test_a_full_page_costs_seven_queries(self) -> None:
        people = Person.objects.bulk_create(Person(name=f"Pat {number:03}") for number in range(80))
        Position.objects.bulk_create(
            Position(partner=self.parks, person=each, title="Clerk") for each in people
        )
        SavedView.objects.create(owner=self.cora, list_name="people", name="Clerks", query="q=pat")
        self.settled()
        with self.assertQueries(LIST + 1):  # whether its reader looks after anybody
            self.client.get(f"{self.url}?q=pat")

    def test_it_is_narrowed(self) -> None:
        Person.objects.create(name="Noa Post")
        for query, found in [
            ({"q": "ben oka"}, {"Ben Okafor"}),
            ({"partner": "ROADS"}, {"Cy Young", "Flo Money"}),
            ({"function": "it_lead"}, {"Ben Okafor"}),
            ({"portal": "1"}, {"Ben Okafor", "Eve Head", "Cy Young", "Flo Money"}),
            ({"without_post": "1"}, {"Noa Post"}),
        ]:
            with self.subTest(query):
                self.assertEqual(self.names(**query), found)

    def test_the_csv_has_a_line_for_each_post(self) -> None:
        services.set_position(
            by=self.cora,
            partner=self.roads,
            person=self.ben_person,
            title="CISO",
            function="security",
            acting=True,
        )
        lines = self.lines(f"{self.url}?q=ben&format=csv")
        self.assertEqual(
            [(line["partner_code"], line["title"], line["acting"]) for line in lines],
            [
                ("PARKS", "PARKS IT lead", "no"),
                ("ROADS", "CISO", "yes"),
            ],
        )

    def test_someone_with_two_posts_stands_there_once(self) -> None:
        services.set_position(by=self.cora, partner=self.roads, person=self.ben_person, title="CISO")
        words = self.reads(self.page(f"{self.url}?q=ben", by=self.cora))
        self.assertIn("PARKS IT lead and 1 more", words)


class VacantPosts(ListTestCase):
    """A clerk is missing at Parks for a year, a head at Roads since yesterday, and at a former partner."""

    url = reverse("partners:vacant_posts")

    def setUp(self) -> None:
        former = self.cast.partner("Old Mill", "MILL")
        Partner.objects.filter(pk=former.pk).update(status="former")
        for partner, title, function, days in (
            (self.parks, "Clerk", "other", 370),
            (self.roads, "Director", "head", 1),
            (former, "Miller", "other", 9),
        ):
            since = self.today - timedelta(days=days)
            Position.objects.create(partner=partner, title=title, function=function, starts_on=since)
        Position.objects.create(partner=self.parks, title="Past", ends_on=self.today)

    def titles(self, **query: str) -> list[str]:
        return [line["title"] for line in self.lines(f"{self.url}?{urlencode({**query, 'format': 'csv'})}")]

    def test_the_longest_vacant_comes_first_and_former_partners_do_not(self) -> None:
        self.assertEqual(self.titles(), ["Clerk", "Director"])
        words = self.reads(self.page(self.url, by=self.cora))
        self.assertIn("370 days", words)
        self.assertIn("Fill Clerk, Department of Parks", words)
        self.assertIn("Vacant positions", self.reads(self.page(reverse("partners:people"), by=self.cora)))

    def test_it_is_narrowed(self) -> None:
        for query, found in [
            ({"q": "parks"}, ["Clerk"]),
            ({"q": "direc"}, ["Director"]),
            ({"function": "head"}, ["Director"]),
            ({"kind": "agency"}, ["Clerk", "Director"]),
            ({"long": "365"}, ["Clerk"]),
            ({"contact": "Ana Ruiz"}, ["Clerk"]),
            ({"part_of": "PARKS"}, []),
        ]:
            with self.subTest(query):
                self.assertEqual(self.titles(**query), found)

    def test_the_csv_says_where_since_when_and_that_it_is_vacant(self) -> None:
        line = self.lines(f"{self.url}?q=parks&format=csv")[0]
        self.assertEqual((line["partner_code"], line["partner"]), ("PARKS", "Department of Parks"))
        self.assertEqual((line["vacant"], line["days"]), ("yes", "370"))

    def test_a_full_page_costs_six_queries(self) -> None:
        Position.objects.bulk_create(
            Position(partner=self.parks, title=f"Clerk {number:03}", starts_on=self.today)
            for number in range(80)
        )
        SavedView.objects.create(owner=self.cora, list_name="vacancies", name="Clerks", query="q=clerk")
        self.settled()
        with self.assertQueries(LIST):
            self.client.get(f"{self.url}?q=clerk&contact=Ana+Ruiz")

    def test_who_may_not_change_is_not_offered_to_fill(self) -> None:
        self.assertNotIn("Fill", self.reads(self.page(self.url, by=self.olu)))


class PeopleOfPartner(ListTestCase):
    """The posts at Parks."""

    @property
    def url(self) -> str:
        return reverse("partners:people_of", args=[self.parks.pk])

    def test_a_vacant_post_says_for_how_long(self) -> None:
        Position.objects.create(partner=self.parks, title="CISO", starts_on=self.today - timedelta(days=34))
        words = self.reads(self.page(self.url, by=self.cora))
        self.assertIn("vacant, 34 days", words)
        self.assertIn("Fill CISO", words)

    def test_it_costs_the_same_for_many(self) -> None:
        people = Person.objects.bulk_create(Person(name=f"Pat {number:03}") for number in range(80))
        Position.objects.bulk_create(
            Position(partner=self.parks, person=each, title="Clerk") for each in people
        )
        self.settled()
        with self.assertQueries(LIST + 3):  # the partner, its memberships, who was there before
            self.client.get(self.url)


class ContactsOf(ListTestCase):
    """What Ana looks after."""

    @property
    def url(self) -> str:
        return reverse("partners:contacts_of", args=[self.ana.pk])

    def test_it_says_how_many_and_how_heavy(self) -> None:
        words = self.reads(self.page(self.url, by=self.cora))
        self.assertIn("Ana Ruiz is the lead contact of one partner", words)
        self.assertIn("counts one point by size", words)

    def test_it_costs_the_same_for_many(self) -> None:
        made = Partner.objects.bulk_create(
            Partner(name=f"Board {n:03}", name_key=f"board {n:03}") for n in range(80)
        )
        Assignment.objects.bulk_create(
            Assignment(partner=each, user=self.ana, role="lead", starts_on=self.today) for each in made
        )
        self.settled()
        with self.assertQueries(LIST + 3):  # the contact, the load, what was before
            self.client.get(self.url)


class Choosing(ListTestCase):
    """What combo boxes are told."""

    def items(self, name: str, query: str) -> list[str]:
        self.client.force_login(self.cora)
        answer = self.client.get(reverse(f"partners:{name}"), {"q": query})
        return [item["label"] for item in answer.json()["items"]]

    def test_the_best_few_are_told(self) -> None:
        self.assertEqual(
            self.items("choose_partner", "dep"),
            ["Department of Parks (PARKS)", "Department of Roads (ROADS)"],
        )
        self.assertEqual(self.items("choose_person", "ben"), [f"Ben Okafor ({self.ben.email})"])
        self.assertEqual(self.items("choose_contact", "ruiz"), ["Ana Ruiz"])
        self.assertEqual(self.items("choose_tier", "tier"), ["Tier 1"])

    def test_type_ahead_is_one_query_beside_signing_in(self) -> None:
        self.settled()
        with self.assertQueries(3):  # session with the office, user with roles, rows
            self.client.get(reverse("partners:choose_partner"), {"q": "dep"})
