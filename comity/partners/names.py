"""Names of bodies and people: how they are tidied, compared, and how a likely other spelling is proposed.

`key` decides: two names of one key are one name. `proposal_key` only proposes: bodies that share it are shown to a
person as a likely pair ("Dept. of Revenue" and "Revenue Department"), and never joined without one.
"""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.core.unseen import without_unseen

LONGEST_NAME = 300
LONGEST_PERSON_NAME = 200

# Letters with dots between them are one word: D.O.T., U.S.
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_APOSTROPHES = re.compile("['’‘ʼ`]")
_ACCENTS = re.compile("[\u0300-\u036f]")

_LEFT_OUT = frozenset({"a", "an", "and", "de", "for", "la", "of", "on", "the", "to"})

WHOLE_WORD = {
    "adm": "administration", "admin": "administration", "agcy": "agency", "agri": "agriculture",
    "assn": "association", "assoc": "association", "auth": "authority", "bd": "board", "bur": "bureau",
    "co": "county", "cnty": "county", "cty": "county", "coll": "college", "comm": "commission",
    "commn": "commission", "conserv": "conservation", "corp": "corporation", "corr": "corrections",
    "ct": "court", "ctr": "center", "centre": "center", "dept": "department", "dep": "department",
    "dpt": "department", "dev": "development", "dir": "director", "dist": "district", "div": "division",
    "econ": "economic", "ed": "education", "educ": "education", "env": "environmental", "environ": "environmental",
    "exec": "executive", "fin": "finance", "ft": "fort", "gen": "general", "gov": "governor",
    "govs": "governors",
    "govt": "government", "hlth": "health", "hosp": "hospital", "hwy": "highway", "info": "information",
    "ins": "insurance", "inst": "institute", "intl": "international", "lib": "library",
    "lt": "lieutenant", "marshall": "marshal", "metro": "metropolitan",
    "mgmt": "management", "mgt": "management", "mt": "mount", "mun": "municipal", "natl": "national",
    "off": "office", "ofc": "office", "pub": "public", "rec": "recreation", "reg": "regional", "rehab": "rehabilitation",
    "res": "resources", "sch": "school", "sec": "secretary", "ste": "saint", "st": "saint",
    "serv": "services", "srvc": "services", "srvcs": "services", "svc": "services", "svcs": "services",
    "service": "services", "tech": "technology", "trans": "transportation", "transp": "transportation",
    "twp": "township", "univ": "university", "util": "utilities", "vets": "veterans",
}  # fmt: skip


def tidy(name: str, *, longest: int = LONGEST_NAME) -> str:
    """A name as it is kept: composed letters, single spaces, nothing unseen. May come out empty.

    Raises DomainError when it is longer than `longest` characters.
    """
    if name.isascii() and name.isprintable():
        seen = name
    else:
        seen = "".join(
            " " if unicodedata.category(sign) == "Cc" else sign
            for sign in without_unseen(unicodedata.normalize("NFC", name))
        )
    tidied = " ".join(seen.split())
    if len(tidied) > longest:
        raise DomainError(
            _("“%(start)s…” has %(length)s characters. A name can have up to %(longest)s.")
            % {"start": tidied[:40], "length": f"{len(tidied):,}", "longest": longest}
        )
    return tidied


def key(name: str) -> str:
    """A name compared without case and extra space: two names of one key are one name.

    key(key(name)) == key(name). May be up to three times as long as the name.
    """
    if name.isascii():
        return " ".join(name.lower().split())
    folded = unicodedata.normalize("NFD", without_unseen(name)).casefold()
    return " ".join(unicodedata.normalize("NFC", folded).split())


def proposal_key(name: str) -> str:
    """The same for spellings that often mean one body, so that a person can be asked whether they do.

    Accents, punctuation, small words and the order of words count for nothing; "&" is "and", usual abbreviations are
    written out, St. is Saint. Never empty for a name that is not. Depends on `key(name)` alone, and
    proposal_key(proposal_key(name)) == proposal_key(name).
    """
    kept = sorted(WHOLE_WORD.get(word, word) for word in plain_words(name) if word not in _LEFT_OUT)
    return " ".join(kept) or key(name)


def plain_words(name: str) -> list[str]:
    """Its words in their order, without case, accents and punctuation; letters with dots are one word."""
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", key(name))).casefold()
    plain = _DOTTED.sub(lambda found: found.group().replace(".", "") + " ", plain)
    return re.findall(r"[^\W_]+", _APOSTROPHES.sub("", plain))


def bare_code(code: str) -> str:
    """A code of digits without the zeros in front, as a spreadsheet leaves it; empty for any other."""
    key = code_key(code)
    return key.lstrip("0") if key.isdigit() else ""


def share_a_word(one: str, other: str) -> bool:
    """Whether two names have a word of more than one letter in common, whatever its case and accents."""
    ours, theirs = ({word for word in proposal_key(name).split() if len(word) > 1} for name in (one, other))
    return bool(ours & theirs)


def code_key(code: str) -> str:
    """A code compared without case and any space."""
    return "".join(unicodedata.normalize("NFKC", without_unseen(code)).casefold().split())
