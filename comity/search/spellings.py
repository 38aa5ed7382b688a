"""Other ways in which a name that somebody types is also written: DeSoto and De Soto, Saint and St., JR and J. R."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

_PARTICLES = {"de", "del", "di", "du", "el", "la", "las", "le", "los", "mac", "mc", "van", "von"}
_SHORT = {"saint": "st", "fort": "ft", "mount": "mt", "sainte": "ste"}
_SWAPPED = _SHORT | {short: whole for whole, short in _SHORT.items()}
_PARTED = re.compile(rf"({'|'.join(sorted(_PARTICLES, key=len, reverse=True))})(.{{3,}})")
_CONSONANT = "([b-df-hj-np-tv-z])"
_INITIALS = re.compile(_CONSONANT + _CONSONANT)  # two letters that are no beginning of a word


def spellings(words: Sequence[str]) -> list[list[str]]:
    """The words as they are first, then as they may be written; none twice. A row has to have all the words of one."""
    small = [word.lower() for word in words]
    # "Parks and Recreation" is "Parks & Recreation", where nothing stands for the word.
    small = [word for at, word in enumerate(small) if word != "and" or at in (0, len(small) - 1)]
    ways = [
        small,
        _joined(small),
        list(chain.from_iterable(map(_parts, small))),
        [_swapped(word) for word in small],
    ]
    # The letters of JR alone may be the beginning of any word.
    lone = list(small[0]) if len(small) == 1 else []
    return [way for at, way in enumerate(ways) if way not in ways[:at] and (at == 0 or way != lone)]


def _joined(words: Sequence[str]) -> list[str]:
    """De Soto as DeSoto, J. R. as JR."""
    found: list[str] = []
    for at, word in enumerate(words):
        before = words[at - 1] if at else ""
        if before in _PARTICLES or (len(before) == len(word) == 1 and before.isalpha()):
            found[-1] += word
        else:
            found.append(word)
    return found


def _parts(word: str) -> Sequence[str]:
    """DeSoto as De Soto, JR as J. R."""
    known = word in _SWAPPED or word in _PARTICLES
    parted = None if known else _PARTED.fullmatch(word) or _INITIALS.fullmatch(word)
    return parted.groups() if parted else (word,)


def _swapped(word: str) -> str:
    """Saint as St., McDonald as MacDonald, and back."""
    for one, other in (("mac", "mc"), ("mc", "mac")):
        if word.startswith(one) and len(word) >= len(one) + 3:
            return other + word.removeprefix(one)
    return _SWAPPED.get(word, word)
