"""What the number formats of an XLSX file make of a number: a day, or digits in a shape (codes, phone numbers)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from xml.parsers import expat

# Formats every spreadsheet knows by number; 14-17 and 22 are days, 27-36 and 50-58 days of East Asia.
_DAYS = {14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)}
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_TOKENS = re.compile(r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|(?P<digit>[0#])|(?P<literal>[-() ])|(?P<other>.)')
_BOUND = re.compile(r"\[<=(\d+)\]")
DAY = "day"  # said of a style instead of the code of its format


def style_formats(chunks: Iterator[bytes]) -> dict[int, str]:
    """The styles, by the number cells name them with, that make something else of a number: DAY, or a format's code."""
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
    known = {number: _kind(number, code) for number, code in formats.items()} | dict.fromkeys(_DAYS, DAY)
    return {index: known[number] for index, number in enumerate(styles) if known.get(number)}


def _refuse(*_args: object) -> None:
    raise ValueError("a document type in a style sheet")


def _kind(number: int, code: str) -> str:
    """DAY, the code itself if it is a shape, or nothing if numbers stay as they are."""
    bare = _QUOTED.sub("", code).casefold()
    if number in _DAYS or "y" in bare or "d" in bare:
        return DAY
    return code if shaped(10**12, code) is not None else ""


def shaped(number: int, code: str) -> str | None:
    """A whole number as a format of digits shows it: 42 by `0000` is 0042; None where it says how much, not which.

    Of several sections the first counts, or the second where the first has a bound the number is past: as Excel writes
    phone numbers with and without their area.
    """
    sections = code.split(";")
    bound = _BOUND.match(sections[0])
    section = sections[1] if bound and len(sections) > 1 and number > int(bound[1]) else sections[0]
    tokens = list(_TOKENS.finditer(_BOUND.sub("", section)))
    places = sum(token.lastgroup == "digit" for token in tokens)
    if places < 2 or any(token.lastgroup == "other" for token in tokens):
        return None
    digits = str(number)
    pieces: list[str] = []
    for token in reversed(tokens):
        if token.lastgroup != "digit":
            pieces.append(token[token.lastgroup or 0])
            continue
        places -= 1
        taken = digits if not places else digits[-1:]
        pieces.append(taken or ("0" if token["digit"] == "0" else ""))
        digits = digits[: len(digits) - len(taken)]
    return "".join(reversed(pieces))
