"""Which cell formats of an XLSX file show a day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from xml.parsers import expat

# Formats every spreadsheet knows by number; 14-17 and 22 are days, 27-36 and 50-58 days of East Asia.
_KNOWN = {14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)}
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


def date_styles(chunks: Iterator[bytes]) -> set[int]:
    """The numbers of the styles, as cells name them, that show a day."""
    formats: dict[int, str] = {}
    styles: list[int] = []
    inside: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(" ")[2]
        if name == "numFmt":
            formats[int(attributes.get("numFmtId", -1))] = attributes.get("formatCode", "")
        elif name == "xf" and inside and inside[-1] == "cellXfs":
            styles.append(int(attributes.get("numFmtId", 0)))
        elif name in {"cellXfs", "cellStyleXfs"}:
            inside.append(name)

    def end(name: str) -> None:
        if inside and name.rpartition(" ")[2] == inside[-1]:
            inside.pop()

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = _refuse
    for chunk in chunks:
        parser.Parse(chunk, False)
    with suppress(expat.ExpatError):
        parser.Parse(b"", True)
    return {index for index, number in enumerate(styles) if _shows_day(number, formats)}


def _refuse(*_args: object) -> None:
    raise ValueError("a document type in a style sheet")


def _shows_day(number: int, formats: dict[int, str]) -> bool:
    if number in _KNOWN:
        return True
    code = _QUOTED.sub("", formats.get(number, "")).casefold()
    return "y" in code or "d" in code
