"""How files are read: what the sheet shows comes in, is asked about, or is left out and said; no row is lost."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import CommandError, call_command
from openpyxl import Workbook

from comity.imports.models import Import, ImportRow
from comity.imports.preview import set_aside_head, set_aside_rows
from comity.partners.models import Partner, Person, Position
from comity.partners.tests.test_importing import ImportTestCase
from comity.ui.csv import lines

PEOPLE = "Agency,Name,E-mail,Title,Starts on\n"


class ReadTestCase(ImportTestCase):
    def book(
        self, *sheets: tuple[str, list[list[object]]], change: Callable[[Workbook], None] | None = None
    ) -> Path:
        """A workbook of sheets: their names and their rows."""
        book = Workbook()
        book.remove(book.worksheets[0])
        for name, rows in sheets:
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
        if change:
            change(book)
        path = self.folder / "book.xlsx"
        book.save(path)
        return path

    def load(self, path: Path, *options: str, profile: str = "partners") -> dict[str, Any]:
        out = StringIO()
        call_command("import_file", profile, str(path), "--json", *options, stdout=out, stderr=StringIO())
        told: dict[str, Any] = json.loads(out.getvalue())
        self.assertEqual(told["rows"], sum(told[key] for key in ("new", "changed", "same", "set_aside")))
        return told

    def refusal(self, text: str, *options: str, profile: str = "partners") -> str:
        with self.assertRaises(CommandError) as caught:
            self.bring(text, *options, profile=profile)
        return str(caught.exception)


class Cells(ReadTestCase):
    def test_letters_nobody_sees_make_no_other_body(self) -> None:
        self.bring("Name,Code,FIPS\nDepartment of Revenue,DOR,\nWake County,,37183\nDepartment of Labor,,\n")
        again = (
            "Name,Code,FIPS\nDepartment of Revenue,DOR\u200b,\nWake County,,37183\u200e\n"
            "Department of Labor\u200e,,\nDepart\u00adment of Labor,,\n"
        )
        self.assertEqual(self.counts(again), (0, 0, 4, 0))
        self.bring("Name,E-mail,Phone,Agency\nAnn,ann@a.gov,555-0101,PARKS\n", profile="people")
        again = "Name,E-mail,Phone,Agency\nAnn\u200b,ann@a.gov\u200b,\u202a555-0101\u202c,PARKS\u200e\n"
        self.assertEqual(self.counts(again, profile="people"), (0, 0, 1, 0))

    def test_a_number_that_may_be_two_is_left_out_and_said(self) -> None:
        for cell in ("12,5", "1,20", "1,2,3,4", "1.000", "1.200"):
            with self.subTest(cell):
                self.bring(f'Name,Code,Headcount\nBody {cell.replace(",", " ")},,"{cell}"\n')
                row = ImportRow.objects.latest("pk")
                self.assertEqual((row.outcome, "Headcount" in row.reason), ("new", True))
        for cell in ("$12,50", "$1,00,000", "2.500", "1.200,00"):
            with self.subTest(cell):
                self.bring(f'Name,Code,Yearly budget\nFund {cell.replace(",", " ")},,"{cell}"\n')
                self.assertIn(cell, ImportRow.objects.latest("pk").reason)
        self.assertFalse(Partner.objects.exclude(headcount=None, budget_cents=None).exists())

    def test_the_decimal_mark_can_be_said(self) -> None:
        text = "Name;Headcount;Yearly budget\nComma;1.200;1.200,00\nPoint;12;12,5\nGroup;1.000;2.500\n"
        self.assertEqual(self.counts(text, "--decimal", ","), (3, 0, 0, 0))
        found = Partner.objects.filter(name__in=["Comma", "Point", "Group"]).order_by("pk")
        self.assertEqual(
            list(found.values_list("headcount", "budget_cents")),
            [(1200, 120_000), (12, 1250), (1000, 250_000)],
        )

    def test_a_day_is_read_in_each_form_that_has_one_meaning(self) -> None:
        forms = (
            "1-Jul-26", "01-JUL-2026", "2026-07-01 08:30:00", "2026-07-01 08:30", "7/1/2026 12:00:00 AM",
            "2026-07-01T00:00:00Z", "46204", "46204.35", "7/1/26", '"Wednesday, July 1, 2026"', "20260701",
        )  # fmt: skip
        rows = "".join(
            f"PARKS,Person {place},p{place}@a.gov,Clerk,{form}\n" for place, form in enumerate(forms)
        )
        self.assertEqual(self.counts(PEOPLE + rows, profile="people"), (len(forms), 0, 0, 0))
        days = Position.objects.filter(person__email__endswith="@a.gov").values_list("starts_on", flat=True)
        self.assertEqual({day.isoformat() for day in days if day}, {"2026-07-01"})
        self.assertEqual(len(days), len(forms))

    def test_an_optional_cell_that_cannot_be_read_does_not_lose_the_row(self) -> None:
        text = PEOPLE + "PARKS,Ann,ann@a.gov,Clerk,soon\nPARKS,Bo,not an address,Clerk,\n"
        self.assertEqual(self.counts(text, profile="people"), (1, 0, 0, 1))
        self.assertEqual(Position.objects.get(person__email="ann@a.gov").starts_on, None)
        batch = Import.objects.latest("pk")
        self.assertEqual(batch.found["left_out"], {"Starts on": 1})
        self.assertIn(
            "“Starts on” is left out: “soon” is not a date.",
            ImportRow.objects.get(batch=batch, line=2).reason,
        )


class LeftOut(ReadTestCase):
    """Single cells that were left out are told as rows that were set aside are."""

    TEXT = (
        PEOPLE
        + "PARKS,Ann,ann@a.gov,Clerk,soon\nPARKS,Bo,not an address,Clerk,\nPARKS,Cy,cy@a.gov,Clerk,2026-07-01\n"
    )

    def test_the_file_says_both_and_can_be_mended_and_sent_again(self) -> None:
        self.bring(self.TEXT, profile="people")
        batch = Import.objects.latest("pk")
        rows = list(
            csv.DictReader(
                StringIO("".join(lines(set_aside_head(batch), set_aside_rows(batch))).lstrip("\ufeff"))
            )
        )
        self.assertEqual(
            [(row["line"], row["column"]) for row in rows], [("2", "Starts on"), ("3", "E-mail")]
        )
        self.assertEqual(
            rows[0]["reason"],
            "The row is kept. “Starts on” is left out: “soon” is not a date. Write it like 2026-07-01.",
        )
        self.assertFalse(rows[1]["reason"].startswith("The row is kept."))
        mended = (
            ",".join(rows[0])
            + "\n"
            + ",".join({**rows[0], "Starts on": "2026-08-01", "reason": ""}.values())
            + "\n"
        )
        self.assertEqual(self.counts(mended, profile="people"), (0, 1, 0, 0))
        self.assertEqual(str(Position.objects.get(person__email="ann@a.gov").starts_on), "2026-08-01")

    def test_a_file_with_nothing_set_aside_still_offers_what_was_left_out(self) -> None:
        self.bring(PEOPLE + "PARKS,Ann,ann@a.gov,Clerk,soon\n", profile="people")
        batch = Import.objects.latest("pk")
        page = self.page(batch.get_absolute_url(), by=self.ada)
        self.assertContains(page, "What was left out (CSV)")
        self.assertContains(page, "soon", count=1)
        self.bring(PEOPLE + "PARKS,Dee,dee@a.gov,Clerk,\n", profile="people")
        self.assertNotContains(
            self.page(Import.objects.latest("pk").get_absolute_url(), by=self.ada), "What was left"
        )

    def test_so_are_a_second_address_and_a_post_without_a_partner(self) -> None:
        found = self.bring(
            "Name,E-mail,Agency,Title\nHal,hal@a.gov; h@a.gov,PARKS,Clerk\nIvy,ivy@a.gov,,Clerk\n",
            profile="people",
        )
        self.assertEqual(
            [(one["line"], one["column"]) for one in found["partly"]], [(2, "E-mail"), (3, "Title")]
        )


class Headers(ReadTestCase):
    TABLE = "Name,Code,Headcount\nSand,DSD,5\nSilt,DST,6\n"

    def test_a_title_above_is_passed_over_and_said(self) -> None:
        for above in ("Contact Report,,\nRun 2026-07-01 by BUDGET\\jdoe,,\n,,\n", "Contact Report\n\n"):
            with self.subTest(above):
                told = self.bring(above + self.TABLE, "--dry-run")
                self.assertEqual((told["rows"], told["new"]), (2, 2))
                self.assertEqual(list(told["columns"]), ["Name", "Code", "Headcount"])

    def test_the_line_of_the_headers_can_be_said(self) -> None:
        text = "Wer,Was\nName,Code\nSand,DSD\n"
        self.assertEqual(self.counts(text, "--header-row", "2"), (1, 0, 0, 0))
        self.assertIn("Line 9", self.refusal(text, "--header-row", "9"))

    def test_no_row_is_taken_for_headers(self) -> None:
        for text in (
            "Name\nSand,DSD\nSilt,DST\n",
            "Name,,\nSand,Agency,City\nSilt,Board,Town\n",
            "Name,Kind\nSand,Agency\nCounty,City\n",
        ):
            with self.subTest(text):
                self.assertEqual(self.bring(text, "--dry-run")["rows"], 2)

    def test_two_rows_of_headers_are_joined(self) -> None:
        def merge(book: Workbook) -> None:
            book.worksheets[0].merge_cells("A1:B1")
            book.worksheets[0].merge_cells("C1:D1")

        path = self.book(
            (
                "P",
                [
                    ["Agency", None, "Size"],
                    ["Name", "Code", "Headcount", "Budget"],
                    ["Sand", "DSD", 5, 100],
                    ["Silt", "DST", 6, 200],
                ],
            ),
            change=merge,
        )
        told = self.load(path)
        self.assertEqual(told["new"], 2)
        sand = Partner.objects.get(code="DSD")
        self.assertEqual((sand.name, sand.headcount, sand.budget_cents), ("Sand", 5, 10_000))

    def test_equal_headers_matter_only_where_one_is_mapped(self) -> None:
        text = "Name,Code,Phone,Phone\nSand,DSD,1,2\n"
        self.assertEqual(self.counts(text), (1, 0, 0, 0))
        people = "Name,E-mail,Phone,Phone\nAnn,ann@a.gov,1,2\n"
        self.assertIn("2 columns have the header “Phone”", self.refusal(people, profile="people"))
        self.bring(people, "--map", "Phone=", "--map", "Phone (2)=phone", profile="people")
        self.assertEqual(Person.objects.get(email="ann@a.gov").phone, "2")

    def test_what_tells_the_record_is_not_taken_by_nearness(self) -> None:
        text = "GEOID,CNTY_NAME,MCD_NAME\n9900100275,Adams,Pine Mill\n9900100300,Adams,Big Rock\n"
        self.assertIn("Choose a column for “Name”", self.refusal(text))
        self.assertEqual(self.counts(text, "--map", "MCD_NAME=name"), (2, 0, 0, 0))

    def test_a_name_most_rows_share_is_questioned(self) -> None:
        rows = "1,Adams,Mill\n2,Adams,Rock\n3,Adams,Lake\n4,Ashby,Mill\n"
        for header in ("County", "Name"):
            with self.subTest(header):
                said = self.refusal(f"Code,{header},MCD\n{rows}")
                self.assertIn("Most rows say the same", said)
        self.assertEqual(self.counts(f"Code,County,MCD\n{rows}", "--map", "County=name")[0], 4)

    def test_the_command_prints_how_columns_were_mapped(self) -> None:
        path, out = self.folder / "list.csv", StringIO()
        path.write_text("Organization,Acronym,Whim\nSand,DSD,x\n")
        call_command("import_file", "partners", str(path), stdout=out, stderr=StringIO())
        self.assertIn("Columns: Organization = name, Acronym = code. Left out: Whim.", out.getvalue())


class Sheets(ReadTestCase):
    AGENCIES: tuple[str, list[list[object]]] = (
        "Agencies",
        [["Name", "Code"], ["Sand", "DSD"], ["Silt", "DST"]],
    )
    COVER: tuple[str, list[list[object]]] = (
        "Read me",
        [["Statewide directory"], ["Prepared 1 July"], ["See sheet 2"]],
    )

    def test_the_sheet_with_the_table_is_found_and_another_can_be_said(self) -> None:
        path = self.book(self.COVER, self.AGENCIES, ("Old", [["Name"], ["Gone"], ["Away"]]))
        self.assertEqual(self.load(path)["new"], 2)
        self.assertEqual(Import.objects.latest("pk").found["sheets"], ["Read me", "Agencies", "Old"])
        self.load(path, "--sheet", "old")
        self.assertTrue(Partner.objects.filter(name="Gone").exists())
        with self.assertRaisesMessage(CommandError, "Its sheets are: Read me, Agencies, Old."):
            self.load(path, "--sheet", "None")

    def test_merged_cells_say_downwards_what_the_first_says(self) -> None:
        path = self.book(
            (
                "People",
                [
                    ["Agency", "Name", "E-mail", "Title"],
                    ["Department of Parks", "Ann Lee", "ann@a.gov", "Director"],
                    [None, "Bo Park", "bo@a.gov", "IT Manager"],
                    [None, "Cy Roe", "cy@a.gov", "CFO"],
                    ["Department of Roads", "Di Fox", "di@a.gov", "Director"],
                ],
            ),
            change=lambda book: book.worksheets[0].merge_cells("A2:A4"),
        )
        self.assertEqual(self.load(path, profile="people")["new"], 4)
        posts = Position.objects.filter(person__email__endswith="@a.gov").order_by("person__email")
        self.assertEqual([post.partner for post in posts], [self.parks] * 3 + [self.roads])

    def test_a_title_without_a_partner_is_not_shown_as_if_written(self) -> None:
        self.bring("Agency,Name,E-mail,Title\n,Bo Park,bo@a.gov,IT Manager\n", profile="people")
        self.assertFalse(Position.objects.filter(person__email="bo@a.gov").exists())
        self.assertEqual(
            ImportRow.objects.latest("pk").reason,
            "The position is left out, because the row names no partner.",
        )

    def test_hidden_rows_are_counted_and_can_be_left_out(self) -> None:
        def hide(book: Workbook) -> None:
            book.worksheets[0].row_dimensions[2].hidden = True

        path = self.book(self.AGENCIES, change=hide)
        told = self.load(path, "--without-hidden")
        self.assertEqual((told["new"], told["set_aside"]), (1, 1))
        self.assertIn("hidden", told["problems"][0]["reason"])
        self.assertEqual(self.load(path)["new"], 1)
        self.assertEqual(Import.objects.latest("pk").found["hidden"], 1)


class NothingSwallowed(ReadTestCase):
    def test_a_mark_that_is_never_closed_sets_its_line_aside(self) -> None:
        for second in ('Department 2,D2,"Called back on 6/1', 'Department 2,D2,"racks of 19"", two of them'):
            with self.subTest(second):
                rows = [f"Department {n},D{n},ok" for n in range(1, 41)]
                rows[1] = second
                told = self.bring("\r\n".join(["Name,Code,Notes", *rows, ""]), "--dry-run")
                self.assertEqual((told["rows"], told["new"], told["set_aside"]), (40, 39, 1))
                self.assertEqual(told["problems"][0]["line"], 3)
