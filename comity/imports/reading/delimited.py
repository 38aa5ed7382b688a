"""CSV in whatever encoding and with whatever delimiter a spreadsheet wrote it."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.imports.reading.dialects import Dialect, dialect_of
from comity.imports.reading.records import records
from comity.imports.reading.table import MANNER, Limits, Line, Manner, Table, UnreadableError, table_of

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Encodings spreadsheets on American desks write, beside UTF; the likeliest first.
_OLD = ["cp1252", "mac_roman", "cp437", "cp1250", "cp850"]
_DELIMITERS = {
    ",": gettext_lazy("commas"),
    ";": gettext_lazy("semicolons"),
    "\t": gettext_lazy("tabs"),
    "|": gettext_lazy("bars"),
}
_SAMPLE = 200_000
_UNUSUAL = re.compile(r"[^\W\d_]*[^\x00-\x7f](?:[^\W\d_]|[^\x00-\x7f])*")


def read_delimited(path: Path, limits: Limits, manner: Manner = MANNER) -> Table:
    """A table out of delimited text. Raises UnreadableError."""
    if manner.sheet:
        raise UnreadableError(
            _("A CSV file has no sheets, so there is none called “%(sheet)s”.")
            % {"sheet": manner.sheet[:100]}
        )
    encoding = _encoding_of(path)
    start = _first_text(path, encoding)
    told = start[:5].lower() if start[:4].lower() == "sep=" else ""
    dialect = dialect_of(start[6:] if told else start, told[4:5])
    lines = _lines(path, encoding, dialect, limits, skip_first=bool(told))
    names = {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252"}
    read_as = _("CSV, %(encoding)s, separated by %(delimiter)s") % {
        "encoding": names.get(encoding, encoding.upper().replace("_", " ")),
        "delimiter": _DELIMITERS.get(dialect.delimiter, dialect.delimiter),
    }
    return table_of(lines, read_as=read_as, limits=limits, manner=manner)


def _lines(
    path: Path, encoding: str, dialect: Dialect, limits: Limits, *, skip_first: bool
) -> Iterator[Line]:
    number = 0
    with path.open(encoding=encoding, newline="") as file:
        if skip_first:
            file.readline()
            number = 1
        try:
            for record in records(_without_nul(file), dialect, limits, number):
                number = record.number
                yield record
        except UnicodeError as error:
            raise UnreadableError(_undecodable(encoding, number + 1)) from error


def _without_nul(file: Iterable[str]) -> Iterator[str]:
    """Lines of the file; one with a NUL in it gives the file away as no text."""
    for line in file:
        if "\x00" in line:
            raise _no_text()
        yield line


def _encoding_of(path: Path) -> str:
    """How the letters are written: told by the mark at the start, else by what all of the bytes allow."""
    with path.open("rb") as file:
        start = file.read(_SAMPLE)
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    if (wide := _wide(start)) is not None:
        return wide
    if _binary(start):
        raise _no_text()
    odd = _first_odd_byte(path)
    if odd is None:
        return "utf-8"
    return _old_encoding(path, odd)


def _wide(start: bytes) -> str | None:
    """UTF-16 without a mark: in text of ours every second byte is then zero."""
    even, odd = start[0:2000:2].count(0), start[1:2000:2].count(0)
    half = max(len(start[:2000]) // 2, 1)
    if odd > half * 0.7 and even < half * 0.1:
        return "utf-16-le"
    if even > half * 0.7 and odd < half * 0.1:
        return "utf-16-be"
    return None


def _binary(start: bytes) -> bool:
    """Whether bytes are there that text of any encoding hardly has."""
    control = sum(start.count(bytes([byte])) for byte in range(32) if byte not in b"\t\n\r\x0b\x0c\x1a")
    return b"\x00" in start or control > len(start) * 0.01 + 1


def _first_odd_byte(path: Path) -> int | None:
    """Where the file stops being UTF-8, or None if it never does."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    read = 0
    with path.open("rb") as file:
        while chunk := file.read(1_000_000):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                return max(read + error.start, 0)
            read += len(chunk)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return read - 1
    return None


def _old_encoding(path: Path, odd: int) -> str:
    """The old encoding in which the whole file reads, and best; Windows-1252 if others read as well.

    Raises UnreadableError if the bytes are UTF-8 that was damaged, or nothing fits.
    """
    with path.open("rb") as file:
        file.seek(max(odd - 50_000, 0))
        sample = file.read(_SAMPLE)
    if _mostly_utf8(sample):
        raise UnreadableError(_undecodable("utf-8", _line_of(path, odd)))
    for encoding in sorted(_OLD, key=lambda one: (-_likeness(sample, one), _OLD.index(one))):
        if _likeness(sample, encoding) >= 0 and _reads(path, encoding):
            return encoding
    raise UnreadableError(_undecodable("", _line_of(path, odd)))


def _likeness(sample: bytes, encoding: str) -> float:
    """How much like words the unusual letters look in an encoding: below zero if hardly at all.

    In the right one they are mostly Latin letters in the case of their neighbours ("Peña"); in a wrong one signs
    stand inside words ("Pe–a"). Works for a single letter, where a statistical guesser would believe anything.
    """
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError as error:
        if error.start < len(sample) - 4:
            return -1
        text = sample.decode(encoding, errors="ignore")
    points = unusual = 0
    for found in _UNUSUAL.finditer(text):
        word = found.group()
        for letter in word:
            if letter < "\x80":
                continue
            unusual += 1
            if letter.isalpha() and "LATIN" in unicodedata.name(letter, ""):
                points += 2 if word.istitle() or word.isupper() or word.islower() else 0
            elif letter in "’‘“”–—…•®©™°§« »\xa0" and (len(word) == 1 or letter in "’®™°"):
                points += 1
            else:
                points -= 2
    return points / unusual if unusual else 0


def _mostly_utf8(sample: bytes) -> bool:
    """Whether many letters are right in UTF-8 and only a few are broken: then it is UTF-8, damaged."""
    text = sample.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    right = sum(1 for letter in text if letter >= "\x80" and letter != "\ufffd")
    return right > 3 * broken


def _reads(path: Path, encoding: str) -> bool:
    try:
        with path.open(encoding=encoding, newline="") as file:
            while file.read(1_000_000):
                pass
    except UnicodeDecodeError:
        return False
    return True


def _line_of(path: Path, offset: int) -> int:
    with path.open("rb") as file:
        return file.read(offset).count(b"\n") + 1


def _no_text() -> UnreadableError:
    return UnreadableError(
        _("This is not a table. The file contains data that is not text. Send a CSV or XLSX file.")
    )


def _undecodable(encoding: str, line: int) -> str:
    if encoding.startswith("utf"):
        return _(
            "Line %(line)d has characters that are broken in this file’s encoding (%(encoding)s). "
            "Save the file again as “CSV UTF-8”."
        ) % {"line": line, "encoding": encoding.upper()}
    return _(
        "We cannot tell the encoding of this file (line %(line)d has the first unusual "
        "character). Save it again as “CSV UTF-8”."
    ) % {"line": line}


def _first_text(path: Path, encoding: str) -> str:
    try:
        with path.open(encoding=encoding, newline="") as file:
            return file.read(_SAMPLE)
    except UnicodeError as error:
        raise UnreadableError(_undecodable(encoding, 1)) from error
