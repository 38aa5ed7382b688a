"""Reading what people bring: a table out of CSV, XLSX or a calendar, safely and row by row.

`open_table` looks at the bytes, not at the file's name, and refuses with a sentence what is no table.
Nothing here knows the database.
"""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext as _

from comity.imports.reading.calendar import CALENDAR, read_calendar, zipped
from comity.imports.reading.delimited import read_delimited
from comity.imports.reading.table import (
    LIMITS,
    MANNER,
    Limits,
    Line,
    Manner,
    Table,
    UnreadableError,
)
from comity.imports.reading.workbook import read_workbook

__all__ = ["LIMITS", "MANNER", "Limits", "Line", "Manner", "Table", "UnreadableError", "open_table"]

# What people send by mistake, by the bytes it starts with, and what it is called.
_NOT_TABLES = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"RIFF", "RIFF"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf", "7z"),
    (b"Rar!", "RAR"),
    (b"\x7fELF", "ELF"),
    (b"MZ", "EXE"),
    (b"SQLite format 3", "SQLite"),
    (b"PAR1", "Parquet"),
    (b"{\\rtf", "RTF"),
)
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")


def open_table(path: Path, *, limits: Limits = LIMITS, manner: Manner = MANNER) -> Table:
    """The table in a CSV or XLSX file; of a calendar, a row for each event and each time it takes place.

    Raises UnreadableError, with a sentence for the person who brought the file; its lines may raise it later too.
    """
    with path.open("rb") as file:
        start = file.read(64)
    if not start.strip():
        raise UnreadableError(_("The file is empty. It needs a row of headers and a row for each record."))
    if start.startswith(_ZIP):
        calendars = zipped(path)
        return read_calendar(calendars, limits) if calendars else read_workbook(path, limits, manner)
    if CALENDAR.match(start):
        return read_calendar(path.read_bytes(), limits)
    if start.startswith(_OLD_EXCEL):
        raise UnreadableError(
            _("This is an old Excel file (.xls) or a protected one. Save it as XLSX or CSV and send that.")
        )
    for magic, kind in _NOT_TABLES:
        if start.startswith(magic):
            raise UnreadableError(
                _("This is a %(kind)s file, not a table. Send a CSV or XLSX file.") % {"kind": kind}
            )
    if start.lstrip().lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        raise UnreadableError(_("This is a web page or XML, not a table. Send a CSV or XLSX file."))
    return read_delimited(path, limits, manner)
