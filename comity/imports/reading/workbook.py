"""A sheet of an XLSX file, read as a stream and within limits.

An XLSX file is a zip of XML parts, and both are known for bombs. So the zip's directory is judged before
anything is unpacked (number of parts, their sizes, how tightly they are packed; `zipfile` never unpacks more
than the directory said), the XML goes through a push parser that refuses any document type or entity, cells are
handed on row by row, and a text shared by many cells is held once. Only cells that are there cost anything: a
sheet that declares a million columns, or puts one cell at its far corner, is refused by the column it names.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, suppress
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from posixpath import basename, dirname, join, normpath
from xml.parsers import expat

from django.utils.translation import gettext as _

from comity.imports.reading.headers import FIRST
from comity.imports.reading.merged import Merged, column_of
from comity.imports.reading.styles import DAY, shaped, style_formats
from comity.imports.reading.table import MANNER, Limits, Line, Manner, Table, UnreadableError, table_of

_CHUNK = 65_536
_SHEETS = 50  # looked into for a table
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")  # how Excel writes a letter that XML may not hold
_ERRORS = (zipfile.BadZipFile, expat.ExpatError, EOFError, NotImplementedError, OSError, KeyError, ValueError)


def read_workbook(path: Path, limits: Limits, manner: Manner = MANNER) -> Table:
    """A table out of one sheet: the one that was said, or the first that holds a table. Raises UnreadableError."""
    try:
        archive = zipfile.ZipFile(path)
        book = _judge(archive, limits)
        parts = _relations(archive, book)
        sheets, epoch = _sheets(archive, book, parts)
        shared = _shared_texts(archive, _part_of(parts, "sharedStrings"), limits)
        formats = style_formats(_part(archive, _part_of(parts, "styles")))
    except _ERRORS as error:
        raise _broken() from error
    readers = {name: _Sheet(archive, part, shared, formats, epoch, limits) for name, part in sheets}
    sheet = _said(manner.sheet, list(readers)) if manner.sheet else _with_table(readers, manner)
    read_as = _("XLSX, sheet “%(sheet)s”") % {"sheet": sheet[:60]}
    table = table_of(_to_end(archive, readers[sheet]), read_as=read_as, limits=limits, manner=manner)
    table.sheets, table.sheet = list(readers), sheet
    return table


def _said(name: str, names: list[str]) -> str:
    for one in names:
        if one.casefold() == name.strip().casefold():
            return one
    raise UnreadableError(
        _("The file has no visible sheet “%(sheet)s”. Its sheets are: %(sheets)s.")
        % {"sheet": name[:100], "sheets": ", ".join(names)[:500]}
    )


def _with_table(readers: dict[str, _Sheet], manner: Manner) -> str:
    """The first sheet with headers that are known; else the first with two columns; else the first."""

    def table_in(reader: _Sheet) -> tuple[bool, bool]:
        with closing(reader.lines()) as lines:
            rows = [line.cells for line in islice(lines, FIRST) if any(line.cells)]
        return any(map(manner.knows, rows)), len(rows) > 1 and any(len(row) > 1 for row in rows)

    if len(readers) == 1:
        return next(iter(readers))
    found = {name: table_in(reader) for name, reader in islice(readers.items(), _SHEETS)}
    return max(found, key=lambda name: found[name])


def _to_end(archive: zipfile.ZipFile, sheet: _Sheet) -> Iterator[Line]:
    with archive:
        yield from sheet.lines()


def _broken() -> UnreadableError:
    return UnreadableError(
        _("This file cannot be opened as XLSX. It may be damaged or protected. Save it again as CSV.")
    )


def _bomb() -> UnreadableError:
    return UnreadableError(
        _("This XLSX file unpacks to far more than a list needs. Save the list itself as CSV.")
    )


def _judge(archive: zipfile.ZipFile, limits: Limits) -> str:
    """The part with the workbook, of a zip that may be unpacked."""
    parts = archive.infolist()
    if len(parts) > limits.entries or sum(part.file_size for part in parts) > limits.inflated:
        raise _bomb()
    for part in parts:
        if part.file_size > 1_000_000 and part.file_size > limits.ratio * max(part.compress_size, 1):
            raise _bomb()
        if part.flag_bits & 0x1:
            raise _broken()
    book = _part_of(_relations(archive, ""), "officeDocument") or "xl/workbook.xml"
    if not any(part.filename == book for part in parts):
        raise UnreadableError(
            _("This is a zip or an Office file without sheets, not a table. Send a CSV or XLSX file.")
        )
    return book


def _part(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """A part piece by piece; nothing if it is not there."""
    try:
        part = archive.open(name)
    except KeyError:
        return
    with part:
        while chunk := part.read(_CHUNK):
            yield chunk


def parser_of(
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> expat.XMLParserType:
    """A parser that calls back with local names and refuses every document type, and with it every entity."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def refuse(*_args: object) -> None:
        raise _bomb()

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = lambda name, attributes: start(name.rpartition(" ")[2], attributes)
    if end is not None:
        parser.EndElementHandler = lambda name: end(name.rpartition(" ")[2])
    if text is not None:
        parser.CharacterDataHandler = text
    return parser


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """What a part refers to, or the whole file where none is named: id -> (kind, part)."""
    found: dict[str, tuple[str, str]] = {}

    def relation(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            target = attributes.get("Target", "")
            at = target.lstrip("/") if target.startswith("/") else normpath(join(dirname(part), target))
            found[attributes.get("Id", "")] = (basename(attributes.get("Type", "")), at)

    _parse(parser_of(relation), _part(archive, join(dirname(part), "_rels", f"{basename(part)}.rels")))
    return found


def _part_of(relations: dict[str, tuple[str, str]], kind: str) -> str:
    return next((part for one, part in relations.values() if one == kind), "")


def _sheets(
    archive: zipfile.ZipFile, book: str, parts: dict[str, tuple[str, str]]
) -> tuple[list[tuple[str, str]], datetime]:
    """The sheets of cells people see, each by its name and its part; and the day their dates count from."""
    sheets: list[tuple[str, str]] = []
    old_macs: list[bool] = []

    def workbook(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet" and attributes.get("state", "visible") == "visible":
            shown = [parts[value] for key, value in attributes.items() if key.endswith(" id")]
            label = attributes.get("name", "") or str(len(sheets) + 1)
            sheets.extend((label, part) for kind, part in shown if kind == "worksheet")
        elif name == "workbookPr" and attributes.get("date1904") in {"1", "true"}:
            old_macs.append(True)

    _parse(parser_of(workbook), _part(archive, book))
    if not sheets:
        raise UnreadableError(_("The XLSX file has no visible sheet."))
    # A spreadsheet's dates have no zone.
    return sheets, datetime(1904, 1, 1) if old_macs else datetime(1899, 12, 30)  # noqa: DTZ001


def _parse(parser: expat.XMLParserType, chunks: Iterator[bytes]) -> None:
    for chunk in chunks:
        parser.Parse(chunk, False)
    with suppress(expat.ExpatError):
        parser.Parse(b"", True)


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _shared_texts(archive: zipfile.ZipFile, part: str, limits: Limits) -> list[str]:
    """The texts cells share; what is spoken over them in Japanese (`rPh`) is left out."""
    texts: list[str] = []
    pieces: list[str] = []
    inside = {"t": False, "rPh": False}
    length = 0

    def start(name: str, _attributes: dict[str, str]) -> None:
        if name in inside:
            inside[name] = True
        elif name == "si":
            pieces.clear()

    def end(name: str) -> None:
        nonlocal length
        if name in inside:
            inside[name] = False
        elif name == "si":
            texts.append(_unescaped("".join(pieces)))
            length += len(texts[-1])
            if length > limits.shared_text:
                raise _bomb()

    def text(piece: str) -> None:
        if inside["t"] and not inside["rPh"]:
            pieces.append(piece)

    _parse(parser_of(start, end, text), _part(archive, part))
    return texts


class _Sheet:
    """One sheet on its way through the parser, its finished rows waiting to be taken."""

    def __init__(
        self,
        archive: zipfile.ZipFile,
        part: str,
        shared: list[str],
        formats: dict[int, str],
        epoch: datetime,
        limits: Limits,
    ) -> None:
        self.archive, self.part, self.shared, self.formats = archive, part, shared, formats
        self.epoch, self.limits = epoch, limits

    def lines(self) -> Generator[Line, None, None]:
        """Its rows, from the first; cells that are merged say downwards what the first of them says."""
        self.waiting: list[Line] = []
        self.row, self.number, self.column, self.hidden = [""] * 0, 0, 0, False
        self.kind, self.style = "n", -1
        self.value: list[str] = []
        self.formula: list[str] = []
        self.into: list[str] | None = None
        self.spoken = False

        parser = parser_of(self._start, self._end, self._text)
        try:
            self.merged = Merged(_part(self.archive, self.part))
            for chunk in _part(self.archive, self.part):
                parser.Parse(chunk, False)
                yield from self.waiting
                self.waiting.clear()
            parser.Parse(b"", True)
        except _ERRORS as error:
            raise _broken() from error
        yield from self.waiting

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._begin_cell(attributes)
        elif name in {"v", "t"}:
            self.into = None if self.spoken else self.value
        elif name == "f":
            self.into = self.formula
        elif name == "row":
            self.number = max(int(attributes.get("r", 0)), self.number + 1)
            self.row, self.column = [], 0
            self.hidden = attributes.get("hidden") in {"1", "true"} or attributes.get("ht") == "0"
        elif name == "rPh":
            self.spoken = True

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r")
        self.column = column_of(place) if place else self.column + 1
        if self.column > self.limits.columns * 5:
            raise UnreadableError(
                _("The sheet has %(n)d columns. The limit is %(most)d.")
                % {"n": self.column, "most": self.limits.columns}
            )
        self.kind, self.style = attributes.get("t", "n"), int(attributes.get("s", -1))
        self.value.clear()
        self.formula.clear()

    def _end(self, name: str) -> None:
        if name in {"v", "t", "f"}:
            self.into = None
        elif name == "c":
            self._finish_cell()
        elif name == "row":
            self.merged.fill(self.number, self.row)
            self.waiting.append(Line(self.number, self.row, hidden=self.hidden))
        elif name == "rPh":
            self.spoken = False

    def _text(self, piece: str) -> None:
        if self.into is not None:
            self.into.append(piece)

    def _finish_cell(self) -> None:
        text = self._cell("".join(self.value))
        if not text and self.formula:  # a formula nobody worked out is kept as the text it is
            text = "=" + "".join(self.formula)
        if text:
            self.row.extend([""] * (self.column - len(self.row)))
            self.row[self.column - 1] = text

    def _cell(self, raw: str) -> str:
        if self.kind == "s":
            index = int(raw or -1)
            return self.shared[index] if 0 <= index < len(self.shared) else ""
        if self.kind == "b":
            return {"1": "yes", "0": "no"}.get(raw, raw)
        if self.kind == "n" and raw:
            return self._number(raw)
        return "" if self.kind == "e" else _unescaped(raw)

    def _number(self, raw: str) -> str:
        """A number as people see it: to the fifteenth digit, a day, or digits in the shape of their format."""
        number = float(raw)
        shape = self.formats.get(self.style)
        if shape == DAY and 0 < number < 2_958_466:
            moment = self.epoch + timedelta(seconds=round(number * 86_400))
            return moment.isoformat(" ").removesuffix(" 00:00:00")
        if abs(number) >= 10**15:
            return raw
        number = float(f"{number:.15g}")
        if not number.is_integer():
            return raw if "e" in repr(number) else repr(number)
        shown = shaped(int(number), shape) if shape and number >= 0 else None
        return str(int(number)) if shown is None else shown
