"""What works out an expression over millions of rows: DuckDB in this process, or Spark. Why so: docs/decisions/engines.md.

An engine is given tables by their names, Arrow or files of Parquet, and asked an Ibis expression over tables of those
names. Whoever answers, the answer has the types that the expression says, and a file of it the same bytes.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import duckdb
import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends.sql.datatypes import DuckDBType

from comity.core.errors import DomainError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

DUCKDB, SPARK = "duckdb", "spark"
# What core's expressions ask for by this name: Ibis itself divides by way of floats.
# (In DuckDB, numbers of 64 bits are divided fifty times as fast as those of 128.)
QUOTIENT_IN_DUCKDB = """
CREATE MACRO quotient(whole, parts) AS CASE
WHEN whole < 1000000000000000000 AND parts < 1000000000000000000 THEN
CAST(CAST(CAST(whole AS DECIMAL(18, 0)) AS BIGINT) // CAST(CAST(parts AS DECIMAL(18, 0)) AS BIGINT) AS DECIMAL(38, 0))
ELSE CAST(CAST(whole AS HUGEINT) // CAST(parts AS HUGEINT) AS DECIMAL(38, 0)) END
"""
# Spark's own `div` gives a number of 64 bits, and wraps without a word.
QUOTIENT_IN_SPARK = """
CREATE OR REPLACE TEMPORARY FUNCTION quotient(whole DECIMAL(38, 0), parts DECIMAL(38, 0)) RETURNS DECIMAL(38, 0)
RETURN CAST((whole - whole % parts) / parts AS DECIMAL(38, 0))
"""
SPARK_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",  # a number too large is an error
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
}


class EngineError(DomainError):
    """It could not be worked out; nothing was written."""


class Engine(Protocol):
    """What both engines can do."""

    def give(self, name: str, rows: pa.Table | Sequence[Path]) -> None:
        """Let the name mean these rows, or those of these files, of which there is at least one."""

    def fetch(self, expression: ir.Table) -> pa.Table:
        """The answer, in memory."""

    def write(self, expression: ir.Table, path: Path) -> None:
        """The answer as a file of Parquet: whole, or not there. What was there before is replaced."""


@contextmanager
def engine(
    which: str = DUCKDB,
    *,
    reads: Sequence[Path] = (),
    writes: Path,
    memory: str = "1GB",
    threads: int | None = None,
) -> Iterator[Engine]:
    """An engine, while it is needed.

    reads    folders whose files it may read
    writes   the folder of its answers, and of what does not fit into memory meanwhile
    memory   the most that DuckDB keeps; Spark's is said in Spark's own settings, as is where its cluster is
    threads  how many cores DuckDB takes; all of them if not said

    Raises EngineError, with a sentence, for an engine that is not there, a number too large, a file that cannot be read.
    """
    with _duckdb([*reads, writes], writes, memory, threads) as duck:
        if which == DUCKDB:
            yield duck
        elif which == SPARK:
            yield _Spark(_session(writes), duck)
        else:
            raise EngineError(f"There is no engine “{which}”. There are {DUCKDB} and {SPARK}.")


class DuckDB:
    """DuckDB in this process."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def give(self, name: str, rows: pa.Table | Sequence[Path]) -> None:
        with _said():
            if isinstance(rows, pa.Table):
                self.connection.register(name, rows)
            else:
                self.connection.read_parquet([str(path) for path in rows]).create_view(name)

    def fetch(self, expression: ir.Table) -> pa.Table:
        with _said():
            return self.connection.sql(_exactly(expression)).to_arrow_table()

    def write(self, expression: ir.Table, path: Path) -> None:
        self.copy(_exactly(expression), path)

    def copy(self, query: str, path: Path) -> None:
        """A query's answer as a file."""
        unfinished = path.with_name(f".{path.name}.unfinished")
        place = str(unfinished).replace("'", "''")
        try:
            with _said():
                self.connection.execute(f"COPY ({query}) TO '{place}' (FORMAT parquet, COMPRESSION zstd)")
            with unfinished.open("rb") as written:
                os.fsync(written.fileno())
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)


@contextmanager
def _duckdb(folders: Sequence[Path], spill: Path, memory: str, threads: int | None) -> Iterator[DuckDB]:
    """DuckDB, which touches no file outside these folders and fetches nothing from anywhere."""
    settings: dict[str, Any] = {
        "memory_limit": memory,
        "temp_directory": str(spill),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        **({"threads": threads} if threads else {}),
    }
    with duckdb.connect(config=settings) as connection:
        connection.execute(QUOTIENT_IN_DUCKDB)
        connection.execute("SET allowed_directories = $1", [[f"{folder}/" for folder in folders]])
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield DuckDB(connection)


def _exactly(expression: ir.Table) -> str:
    """The expression as DuckDB's SQL, with the types it says: a sum would else be a wider number, and so on file a float."""
    columns = ", ".join(
        f'CAST("{name}" AS {DuckDBType.to_string(dtype)}) AS "{name}"'
        for name, dtype in expression.schema().items()
    )
    return f"SELECT {columns} FROM ({_sql(expression.op(), DUCKDB)})"


@lru_cache(maxsize=64)
def _sql(asked: ops.Node, dialect: str) -> str:
    """The expression as SQL: up to a second of work, and the same each time."""
    return str(ibis.to_sql(asked.to_expr(), dialect=dialect))


class _Spark:
    def __init__(self, session: SparkSession, duck: DuckDB) -> None:
        self.session, self.duck = session, duck

    def give(self, name: str, rows: pa.Table | Sequence[Path]) -> None:
        with _said():
            if isinstance(rows, pa.Table):
                given = self.session.createDataFrame(rows)
            else:
                given = self.session.read.parquet(*(str(path) for path in rows))
            given.createOrReplaceTempView(name)

    def fetch(self, expression: ir.Table) -> pa.Table:
        with _said():
            answer = self.session.sql(_sql(expression.op(), "pyspark")).toArrow()
            return answer.cast(expression.schema().to_pyarrow())

    def write(self, expression: ir.Table, path: Path) -> None:
        answer = self.fetch(expression)
        self.duck.connection.register("answer", answer)
        self.duck.copy("SELECT * FROM answer", path)
        self.duck.connection.unregister("answer")


def _session(spill: Path) -> SparkSession:
    if not importlib.util.find_spec("pyspark"):
        raise EngineError("Spark is not installed here. It comes with: pip install comity[spark]")
    home = os.environ.get("JAVA_HOME")
    if not shutil.which("java", path=f"{home}/bin" if home else None):
        raise EngineError(
            "Spark needs a Java runtime, version 17 or newer, and none was found. "
            "Install one (on Debian: apt install default-jre-headless), or name it in JAVA_HOME."
        )
    from pyspark.sql import SparkSession

    with _said():
        builder = SparkSession.builder.appName("comity").config("spark.ui.enabled", "false")
        session = builder.config("spark.local.dir", str(spill)).getOrCreate().newSession()
        for name, value in SPARK_SETTINGS.items():
            session.conf.set(name, value)
        context = session.sparkContext
        if (context.master or "").startswith("local"):  # where a pile for each of 200 machines is only work
            session.conf.set("spark.sql.shuffle.partitions", str(2 * context.defaultParallelism))
        session.sql(QUOTIENT_IN_SPARK)
    return session


TOO_LARGE = re.compile(r"out of range|overflow|cannot be represented|failed to cast", re.IGNORECASE)
NO_ROOM = re.compile(r"no space left|max_temp_directory_size", re.IGNORECASE)
UNREADABLE = re.compile(r"parquet|thrift|snappy|zstd|cannot read|footer", re.IGNORECASE)


@contextmanager
def _said() -> Iterator[None]:
    """What an engine complains of, as a sentence."""
    try:
        yield
    except Exception as error:
        name, words = type(error).__module__, str(error)
        if name.partition(".")[0] not in {
            "duckdb",
            "_duckdb",
            "pyspark",
            "py4j",
            "pyarrow",
        } and not isinstance(error, OSError):
            raise
        if isinstance(error, duckdb.OutOfMemoryException) and not NO_ROOM.search(words):
            sentence = "There is too little memory to work this out."
        elif NO_ROOM.search(words):
            sentence = "The disk is full."
        elif TOO_LARGE.search(words):
            sentence = "A quantity or an amount is too large to be exact."
        elif UNREADABLE.search(words):
            sentence = "A file of usage cannot be read; it may be cut off."
        else:
            sentence = "The engine stopped midway."
        first = words.strip().partition("\n")[0][:200]
        raise EngineError(f"{sentence} Nothing was written. It says: {first}") from error
