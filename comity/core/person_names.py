"""A person's name as it is written, read into its parts: "Dr. Ann de la Cruz, Jr." and "de la Cruz Jr., Ann" alike."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from nameparser import FAMILY_FIRST_GIVEN_LAST, Parser, Policy

_USUAL = Parser()
# Nine in ten people in Vietnam have one of these before all others, as written there, with accents and in three words.
_FAMILY_FIRST = Parser(policy=Policy(name_order=FAMILY_FIRST_GIVEN_LAST))
_VIETNAMESE = {"nguyễn", "trần", "lê", "phạm", "hoàng", "huỳnh", "phan", "vũ", "võ", "đặng", "bùi", "đỗ", "hồ", "ngô",
               "dương", "lý"}  # fmt: skip


@dataclass(frozen=True)
class NameParts:
    """What a vCard or a letter needs of a name; each part is "" or empty where there is none."""

    family: str
    given: str
    additional: str = ""
    prefix: str = ""
    suffixes: tuple[str, ...] = ()
    nickname: str = ""


def parts_of(name: str) -> NameParts:
    """The parts of a name. A name of one word is a given one, unless it is a family's by its looks ("de la Cruz").

    Which word is which is known to `nameparser`; it never loses one. Worked examples: tests/test_person_names.py.
    """
    words = unicodedata.normalize("NFC", name).casefold().replace(",", " , ").split()
    vietnamese = len(words) > 2 and words[0] in _VIETNAMESE and "," not in words[:3]
    read = (_FAMILY_FIRST if vietnamese else _USUAL).parse(name)
    if not read.family and not read.given:  # a word that would be a title before others: Prince, Major
        return NameParts("", name.strip())
    suffixes = tuple(filter(None, (each.strip() for each in read.suffix.split(","))))
    return NameParts(read.family, read.given, read.middle, read.title, suffixes, read.nickname)
