"""Characters that nobody sees: they come with text copied from web pages and mail, and make two of what is one."""

from __future__ import annotations

import re
import unicodedata

# Joiners that shape the letters around them, in scripts that need them, and join emoji; nobody misses others.
_JOINERS = "\u200c\u200d"
_NEEDED_BY = (
    "ARABIC", "BENGALI", "DEVANAGARI", "GUJARATI", "GURMUKHI", "KANNADA", "KHMER", "MALAYALAM", "MONGOLIAN", "MYANMAR",
    "ORIYA", "SINHALA", "SYRIAC", "TAMIL", "TELUGU",
)  # fmt: skip
_ENDS = "\u2028\u2029"  # of lines and paragraphs: words on both sides stay two
# Nothing stands for them in print, though they are no format characters.
_BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"
_UNSEEN = re.compile(
    f"[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0e\ufeff\ufff9-\ufffb{_BLANK}]"
)


def without_unseen(text: str) -> str:
    """The text without zero-width signs, direction marks, soft hyphens and the like.

    A joiner between two letters of a script that needs it stays, and one between two emoji; without_unseen is its own
    repetition: without_unseen(without_unseen(text)) == without_unseen(text).
    """
    if text.isascii() or not _UNSEEN.search(text):
        return text
    kept: list[str] = []
    for place, sign in enumerate(text):
        if sign in _JOINERS:
            stays = bool(kept) and _needs_it(kept[-1]) and _needs_it(_next(text, place))
        else:
            stays = not _UNSEEN.match(sign)
        if stays or sign in _ENDS:
            kept.append(sign if stays else " ")
    return "".join(kept)


def _next(text: str, place: int) -> str:
    return next((sign for sign in text[place + 1 :] if not _UNSEEN.match(sign)), " ")


def _needs_it(sign: str) -> bool:
    name = unicodedata.name(sign, "")
    return name.startswith(_NEEDED_BY) or unicodedata.category(sign) in {"So", "Sk"} or sign == "\ufe0f"
