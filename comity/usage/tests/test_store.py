"""What lies in the store, and what counts of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from unittest.mock import patch

import pyarrow.parquet as pq

from comity.core.billing.usage_rows import ROWS
from comity.core.errors import DomainError
from comity.testing.cast import CastTestCase
from comity.usage.models import Batch, Period
from comity.usage.services import counts, digest
from comity.usage.store import Line, Store, every_row_of, page_of
from comity.usage.tests.rows import put_rows

NOVEMBER, OCTOBER = date(2026, 11, 1), date(2026, 10, 1)


class Lying(CastTestCase):
    """Two files of November, one with a late row of October."""

    def setUp(self) -> None:
        super().setUp()
        rows = [
            {"partner": 1, "offering": 7, "used": Decimal("2.5"), "account": f"A{n:03}"} for n in range(60)
        ]
        self.first = put_rows(NOVEMBER, rows)
        self.second = put_rows(
            NOVEMBER,
            [
                {"partner": 1, "offering": 7, "account": "B"},
                {"partner": 2, "offering": 7},
                {"partner": 1, "offering": 7, "belongs_to": OCTOBER, "account": "late"},
            ],
        )

    def test_a_month_is_its_files_with_the_columns_that_are_written_down(self) -> None:
        files = Store.here().month(NOVEMBER)
        self.assertEqual(len(files), 2)
        self.assertEqual([pq.read_schema(file) for file in files], [ROWS, ROWS])

    def test_a_month_without_usage_is_an_empty_file_of_the_same_columns(self) -> None:
        (file,) = Store.here().month(date(2026, 12, 1))
        self.assertEqual(pq.read_table(file).num_rows, 0)
        self.assertEqual(pq.read_schema(file), ROWS)

    def test_rows_under_a_line_come_in_pages_and_whole(self) -> None:
        page, count = page_of(Line(1, 7, NOVEMBER, NOVEMBER))
        second, _count = page_of(Line(1, 7, NOVEMBER, NOVEMBER), page=2)
        self.assertEqual((count, len(page), len(second)), (61, 50, 11))
        self.assertEqual(page[0]["used"], Decimal("2.5000"))
        every = list(every_row_of(Line(1, 7, NOVEMBER, NOVEMBER)))
        self.assertEqual([row["account"] for row in every], [row["account"] for row in page + second])

    def test_late_usage_lies_in_its_period_under_the_month_it_belongs_to(self) -> None:
        ((row,), count) = page_of(Line(1, 7, OCTOBER, NOVEMBER))
        self.assertEqual((row["account"], count), ("late", 1))
        self.assertEqual(page_of(Line(1, 7, OCTOBER, OCTOBER)), ([], 0))

    def test_what_is_not_loaded_does_not_count(self) -> None:
        before = digest(Period.objects.get())
        Batch.objects.filter(pk=self.second.pk).update(state=Batch.State.LOADING)
        self.assertEqual(len(Store.here().month(NOVEMBER)), 1)
        self.assertEqual(counts().as_json, {"in": 60, "rated": 60, "excluded": 0, "set_aside": 0})
        self.assertNotEqual(digest(Period.objects.get()), before)

    def test_a_full_disk_is_said_in_a_sentence(self) -> None:
        with (
            patch("pathlib.Path.replace", side_effect=OSError(28, "No space left on device")),
            self.assertRaisesMessage(DomainError, "The disk is full. Nothing was changed."),
        ):
            put_rows(NOVEMBER, [{"partner": 1, "offering": 7}])
