"""A chart says its point, and its table has the same figures."""

from __future__ import annotations

import json
import re
from decimal import Decimal

from django.test import SimpleTestCase

from comity.ui.charts import Chart, Series
from comity.ui.components.charts import chart


class ChartAsValues(SimpleTestCase):
    def test_it_needs_a_sentence_a_series_and_a_value_for_each_place(self) -> None:
        one = [Series("Wait", [1, 2])]
        for wrong, words in (
            (lambda: Chart(" ", "line", ["a", "b"], one), "title"),
            (lambda: Chart("Point", "pie", ["a", "b"], one), "no 'pie' chart"),  # type: ignore[arg-type]
            (lambda: Chart("Point", "line", ["a"], one), "2 values for 1 places"),
            (lambda: Chart("Point", "line", ["a"], []), "at least one series"),
            (lambda: Series("Wait", [1, 2], urls=["/"]), "2 values and 1 urls"),
            (lambda: Series("Wait", [1], tone="red"), "no tone 'red'"),  # type: ignore[arg-type]
        ):
            with self.subTest(words), self.assertRaisesRegex(ValueError, words):
                wrong()


class ChartOnAPage(SimpleTestCase):
    spec = Chart(
        "Waiting fell to four days",
        "bar",
        ["Jan", "Feb", "Mar"],
        [Series("Wait", [Decimal("9.5"), None, 1240], urls=["/jan/", "", "/mar/"])],
        unit="days",
        x_name="Month",
    )

    def test_the_table_has_the_figures_of_the_picture_each_a_link_to_its_rows(self) -> None:
        drawn = chart(self.spec)
        cells = re.findall(r'<td class="n">(.*?)</td>', drawn)
        self.assertEqual(cells, ['<a href="/jan/">9.5</a>', "–", '<a href="/mar/">1,240</a>'])
        found = re.search(r'<script id="(chart-\w+)" type="application/json">(.*?)</script>', drawn)
        assert found is not None
        self.assertEqual(json.loads(found[2])["series"][0]["values"], [9.5, None, 1240])
        self.assertIn(f'data-chart="{found[1]}"', drawn)

    def test_without_scripts_the_table_stands_open_and_no_empty_picture(self) -> None:
        drawn = chart(self.spec)
        self.assertIn('<details class="chart-table" open>', drawn)
        self.assertRegex(drawn, r'<div class="chart-plot"[^>]* hidden></div>')

    def test_the_title_is_the_heading_and_the_unit_stands_in_the_head(self) -> None:
        drawn = chart(self.spec, level=3)
        self.assertIn("<h3>Waiting fell to four days</h3>", drawn)
        self.assertIn("Wait (days)", drawn)

    def test_data_cannot_end_its_script(self) -> None:
        drawn = chart(Chart("Point", "bar", ["</script><b>"], [Series("Wait", [1])]))
        self.assertNotIn("</script><b>", drawn)
