"""The first sheet of an XLSX file, read as a stream and within limits.

An XLSX file is a zip of XML parts, and both are known for bombs. So the zip's directory is judged before
anything is unpacked (number of parts, their sizes, how tightly they are packed; `zipfile` never unpacks more
than the directory said), the XML goes through a push parser that refuses any document type or entity, cells are
handed on row by row, and a text shared by many cells is held once. Only cells that are there cost anything: a
sheet that declares a million columns, or puts one cell at its far corner, is refused by the column it names.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from posixpath import basename, dirname, join, normpath
from xml.parsers import expat

from django.utils.translation import gettext as _

from comity.imports.reading.styles import DAY, shaped, style_formats
from comity.imports.reading.table import Limits, Line, Table, UnreadableError, table_of

_CHUNK = 65_536
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")  # how Excel writes a letter that XML may not hold
_ERRORS = (zipfile.BadZipFile, expat.ExpatError, EOFError, NotImplementedError, OSError, KeyError, ValueError)


def read_workbook(path: Path, limits: Limits) -> Table:
    """A table out of the first sheet. Raises UnreadableError."""
    try:
        archive = zipfile.ZipFile(path)
        book = _judge(archive, limits)
        parts = _relations(archive, book)
        sheet, epoch = _first_sheet(archive, book, parts)
        shared = _shared_texts(archive, _part_of(parts, "sharedStrings"), limits)
        formats = style_formats(_part(archive, _part_of(parts, "styles")))
    except _ERRORS as error:
        raise _broken() from error
    lines = _Sheet(archive, sheet, shared, formats, epoch, limits).lines()
    return table_of(lines, read_as=_("XLSX, first sheet"), limits=limits)


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


def _first_sheet(
    archive: zipfile.ZipFile, book: str, parts: dict[str, tuple[str, str]]
) -> tuple[str, datetime]:
    """The part with the first sheet of cells people see, and the day its dates count from."""
    sheets: list[str] = []
    old_macs: list[bool] = []

    def workbook(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet" and attributes.get("state", "visible") == "visible":
            shown = [parts[value] for key, value in attributes.items() if key.endswith(" id")]
            sheets.extend(part for kind, part in shown if kind == "worksheet")
        elif name == "workbookPr" and attributes.get("date1904") in {"1", "true"}:
            old_macs.append(True)

    _parse(parser_of(workbook), _part(archive, book))
    if not sheets:
        raise UnreadableError(_("The XLSX file has no visible sheet."))
    # A spreadsheet's dates have no zone.
    return sheets[0], datetime(1904, 1, 1) if old_macs else datetime(1899, 12, 30)  # noqa: DTZ001


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
        self.waiting: list[Line] = []
        self.row, self.number, self.column = [""] * 0, 0, 0
        self.kind, self.style = "n", -1
        self.value: list[str] = []
        self.formula: list[str] = []
        self.into: list[str] | None = None
        self.spoken = False

    def lines(self) -> Iterator[Line]:
        parser = parser_of(self._start, self._end, self._text)
        try:
            with self.archive:
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
            self.number = int(attributes.get("r", self.number + 1))
            self.row, self.column = [], 0
        elif name == "rPh":
            self.spoken = True

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r")
        self.column = _column(place) if place else self.column + 1
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
            self.waiting.append(Line(self.number, self.row))
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
            self.row.extend([""] * (self.column - len(self.row) - 1))
            self.row.append(text)

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
        """A number as people see it: the shortest that is the same, a day, or digits in the shape of their format."""
        number = float(raw)
        shape = self.formats.get(self.style)
        if shape == DAY and 0 < number < 2_958_466:
            moment = self.epoch + timedelta(days=number)
            return moment.date().isoformat() if number == int(number) else moment.isoformat(" ", "seconds")
        if not number.is_integer() or abs(number) >= 10**15:
            return raw if "e" in repr(number) else repr(number)
        shown = shaped(int(number), shape) if shape and number >= 0 else None
        return str(int(number)) if shown is None else shown


def _column(place: str) -> int:
    """The column of a cell by its name: A is 1, AA is 27."""
    column = 0
    for letter in place:
        if not letter.isalpha():
            break
        column = column * 26 + ord(letter.upper()) - 64
    return column
