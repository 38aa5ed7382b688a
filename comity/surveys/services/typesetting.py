"""From plain values to a PDF for print and for screen readers (PDF/UA-1), set by Typst.

What people wrote goes in as JSON and is read there as strings: it is never part of the template, so no sign in it can
do anything. Only the fonts that come with Typst are used, and nothing is fetched.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst
from django.utils.safestring import SafeString

TEMPLATE = Path(__file__).resolve().parent.parent / "report" / "report.typ"
LONGEST_WORD = 24  # letters; a longer one may be broken anywhere, so that it never leaves its column

# A sign without a glyph would be refused, as nobody could read it. The fonts have what Latin, Greek and Cyrillic are
# written with, and the signs around them; whatever else stands as an empty box.
_UNKNOWN = "\u25a1"
_KNOWN = re.compile(
    "[\u0020-\u007e\u00a0-\u00ac\u00ae-\u024f\u0300-\u036f\u0384-\u0386\u0388-\u03ff\u0400-\u04ff\u1e00-\u1eff"
    "\u2010-\u2027\u2030-\u203f\u20a0-\u20bf\u2190-\u2193\u2200-\u22ff\u25a1]"
)
_LONG = re.compile(rf"\S{{{LONGEST_WORD},}}")
_MAY_BREAK = "\u200b"


def typeset(data: Mapping[str, Any]) -> bytes:
    """The report of these values as a PDF; `views/results/report.py` says what they are."""
    with_signs = json.dumps(_all_printable(data), ensure_ascii=False)
    made = typst.compile(
        TEMPLATE,
        root=TEMPLATE.parent,
        format="pdf",
        font_paths=[],
        ignore_system_fonts=True,
        sys_inputs={"data": with_signs},
        pdf_standards=["ua-1"],
    )
    if not isinstance(made, bytes):
        raise TypeError("A PDF is one file.")
    return made


def _all_printable(value: Any) -> Any:
    """The same with every text in it printable; markup is a picture that we drew."""
    if isinstance(value, SafeString):
        return value
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {key: _all_printable(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_all_printable(one) for one in value]
    return value


def printable(text: str) -> str:
    """The text on one line, with a box for each letter that our fonts do not have."""
    signs = [
        sign if _KNOWN.match(sign) and unicodedata.category(sign) != "Cn" else _UNKNOWN
        for sign in unicodedata.normalize("NFC", _one_line(text))
        if unicodedata.category(sign) not in ("Cc", "Cf")
    ]
    return _LONG.sub(lambda word: _MAY_BREAK.join(word.group()), _one_line("".join(signs)))


def _one_line(text: str) -> str:
    return " ".join(text.split())
