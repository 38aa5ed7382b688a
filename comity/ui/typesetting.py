"""From plain values to a PDF for print and for screen readers (PDF/UA-1), set by Typst in the face of the pages.

What people wrote goes in as JSON and is read there as strings: it is never part of the template, so no sign in it can
do anything. Nothing is fetched. What the face of the pages lacks is set in another font of this machine or of Typst.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import bidirectional, category, normalize

import typst
from django.http import HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from comity.core.unseen import without_unseen
from comity.ui import paper

ROOMS = (
    Path(__file__).resolve().parent.parent
)  # within which a template may import: ui/print/house.typ is for all
LONGEST_WORD = 24  # letters; a longer one may be broken anywhere, so that it never leaves its column
MOST_TOLD = 12
MOST_TURNS = 5

_BOX = "\u25a1"
_UNSEEN = {"name", "alt"}  # what is read and not set: it keeps all its letters
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")
_LONG = re.compile(rf"\S{{{LONGEST_WORD},}}")
_MAY_BREAK = "\u200b"
# A letter without a glyph is refused by PDF/UA-1, as nobody could read it; each is named.
_NO_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


def typeset(template: Path, data: Mapping[str, Any]) -> bytes:
    """The template with these values as a PDF.

    data  what the template reads; what `ui/print/house.typ` asks of every sheet is said there

    A letter for which there is no font stands as a box, and the last sheet says which (`boxed`).
    """
    look = {"colours": paper.colours(), "sign": paper.SIGN.read_text()}
    boxed: list[str] = []
    for _turn in range(MOST_TURNS):
        try:
            return _compiled(template, {**_all_printable(data, boxed), **look, "boxed": _told(boxed)})
        except typst.TypstError as error:
            lacking = set(_NO_GLYPH.findall(error.diagnostic))
            if not lacking:
                raise
            boxed += [_ESCAPED.sub(lambda code: chr(int(code[1], 16)), each) for each in lacking]
        except BaseException as error:
            # Typst breaks off at heaps of marks between letters that go to the left.
            if type(error).__name__ != "PanicException":
                raise
            boxed += {sign for sign in json.dumps(data, ensure_ascii=False) if _is_hard(sign)}
        boxed.sort(key=len, reverse=True)
    raise ValueError(f"{len(boxed)} letters stand as boxes, and still there are others.")


def pdf_response(made: bytes, name: str) -> HttpResponse:
    """A PDF to be kept under this name."""
    return HttpResponse(
        made,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}.pdf"'},
    )


def _compiled(template: Path, data: Mapping[str, Any]) -> bytes:
    made = typst.compile(
        template,
        root=ROOMS,
        format="pdf",
        font_paths=fonts(),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["ua-1"],
    )
    if not isinstance(made, bytes):
        raise TypeError("A PDF is one file.")
    return made


@cache
def fonts() -> typst.Fonts:
    """Those at hand: the face of the pages, those of this machine, those that come with Typst."""
    return typst.Fonts(font_paths=[paper.FACE])


def _told(boxed: Sequence[str]) -> str:
    """Which letters stand as boxes."""
    if not boxed:
        return ""
    codes = [" ".join(f"U+{ord(sign):04X}" for sign in each) for each in sorted(boxed)]
    told = ngettext(
        "%(box)s stands for a letter for which there was no font where this was made: %(codes)s.",
        "%(box)s stands for letters for which there was no font where this was made: %(codes)s.",
        len(codes),
    )
    more = ", …" if len(codes) > MOST_TOLD else ""
    return told % {"box": _BOX, "codes": ", ".join(codes[:MOST_TOLD]) + more}


def _all_printable(value: Any, boxed: Sequence[str]) -> Any:
    """The same with every text in it printable; markup is a picture that we drew."""
    if isinstance(value, SafeString):
        return value
    if isinstance(value, str):
        return printable(value, boxed)
    if isinstance(value, Mapping):
        return {key: _all_printable(one, () if key in _UNSEEN else boxed) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_all_printable(one, boxed) for one in value]
    return value


def printable(text: str, boxed: Sequence[str] = ()) -> str:
    """The text on one line, without what nobody sees, with a box for each of the letters `boxed`."""
    text = normalize("NFC", _CONTROLS.sub(" ", without_unseen(text)))
    for letter in boxed:
        text = text.replace(letter, _BOX)
    return _LONG.sub(lambda word: "".join(map(_breakable, word.group())), " ".join(text.split()))


def _is_hard(sign: str) -> bool:
    """Whether it goes to the left, stands on another, or is no letter yet."""
    return bidirectional(sign) in {"R", "AL", "AN", "NSM"} or category(sign) == "Cn"


def _breakable(sign: str) -> str:
    """The sign with a place before it where the line may end; none within a letter, or between letters that join."""
    joins = category(sign)[0] in "MC" or bidirectional(sign) == "AL"
    return sign if joins else f"{_MAY_BREAK}{sign}"
