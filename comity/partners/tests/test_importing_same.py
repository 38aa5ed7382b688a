"""Who a row means: what was merged, what is elsewhere, shared addresses, codes that a spreadsheet changed."""

from __future__ import annotations

from comity.imports.models import Import
from comity.partners import pickers
from comity.partners.duplicates.services import PARTNERS, PEOPLE, merge, undo_merge
from comity.partners.importing.fields import PARTNER
from comity.partners.models import Partner, Person
from comity.partners.tests.test_importing import ImportTestCase
from comity.ui.csv import cell, restore
from comity.ui.fields import PickField
from comity.ui.widgets import Typed


class Merged(ImportTestCase):
    """Two bodies, and two people, that were made one."""

    FISH = (
        "Name,Code,FIPS,City,Domain\nDept of Fish,DFI,,Port,dfi.gov\nFish Department,FSH,37001,Lake,fsh.gov\n"
    )
    PEOPLE = "Name,E-mail,Agency,Title\nRobert Ray,rray@x.gov,FSH,Clerk\nBob Ray,bob@x.gov,DFI,Clerk\n"

    def setUp(self) -> None:
        super().setUp()
        self.bring(self.FISH)
        self.bring(self.PEOPLE, profile="people")
        self.fish, gone = (Partner.objects.get(code=code) for code in ("DFI", "FSH"))
        merge(PARTNERS, survivor_id=self.fish.pk, tombstone_id=gone.pk, theirs={}, by=self.ada)
        self.bob, robert = (Person.objects.get(email=email) for email in ("bob@x.gov", "rray@x.gov"))
        merge(PEOPLE, survivor_id=self.bob.pk, tombstone_id=robert.pk, theirs={}, by=self.ada)

    def test_the_list_they_came_from_brings_neither_back(self) -> None:
        self.assertEqual(self.counts(self.FISH), (0, 0, 2, 0))
        self.assertEqual(self.counts("Name,Code\nFish Department,\n"), (0, 0, 1, 0))
        self.assertEqual(self.counts("Name,Code,City\nFish Department,FSH,Lake\n"), (0, 0, 1, 0))
        self.assertEqual(self.counts("Name,FIPS\nFish Department,37001\n"), (0, 0, 1, 0))
        self.fish.refresh_from_db()
        self.assertEqual((self.fish.code, self.fish.place, self.fish.fips), ("DFI", "Port", ""))

    def test_that_holds_also_where_another_name_was_taken_away_since(self) -> None:
        self.fish.aliases.all().delete()
        self.assertEqual(self.counts("Name,Code\nFish Department,\nFish Department,FSH\n"), (0, 0, 2, 0))
        text = "Name,E-mail,Agency\nZed Oak,zed@x.gov,fsh\nZed Oak,zed@x.gov,Fish Department\n"
        self.assertEqual(self.counts(text, profile="people"), (1, 0, 1, 0))
        self.assertEqual(Person.objects.get(name="Zed Oak").positions.get().partner, self.fish)

    def test_every_list_that_names_partners_knows_the_survivor(self) -> None:
        self.fish.aliases.all().delete()
        known = PARTNER.read()
        self.assertEqual({known.find(said) for said in ("FSH", "37001", "fish  department")}, {self.fish.pk})

    def test_people_keep_the_name_and_address_that_were_chosen(self) -> None:
        self.assertEqual(self.counts(self.PEOPLE, profile="people"), (0, 0, 2, 0))
        self.assertEqual(
            self.counts("Name,Agency,Phone\nRobert Ray,DFI,555-0199\n", profile="people"), (0, 1, 0, 0)
        )
        self.bob.refresh_from_db()
        self.assertEqual(
            (self.bob.name, self.bob.email, self.bob.phone), ("Bob Ray", "bob@x.gov", "555-0199")
        )

    def test_of_several_merges_the_last_one_counts(self) -> None:
        merge(PARTNERS, survivor_id=self.parks.pk, tombstone_id=self.fish.pk, theirs={}, by=self.ada)
        self.assertEqual(self.counts("Code,Name\nFSH,Fish Department\nDFI,Dept of Fish\n"), (0, 0, 2, 0))
        self.assertEqual(PARTNER.read().find("FSH"), self.parks.pk)

    def test_what_was_in_another_county_or_place_stays_merged_and_keeps_its_own(self) -> None:
        text = (
            "Name,Kind,Part of,City,Domain\nLiberty Township,town,Adams County,Elm,a.gov\n"
            "Township of Liberty,town,Boone County,Oak,b.gov\nAdams County,county,,,\nBoone County,county,,,\n"
        )
        self.assertEqual(self.counts(text), (4, 0, 0, 0))
        one, two = (Partner.objects.get(domains__name=domain) for domain in ("a.gov", "b.gov"))
        merge(PARTNERS, survivor_id=one.pk, tombstone_id=two.pk, theirs={}, by=self.ada)
        self.assertEqual(self.counts(text), (0, 0, 4, 0))
        one.refresh_from_db()
        self.assertEqual((one.place, one.parent and one.parent.name), ("Elm", "Adams County"))
        self.assertEqual({each.name for each in one.domains.all()}, {"a.gov", "b.gov"})

    def test_what_the_survivor_gave_up_still_means_it_and_comes_back_when_undone(self) -> None:
        theirs = {"name": True, "code": True, "fips": True, "place": True, "email": True}
        self.bring("Name,Code,FIPS,City\nLake Board,LKB,37003,Elm\nBoard of Lakes,BOL,37005,Oak\n")
        self.bring("Name,E-mail,Agency\nAnn Lee,ann@x.gov,LKB\nAnna Lee,alee@x.gov,LKB\n", profile="people")
        lake, other = (Partner.objects.get(code=code) for code in ("LKB", "BOL"))
        ann, anna = (Person.objects.get(email=email) for email in ("ann@x.gov", "alee@x.gov"))
        bodies = merge(PARTNERS, survivor_id=lake.pk, tombstone_id=other.pk, theirs=theirs, by=self.ada)
        people = merge(PEOPLE, survivor_id=ann.pk, tombstone_id=anna.pk, theirs=theirs, by=self.ada)
        lake.aliases.all().delete()
        old = "Name,Code,FIPS,City\nLake Board,LKB,37003,Elm\nLake Board,,,\nLake Board,,37003,\n"
        self.assertEqual(self.counts(old), (0, 0, 3, 0))
        self.assertEqual(
            self.counts("Name,E-mail,Agency\nAnn Lee,ann@x.gov,LKB\n", profile="people"), (0, 0, 1, 0)
        )
        self.assertEqual(
            {PARTNER.read().find(said) for said in ("LKB", "BOL", "37003", "lake board")}, {lake.pk}
        )
        for row in (lake, ann):
            row.refresh_from_db()
        self.assertEqual((lake.code, lake.name, ann.email), ("BOL", "Board of Lakes", "alee@x.gov"))
        for made in (people, bodies):
            undo_merge(made.pk, by=self.ada)
        for row in (lake, other, ann, anna):
            row.refresh_from_db()
        self.assertEqual((lake.code, lake.fips, lake.place, lake.name), ("LKB", "37003", "Elm", "Lake Board"))
        self.assertEqual(
            (other.code, other.fips, other.place, other.name), ("BOL", "37005", "Oak", "Board of Lakes")
        )
        self.assertEqual((ann.email, anna.email, anna.name), ("ann@x.gov", "alee@x.gov", "Anna Lee"))

    def test_forms_and_links_lead_to_the_survivor(self) -> None:
        gone, robert = Partner.objects.get(code="FSH"), Person.objects.get(email="rray@x.gov")
        for picker, field, went, stays in (
            (pickers.PARTNER, "FSH", gone, self.fish),
            (pickers.PARTNER, "fish department", gone, self.fish),
            (pickers.PERSON, "rray@x.gov", robert, self.bob),
            (pickers.PERSON, "Robert Ray", robert, self.bob),
        ):
            with self.subTest(field):
                self.assertEqual(picker.one(self.ada, went.pk), stays)
                self.assertEqual(PickField(picker, picker.rows(self.ada)).clean(Typed(field)), stays)

    def test_a_code_given_to_another_since_is_the_other_ones(self) -> None:
        self.bring("Name,Code\nForest and Shade,XX\n")
        Partner.objects.filter(code="XX").update(code="FSH")
        self.assertEqual(self.counts("Name,Code\nForest and Shade,FSH\n"), (0, 0, 1, 0))


class Elsewhere(ImportTestCase):
    def domains(self) -> list[list[str]]:
        rows = Partner.objects.filter(name="Liberty Township").order_by("pk")
        return [sorted(one.domains.values_list("name", flat=True)) for one in rows]

    def test_townships_of_one_name_in_two_places_are_two(self) -> None:
        text = "Name,Kind,City,Domain\nLiberty Township,town,Adams,a.gov\nLiberty Township,town,Boone,b.gov\n"
        self.assertEqual(self.counts(text), (2, 0, 0, 0))
        self.assertEqual(self.domains(), [["a.gov"], ["b.gov"]])
        self.assertEqual(self.counts(text), (0, 0, 2, 0))
        told = self.bring("Name,Population\nLiberty Township,5\n")
        self.assertIn("to say which one", told["problems"][0]["reason"])

    def test_so_are_those_of_two_counties(self) -> None:
        text = (
            "Name,Part of,Domain\nLiberty Township,Adams County,a.gov\nLiberty Township,Boone County,b.gov\n"
            "Adams County,,\nBoone County,,\n"
        )
        self.assertEqual(self.counts(text), (4, 0, 0, 0))
        self.assertEqual(self.domains(), [["a.gov"], ["b.gov"]])
        self.assertEqual(self.counts(text), (0, 0, 4, 0))

    def test_a_list_that_comes_later_does_not_make_them_one(self) -> None:
        self.bring("Name,City,Domain\nLiberty Township,Adams,a.gov\n")
        self.assertEqual(self.counts("Name,City,Domain\nLiberty Township,Boone,b.gov\n"), (1, 0, 0, 0))
        self.assertEqual(self.domains(), [["a.gov"], ["b.gov"]])

    def test_a_row_without_a_place_between_them_joins_nothing(self) -> None:
        text = "Name,City,Domain\nLiberty Township,,\nLiberty Township,Adams,a.gov\nLiberty Township,Boone,b.gov\n"
        self.assertEqual(self.counts(text), (2, 0, 1, 0))
        self.assertEqual(self.domains(), [["a.gov"], ["b.gov"]])

    def test_an_agency_elsewhere_is_a_question(self) -> None:
        self.parks.place = "Franklin"
        self.parks.save()
        told = self.bring("Name,City\nDepartment of Parks,Boone\n")
        self.assertEqual((told["set_aside"], told["problems"][0]["column"]), (1, "City"))
        self.assertIn("is in Franklin here, but this row says Boone", told["problems"][0]["reason"])
        self.assertEqual(self.counts("Code,Name,City\nPARKS,Department of Parks,Boone\n"), (0, 1, 0, 0))


class SharedAddresses(ImportTestCase):
    def test_a_name_without_a_word_in_common_is_a_question(self) -> None:
        head = "Name,E-mail,Agency,Title\n"
        ann, bob = "Ann Lee,clerk@x.gov,PARKS,Clerk\n", "Bob Ray,CLERK@x.gov,PARKS,Deputy clerk\n"
        self.assertEqual(self.counts(head + ann + bob + bob, profile="people"), (1, 0, 0, 2))
        told = self.bring(head + bob, profile="people")
        self.assertEqual((told["set_aside"], told["problems"][0]["column"]), (1, "Name"))
        self.assertIn(
            "is the address of Ann Lee here, but this row says Bob Ray", told["problems"][0]["reason"]
        )
        self.assertEqual(Person.objects.get(email="clerk@x.gov").name, "Ann Lee")

    def test_another_surname_is_a_change(self) -> None:
        self.bring("Name,E-mail,Agency\nAnn Lee,ann@x.gov,PARKS\n", profile="people")
        self.assertEqual(
            self.counts("Name,E-mail,Agency\nANN Lee-Moss,ann@x.gov,PARKS\n", profile="people"), (0, 1, 0, 0)
        )

    def test_of_two_addresses_the_first_is_kept_and_the_other_said(self) -> None:
        text = (
            "Name,E-mail,Agency\nHal Kim,hal.kim@x.gov; hkim@x.gov,PARKS\n"
            'Ivy Low,"Low, Ivy (PARKS) <ivy.low@x.gov>",PARKS\nJo May,mailto:jo.may@x.gov,PARKS\n'
            "Kai Nee,kai.nee@x.gov (work),PARKS\n"
        )
        self.assertEqual(self.counts(text, profile="people"), (4, 0, 0, 0))
        found = (
            Person.objects.filter(email__endswith="@x.gov").order_by("name").values_list("email", flat=True)
        )
        self.assertEqual(list(found), ["hal.kim@x.gov", "ivy.low@x.gov", "jo.may@x.gov", "kai.nee@x.gov"])
        said = Import.objects.latest("pk").rows.get(line=2).reason
        self.assertEqual(said, "One address is kept for a person. Left out: hkim@x.gov.")
        self.assertEqual(self.counts(text, profile="people"), (0, 0, 4, 0))
        self.assertEqual(
            self.counts("Name,E-mail,Agency\nHal Kim,hkim@x.gov; hal.kim@x.gov,PARKS\n", profile="people"),
            (0, 0, 1, 0),
        )


class Zeros(ImportTestCase):
    FIRST = "Name,Code,FIPS\nDepartment of Ports,0042,\nDepartment of Bridges,0420,\nAutauga County,,01001\n"

    def test_a_known_name_under_a_code_without_its_zeros_is_a_question(self) -> None:
        self.bring(self.FIRST)
        told = self.bring(
            "Name,Code,FIPS\nDepartment of Ports,42,\nDepartment of Bridges,420,\nAutauga County,,1001\n"
        )
        self.assertEqual((told["new"], told["same"], told["set_aside"]), (0, 1, 2))
        self.assertIn("is listed here as 0042, not 42", told["problems"][0]["reason"])
        self.assertEqual(self.counts("Name,Code\nHarbor,42\n"), (1, 0, 0, 0))

    def test_a_list_of_people_asks_which_one_is_meant(self) -> None:
        self.bring(self.FIRST)
        told = self.bring("Name,E-mail,Agency code\nGil,g@x.gov,42\n", profile="people")
        self.assertIn("Do you mean 0042, Department of Ports?", told["problems"][0]["reason"])

    def test_what_we_give_out_keeps_its_zeros_in_a_spreadsheet(self) -> None:
        for text in ("0042", "000", "123456789012", "12E5"):
            self.assertEqual((cell(text), restore(f'="{text}"')), (f'="{text}"', text))
        for text in ("42", "0042-A", "1,200", "MAR1"):
            self.assertEqual(cell(text), text)
