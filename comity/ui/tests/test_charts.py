"""A chart says its point, and its table has the same figures."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise
from unittest import TestCase

import typst
from django.test import SimpleTestCase
from hypothesis import given
from hypothesis import strategies as st

from comity.ui.charts import (
    Band,
    Chart,
    Class,
    Counties,
    County,
    Figures,
    Flow,
    Interval,
    Lane,
    Layers,
    Node,
    Part,
    Plot,
    Point,
    Points,
    Row,
    Rows,
    Series,
    Shares,
    Sheet,
    Strip,
    Waterfall,
    county_names,
)
from comity.ui.charts.counties import shapes
from comity.ui.charts.drawing import apart, ticks
from comity.ui.components.charts import chart, figures

MONTHS = ("Jan", "Feb", "Mar")
YEAR = [f"Month {number} of the year" for number in range(12)]
WAIT = Series("Wait", [Decimal("9.5"), None, 1240], urls=["/jan/", "", "/mar/"])
LATE = Series("Late", [1, 2, 3])
numbers = st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: round(value, 3))


def places(drawn: str, name: str, attribute: str) -> list[str]:
    """Of each such element, one of its attributes."""
    return re.findall(rf'<{name} [^>]*?\b{attribute}="([^"]*)"', drawn)


class ChartAsValues(TestCase):
    def test_it_needs_a_sentence_a_table_and_a_value_for_each_place(self) -> None:
        spread = Rows([Row("Quick?", Shares([Part("1", 1.0, "100%", "bad")]), "0%")])
        for wrong, words in (
            (lambda: Chart(" ", Plot("line", MONTHS, [LATE])), "title"),
            (lambda: Chart("Point", spread), "table of its figures"),
            (lambda: Plot("line", ["a"], [LATE]), "3 values for 1 places"),
            (lambda: Plot("line", MONTHS, [LATE], ["/"]), "1 values for 3 places"),
            (lambda: Plot("line", MONTHS, []), "one to 5 series, not 0"),
            (lambda: Plot("nested", MONTHS, [LATE] * 4), "one to 3 series, not 4"),
            (lambda: Series("Wait", [1, 2], urls=["/"]), "2 values and 1 urls"),
            (lambda: Series("Wait", [1], between=[]), "1 values and 0 intervals"),
        ):
            with self.subTest(words), self.assertRaisesRegex(ValueError, words):
                wrong()


class Axes(TestCase):
    def test_numbers_of_an_axis_are_round(self) -> None:
        for low, high, said in (
            (0, 45, [0, 10, 20, 30, 40, 50]),
            (0, 80, [0, 20, 40, 60, 80]),
            (0, 1240, [0, 250, 500, 750, 1000, 1250]),
            (-30, 20, [-30, -20, -10, 0, 10, 20]),
        ):
            with self.subTest(high=high):
                self.assertEqual(ticks(low, high, whole=True), said)
        self.assertEqual(ticks(0, 3, whole=True), [0, 1, 2, 3])
        self.assertEqual(ticks(0, 0, whole=True), [0, 1])
        self.assertEqual(ticks(0, 0.3, whole=False), [0, 0.1, 0.2, 0.3])

    @given(numbers, numbers)
    def test_they_hold_all_figures_with_little_air(self, one: float, other: float) -> None:
        low, high = sorted((one, other))
        found = ticks(low, high, whole=False)
        step = found[1] - found[0] if len(found) > 1 else 1.0
        near = 1e-6 * max(1.0, abs(low), abs(high))
        self.assertLessEqual(found[0], low + near)
        self.assertGreaterEqual(found[-1], high - near)
        self.assertLessEqual(len(found), 8)
        self.assertLess(low - found[0], step + near)

    @given(st.lists(st.integers(0, 100), max_size=6))
    def test_names_keep_their_order_and_do_not_cover_one_another(self, wanted: list[int]) -> None:
        found = apart(wanted, 17, 100)
        pairs = sorted(zip(wanted, found, strict=True))
        for (_one, here), (_other, there) in pairwise(pairs):
            self.assertGreaterEqual(abs(there - here), 17)
        self.assertLessEqual(max(found, default=0), 100)
        if len(wanted) == 1:
            self.assertEqual(found, wanted)


class Drawn(SimpleTestCase):
    """Places on a page are shares of its width, so a picture is as wide as its place without a script."""

    def test_a_bar_is_as_long_as_its_figure_and_stands_on_the_one_before(self) -> None:
        drawn = Plot("bar", ["a"], [Series("x", [30]), Series("y", [20])]).draw(Sheet())
        self.assertEqual(places(drawn, "rect class=.column s.. ?", "height"), ["102", "68"])
        self.assertEqual(places(drawn, "rect class=.column s.. ?", "y"), ["84", "16"])

    def test_a_part_stands_in_front_of_its_whole(self) -> None:
        drawn = Plot("nested", MONTHS, [Series("x", [30] * 3), Series("y", [15] * 3)]).draw(Sheet())
        whole, part = (places(drawn, f"rect class=.column n{each}. ?", "width")[0] for each in (1, 2))
        self.assertLess(float(part[:-1]), float(whole[:-1]))
        self.assertLess(drawn.index("column n1"), drawn.index("column n2"))

    def test_a_gap_stays_a_gap(self) -> None:
        drawn = Plot("line", ["a", "b", "c", "d"], [Series("x", [1, None, 2, 3])]).draw(Sheet())
        self.assertEqual(len(places(drawn, "line class=.line s1. ?", "x1")), 1)
        self.assertEqual(len(places(drawn, "svg class=.sign s1. ?", "x")), 3)

    def test_an_interval_is_drawn_and_said(self) -> None:
        sure = Series("x", [70, 50], between=[(65, 75), None])
        plot = Plot("line", ["a", "b"], [sure])
        self.assertEqual(len(places(plot.draw(Sheet()), "line class=.between s1. ?", "x1")), 1)
        self.assertEqual([row[1] for row in plot.figures().rows], ["70 (65 to 75)", "50"])

    def test_what_is_below_zero_hangs_from_it(self) -> None:
        drawn = Plot("bar", ["a", "b"], [Series("x", [-10, 10])]).draw(Sheet())
        (below, above), (zero,) = (
            places(drawn, "rect class=.column s1. ?", "y"),
            places(drawn, "line class=.zero. ?", "y1"),
        )
        self.assertEqual(below, zero)
        self.assertLess(float(above), float(zero))

    def test_of_many_names_some_are_left_out_and_fewer_where_there_is_room(self) -> None:
        drawn = Plot("bar", YEAR, [Series("x", range(12))]).draw(Sheet())
        wide, narrow = (drawn.count(f'<text class="{look}"') for look in ("wide", "narrow"))
        self.assertGreater(wide, narrow)
        self.assertGreaterEqual(narrow, 1)
        self.assertEqual(drawn.count(f">{YEAR[-1]}</tspan>"), 3)  # in both looks, and where somebody points

    def test_few_long_names_stand_on_several_lines(self) -> None:
        drawn = Plot("line", ["The spring survey of this year", "Autumn"], [Series("x", [1, 2])]).draw(
            Sheet()
        )
        self.assertRegex(
            drawn, r'<text class="narrow"[^>]*><tspan[^>]*>The spring</tspan><tspan[^>]*>survey of'
        )
        self.assertRegex(
            drawn, r'<text class="wide"[^>]*><tspan[^>]*>The spring survey of this year</tspan></text>'
        )

    def test_a_place_is_a_link_that_says_all_its_figures(self) -> None:
        drawn = Plot("bar", MONTHS, [WAIT, LATE], ["/1/", "", "/3/"]).draw(Sheet(), "Point")
        self.assertEqual(
            re.findall(r'<a class="place" href="(.*?)" aria-label="(.*?)">', drawn),
            [("/1/", "Jan, Wait: 9.5, Late: 1"), ("/3/", "Mar, Wait: 1,240, Late: 3")],
        )
        self.assertIn('role="group" aria-label="Point"', drawn)

    def test_parts_stand_beside_each_other_and_say_their_figures(self) -> None:
        shares = Shares([Part("1", 0.05, "5%", "bad"), Part("2", 0.95, "95%", "good")])
        drawn = shares.draw(Sheet())
        self.assertEqual(places(drawn, "rect", "x"), ["0.00%", "5.00%"])
        self.assertEqual(places(drawn, "rect", "width"), ["5.00%", "95.00%"])
        self.assertEqual(re.findall("<text[^>]*>(.*?)</text>", drawn), ["95%"])  # the other has no room
        self.assertIn('role="img" aria-label="1: 5%, 2: 95%"', drawn)

    def test_a_change_beyond_the_scale_stands_at_its_end(self) -> None:
        drawn = Interval(0.4, (0.1, 0.9), 0.3, "+40").draw(Sheet())
        self.assertEqual(places(drawn, "circle", "cx"), ["98.00%"])
        self.assertEqual(places(drawn, "line class=.sure none. ?", "x2"), ["98.00%"])
        self.assertNotIn("sure", Interval(0.1, None, 0.3, "+10").draw(Sheet()))

    def test_names_of_points_that_lie_together_do_not_cover_one_another(self) -> None:
        points = [Point(name, 0.5, 0.5) for name in ("Ease", "Clarity", "Trust", "Value")]
        drawn = Points([*points, Point("Time", 0.9, 0.9)], ("a", "b", "c", "d")).draw(Sheet(500))
        stand = re.findall(r'<text class="point " x="(.*?)" y="(.*?)" dx="(.*?)"', drawn)
        self.assertEqual(len({(x, y, dx) for x, y, dx in stand}), 5)

    def test_where_names_have_no_room_numbers_stand_and_the_legend_explains_them(self) -> None:
        points = Points(
            [Point(f"Driver number {n}", 0.5 + n / 1000, 0.5) for n in range(24)], ("a", "b", "c", "d")
        )
        drawn = points.draw(Sheet())
        wide = re.findall(r'<text class="point wide"[^>]*>(.*?)</text>', drawn)
        self.assertEqual(wide, [str(n) for n in range(1, 25)])
        self.assertFalse(any(key.only_narrow for key in points.legend()))
        few = Points([Point("Ease", 0.1, 0.2), Point("Trust", 0.9, 0.8)], ("a", "b", "c", "d"))
        self.assertTrue(all(key.only_narrow for key in few.legend()))

    def test_no_name_covers_the_words_of_a_corner(self) -> None:
        named = [Point("Being kept informed", 0, 1), Point("Helpful people", 1, 1), Point("Ease", 0, 0)]
        points = Points(named, ("Fix first", "Keep it up", "Can wait", "Good enough"))
        for words, begin, line in points._set([one.name for one in named], 560, (0, 17, -17, 34)) or []:
            end = begin + len(words) * 7 / 560
            for x, y, anchor in ((0.015, 15, "start"), (0.985, 15, "end")):
                corner = (x, x + 63 / 560) if anchor == "start" else (x - 70 / 560, x)
                covers = begin < corner[1] and corner[0] < end and abs(line - y) < 16
                self.assertFalse(covers, words)

    def test_an_axis_of_percentages_ends_at_a_hundred(self) -> None:
        for values in ([60, 62], [99, 100], [3, 5]):
            plot = Plot("line", ["a", "b"], [Series("Share", values)], ends_at=100)
            self.assertEqual((plot.ticks[0], plot.ticks[-1]), (0, 100))


class FromOneFigureToAnother(SimpleTestCase):
    fall = Waterfall(
        ("Sep", 100), [("More", 60), ("Gone", -20)], ("Oct", 140), more="bad", head=("Why", "Cost")
    )

    def columns(self, fall: Waterfall) -> list[tuple[str, float, float]]:
        """Of each column: its colour, and between which heights it stands."""
        drawn = fall.draw(Sheet(400))
        found = re.findall(r'<rect class="column (\w+)" y="([\d.]+)" height="([\d.]+)"', drawn)
        return [(tone, float(y), float(y) + float(height)) for tone, y, height in found]

    def test_each_step_begins_where_the_one_before_it_ended(self) -> None:
        begin, more, gone, end = self.columns(self.fall)
        self.assertEqual([one[0] for one in (begin, more, gone, end)], ["s1", "bad", "good", "s1"])
        self.assertAlmostEqual(more[2], begin[1], 0)
        self.assertAlmostEqual(gone[1], more[1], 0)
        self.assertAlmostEqual(end[1], gone[2], 0)
        self.assertEqual(begin[2], end[2])  # both stand on zero

    def test_steps_that_lead_elsewhere_are_refused(self) -> None:
        with self.assertRaisesRegex(ValueError, "lead to 160, not to 150"):
            Waterfall(("Sep", 100), [("More", 60)], ("Oct", 150))

    def test_small_steps_of_a_large_figure_are_seen_and_its_columns_are_cut(self) -> None:
        fall = Waterfall(("Sep", 100_000), [("More", 900)], ("Oct", 100_900))
        self.assertTrue(fall.is_cut)
        self.assertIn('class="cut"', fall.draw(Sheet()))
        _begin, more, _end = self.columns(fall)
        self.assertGreater(more[2] - more[1], 50)
        self.assertFalse(self.fall.is_cut)

    def test_the_table_has_the_same_figures_and_a_phone_has_rows(self) -> None:
        self.assertEqual(
            list(self.fall.figures().rows), [("Sep", "100"), ("More", "60"), ("Gone", "-20"), ("Oct", "140")]
        )
        wide, narrow = self.fall.draw(Sheet(), "Why").split('<div class="narrow">')
        self.assertEqual(wide.count("<rect"), narrow.count("<rect"))

    @given(st.integers(-(10**9), 10**9), st.lists(st.integers(-(10**9), 10**9), max_size=7))
    def test_nothing_is_drawn_outside_the_picture(self, begin: int, steps: list[int]) -> None:
        end = begin + sum(steps)
        fall = Waterfall(("a", begin), [(str(at), step) for at, step in enumerate(steps)], ("b", end))
        for _tone, top, bottom in self.columns(fall):
            self.assertTrue(19 <= top <= bottom <= 173, (top, bottom))


class AlongAYear(SimpleTestCase):
    def drawn(self, *spans: tuple[float, float]) -> list[tuple[float, float]]:
        """From where and how long each time is drawn, in percent."""
        lane, axis = Lane("A season", spans, 0, "now"), [(0.0, "Jan"), (0.5, "Jul")]
        strip = Strip([lane], axis, 0.25, ["Busy", "Deadline"], Figures(("What",), [("A season",)]))
        found = re.findall(
            r'<rect class="column s1"[^>]* x="([\d.]+)%" width="([\d.]+)%"', strip.draw(Sheet())
        )
        self.assertEqual([key.name for key in strip.legend()], ["Busy"])  # of what is there
        return [(float(x), float(width)) for x, width in found]

    def test_a_time_over_the_turn_of_the_year_has_two_parts(self) -> None:
        self.assertEqual(self.drawn((0, 0.1), (0.9, 1)), [(0, 10), (90, 10)])

    @given(st.floats(0, 1), st.floats(0, 1))
    def test_a_single_day_is_seen_and_nothing_stands_outside(self, one: float, other: float) -> None:
        ((x, width),) = self.drawn((min(one, other), max(one, other)))
        self.assertGreaterEqual(width, 1.2)
        self.assertTrue(x >= 0 and x + width <= 100.02)


class OnPaper(SimpleTestCase):
    def test_a_pdf_has_the_same_picture_with_its_colors_in_it(self) -> None:
        for drawing in (
            Plot("line", ["a", "b"], [Series("First", [1, 2]), Series("Second", [2, 1])], unit="days"),
            Plot("nested", MONTHS, [LATE, LATE]),
            Points([Point("Ease", 0.5, 0.5), Point("Trust", 0.6, 0.7)], ("a", "b", "c", "d")),
        ):
            with self.subTest(drawing=type(drawing).__name__):
                drawn = drawing.draw(Sheet(400))
                self.assertNotIn("%", drawn.partition("</style>")[2])
                self.assertNotIn("var(", drawn)
                self.assertNotIn("place", drawn)
                page = (
                    f'#image(bytes("{drawn.replace(chr(34), chr(92) + chr(34))}"), format: "svg", alt: "a")'
                )
                self.assertIn(
                    b"%PDF", typst.compile(page.encode(), format="pdf", ignore_system_fonts=True)[:9]
                )

    def test_what_the_legend_says_on_a_page_stands_in_the_picture(self) -> None:
        for plot in (Plot("line", MONTHS, [WAIT, LATE]), Plot("bar", MONTHS, [WAIT, LATE])):
            for name in ("Wait", "Late"):
                self.assertIn(f">{name}</text>", plot.draw(Sheet(400)))


class ChartOnAPage(SimpleTestCase):
    spec = Chart("Waiting fell to four days", Plot("bar", MONTHS, [WAIT], unit="days", x_name="Month"))

    def test_the_table_has_the_figures_of_the_picture_each_a_link_to_its_rows(self) -> None:
        cells = re.findall(r'<td class="n">(.*?)</td>', chart(self.spec))
        self.assertEqual(cells, ['<a href="/jan/">9.5</a>', "–", '<a href="/mar/">1,240</a>'])

    def test_it_needs_no_script_and_has_no_style_of_its_own(self) -> None:
        drawn = chart(self.spec)
        self.assertNotIn("<script", drawn)
        self.assertNotIn("style=", drawn)
        self.assertIn('<details class="chart-table"><summary>', drawn)

    def test_the_title_is_the_heading_and_the_unit_stands_in_the_head(self) -> None:
        drawn = chart(self.spec)
        self.assertIn("<h2>Waiting fell to four days</h2>", drawn)
        self.assertIn("Wait (days)", drawn)

    def test_a_table_that_stands_on_the_page_already_is_not_repeated(self) -> None:
        drawn = chart(Chart("Point", Plot("bar", MONTHS, [LATE]), table_url="#by-month"))
        self.assertIn('<a href="#by-month">Show as a table</a>', drawn)
        self.assertNotIn("<table", drawn)

    def test_several_series_have_a_legend_and_one_has_none(self) -> None:
        self.assertNotIn("chart-legend", chart(self.spec))
        both = chart(Chart("Point", Plot("bar", MONTHS, [WAIT, LATE])))
        self.assertEqual(both.count("</svg>Wait</li>") + both.count("</svg>Late</li>"), 2)

    def test_of_a_table_figures_stand_to_the_right_and_words_do_not(self) -> None:
        shown = figures("Point", Figures(["Who", "What", "Much"], [["Ana", "Scans", "5"]], words=2))
        self.assertIn('<th scope="row">Ana</th><td>Scans</td><td class="n">5</td>', shown)
        self.assertIn('<th scope="col">What</th><th scope="col" class="n">Much</th>', shown)

    def test_on_a_phone_a_wide_table_stands_below_one_another_with_what_each_figure_is(self) -> None:
        wide = Figures(
            ["What", "Used", "Rate", "Amount"], [["Disk", "5", "$2", "$10"]], ["In all", "", "", "$10"]
        )
        shown = figures("Point", wide)
        self.assertIn('<table class="plain stacks">', shown)
        self.assertIn('<td class="n" data-label="Rate">$2</td>', shown)
        self.assertEqual(shown.count('data-label="Amount">$10</td>'), 2)
        self.assertNotIn("stacks", figures("Point", Figures(["What", "Used", "Rate"], [["Disk", "5", "$2"]])))

    def test_words_are_never_markup(self) -> None:
        said = "<b>&"
        rows = Rows([Row(said, Shares([Part(said, 1.0, said, "good")]), said)])
        points = Points([Point(said, 1, 1)], (said,) * 4)
        for drawing in (Plot("line", [said], [Series(said, [1])] * 2, ["/?a=<b>"], said, said), rows, points):
            drawn = chart(Chart(said, drawing, note=said, figures=Figures([said], [[said]])))
            self.assertNotIn("<b>&", drawn.replace('<b class="n">', ""))
            self.assertNotIn("&amp;amp;", drawn)


class FlowsBetweenBars(TestCase):
    """A building serves a desk and two services; the desk serves both, and the building."""

    flow = Flow(
        ("Building", "Desk", "Laptops", "Hosting & Co"),
        (
            Band("Building", "Desk", 10),
            Band("Building", "Laptops", 20),
            Band("Desk", "Building", 5, 1),
            Band("Desk", "Laptops", 30, 1),
            Band("Desk", "Hosting & Co", 10, 1),
        ),
        ("Own", "Passed on"),
        urls={"Desk": "#desk"},
    )

    def test_each_bar_stands_right_of_what_flows_into_it(self) -> None:
        self.assertEqual(self.flow.columns, [["Building"], ["Desk"], ["Laptops", "Hosting & Co"]])
        self.assertEqual(self.flow.through, {"Building": 30, "Desk": 40, "Laptops": 50, "Hosting & Co": 10})

    def test_what_leads_back_stands_in_the_table_alone(self) -> None:
        drawn = self.flow.draw(Sheet(), "Who pays")
        self.assertEqual(drawn.count('class="band'), 4)
        self.assertIn(("Desk", "Building", "5"), self.flow.figures().rows)

    def test_bars_and_bands_are_as_high_as_what_they_say(self) -> None:
        drawn = self.flow.draw(Sheet())
        heights = [float(height) for height in places(drawn, "rect", "height")]
        self.assertEqual(heights, [120.0, 160.0, 200.0, 40.0])

    def test_words_are_escaped_and_links_lead_on(self) -> None:
        drawn = self.flow.draw(Sheet())
        self.assertIn("Hosting &amp; Co", drawn)
        self.assertIn('href="#desk"', drawn)

    @given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(-5, 10**9)), max_size=12))
    def test_no_band_is_drawn_from_right_to_left_whatever_flows(
        self, bands: list[tuple[int, int, int]]
    ) -> None:
        names = [str(at) for at in range(6)]
        flow = Flow(names, [Band(str(one), str(other), value) for one, other, value in bands])
        column = {name: at for at, column in enumerate(flow.columns) for name in column}
        self.assertTrue(all(column[band.source] < column[band.target] for band in flow.drawn))
        self.assertEqual(sorted(column), names)
        flow.draw(Sheet(400))


class LayersOfNames(TestCase):
    """A head leads two, one of whom leads the head back."""

    graph = Layers(
        [
            Node("Head & Co", "/h/"),
            Node("Desk", below="vacant", tone="bad"),
            Node("A name that is too long by far"),
        ],
        [(0, 1), (0, 2), (1, 0)],
        ("Manager", "Reports"),
    )

    def test_whoever_is_led_stands_in_a_later_column_below_nobody(self) -> None:
        drawn = self.graph.draw(Sheet(), "Who leads whom")
        boxes = [(x, y) for x, y in zip(places(drawn, "rect", "x"), places(drawn, "rect", "y"), strict=True)]
        self.assertEqual(boxes, [("0", "0"), ("216", "0"), ("216", "50")])

    def test_what_closes_a_circle_is_dashed_and_stands_in_the_table(self) -> None:
        drawn = self.graph.draw(Sheet())
        self.assertEqual((drawn.count('class="zero"'), drawn.count('class="usual"')), (2, 1))
        self.assertIn(("Desk", "Head & Co"), self.graph.figures().rows)

    def test_words_are_escaped_cut_where_they_do_not_fit_and_lead_on(self) -> None:
        drawn = self.graph.draw(Sheet())
        self.assertIn("Head &amp; Co", drawn)
        self.assertRegex(drawn, r">A name that is too[^<]*…<")
        self.assertIn('href="/h/"', drawn)


class MapOfCounties(SimpleTestCase):
    """Carter uses it, Cocke does not; Wake lies elsewhere."""

    carter = County("47019", "Carter County", 1, "since March", "/carter/")
    cocke = County("47029", "Cocke County", 0, "not yet", "/cocke/")
    wake = County("37183", "Wake County", 0, "not yet", "/wake/")
    classes = (Class("Not yet", 0), Class("Uses it", 4))

    def map_of(self, *counties: County, state: str = "47") -> Counties:
        return Counties(state, counties, self.classes, ("County", "Stands", "Since"))

    def test_every_county_is_drawn_and_the_map_is_one_stop_of_the_keyboard(self) -> None:
        drawn = self.map_of(self.carter, self.cocke).draw(Sheet(), "Two of two")
        self.assertEqual(len(places(drawn, "path", "fill")), 95)
        self.assertEqual(places(drawn, "a", "tabindex"), ["0", "-1"])
        self.assertIn('aria-label="Carter County: since March"', drawn)

    def test_classes_differ_by_pattern_and_the_legend_names_those_there_are(self) -> None:
        drawing = self.map_of(self.carter)
        self.assertEqual([key.name for key in drawing.legend()], ["Uses it"])
        self.assertEqual(places(drawing.draw(Sheet()), "pattern", "id"), ["class-0", "class-1"])
        self.assertIn("url(#class-1)", drawing.legend()[0].sign)

    def test_the_table_says_the_same_with_links(self) -> None:
        head, row = self.map_of(self.carter).figures().head, self.map_of(self.carter).figures().rows[0]
        self.assertEqual((len(head), row[0], row[1]), (3, '<a href="/carter/">Carter County</a>', "Uses it"))

    def test_a_code_of_another_state_is_said_and_not_drawn(self) -> None:
        drawing = self.map_of(self.carter, self.wake)
        self.assertIn("Wake County (37183)", drawing.elsewhere)
        self.assertNotIn("Wake", drawing.draw(Sheet()))
        self.assertEqual(self.map_of(self.carter).elsewhere, "")

    def test_a_state_without_shapes_says_so_and_keeps_its_table(self) -> None:
        for state in ("99", "../47", ""):
            drawing = self.map_of(self.carter, state=state)
            self.assertIn("no map of this state", drawing.draw(Sheet()))
            self.assertEqual((len(drawing.figures().rows), drawing.legend()), (1, []))

    def test_all_states_have_their_counties_and_each_lies_on_its_map(self) -> None:
        counted = {state: len(county_names(state)) for state in ("02", "09", "31", "37", "47", "48")}
        self.assertEqual(counted, {"02": 30, "09": 9, "31": 93, "37": 100, "47": 95, "48": 254})
        for state in counted:
            wide, tall = shapes(state)["size"]
            self.assertEqual(max(wide, tall), 1000)
            for name, path in shapes(state)["counties"].values():
                starts = re.findall(r"M(\d+) (\d+)", path)
                self.assertTrue(starts, name)
                self.assertTrue(all(int(x) <= wide and int(y) <= tall for x, y in starts), name)

    def test_alaska_is_not_torn_at_180_degrees(self) -> None:
        """Attu lies at the left end of the map, next to the other Aleutians, and the capital at the right."""
        first = {name: int(path[1:].split()[0]) for name, path in shapes("02")["counties"].values()}
        self.assertLess(first["Aleutians West"], 450)
        self.assertGreater(first["Juneau"], 850)
