"""The tables of an instance: rows as text by field, kept in SQLite, asked by encoded queries."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

Fields = dict[str, str]
_CONDITION = re.compile(r"([a-z0-9_.]+?)(>=|<=|!=|=|>|<)(.*)", re.DOTALL)
_STAMP = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_MADE = """
CREATE TABLE IF NOT EXISTS kept (name TEXT, sys_id TEXT, updated TEXT, fields TEXT, PRIMARY KEY (name, sys_id));
CREATE INDEX IF NOT EXISTS in_order ON kept (name, updated, sys_id);
"""


def made_id(of: str) -> str:
    """A sys_id, the same for the same words."""
    return hashlib.md5(of.encode(), usedforsecurity=False).hexdigest()


def stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


class Tables:
    """Rows of all tables.

    clock  what the instance's clock says; rows written get its second
    zone   how far the account's zone is from UTC: moments in a query are read in it
    """

    def __init__(self, path: Path | str = ":memory:") -> None:
        self.db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self.db.executescript(_MADE)
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.zone = timedelta()
        self._known: dict[str, set[str]] = {}

    def put(self, name: str, rows: Iterable[Mapping[str, str]]) -> None:
        """Write rows; a field that they leave unsaid is empty, and they are written now, once, unless they say otherwise."""
        now, known = stamp(self.clock()), self.fields_of(name)
        said = {"sys_updated_on": now, "sys_created_on": now, "sys_mod_count": "0"}
        whole = [{"sys_id": made_id(f"{name} {row.get('number')} {row}"), **said, **row} for row in rows]
        known.update(*whole)
        told = [(name, row["sys_id"], row["sys_updated_on"], json.dumps(row)) for row in whole]
        self.db.execute("BEGIN")
        self.db.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)", told)
        self.db.execute("COMMIT")

    def touch(self, name: str, sys_id: str, **fields: str) -> None:
        """Somebody works on a row."""
        row = self.rows(name, f"sys_id={sys_id}")[0][0]
        more = {"sys_mod_count": str(int(row["sys_mod_count"]) + 1), "sys_updated_on": stamp(self.clock())}
        self.put(name, [{**row, **more, **fields}])

    def delete(self, name: str, sys_id: str) -> None:
        self.db.execute("DELETE FROM kept WHERE name = ? AND sys_id = ?", (name, sys_id))

    def merge(self, name: str, gone: str, into: str) -> None:
        """Two rows become one; what pointed at the one points at the other, and is not stamped anew."""
        self.db.execute(
            "UPDATE kept SET fields = replace(fields, ?, ?) WHERE sys_id <> ?", (gone, into, gone)
        )
        self.delete(name, gone)
        self.touch(name, into)

    def fields_of(self, name: str) -> set[str]:
        if name not in self._known:
            found = self.db.execute("SELECT fields FROM kept WHERE name = ? LIMIT 1", (name,)).fetchone()
            self._known[name] = set(json.loads(found[0])) if found else set()
        return self._known[name]

    def rows(
        self, name: str, query: str = "", limit: int = 10_000, offset: int = 0
    ) -> tuple[list[Fields], int]:
        """The rows of a query, and how many there are of it in all. A part that names no field of the table is passed over."""
        where, told, order = self._read(name, query)
        asked, known = f"FROM kept WHERE name = ? AND ({where})", (name, *told)
        page = f"SELECT fields {asked} ORDER BY {order} LIMIT ? OFFSET ?"
        found = self.db.execute(page, (*known, limit, offset)).fetchall()
        count = self.db.execute(f"SELECT count(*) {asked}", known).fetchone()[0]
        return [json.loads(row[0]) for row in found], count

    def _read(self, name: str, query: str) -> tuple[str, list[str], str]:
        """An encoded query as SQL: ^NQ parts alternatives, ^ joins conditions, ^OR binds closest."""
        told: list[str] = []
        orders, alternatives = [], []
        for alternative in query.split("^NQ"):
            groups: list[list[str]] = []
            for part in alternative.split("^"):
                if part.startswith("ORDERBY"):
                    field, turned = re.subn("^ORDERBYDESC", "", part)
                    column = self._column(name, field.removeprefix("ORDERBY"))
                    orders += [f"{column} DESC" if turned else column] if column else []
                    continue
                either = part.startswith("OR") and bool(groups)
                asked = self._condition(name, part.removeprefix("OR") if either else part, told)
                if asked and either:
                    groups[-1].append(asked)
                elif asked:
                    groups.append([asked])
            alternatives.append(" AND ".join(f"({' OR '.join(group)})" for group in groups) or "1")
        return " OR ".join(f"({each})" for each in alternatives), told, ", ".join(orders) or "rowid"

    def _condition(self, name: str, part: str, told: list[str]) -> str:
        """One condition; "" where it is none, or of a field that the table has not: ServiceNow says nothing of that."""
        found = _CONDITION.fullmatch(part)
        column = self._column(name, found[1]) if found else ""
        if not found or not column:
            return ""
        value = found[3]
        if _STAMP.fullmatch(value) and self.zone:
            value = stamp(datetime.fromisoformat(f"{value}+00:00") - self.zone)
        told.append(value)
        return f"{column} {found[2]} ?"

    def _column(self, name: str, field: str) -> str:
        """As SQL; "" for what is no field of the table. Only names that a row has come into it."""
        if field not in self.fields_of(name):
            return ""
        known = {"sys_id": "sys_id", "sys_updated_on": "updated"}
        return known.get(field, f"json_extract(fields, '$.\"{field}\"')")
