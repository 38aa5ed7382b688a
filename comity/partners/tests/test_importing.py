"""The contract of an import, row by row, asked of the command that people script."""

from __future__ import annotations

import json
import tempfile
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import CommandError, call_command

from comity.audit.models import Entry
from comity.imports import services as imports
from comity.imports.models import Import
from comity.imports.profiles import profile_of
from comity.office.models import Office
from comity.partners.models import Alias, Partner, Person, Position
from comity.testing.cast import CastTestCase


class ImportTestCase(CastTestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def bring(self, text: str, *options: str, profile: str = "partners") -> dict[str, Any]:
        """What the command says of a file; the four counts add up to its rows."""
        path = self.folder / "list.csv"
        path.write_text(text, encoding="utf-8")
        out = StringIO()
        call_command("import_file", profile, str(path), "--json", *options, stdout=out, stderr=StringIO())
        told: dict[str, Any] = json.loads(out.getvalue())
        self.assertEqual(told["rows"], sum(told[key] for key in ("new", "changed", "same", "set_aside")))
        self.assertEqual(told["set_aside"], len(told["problems"]))
        return told

    def counts(self, text: str, *options: str, profile: str = "partners") -> tuple[int, int, int, int]:
        told = self.bring(text, *options, profile=profile)
        return told["new"], told["changed"], told["same"], told["set_aside"]


class PartnersContract(ImportTestCase):
    def test_the_first_row_makes_a_body_and_later_ones_add_what_it_lacks(self) -> None:
        text = "Name,Kind,Domain\nHarbor,district,a.gov\nHARBOR ,,b.gov\nharbor,City,c.gov\nHarbor,district,a.gov\n"
        self.assertEqual(self.counts(text), (1, 0, 2, 1))
        harbor = Partner.objects.get(name="Harbor")
        self.assertEqual({domain.name for domain in harbor.domains.all()}, {"a.gov", "b.gov"})
        self.assertEqual(self.counts(text), (0, 0, 3, 1))

    def test_a_county_of_another_state_is_set_aside_where_our_state_is_known(self) -> None:
        text = "Name,Kind,FIPS\nCheatham,county,47021\nWake,county,37183\nCity of Wake,city,3783\n"
        Office.objects.update_or_create(pk=1, defaults={"state_fips": "47", "state_name": "Franklin"})
        told = self.bring(text)
        self.assertEqual((told["new"], told["set_aside"]), (2, 1))
        self.assertIn("37183 is not the code of a county of Franklin.", f"{told['problems']}")
        self.assertFalse(Partner.objects.filter(name="Wake").exists())
        Office.objects.update(state_fips="")
        self.assertEqual(self.counts(text), (1, 0, 2, 0))

    def test_what_later_rows_of_the_file_add_to_a_body_does_not_stand_in_the_way_of_undoing(self) -> None:
        self.bring("Name,Kind,Domain\nHarbor,district,a.gov\nHARBOR ,,b.gov\n")
        batch = Import.objects.latest("pk")
        self.assertEqual(profile_of(batch).handler().obstacles(batch), [])

    def test_a_list_that_names_bodies_and_people_twice_is_undone_as_if_it_had_never_been(self) -> None:
        before = [set(model.objects.values_list()) for model in (Partner, Alias, Person, Position)]
        self.bring(
            "Name,Code,Kind,Domain,Part of,Other names\nHarbor,HRB,district,a.gov,,\nHARBOR ,,,b.gov,PARKS,Port\n"
            "Department of Parks,PARKS,,c.gov,,\nParks,PARKS,,d.gov,,Green Parks\n"
        )
        self.bring(
            "Name,E-mail,Agency,Title,Phone\nGil,g@x.gov,HRB,Ranger,\nGil,g@x.gov,HRB,Ranger,555-0100\n"
            "Gil,g@x.gov,PARKS,Clerk,\nGil,,HRB,Ranger,\n",
            profile="people",
        )
        for batch in Import.objects.order_by("-pk")[:2]:
            imports.undo(batch.pk, by=self.ada)
            self.run_jobs()
            batch.refresh_from_db()
            self.assertEqual((batch.state, batch.note), ("undone", ""))
        after = [set(model.objects.values_list()) for model in (Partner, Alias, Person, Position)]
        self.assertEqual([len(rows) for rows in before], [len(rows) for rows in after])
        self.assertEqual(before[1:], after[1:])

    def test_a_body_is_known_by_code_then_fips_then_any_of_its_names(self) -> None:
        Alias.objects.create(partner=self.parks, name="Parks and Rec", name_key="parks and rec")
        self.assertEqual(self.counts("Name,People\nPARKS AND  REC,7\n"), (0, 1, 0, 0))
        self.assertEqual(self.counts("Code,Name,People\nparks,Department of Parks,7\n"), (0, 0, 1, 0))
        self.assertEqual(
            self.counts("FIPS,Name\n37001,Alamance County\n37003,Alamance County\n"), (2, 0, 0, 0)
        )
        told = self.bring("Name,People\nAlamance County,5\n")
        self.assertIn("Use a code or FIPS code to say which one", told["problems"][0]["reason"])

    def test_a_parent_may_be_made_by_a_later_row_and_falls_with_it(self) -> None:
        text = "Name,Part of\nPier,Harbor\nHarbor,Sea\nSea,\nLake,Nowhere\nBoat,Lake\n"
        told = self.bring(text)
        self.assertEqual((told["new"], told["set_aside"]), (3, 2))
        self.assertEqual([one["line"] for one in told["problems"]], [5, 6])
        self.assertEqual(Partner.objects.get(name="Pier").parent, Partner.objects.get(name="Harbor"))

    def test_a_circle_is_set_aside_where_it_would_close(self) -> None:
        told = self.bring("Name,Part of\nDepartment of Parks,Division of Trails\nHarbor,Harbor\n")
        self.assertEqual(told["set_aside"], 2)
        self.parks.refresh_from_db()
        self.assertIsNone(self.parks.parent)

    def test_strange_names_are_kept_or_set_aside_with_a_reason(self) -> None:
        formula = '"=HYPERLINK(""http://evil.example"",""x"")"'
        told = self.bring(f"Name\n{'x' * 10_000}\n🏛️ Capitol\nمكتب الولاية\n{formula}\n")
        self.assertEqual((told["new"], told["set_aside"]), (3, 1))
        self.assertIn("10,000 characters", told["problems"][0]["reason"])
        self.assertTrue(Partner.objects.filter(name='=HYPERLINK("http://evil.example","x")').exists())

    def test_an_empty_cell_erases_nothing_and_unknown_is_no_kind(self) -> None:
        self.assertEqual(self.counts("Code,Name,Kind\nPARKS,Department of Parks,\n"), (0, 0, 1, 0))
        self.assertEqual(self.counts("Code,Name,Kind\nPARKS,Department of Parks,Space force\n"), (0, 0, 1, 0))

    def test_a_row_without_a_name_needs_a_code_that_is_known(self) -> None:
        told = self.bring("Code,Name,Kind,People\n,,agency,5\nNEW,,agency,5\nPARKS,,,7\nPARKS, ,,7\n")
        self.assertEqual((told["changed"], told["same"], told["set_aside"]), (1, 1, 2))
        self.assertEqual([one["line"] for one in told["problems"]], [2, 3])
        self.assertEqual({one["reason"] for one in told["problems"]}, {"The row has no name."})
        self.assertEqual({one["column"] for one in told["problems"]}, {"Name"})
        self.parks.refresh_from_db()
        self.assertEqual((self.parks.name, self.parks.headcount), ("Department of Parks", 7))

    def test_a_list_of_thousands_that_hang_on_a_fallen_row_is_still_quick(self) -> None:
        chain = "".join(f"Body {n},Body {n - 1}\n" for n in range(1, 3_000))
        told = self.bring(f"Name,Part of\nBody 0,Nowhere\n{chain}")
        self.assertEqual((told["new"], told["set_aside"]), (0, 3_000))


class PeopleContract(ImportTestCase):
    def test_one_person_at_several_partners_is_one_person(self) -> None:
        text = (
            "Name,E-mail,Agency,Title,Acting\nAda Byte,ada@x.gov,PARKS,CIO,yes\n"
            "Ada Byte,ada@x.gov,Department of Roads,Adviser,\nBo Byte,ada@x.gov,PARKS,Clerk,\n"
        )
        self.assertEqual(self.counts(text, profile="people"), (1, 1, 0, 1))
        ada = Person.objects.get(email="ada@x.gov")
        self.assertEqual(
            set(ada.positions.values_list("partner__code", "title", "acting")),
            {("PARKS", "CIO", True), ("ROADS", "Adviser", False)},
        )
        self.assertEqual(self.counts(text, profile="people"), (0, 0, 2, 1))

    def test_without_an_address_the_name_at_the_partner_is_the_key(self) -> None:
        text = "Name,Works at,Title\nGil Ranger,PARKS,Ranger\nGil Ranger,ROADS,Ranger\nNobody,,x\n"
        self.assertEqual(self.counts(text, profile="people"), (2, 0, 0, 1))
        self.assertEqual(self.counts(text, profile="people"), (0, 0, 2, 1))

    def test_a_new_title_changes_the_post_unless_another_row_has_it(self) -> None:
        self.bring("Name,E-mail,Agency,Title\nGil,g@x.gov,PARKS,Ranger\n", profile="people")
        self.assertEqual(
            self.counts("Name,E-mail,Agency,Title\nGil,g@x.gov,PARKS,Head ranger\n", profile="people"),
            (0, 1, 0, 0),
        )
        both = "Name,E-mail,Agency,Title\nGil,g@x.gov,PARKS,Clerk\nGil,g@x.gov,PARKS,Head ranger\n"
        self.assertEqual(self.counts(both, profile="people"), (0, 1, 1, 0))
        titles = Position.objects.filter(person__email="g@x.gov").values_list("title", flat=True)
        self.assertEqual(set(titles), {"Head ranger", "Clerk"})

    def test_bad_cells_are_named_by_their_column(self) -> None:
        text = "Name,E-mail,Agency,Start date\nA,not an address,PARKS,\nB,b@x.gov,No such,\nC,c@x.gov,PARKS,someday\n"
        told = self.bring(text, profile="people")
        self.assertEqual(
            [(one["line"], one["column"]) for one in told["problems"]],
            [(2, "E-mail"), (3, "Agency")],
        )


class TheCommand(ImportTestCase):
    def test_a_rehearsal_leaves_no_trace(self) -> None:
        before = Entry.objects.count()
        self.assertEqual(self.counts("Name\nHarbor\n", "--dry-run"), (1, 0, 0, 0))
        self.assertFalse(Partner.objects.filter(name="Harbor").exists())
        self.assertFalse(Import.objects.exists())
        self.assertEqual(Entry.objects.count(), before)

    def test_columns_and_words_are_told_on_the_line(self) -> None:
        told = self.bring(
            "Wer,Art\nHarbor,Hafen\nPier,\nPostamt,Bund\n",
            "--map", "Wer=name", "--map", "Art=kind", "--value", "kind:Hafen=district",
            "--value", "kind:=town", "--value", "kind:Bund=-", "--as", "ada@oit.example.gov",
        )  # fmt: skip
        self.assertEqual((told["new"], told["set_aside"]), (2, 1))
        self.assertEqual(
            dict(Partner.objects.filter(name__in=["Harbor", "Pier"]).values_list("name", "kind")),
            {"Harbor": "district", "Pier": "town"},
        )
        self.assertEqual(Entry.objects.filter(action="imports.apply").get().actor_label, "Ada Admin")

    def test_rows_set_aside_go_to_a_file(self) -> None:
        out = self.folder / "aside.csv"
        self.bring("Name,Part of\nPier,Nowhere\n", "--set-aside", str(out))
        head, row = out.read_text(encoding="utf-8-sig").splitlines()
        self.assertEqual(head, "line,column,reason,Name,Part of")
        self.assertTrue(row.startswith("2,Part of,") and row.endswith(",Pier,Nowhere"))

    def test_refusals_end_with_one_and_wrong_usage_with_two(self) -> None:
        for options, code in (
            ((), 1),
            (("--map", "Wer=nonsense"), 2),
            (("--map", "Nix=name"), 1),
            (("--value", "kind:a=nonsense"), 2),
            (("--as", "nobody@x.gov"), 1),
        ):
            with self.subTest(options), self.assertRaises(CommandError) as caught:
                self.bring("Wer\nx\n", *options)
            self.assertEqual(caught.exception.returncode, code)
        self.assertFalse(Partner.objects.filter(name="x").exists())
