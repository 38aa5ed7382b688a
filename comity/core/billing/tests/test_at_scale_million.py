"""One million rows of everything: the same bytes on both engines, and what the definition says of each line."""

from __future__ import annotations

import os
import tempfile
from calendar import monthrange
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import ClassVar
from unittest import TestCase

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from comity.core.billing import at_scale
from comity.core.billing.at_scale import PARTNERS, PRICES, TIERS, USAGE
from comity.core.billing.plans import Plan, Shape, Tier, tier_rows
from comity.core.billing.tests.rating import TABLES, Line, Used, give, said, table
from comity.engines import DUCKDB, SPARK, engine

ROWS, PEOPLE, OFFERINGS = 1_000_000, 60, 40
PARTS_ON_SPARK = bool(os.environ.get("SUITE_ALL"))  # twenty seconds more of two cores
MONTHS = [date(2027, 12, 1), date(2028, 1, 1), date(2028, 2, 1)]


def random_plan(random: Random) -> Plan:
    shape = random.choice(list(Shape))
    ends = sorted({Decimal(random.randint(1, 3_000_000)) / 100 for _ in range(random.randint(0, 3))})
    tiers = [
        Tier(end, Decimal(random.randint(0, 9_999_999)).scaleb(-6))
        for end in [*(ends if shape in {Shape.GRADUATED, Shape.VOLUME} else []), None]
    ]
    capped = shape in {Shape.FLAT, Shape.PACKAGE} and random.random() < 0.5
    return Plan(
        shape,
        tuple(tiers),
        package=Decimal(random.randint(1, 900_000)).scaleb(-3) if shape == Shape.PACKAGE else None,
        step=random.choice([None, None, Decimal("0.1"), Decimal(7)]),
        account_cap=random.randint(0, 5_000_00) if capped else None,
        minimum=random.choice([None, 20_00]),
        maximum=random.choice([None, 9_000_00]),
    )


class Million:
    """The rows, the plans, and how the definition goes through them."""

    def __init__(self) -> None:
        random = Random(14)
        self.plans = {number: random_plan(random) for number in range(2 * OFFERINGS)}
        self.by_cost = {number for number in self.plans if number // 2 % 8 == 0}
        self.change = {offering: date(2027, 12, 1 + offering % 31) for offering in range(OFFERINGS)}
        self.rows = [
            (
                random.randrange(PEOPLE),
                random.randrange(OFFERINGS + 1),  # the last has no rate
                month := random.choice(MONTHS),
                month.replace(day=random.randint(1, 29)),
                f"account {random.randrange(4)}",
                Decimal(random.randrange(3_000_000)).scaleb(-4),
                random.randint(0, 29) if random.random() < 0.1 else None,
                Decimal(random.randrange(-(10**12), 10**14)).scaleb(-11) if random.random() < 0.2 else None,
            )
            for _ in range(ROWS)
        ]

    def tables(self) -> dict[str, pa.Table]:
        prices = [
            {
                "customer_class": 0,
                "offering": number // 2,
                "version": number,
                "starts_on": self.change[number // 2] if number % 2 else date(2020, 1, 1),
                "ends_on": None if number % 2 else date.fromordinal(self.change[number // 2].toordinal() - 1),
                "by_cost": number in self.by_cost,
                **{
                    name: getattr(plan, name)
                    for name in ("shape", "package", "step", "account_cap", "minimum", "maximum")
                },
            }
            for number, plan in self.plans.items()
        ]
        tiers = [tier for number, plan in self.plans.items() for tier in tier_rows(number, plan)]
        usage = {name: list(column) for name, column in zip(USAGE, zip(*self.rows, strict=True), strict=True)}
        return {
            "usage": pa.table(usage, schema=USAGE.to_pyarrow()),
            "partners": table(PARTNERS, [{"partner": n, "customer_class": 0} for n in range(PEOPLE)]),
            "prices": table(PRICES, prices),
            "tiers": table(TIERS, tiers),
        }

    def said(self) -> dict[tuple[int, int, date, int | None], tuple[int, int | None]]:
        """By line: how many rows, and the cents. Alike rows of an account are added up first, as Decimals."""
        rows: Counter[tuple[int, int, date, int | None]] = Counter()
        alike: dict[tuple[int, int, date, int | None], dict[tuple[str, int | None, bool], list[Decimal]]]
        alike = defaultdict(lambda: defaultdict(lambda: [Decimal(0), Decimal(0)]))
        for partner, offering, month, day, account, used, days, cost in self.rows:
            version = None
            if offering < OFFERINGS:
                version = 2 * offering + (day >= self.change[offering])
            line = (partner, offering, month, version)
            rows[line] += 1
            sums = alike[line][account, days, cost is not None]
            sums[0] += used
            sums[1] += cost or 0
        answers: dict[tuple[int, int, date, int | None], tuple[int, int | None]] = {}
        for line, each in alike.items():
            version, month = line[3], line[2]
            if version is None:
                answers[line] = rows[line], None
                continue
            summed = tuple(
                Used(account, used, days, cost if spent else None)
                for (account, days, spent), (used, cost) in each.items()
            )
            asked = Line(self.plans[version], summed, month, version in self.by_cost)
            possible = all((row.days or 0) <= monthrange(month.year, month.month)[1] for row in summed)
            answers[line] = rows[line], said(asked)[2] if possible else None
        return answers


@pytest.mark.slow
class OneMillionRows(TestCase):
    """Made once; each engine writes its answer to a file."""

    folder: ClassVar[Path]
    million: ClassVar[Million]
    given: ClassVar[dict[str, pa.Table]]

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        place = tempfile.TemporaryDirectory()
        cls.addClassCleanup(place.cleanup)
        cls.folder, cls.million = Path(place.name), Million()
        cls.given = cls.million.tables()
        pq.write_table(cls.given.pop("usage"), cls.folder / "usage.parquet")

    def answer(self, which: str, name: str = "") -> Path:
        answer = self.folder / f"{which}{name}.parquet"
        if answer.exists():
            return answer
        with engine(which, reads=[self.folder], writes=self.folder, threads=2) as chosen:
            give(chosen, self.given)
            chosen.give("usage", [self.folder / "usage.parquet"])
            chosen.write(at_scale.lines(*TABLES), answer)
            if which == DUCKDB or PARTS_ON_SPARK:
                chosen.write(at_scale.parts(*TABLES), answer.with_suffix(".parts"))
        return answer

    def test_each_line_is_what_the_definition_says(self) -> None:
        lines = pq.read_table(self.answer(DUCKDB)).to_pylist()
        found = {
            (line["partner"], line["offering"], line["belongs_to"], line["version"]): (
                line["rows"],
                line["cents"],
            )
            for line in lines
        }
        self.assertEqual(sum(line["rows"] for line in lines), ROWS)
        self.assertGreater(sum(line["outcome"] == "rated" for line in lines), 8_000)
        self.assertEqual(found, self.million.said())

    def test_the_parts_are_the_whole_of_each_line(self) -> None:
        answer = self.answer(DUCKDB)
        exact: dict[tuple[object, ...], Fraction] = defaultdict(Fraction)
        for part in pq.read_table(answer.with_suffix(".parts")).to_pylist():
            key = (part["partner"], part["offering"], part["belongs_to"], part["version"])
            exact[key] += Fraction(part["amount"]) / part["per"] / 10_000
        unbounded = {n for n, plan in self.million.plans.items() if plan.minimum is plan.maximum is None}
        lines = [line for line in pq.read_table(answer).to_pylist() if line["version"] in unbounded]
        for line in lines:
            if line["cents"] is not None:
                key = (line["partner"], line["offering"], line["belongs_to"], line["version"])
                self.assertLessEqual(abs(exact[key] - line["cents"]), Fraction(1, 2))
        self.assertGreater(len(lines), 1_000)

    def test_the_same_rows_make_the_same_bytes(self) -> None:
        once, again = self.answer(DUCKDB), self.answer(DUCKDB, " again")
        self.assertEqual(once.read_bytes(), again.read_bytes())

    @pytest.mark.spark
    def test_spark_makes_the_same_bytes_as_duckdb(self) -> None:
        from pyspark.sql import SparkSession

        self.addCleanup(lambda: SparkSession.builder.getOrCreate().stop())
        theirs, ours = self.answer(SPARK), self.answer(DUCKDB)
        self.assertEqual(pq.read_table(theirs), pq.read_table(ours))
        self.assertEqual(theirs.read_bytes(), ours.read_bytes())
        if PARTS_ON_SPARK:
            self.assertEqual(
                theirs.with_suffix(".parts").read_bytes(), ours.with_suffix(".parts").read_bytes()
            )
