"""A table comes out of whatever a spreadsheet writes, and everything else gets a sentence."""

from __future__ import annotations

import random
import resource
import tempfile
import time
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from unittest import TestCase
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from comity.imports.reading import Limits, Manner, UnreadableError, open_table
from comity.imports.tests.files import SHEET, csv_file, raw_xlsx, xlsx_file
from comity.ui.csv import lines as csv_lines
from comity.ui.csv import restore


class ReadingTestCase(TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def read(self, path: Path) -> tuple[list[str], list[list[str]]]:
        table = open_table(path)
        return table.headers, [line.cells for line in table.lines]

    def refusal(self, path: Path) -> str:
        with self.assertRaises(UnreadableError) as caught:
            self.read(path)
        return str(caught.exception)


class ReadingCsv(ReadingTestCase):
    def test_every_encoding_a_spreadsheet_writes_reads_alike(self) -> None:
        text = "Name,Place\r\nDepartment of Años,Mañana Córdoba\r\nNiño Pérez Board,Peñasco\r\n"
        expected = (
            ["Name", "Place"],
            [["Department of Años", "Mañana Córdoba"], ["Niño Pérez Board", "Peñasco"]],
        )
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"):
            with self.subTest(encoding):
                self.assertEqual(self.read(csv_file(self.folder, text.encode(encoding))), expected)

    def test_a_long_file_from_an_old_mac_is_told_from_windows(self) -> None:
        text = "Nombre;Lugar\n" + "Dirección de Educación;Bogotá\nComisión Ñuñoa;León\n" * 30
        _headers, rows = self.read(csv_file(self.folder, text.encode("mac_roman")))
        self.assertEqual(rows[0], ["Dirección de Educación", "Bogotá"])

    def test_a_short_file_with_one_odd_letter_is_windows(self) -> None:
        self.assertEqual(
            self.read(csv_file(self.folder, "Name\nCafé Board\n".encode("cp1252"))),
            (["Name"], [["Café Board"]]),
        )

    def test_commas_semicolons_tabs_and_bars_are_told_apart(self) -> None:
        for sign in ",;\t|":
            with self.subTest(sign):
                text = f'Name{sign}Note\nParks{sign}"a{sign} b; c, d"\n'
                self.assertEqual(
                    self.read(csv_file(self.folder, text)),
                    (["Name", "Note"], [["Parks", f"a{sign} b; c, d"]]),
                )

    def test_a_cell_of_several_lines_is_in_one_row(self) -> None:
        text = 'a,b\n1,"two\nlines, ""quoted"""\n2,x\n'
        rows = [["1", 'two\nlines, "quoted"'], ["2", "x"]]
        self.assertEqual(self.read(csv_file(self.folder, text)), (["a", "b"], rows))

    def test_excels_own_line_that_names_the_delimiter_is_not_a_header(self) -> None:
        self.assertEqual(
            self.read(csv_file(self.folder, "sep=;\r\nName;Code\r\nParks;P\r\n")),
            (["Name", "Code"], [["Parks", "P"]]),
        )

    def test_one_column_is_a_table_too(self) -> None:
        self.assertEqual(
            self.read(csv_file(self.folder, "agency\nParks\nRoads\n"))[1], [["Parks"], ["Roads"]]
        )

    def test_lines_are_numbered_as_a_spreadsheet_does(self) -> None:
        table = open_table(csv_file(self.folder, 'Name,Note\nParks,"two\nlines"\n,\nRoads,\n'))
        self.assertEqual([(line.number, line.cells[0]) for line in table.lines], [(2, "Parks"), (4, "Roads")])

    def test_formulas_stay_the_text_they_are(self) -> None:
        formula = '=HYPERLINK("http://evil.example","x")'
        text = 'Name\n"=HYPERLINK(""http://evil.example"",""x"")"\n'
        self.assertEqual(self.read(csv_file(self.folder, text))[1], [[formula]])

    @given(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_characters="\x00\r\n\ufeff")), min_size=1, max_size=5
        )
    )
    @settings(max_examples=60)
    def test_what_we_write_reads_back_the_same(self, cells: list[str]) -> None:
        """Laws of our own export: neutralised cells come back as they were."""
        cells = [*cells, "end"]
        with tempfile.TemporaryDirectory() as folder:
            text = "".join(csv_lines([f"h{place}" for place in range(len(cells))], [cells]))
            _headers, rows = self.read(csv_file(Path(folder), text))
        self.assertEqual([restore(cell) for cell in rows[0]], cells)


class ReadingXlsx(ReadingTestCase):
    def test_texts_numbers_days_and_ticks_read_as_people_see_them(self) -> None:
        path = xlsx_file(
            self.folder,
            [
                ["Name", "FIPS", "Since", "Seen", "Acting", "Share"],
                ["Parks & “Wildlife”", 37001, date(2024, 7, 1), datetime(2024, 7, 1, 9, 30), True, 0.25],  # noqa: DTZ001
            ],
        )
        self.assertEqual(
            self.read(path)[1],
            [["Parks & “Wildlife”", "37001", "2024-07-01", "2024-07-01 09:30:00", "yes", "0.25"]],
        )

    def test_empty_cells_and_rows_keep_their_places(self) -> None:
        path = xlsx_file(self.folder, [["A", "B", "C"], ["1", None, "3"], [], [None, "2"]])
        table = open_table(path)
        self.assertEqual(
            [(line.number, line.cells) for line in table.lines], [(2, ["1", "", "3"]), (4, ["", "2"])]
        )

    def test_a_formula_nobody_worked_out_stays_text(self) -> None:
        path = xlsx_file(self.folder, [["Name"], ['=HYPERLINK("http://evil.example","x")']])
        self.assertEqual(self.read(path)[1], [['=HYPERLINK("http://evil.example","x")']])

    def test_a_formula_that_was_worked_out_gives_its_result(self) -> None:
        sheet = SHEET.format(
            '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c></row>'
            '<row r="2"><c r="A2" t="str"><f>"Wake"&amp;" County"</f><v>Wake County</v></c></row></sheetData>'
        )
        self.assertEqual(self.read(raw_xlsx(self.folder, sheet))[1], [["Wake County"]])

    def test_numbers_are_the_shortest_that_are_the_same(self) -> None:
        numbers = (
            "1200.3499999999999",
            "4100210.580000001",
            "0.57999999999999996",
            "500",
            "41.999999999999993",
        )
        self.assertEqual(self.numbers(*numbers), ["1200.35", "4100210.58", "0.58", "500", "42"])
        moments = ("46204.354166666664", "46204.354166666657", "46203.999999999993")
        shown = ["2026-07-01 08:30:00", "2026-07-01 08:30:00", "2026-07-01"]
        self.assertEqual(self.numbers(*moments, code="m/d/yyyy h:mm"), shown)

    def test_a_number_in_a_shape_of_digits_is_read_as_it_is_shown(self) -> None:
        phone = "[&lt;=9999999]###\\-####;\\(###\\)\\ ###\\-####"
        for code, said, shown in (
            ("0000", "42", "0042"),
            ("00-000", "4321", "04-321"),
            ("0000", "12345", "12345"),
            ("(000) 000-0000", "9195550107", "(919) 555-0107"),
            (phone, "9195550107", "(919) 555-0107"),
            (phone, "5550107", "555-0107"),
            ("#,##0", "1200", "1200"),
            ("0.00", "5", "5"),
            ("m/d/yyyy", "46204", "2026-07-01"),
        ):
            with self.subTest(code=code, said=said):
                self.assertEqual(self.numbers(said, code=code), [shown])

    def numbers(self, *numbers: str, code: str = "General") -> list[str]:
        """What stands in cells of numbers, all of one format."""
        rows = "".join(f'<row><c s="1"><v>{number}</v></c></row>' for number in numbers)
        head = '<row><c t="inlineStr"><is><t>Said</t></is></c></row>'
        styles = (
            f'<styleSheet><numFmts><numFmt numFmtId="170" formatCode="{code}"/></numFmts>'
            '<cellXfs><xf numFmtId="0"/><xf numFmtId="170"/></cellXfs></styleSheet>'
        )
        path = raw_xlsx(self.folder, SHEET.format(f"<sheetData>{head}{rows}</sheetData>"), xl__styles=styles)
        return [cells[0] for cells in self.read(path)[1]]

    def test_letters_that_xml_cannot_hold_are_read_as_they_were(self) -> None:
        texts = ("Board of_x000D_\nHealth", "Form _x005F_x000D_ Office")
        rows = "".join(f'<row><c t="inlineStr"><is><t>{text}</t></is></c></row>' for text in ("Name", *texts))
        path = raw_xlsx(self.folder, SHEET.format(f"<sheetData>{rows}</sheetData>"))
        self.assertEqual(self.read(path)[1], [["Board of\r\nHealth"], ["Form _x000D_ Office"]])

    def test_a_chart_before_the_sheet_is_passed_over(self) -> None:
        path = xlsx_file(self.folder, [["Name"], ["Parks"]])
        book = load_workbook(path)
        book.create_chartsheet("Chart", 0)
        book.save(path)
        self.assertEqual(self.read(path)[1], [["Parks"]])

    def test_parts_are_found_by_what_refers_to_them(self) -> None:
        path, other = xlsx_file(self.folder, [["Name"], ["Parks"]]), self.folder / "other.xlsx"
        with zipfile.ZipFile(path) as archive, zipfile.ZipFile(other, "w") as written:
            for name in archive.namelist():
                text = archive.read(name).replace(b"xl/workbook.xml", b"xl/book22.xml")
                written.writestr(name.replace("workbook.xml", "book22.xml"), text)
        self.assertEqual(self.read(other)[1], [["Parks"]])

    def test_equal_headers_are_told_apart(self) -> None:
        headers = ["Name", "name", "Name (2)", "Name"]
        found, _rows = self.read(xlsx_file(self.folder, [headers, ["a", "b", "c", "d"]]))
        self.assertEqual(found, ["Name", "name (3)", "Name (2)", "Name (4)"])

    def test_rows_that_lie_about_their_number_are_all_read(self) -> None:
        row = '<row r="{}"><c r="A{}" t="inlineStr"><is><t>{}</t></is></c></row>'
        rows = "".join(
            row.format(number, number, text) for number, text in ((1, "Name"), (5, "a"), (5, "b"), (2, "c"))
        )
        table = open_table(raw_xlsx(self.folder, SHEET.format(f"<sheetData>{rows}</sheetData>")))
        self.assertEqual(
            [(line.number, line.cells) for line in table.lines], [(5, ["a"]), (6, ["b"]), (7, ["c"])]
        )


class Refusing(ReadingTestCase):
    def test_what_is_no_table_gets_a_sentence(self) -> None:
        noise = random.Random(1).randbytes(5_000)
        cases: dict[str, tuple[bytes, str]] = {
            "nothing": (b"", "is empty"),
            "only space": (b" \n\n ", "is empty"),
            "only headers": (b"Name,Code\n", "no rows"),
            "a pdf": (b"%PDF-1.7 ...", "PDF"),
            "a picture": (b"\x89PNG\r\n\x1a\n" + noise, "PNG"),
            "noise": (noise, "not a table"),
            "an old workbook": (b"\xd0\xcf\x11\xe0" + noise, "old Excel"),
            "a web page": (b"<!DOCTYPE html><html>", "web page"),
            "too many columns": ((",".join(f"c{n}" for n in range(300)) + "\n1\n").encode(), "300 columns"),
            "broken UTF-8": (
                ("Name\n" + "Señor Peña Año\n" * 9).encode() + b"Ca\xf1on\n",
                "Line 11 has characters that are broken",
            ),
            "bytes of no encoding": (b"Name\nab\xb1\xb2cd\xb3\xb4ef\n", "cannot tell the encoding"),
        }
        for name, (content, sentence) in cases.items():
            with self.subTest(name):
                self.assertIn(sentence, self.refusal(csv_file(self.folder, content)))

    def test_more_rows_than_the_limit_are_refused_and_not_cut_short(self) -> None:
        path = csv_file(self.folder, "Name\n" + "x\n" * 11)
        with self.assertRaises(UnreadableError) as caught:
            list(open_table(path, limits=Limits(rows=10)).lines)
        self.assertIn("more than 10 rows", str(caught.exception))

    def test_a_sheet_of_a_file_without_sheets_is_refused(self) -> None:
        with self.assertRaisesRegex(UnreadableError, "A CSV file has no sheets"):
            open_table(csv_file(self.folder, "Name\nParks\n"), manner=Manner(sheet="Agencies"))

    def test_a_zip_that_is_no_workbook_is_refused(self) -> None:
        path = self.folder / "zip.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("hello.txt", "hello")
        self.assertIn("without sheets", self.refusal(path))

    def test_a_torn_workbook_is_refused(self) -> None:
        whole = xlsx_file(self.folder, [["Name"], *[[f"Body {n}"] for n in range(500)]]).read_bytes()
        for length in (100, len(whole) // 2, len(whole) - 30):
            with self.subTest(length):
                self.assertIn(
                    "cannot be opened", self.refusal(csv_file(self.folder, whole[:length], "torn.xlsx"))
                )


class Bombs(ReadingTestCase):
    """CellError in under two seconds and 200 MB, whatever they hold."""

    def assertRefusedQuickly(self, make: Callable[[], Path]) -> str:
        path = make()
        before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
        sentence = self.refusal(path)
        self.assertLess(time.process_time() - started, 2)
        self.assertLess(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, 200_000)
        return sentence

    def test_zeros(self) -> None:
        """A sheet of half a gigabyte of zeros in half a megabyte."""

        def make() -> Path:
            path = raw_xlsx(self.folder, "x")
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("xl/workbook.xml", "<x/>")
                with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
                    for _megabyte in range(500):
                        part.write(b"0" * 1_000_000)
            return path

        self.assertIn("unpacks to far more", self.assertRefusedQuickly(make))

    def test_zips_in_zips(self) -> None:
        def make() -> Path:
            inner, path = b"0" * 1_000_000, self.folder / "level.zip"
            for _level in range(5):
                with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                    for copy in range(10):
                        archive.writestr(f"{copy}.zip", inner)
                inner = path.read_bytes()
            return path

        self.assertIn("not a table", self.assertRefusedQuickly(make))

    def test_a_billion_laughs(self) -> None:
        laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
        sheet = f'<?xml version="1.0"?><!DOCTYPE z [<!ENTITY l0 "ha">{laughs}]>' + SHEET.format(
            '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&l9;</t></is></c></row></sheetData>'
        )
        self.assertIn("unpacks to far more", self.assertRefusedQuickly(lambda: raw_xlsx(self.folder, sheet)))

    def test_a_billion_laughs_among_the_shared_texts_and_the_styles(self) -> None:
        bomb = '<?xml version="1.0"?><!DOCTYPE z [<!ENTITY a "aaaa">]><sst><si><t>&a;</t></si></sst>'
        for part in ("xl__sharedStrings", "xl__styles", "xl__workbook"):
            with self.subTest(part):
                self.assertRefusedQuickly(
                    partial(raw_xlsx, self.folder, SHEET.format("<sheetData/>"), **{part: bomb})
                )

    def test_a_sheet_that_declares_every_cell_there_can_be(self) -> None:
        cell = '<c r="{}" t="inlineStr"><is><t>x</t></is></c>'
        sheet = SHEET.format(
            '<dimension ref="A1:XFD1048576"/><sheetData>'
            f'<row r="1">{cell.format("A1")}</row><row r="1048576">{cell.format("XFD1048576")}</row></sheetData>'
        )
        self.assertIn("16384 columns", self.assertRefusedQuickly(lambda: raw_xlsx(self.folder, sheet)))

    def test_a_row_with_every_column_there_can_be(self) -> None:
        cells = "".join('<c t="inlineStr"><is><t>x</t></is></c>' for _cell in range(16_384))
        sheet = SHEET.format(f'<sheetData><row r="1">{cells}</row></sheetData>')
        self.assertIn("columns", self.assertRefusedQuickly(lambda: raw_xlsx(self.folder, sheet)))

    def test_one_shared_text_in_every_cell_costs_it_once(self) -> None:
        """100,000 cells that show the same 30,000 letters are 3 GB written out; nobody writes them out."""
        rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 100_001))
        sheet = SHEET.format(f"<sheetData>{rows}</sheetData>")
        path = raw_xlsx(self.folder, sheet, xl__sharedStrings=f"<sst><si><t>{'a' * 30_000}</t></si></sst>")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        self.assertEqual(sum(1 for _line in open_table(path).lines), 99_999)
        self.assertLess(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, 200_000)

    def test_too_many_shared_texts(self) -> None:
        texts = "<sst>" + f"<si><t>{'a' * 1_000}</t></si>" * 1_000 + "</sst>"
        path = raw_xlsx(self.folder, SHEET.format("<sheetData/>"), xl__sharedStrings=texts)
        with self.assertRaises(UnreadableError):
            open_table(path, limits=Limits(shared_text=500_000))

    def test_more_sheets_than_anyone_has(self) -> None:
        def make() -> Path:
            path = raw_xlsx(self.folder, SHEET.format("<sheetData/>"))
            with zipfile.ZipFile(path, "a") as archive:
                for number in range(10_000):
                    archive.writestr(f"xl/worksheets/sheet{number + 2}.xml", "<x/>")
            return path

        self.assertIn("unpacks to far more", self.assertRefusedQuickly(make))

    def test_a_directory_that_lies_about_sizes_is_not_believed_beyond_them(self) -> None:
        """zipfile hands out no more than the directory says, and then finds the file damaged."""
        path = raw_xlsx(self.folder, SHEET.format("<sheetData>" + "<row/>" * 50_000 + "</sheetData>"))
        told: Any = zipfile.ZipExtFile.__init__

        def lie(
            self: zipfile.ZipExtFile, fileobj: Any, mode: Any, zipinfo: zipfile.ZipInfo, *rest: Any
        ) -> None:
            if zipinfo.filename.endswith("sheet1.xml"):
                zipinfo.file_size = 1_000
            told(self, fileobj, mode, zipinfo, *rest)

        with patch.object(zipfile.ZipExtFile, "__init__", lie):
            self.assertIn("cannot be opened", self.refusal(path))
