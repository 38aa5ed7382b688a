"""Letters that nobody types: what is left of a word on the way into the index, and of a word looked for.

Accents are taken off by the databases themselves. Here is what they leave: letters that are no letter with an accent, and
apostrophes. A word with one is found as it is, without it (OBrien, Kauai), and by what follows it (Brien).
"""

from __future__ import annotations

from collections.abc import Iterator

APOSTROPHES = "'’‘ʻʼ`´ʹ′"
LETTERS = {
    **dict(zip("đðħıłøŧ", "ddhilot", strict=True)),
    **dict(zip("ĐÐĦİŁØŦ", "DDHILOT", strict=True)),
    "æ": "ae", "œ": "oe", "ß": "ss", "þ": "th", "Æ": "AE", "Œ": "OE", "ẞ": "SS", "Þ": "TH",
}  # fmt: skip
_MOST_WITHIN = 12
_JOINED = str.maketrans({**LETTERS, **dict.fromkeys(APOSTROPHES, "")})


def joined(text: str) -> str:
    """Text looked for."""
    return text.translate(_JOINED)


def in_sql(text: str) -> str:
    """What is indexed of an SQL expression: its words joined over apostrophes, and parted by them where there are some."""
    step = f"SELECT {text} AS said"
    one_apostrophe = dict.fromkeys(APOSTROPHES[1:], APOSTROPHES[0])
    for by in (*_in_steps(LETTERS), one_apostrophe):
        step = f"SELECT {_replaced('said', by)} AS said FROM ({step}) AS step"
    return (
        "(SELECT replace(said, '''', '') || "
        "CASE WHEN said LIKE '%''%' THEN ' ' || replace(said, '''', ' ') ELSE '' END "
        f"FROM ({step}) AS step)"
    )


def _in_steps(by: dict[str, str]) -> Iterator[dict[str, str]]:
    """A part at a time: SQLite reads no more than some 25 calls within one another."""
    pairs = list(by.items())
    return (dict(pairs[at : at + _MOST_WITHIN]) for at in range(0, len(pairs), _MOST_WITHIN))


def _replaced(text: str, by: dict[str, str]) -> str:
    for one, other in by.items():
        text = f"replace({text}, {_quoted(one)}, {_quoted(other)})"
    return text


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
