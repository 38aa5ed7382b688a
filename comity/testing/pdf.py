"""A PDF as a screen reader has it: the tags in their order, each with its words."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf

_RANGE = re.compile(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>")
_SINGLE = re.compile(r"<(\w+)>\s*<(\w+)>")
_BLOCK = re.compile(r"begin(bfchar|bfrange)(.*?)endbf", re.DOTALL)

NO_CONTENT = -1  # what is printed and not read aloud: the foot of a page


@dataclass
class Tag:
    """One part of the structure: "H1", "TH", "Figure"; its own words and those of its parts."""

    name: str
    alt: str = ""
    words: str = ""
    parts: list[Tag] = field(default_factory=list)

    def every(self, name: str = "") -> Iterator[Tag]:
        if not name or self.name == name:
            yield self
        for part in self.parts:
            yield from part.every(name)


class ReadPdf:
    """What a PDF says of itself, and what it says."""

    def __init__(self, made: bytes) -> None:
        self._file = pikepdf.open(io.BytesIO(made))
        self._words: dict[tuple[object, int], str] = {}
        for page in self._file.pages:
            self._read(page.obj)
        self.pages = len(self._file.pages)
        self.sheet = [round(float(each)) for each in self._file.pages[0].mediabox]  # in points
        self.root: Any = self._file.Root
        self.is_tagged = bool(self.root.get("/MarkInfo", pikepdf.Dictionary()).get("/Marked", False))
        self.language = str(self.root.get("/Lang", ""))
        with self._file.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as facts:
            self.title = str(facts.get("dc:title", ""))
            self.accessible_part = str(facts.get("pdfuaid:part", ""))
        self.document = self._tag(self.root.StructTreeRoot)

    def tags(self, name: str) -> list[Tag]:
        return list(self.document.every(name))

    def said(self, name: str) -> list[str]:
        """The words of every tag of that name."""
        return [tag.words for tag in self.tags(name)]

    @property
    def words(self) -> str:
        return self.document.words

    @property
    def on_paper(self) -> str:
        """Everything that is printed, also what no reader reads aloud."""
        return _one_line(" ".join(self._words.values()))

    @property
    def fonts(self) -> set[str]:
        return {str(font.BaseFont) for page in self._file.pages for font in _fonts(page.obj).values()}

    # --- reading --------------------------------------------------------------------------------------------------

    def _tag(self, item: Any, page: Any = None) -> Tag:
        page = item.get("/Pg", page)
        tag = Tag(str(item.get("/S", "/Document"))[1:], alt=str(item.get("/Alt", "")))
        kids = item.get("/K", [])
        words = []
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, int):
                words.append(self._words.get((page.objgen, kid), ""))
            elif "/MCID" in kid:
                words.append(self._words.get((kid.get("/Pg", page).objgen, int(kid.MCID)), ""))
            elif kid.get("/Type") != pikepdf.Name.OBJR:
                tag.parts.append(self._tag(kid, page))
                words.append(tag.parts[-1].words)
        tag.words = _one_line(" ".join(words))
        return tag

    def _read(self, page: Any) -> None:
        """The words of each piece of marked content."""
        fonts = {name: _letters(font) for name, font in _fonts(page).items()}
        letters: dict[int, str] = {}
        within: list[int] = []
        said_at = 0  # how deep the part lies that says itself what its letters are
        for step in pikepdf.parse_content_stream(page):
            operands: Any = step.operands
            match str(step.operator):
                case "BDC" | "BMC":
                    facts = operands[1] if len(operands) > 1 else {}
                    number = facts.get("/MCID") if isinstance(facts, pikepdf.Dictionary) else None
                    outer = within[-1] if within else NO_CONTENT
                    within.append(outer if number is None else int(number))
                    if isinstance(facts, pikepdf.Dictionary) and "/ActualText" in facts:
                        self._add(page, within[-1], str(facts.ActualText))
                        said_at = said_at or len(within)
                case "EMC":
                    said_at = 0 if said_at == len(within) else said_at
                    within.pop()
                case "Tf":
                    letters = fonts[str(operands[0])]
                case "Tj" | "TJ":
                    shown = operands[0] if str(step.operator) == "TJ" else operands
                    text = "".join(
                        _decoded(bytes(part), letters) for part in shown if isinstance(part, pikepdf.String)
                    )
                    self._add(page, within[-1] if within else NO_CONTENT, "" if said_at else text)
                case "ET":
                    self._add(page, within[-1] if within else NO_CONTENT, " ")

    def _add(self, page: Any, number: int, text: str) -> None:
        key = (page.objgen, number)
        self._words[key] = self._words.get(key, "") + text


def _fonts(page: Any) -> Any:
    return page.get("/Resources", pikepdf.Dictionary()).get("/Font", pikepdf.Dictionary())


def _decoded(codes: bytes, letters: dict[int, str]) -> str:
    return "".join(letters.get(int.from_bytes(codes[at : at + 2]), "?") for at in range(0, len(codes), 2))


def _letters(font: Any) -> dict[int, str]:
    """What each two-byte code of a font stands for."""
    found: dict[int, str] = {}
    for kind, block in _BLOCK.findall(font.ToUnicode.read_bytes().decode("ascii", "replace")):
        if kind == "bfchar":
            for code, text in _SINGLE.findall(block):
                found[int(code, 16)] = bytes.fromhex(text).decode("utf-16-be")
        else:
            for first, last, text in _RANGE.findall(block):
                start = bytes.fromhex(text).decode("utf-16-be")
                for step in range(int(last, 16) - int(first, 16) + 1):
                    found[int(first, 16) + step] = start[:-1] + chr(ord(start[-1]) + step)
    return found


def _one_line(words: str) -> str:
    return " ".join(words.replace("\u200b", "").split())
