"""No row of a CSV is swallowed, whatever its quotation marks do."""

from __future__ import annotations

import csv
import io
from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st

from comity.imports.reading import LIMITS, Line, UnreadableError
from comity.imports.reading.dialects import dialect_of
from comity.imports.reading.records import records

words = st.lists(st.sampled_from(["Lake", "19", 'the "big" one', "a;b", "ñ", ""]), max_size=4)
cells = st.builds(lambda parts, join: join.join(parts), words, st.sampled_from([" ", ", ", "\n", "\r\n"]))
damages = st.tuples(st.integers(0, 8), st.integers(0, 40))


def read(text: str) -> list[Line]:
    return list(records(io.StringIO(text, newline=""), dialect_of(text), LIMITS))


class Records(TestCase):
    @given(
        st.integers(2, 4).flatmap(
            lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=8)
        )
    )
    @settings(max_examples=100)
    def test_what_was_written_well_comes_back_row_by_row(self, rows: list[list[str]]) -> None:
        text = io.StringIO(newline="")
        csv.writer(text, quoting=csv.QUOTE_ALL).writerows([["head"] * len(rows[0]), *rows])
        self.assertEqual([line.cells for line in read(text.getvalue())][1:], rows)

    @given(st.integers(2, 4), st.lists(damages, min_size=1, max_size=4))
    @settings(max_examples=400)
    def test_a_mark_put_anywhere_swallows_no_row(self, width: int, marks: list[tuple[int, int]]) -> None:
        """Each row is a record of its own, or set aside as one, with the line it stands in."""
        rows = [f"R{row}," + ",".join(["word"] * (width - 1)) for row in range(9)]
        for row, place in marks:
            rows[row] = rows[row][:place] + '"' + rows[row][place:]
        found = read("\r\n".join(rows) + "\r\n")
        self.assertEqual([line.number for line in found], list(range(1, 10)))
        for place, line in enumerate(found):
            said = " ".join(line.cells).replace('"', "")
            self.assertEqual([f"R{row}" for row in range(9) if f"R{row}" in said], [f"R{place}"])

    def test_the_line_where_the_mark_opened_is_named(self) -> None:
        for second, last in (
            ('2,"said ""soon,z', "4,y,z"),
            ('2,"racks of 19"", two,z', '4,"last, one",z'),
            ('2,"19 inch,z', '4,needs 19",z'),
        ):
            with self.subTest(second):
                found = read(f'a,b,c\n1,"two\nlines",z\n{second}\n3,x,z\n{last}\n5,x,z\n')
                self.assertEqual([line.number for line in found if line.problem], [3])
                self.assertIn("in line 3 is never closed", found[2].problem)
                self.assertEqual([line.cells[0] for line in found], ["a", "1", "2", "3", "4", "5"])

    def test_an_address_of_several_lines_is_one_cell(self) -> None:
        text = 'Name,Address\nParks,"12 Main St\nRaleigh, NC 27601\nBudget 1,200"\nRoads,x\n'
        self.assertEqual([line.number for line in read(text) if not line.problem], [1, 2, 3])

    def test_a_backslash_before_a_mark_is_a_way_to_write_it(self) -> None:
        text = 'Name,Notes\n"Office of \\"One Stop\\"","They say \\"soon\\", twice"\nPlain,none\n'
        self.assertEqual(read(text)[1].cells, ['Office of "One Stop"', 'They say "soon", twice'])

    def test_a_file_of_such_lines_is_refused(self) -> None:
        text = "a,b\n" + '1,"x"y\n1,"x\n' * 300
        with self.assertRaises(UnreadableError):
            read(text)
