"""An engine touches only its folders, leaves no half file, and says in a sentence what it could not do."""

from __future__ import annotations

import importlib.util
import tempfile
from pathlib import Path
from unittest import TestCase
from unittest.mock import patch

import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from comity.engines import SPARK, EngineError, engine

NUMBERS = ibis.table({"number": "int64"}, name="numbers")
TOTAL = NUMBERS.aggregate(total=NUMBERS.number.sum())


class OnDuckDB(TestCase):
    def setUp(self) -> None:
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.here = Path(place.name) / "it's here"
        self.here.mkdir()
        started = engine(writes=self.here, threads=1)
        self.engine = started.__enter__()
        self.addCleanup(started.__exit__, None, None, None)

    def test_an_answer_has_the_types_that_were_said(self) -> None:
        self.engine.give("numbers", pa.table({"number": [2**62, -1]}))
        self.assertEqual(self.engine.fetch(TOTAL), pa.table({"total": [2**62 - 1]}))
        self.engine.write(TOTAL, self.here / "total.parquet")
        self.assertEqual(pq.read_table(self.here / "total.parquet"), pa.table({"total": [2**62 - 1]}))

    def test_files_are_read_as_one_table(self) -> None:
        for number in (1, 2):
            pq.write_table(pa.table({"number": [number]}), self.here / f"{number}.parquet")
        self.engine.give("numbers", [self.here / "1.parquet", self.here / "2.parquet"])
        self.assertEqual(self.engine.fetch(TOTAL)["total"].to_pylist(), [3])

    def test_what_stops_midway_leaves_the_old_file_and_no_half_one(self) -> None:
        kept = self.here / "total.parquet"
        kept.write_bytes(b"as it was")
        self.engine.give("numbers", pa.table({"number": [2**63 - 1, 1]}))
        with self.assertRaisesRegex(EngineError, "too large to be exact. Nothing was written."):
            self.engine.write(TOTAL, kept)
        self.assertEqual([file.name for file in self.here.iterdir()], ["total.parquet"])
        self.assertEqual(kept.read_bytes(), b"as it was")

    def test_a_file_that_is_cut_off_is_said_to_be(self) -> None:
        cut = self.here / "cut.parquet"
        pq.write_table(pa.table({"number": list(range(1000))}), cut)
        cut.write_bytes(cut.read_bytes()[:-20])
        with self.assertRaisesRegex(EngineError, "cannot be read; it may be cut off"):
            self.engine.give("numbers", [cut])

    def test_nothing_outside_its_folders_is_read_or_written(self) -> None:
        with tempfile.TemporaryDirectory() as elsewhere:
            other = Path(elsewhere) / "other.parquet"
            pq.write_table(pa.table({"number": [1]}), other)
            with self.assertRaisesRegex(EngineError, "Permission"):
                self.engine.give("numbers", [other])
            self.engine.give("numbers", pa.table({"number": [1]}))
            with self.assertRaisesRegex(EngineError, "Permission"):
                self.engine.write(TOTAL, other)
            self.assertEqual(pq.read_table(other).num_rows, 1)

    def test_an_engine_that_is_not_there_is_a_sentence(self) -> None:
        find = importlib.util.find_spec
        without = patch("importlib.util.find_spec", lambda name: None if name == "pyspark" else find(name))
        with self.assertRaisesRegex(EngineError, "no engine “hadoop”"), engine("hadoop", writes=self.here):
            pass
        with without, self.assertRaisesRegex(EngineError, "not installed"), engine(SPARK, writes=self.here):
            pass
        with (
            patch("importlib.util.find_spec"),
            patch("shutil.which", return_value=None),
            self.assertRaisesRegex(EngineError, "needs a Java runtime, version 17"),
            engine(SPARK, writes=self.here),
        ):
            pass
