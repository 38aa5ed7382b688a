"""Twenty million rows of usage to lines of bills, beside what people write by hand; then a hundred million.

Each is measured in a process of its own, so that its memory is its own. All must come to the same cents. The rows are made
once by DuckDB, the same each time, under COMITY_DATA/bench; those of the large run are gone afterwards.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from operator import attrgetter
from pathlib import Path
from time import monotonic, process_time

import duckdb
import ibis.expr.types as ir
import pyarrow as pa

from comity.core.billing import at_scale
from comity.demo.bench.peak import peak_megabytes
from comity.engines import DuckDB, engine

MILLION = 1_000_000
SIZES = (1, 5, 20)
MOST_TIMES_BY_HAND, MOST_TIMES_AT_100 = 1.3, 5.5
MOST_MEGABYTES = {20: 1_000, 100: 2_000}
MOST_SECONDS_TO_DRILL = 0.2
RUNS = 3
MORE_TURNS = 3  # of the two that are compared, so that both had the same minutes of an uneven machine
RULES = at_scale.Rules(by_account=False, by_cost=False)
MEMORY = "600MB"

PARTNERS = "SELECT range::BIGINT AS partner, 0::BIGINT AS customer_class FROM range(120)"
# 300 graduated rates with three tiers: each offering's second one begins on a day of its own in winter.
PRICES = """
SELECT 0::BIGINT AS customer_class, offering, offering * 2 + turn AS version,
    CASE turn WHEN 0 THEN DATE '2025-01-01' ELSE DATE '2025-11-16' + (offering % 40)::INT END AS starts_on,
    CASE turn WHEN 0 THEN DATE '2025-11-15' + (offering % 40)::INT END AS ends_on,
    'graduated' AS shape, NULL::DECIMAL(18, 4) AS package, NULL::DECIMAL(18, 4) AS step, NULL::BIGINT AS account_cap,
    NULL::BIGINT AS minimum, NULL::BIGINT AS maximum, FALSE AS by_cost
FROM (SELECT range AS offering FROM range(150)), (SELECT range AS turn FROM range(2))
"""
TIERS = """
SELECT version, ordinal, [0, 200, 400][ordinal + 1]::DECIMAL(18, 4) AS above,
    [200, 400, NULL][ordinal + 1]::DECIMAL(18, 4) AS up_to,
    ((1 + version % 7) * [0.50, 0.40, 0.25][ordinal + 1])::DECIMAL(18, 6) AS price
FROM (SELECT range AS version FROM range(300)), (SELECT range AS ordinal FROM range(3))
"""
USAGE = """
SELECT (mixed % 120)::BIGINT AS partner, (mixed // 120 % 150)::BIGINT AS offering,
    DATE '{month}' AS belongs_to, DATE '{month}' + (mixed // 18000 % 28)::INT AS on_day,
    'account ' || (mixed // 504000 % 20) AS account,
    ((mixed // 10080000 % 200000) * 0.0001::DECIMAL(18, 4))::DECIMAL(18, 4) AS used,
    NULL::SMALLINT AS days, NULL::DECIMAL(38, 11) AS cost
FROM (SELECT hash(range) >> 1 AS mixed FROM range({first}, {last}))
ORDER BY partner, offering, account, on_day, used
"""
MONTHS = [date(2025 + month // 12, month % 12 + 1, 1) for month in range(6, 18)]

# As someone would write it who knows these rates: the same casts, the same rounding, no row lost, the same order.
QUERY = """
WITH versions AS (
    SELECT partner, offering, version, starts_on, coalesce(ends_on, DATE '9999-12-31') AS ends_on
    FROM partners JOIN prices USING (customer_class)
), months AS (
    SELECT u.partner, u.offering, u.belongs_to, v.version, sum(u.used) AS quantity, count(*) AS rows
    FROM usage u LEFT JOIN versions v ON u.partner = v.partner AND u.offering = v.offering
        AND u.on_day >= v.starts_on AND u.on_day <= v.ends_on
    GROUP BY ALL
)
SELECT partner, offering, belongs_to, version,
    CASE WHEN version IS NULL THEN 'no rate' ELSE 'rated' END AS outcome, any_value(quantity) AS quantity,
    (100 * round(sum((least(quantity, coalesce(up_to, quantity)) - above)::DECIMAL(38, 4) * price::DECIMAL(38, 6)), 2))::BIGINT
        AS cents,
    any_value(rows) AS rows
FROM months LEFT JOIN tiers USING (version)
WHERE version IS NULL OR quantity > above OR above = 0
GROUP BY ALL ORDER BY ALL
"""


@dataclass(frozen=True)
class Took:
    """The best of several runs, and the most memory of all."""

    seconds: float
    cpu: float
    megabytes: float
    cents: int


def measure_rating(folder: Path) -> bool:
    """Print the table; whether all is within its bounds and comes to the same cents."""
    print(f"\n{'usage to lines of bills':<46}{'seconds':>9}{'CPU':>7}{'MB':>7}{'ns/row':>8}")
    took: dict[tuple[str, int], Took] = {}
    for millions in SIZES:
        for how in HOW if millions == 20 else [OURS]:
            took[how, millions] = _measured(folder, how, millions)
    for _turn in range(MORE_TURNS):
        for how in (OURS, HAND):
            took[how, 20] = min(took[how, 20], _apart(how, _made(folder, 20)), key=attrgetter("cpu"))
    month, drilled = (_apart(how, _made(folder, 20)) for how in (MONTH, DRILL))
    print(f"{'one of twelve months anew':<46}{month.seconds:>9.2f}{month.cpu:>7.2f}{month.megabytes:>7.0f}")
    print(f"{'one line to its rows':<46}{drilled.seconds:>9.3f}{drilled.cpu:>7.3f}{drilled.megabytes:>7.0f}")
    try:
        took[OURS, 100] = _measured(folder, OURS, 100)
    finally:
        shutil.rmtree(folder / "usage-100")
    ours = {millions: took[OURS, millions] for millions in (*SIZES, 100)}
    by_hand = ours[20].cpu / took[HAND, 20].cpu
    larger = ours[100].cpu / ours[20].cpu
    per_row = [ours[millions].cpu / millions for millions in sorted(ours)]
    held = {
        f"{by_hand:.2f} times the query by hand": by_hand <= MOST_TIMES_BY_HAND,
        f"100 million take {larger:.2f} times what 20 million take": larger <= MOST_TIMES_AT_100,
        "a row costs no more among more": all(b <= a * 1.1 for a, b in pairwise(per_row)),
        "the same cents": len({took[how, 20].cents for how in HOW}) == 1,
        "memory": all(ours[millions].megabytes <= most for millions, most in MOST_MEGABYTES.items()),
        f"one line to its rows within {MOST_SECONDS_TO_DRILL} s": drilled.seconds <= MOST_SECONDS_TO_DRILL,
    }
    for what, good in held.items():
        print(f"{what}{'' if good else '   over its bound'}")
    return all(held.values())


def _measured(folder: Path, how: str, millions: int) -> Took:
    took = _apart(how, _made(folder, millions))
    per_row = took.cpu * 1000 / millions
    what = f"{millions} million, {how}"
    print(f"{what:<46}{took.seconds:>9.1f}{took.cpu:>7.1f}{took.megabytes:>7.0f}{per_row:>8.0f}", flush=True)
    return took


def _made(folder: Path, millions: int) -> Path:
    """The folder of so many rows; made if it is not there whole, by a process whose memory nobody then inherits."""
    place = folder / f"usage-{millions}"
    if not place.exists():
        subprocess.run([sys.executable, "-m", MODULE, MAKE, str(place)], check=True)
    return place


def _make(place: Path) -> None:
    """A file for each month, in the order of the store."""
    folder, millions = place.parent, int(place.name.partition("-")[2])
    unfinished = folder / "usage-unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    bounds = [millions * MILLION * number // len(MONTHS) for number in range(len(MONTHS) + 1)]
    with duckdb.connect(config={"memory_limit": "2GB", "temp_directory": str(folder / "spill")}) as made:
        for month, (first, last) in zip(MONTHS, pairwise(bounds), strict=True):
            rows = USAGE.format(month=month, first=first, last=last)
            file = unfinished / f"{month:%Y-%m}.parquet"
            made.execute(f"COPY ({rows}) TO '{file}' (FORMAT parquet, COMPRESSION zstd)")
    unfinished.rename(place)


def _apart(how: str, usage: Path) -> Took:
    """One way, in a process of its own."""
    said = subprocess.run(
        [sys.executable, "-m", MODULE, how, str(usage)],
        check=True,
        capture_output=True,
        text=True,
    )
    return Took(**json.loads(said.stdout))


def _given() -> dict[str, pa.Table]:
    with duckdb.connect() as made:
        said = {"partners": PARTNERS, "prices": PRICES, "tiers": TIERS}
        return {name: made.sql(query).to_arrow_table() for name, query in said.items()}


@contextmanager
def _engine(usage: Path) -> Iterator[DuckDB]:
    with engine(reads=[usage], writes=usage.parent, memory=MEMORY) as chosen:
        assert isinstance(chosen, DuckDB)
        for name, rows in _given().items():
            chosen.give(name, rows)
        chosen.give("usage", sorted(usage.glob("*.parquet")))
        yield chosen


def _tables() -> tuple[ir.Table, ir.Table, ir.Table, ir.Table]:
    known = at_scale.TABLES
    return known["usage"], known["partners"], known["prices"], known["tiers"]


def _ours(usage: Path) -> Iterator[int]:
    """The expression, through COPY."""
    with _engine(usage) as chosen:
        for _ in range(RUNS):
            chosen.write(at_scale.lines(*_tables(), RULES), usage.parent / "lines.parquet")
            yield _cents(usage.parent / "lines.parquet")


def _by_hand(usage: Path) -> Iterator[int]:
    """The query, through COPY, in the same DuckDB."""
    with _engine(usage) as chosen:
        for _ in range(RUNS):
            chosen.copy(QUERY, usage.parent / "by-hand.parquet")
            yield _cents(usage.parent / "by-hand.parquet")


def _month(usage: Path) -> Iterator[int]:
    rows, partners, prices, tiers = _tables()
    with _engine(usage) as chosen:
        for _ in range(RUNS):
            month = rows.filter(rows.belongs_to == MONTHS[5])
            chosen.write(
                at_scale.lines(month, partners, prices, tiers, RULES), usage.parent / "lines.parquet"
            )
            yield _cents(usage.parent / "lines.parquet")


def _drill(usage: Path) -> Iterator[int]:
    rows = _tables()[0]
    with _engine(usage) as chosen:
        for turn in range(RUNS):
            line = (rows.partner == 17 + turn, rows.offering == 42, rows.belongs_to == MONTHS[5])
            yield chosen.fetch(rows.filter(line).order_by("account", "on_day").limit(200)).num_rows


def _pandas(usage: Path) -> Iterator[int]:
    """Whole numbers of ten-thousandths, since pandas has no decimals."""
    import numpy as np
    import pandas as pd
    import pyarrow.parquet as pq

    given = {name: rows.to_pandas() for name, rows in _given().items()}
    read = pq.read_table(usage, columns=["partner", "offering", "belongs_to", "on_day", "used"])
    parts = np.concatenate([np.frombuffer(c.buffers()[1], "<i8")[::2][: len(c)] for c in read["used"].chunks])
    frame = read.drop(["used"]).to_pandas(date_as_object=False).assign(used=parts)
    del read
    second = given["prices"].dropna(subset=["ends_on"]).set_index("offering").ends_on
    later = frame.on_day > frame.offering.map(pd.to_datetime(second))
    frame["version"] = 2 * frame.offering + later
    line = ["partner", "offering", "belongs_to", "version"]
    lines = frame.groupby(line, sort=True).used.agg(["sum", "size"]).reset_index()
    tiers = given["tiers"]
    for name, places in (("above", 4), ("up_to", 4), ("price", 6)):
        tiers[name] = [None if end is None else int(end.scaleb(places)) for end in tiers[name]]
    reached = lines.merge(tiers, on="version")
    reached = reached[reached["sum"] > reached.above]
    ends = reached.up_to.fillna(10**15).astype("int64")
    reached["amount"] = (np.minimum(reached["sum"], ends) - reached.above) * reached.price
    amounts = reached.groupby(line).amount.sum().reset_index()
    lines = lines.merge(amounts, on=line, how="left")
    lines["cents"] = (lines.amount.fillna(0).astype("int64") + 50_000_000) // 100_000_000
    lines.to_parquet(usage.parent / "pandas.parquet")
    yield int(lines.cents.sum())


def _polars(usage: Path) -> Iterator[int]:
    """Its streaming engine."""
    import polars as pl

    given = {name: pl.from_arrow(rows).lazy() for name, rows in _given().items()}  # type: ignore[union-attr]
    tiers = given["tiers"].with_columns(
        *(
            (pl.col(name) * 10**places).cast(pl.Int64)
            for name, places in (("above", 4), ("up_to", 4), ("price", 6))
        )
    )
    prices = given["prices"].select(
        "offering", "version", "starts_on", pl.col("ends_on").fill_null(date(9999, 12, 31))
    )
    line = ["partner", "offering", "belongs_to", "version"]
    lines = (
        pl.scan_parquet(usage / "*.parquet")
        .join(prices, on="offering")
        .filter(pl.col("on_day").is_between("starts_on", "ends_on"))
        .group_by(line)
        .agg(rows=pl.len(), quantity=(pl.col("used").sum() * 10_000).cast(pl.Int64))
        .join(tiers, on="version")
        .filter((pl.col("quantity") > pl.col("above")) | (pl.col("above") == 0))
        .with_columns(units=pl.min_horizontal("quantity", "up_to") - pl.col("above"))
        .group_by(line)
        .agg(pl.col("rows", "quantity").first(), amount=(pl.col("units") * pl.col("price")).sum())
        .with_columns(cents=(pl.col("amount") + 50_000_000) // 100_000_000)
        .sort(line)
    )
    lines.sink_parquet(usage.parent / "polars.parquet", engine="streaming")
    yield int(pl.read_parquet(usage.parent / "polars.parquet")["cents"].sum())


def _cents(lines: Path) -> int:
    with duckdb.connect() as read:
        (total,) = read.execute("SELECT sum(cents)::BIGINT FROM read_parquet($1)", [str(lines)]).fetchall()[0]
    return int(total)


MODULE = "comity.demo.bench.rating"
OURS, HAND, MONTH, DRILL, MAKE = "ours", "by hand", "month", "drill", "make"
WAYS = {OURS: _ours, HAND: _by_hand, "pandas": _pandas, "polars": _polars, MONTH: _month, DRILL: _drill}
HOW = (OURS, HAND, "pandas", "polars")


def main(how: str, usage: Path) -> None:
    """One way, told as JSON: the best of its runs."""
    if how == MAKE:
        _make(usage)
        return
    runs = []
    began, worked = monotonic(), process_time()
    for cents in WAYS[how](usage):
        runs.append((monotonic() - began, process_time() - worked, cents))
        began, worked = monotonic(), process_time()
    seconds, cpu = min(run[0] for run in runs), min(run[1] for run in runs)
    print(json.dumps({"seconds": seconds, "cpu": cpu, "megabytes": peak_megabytes(), "cents": runs[0][2]}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
