"""Turning the text of a cell into a value, or into a sentence that says why it cannot be one.

Also into a row that the cell names: a partner by its code or name, somebody of the office by their e-mail address.

Every parser takes the cell without the space around it, never empty, and raises CellError.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from comity.core.unseen import without_unseen
from comity.nouns import Words
from comity.people.models import User

Parser = Callable[..., Any]  # of the text of a cell, and of NUMBERS also of the decimal mark
_EMAIL = EmailValidator()
_PLAIN_EMAIL = re.compile(r"[a-z0-9._%+-]+@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
_NAMED_EMAIL = re.compile(r".*<([^<>]+)>\s*")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_YES = {"yes", "y", "true", "1", "x", "si", "sí", "on"}
_NO = {"no", "n", "false", "0", "off"}
_DAYS = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%m/%d/%Y",
    "%m/%d/%y",
    "%d %B %Y",
    "%d %b %Y",
    "%d %b %y",
    "%B %d %Y",
    "%b %d %Y",
)
_WEEKDAY = re.compile(r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+", re.IGNORECASE)
_TIME = re.compile(
    r"(?:T|,?\s+)\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?\s*(?:[ap]\.?m\.?)?\s*(?:Z|UTC|[+-]\d\d:?\d\d)?",
    re.IGNORECASE,
)
_SERIAL = re.compile(r"([2-7]\d{4})(?:\.\d+)?")  # days as Excel counts them, from 1954 to 2119
_NUMBER = re.compile(
    r"([-+]?)(?:(\d{1,3}(?:[, ]\d{3})+)(\.\d*)?|(\d+\.?\d*(?:e[-+]?\d{1,3})?|\.\d+))", re.IGNORECASE
)
_EITHER = re.compile(
    r"[-+]?[1-9]\d{0,2}\.\d{3}"
)  # 1.200 is one and a fifth here, and twelve hundred elsewhere
_BELOW_ZERO = re.compile(r"\(([^-+()]+)\)|([^-+()]+)-")  # (500.00) and 500.00-: as ledgers write -500.00
_LARGEST = 2_147_483_647


class CellError(ValueError):
    """The cell is not what its column holds; the text says why."""


def clean(text: str, *, lines: bool = False) -> str:
    """The text without what cannot be seen and with single spaces; emoji and every script stay.

    lines  its lines stay lines, and the space in them as it is
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split()) if "  " in text and not lines else text.strip()
    kept = "".join(
        letter if letter in "\n\t" or unicodedata.category(letter) not in {"Cc", "Cs", "Co", "Cn"} else " "
        for letter in unicodedata.normalize("NFC", "\n".join(text.splitlines()) if lines else text)
    )
    kept = without_unseen(kept)
    return kept.strip() if lines else " ".join(kept.split())


def text(longest: int) -> Parser:
    """Any text of up to so many letters."""

    def parse(cell: str) -> str:
        if len(cell) > longest:
            raise CellError(
                _("It has %(n)s characters. The limit is %(most)s.")
                % {"n": f"{len(cell):,}", "most": longest}
            )
        return cell

    return parse


def paragraphs(cell: str) -> str:
    """A long text."""
    return str(text(20_000)(cell))


def whole_number(cell: str, mark: str = "") -> int:
    """A number of things: 1,200 or 1200."""
    number = _decimal(cell, mark)
    if number != number.to_integral_value() or number < 0 or number > _LARGEST:
        raise CellError(_("“%(text)s” is not a whole number.") % {"text": cell[:80]})
    return int(number)


def cents(cell: str, mark: str = "") -> int:
    """An amount in dollars, as whole cents: $1,200.50."""
    amount = _decimal(cell, mark, sign="$") * 100
    if amount != amount.to_integral_value() or abs(amount) > 10**17:
        raise CellError(_("“%(text)s” is not an amount in dollars.") % {"text": cell[:80]})
    return int(amount)


def decimal(cell: str, mark: str = "") -> str:
    """A number as it is written, without the commas between thousands: 1,200.50 is 1200.50."""
    return str(_decimal(cell, mark, sign="$"))


NUMBERS: tuple[Parser, ...] = (whole_number, cents, decimal)  # they are told the decimal mark of the file


def _decimal(cell: str, mark: str, sign: str = "") -> Decimal:
    """A number whose thousands are groups of three. Raises CellError for what may be two numbers, unless the mark is told."""
    said = cell.replace(sign, "", 1).strip() if sign else cell
    if mark == ",":
        said = said.translate({ord(","): ".", ord("."): ","})
    if below := _BELOW_ZERO.fullmatch(said):
        said = f"-{(below[1] or below[2]).strip()}"
    found = _NUMBER.fullmatch(said)
    if found is None:
        raise CellError(_("“%(text)s” is not a number as we write it: 1,200.50.") % {"text": cell[:80]})
    if not mark and _EITHER.fullmatch(said):
        raise CellError(
            _("“%(text)s” may have thousands or decimals. Say which decimal mark the file has.")
            % {"text": cell[:80]}
        )
    minus, grouped, rest, plain = found.groups()
    return Decimal(minus + (re.sub("[, ]", "", grouped) + (rest or "") if grouped else plain))


def day(cell: str) -> str:
    """A day as ISO text; days are read as American desks write them, month first, and without their time."""
    short = _WEEKDAY.sub("", cell, count=1) if cell[:1].isalpha() else cell
    if time := _TIME.search(short):
        short = short[: time.start()] if time.end() == len(short) else short
    if found := _day(short):
        return found.isoformat()
    raise CellError(_("“%(text)s” is not a date. Write it like 2026-07-01.") % {"text": cell[:80]})


def _day(short: str) -> date | None:
    if serial := _SERIAL.fullmatch(short):
        return date(1899, 12, 30) + timedelta(days=int(serial[1]))
    if len(short) == 8 and short.isdigit():
        short = f"{short[:4]}-{short[4:6]}-{short[6:]}"
    words = short if short[:4].isdigit() else short.replace("-", " ").replace(",", " ")
    words = " ".join(words.split())
    for form in _DAYS:
        try:
            found = datetime.strptime(words, form).date()  # noqa: DTZ007  (a day has no zone)
        except ValueError:
            continue
        if date(1850, 1, 1) <= found <= date(2200, 1, 1):
            return found
    return None


_CLOCKS = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "")
_NAMED_MONTHS = ("%d/%b/%y", "%d/%b/%Y", "%d-%b-%Y", "%d %b %Y", "%b %d, %Y")
_DAY_FIRST = ("%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%d.%m.%Y")
_MONTH_FIRST = ("%m/%d/%Y", "%m/%d/%y", "%m-%d-%Y")


def moment(zone: tzinfo, *, day_first: bool = False) -> Parser:
    """Moments as ISO text of Greenwich: ISO, 12/Mar/24 9:41 AM, 03/12/2024 09:41.

    zone       of cells that say none
    day_first  whether 03/12/2024 is a day of December
    """
    days = (*_NAMED_MONTHS, *(_DAY_FIRST if day_first else _MONTH_FIRST))
    forms = [f"{day} {clock}".strip() for day in days for clock in _CLOCKS]

    def read(cell: str) -> datetime:
        for at, form in enumerate(forms):
            try:
                found = datetime.strptime(cell, form)  # noqa: DTZ007  (it gets one)
            except ValueError:
                continue
            forms.insert(0, forms.pop(at))  # most cells of a file are written alike
            return found
        raise CellError(
            _("“%(text)s” is not a moment. Write it like 2026-07-01 14:30.") % {"text": cell[:80]}
        )

    def parse(cell: str) -> str:
        try:
            found = datetime.fromisoformat(cell)
        except ValueError:
            found = read(cell)
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC).isoformat()

    return parse


def yes_no(cell: str) -> bool:
    """Yes or no, as people tick it."""
    said = cell.casefold()
    if said in _YES:
        return True
    if said in _NO:
        return False
    raise CellError(_("“%(text)s” is neither yes nor no.") % {"text": cell[:80]})


def email(cell: str) -> str:
    """One e-mail address, in small letters."""
    address = cell.removeprefix("mailto:").lower()
    if _PLAIN_EMAIL.fullmatch(address) and len(address) <= 254:
        return address
    if named := _NAMED_EMAIL.fullmatch(address):
        address = named[1].strip()
    try:
        _EMAIL(address)
    except ValidationError as error:
        raise CellError(_("“%(text)s” is not an email address.") % {"text": cell[:80]}) from error
    if len(address) > 254:
        raise CellError(_("The email address is longer than 254 characters."))
    return address


def website(cell: str) -> str:
    """The address of a web site; without its https:// it gets one."""
    address = cell if "://" in cell else f"https://{cell}"
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise CellError(_("“%(text)s” is not a web address.") % {"text": cell[:80]}) from error
    host = (parts.hostname or "").lower()
    right = parts.scheme in {"http", "https"} and _DOMAIN.fullmatch(host)
    if not right or len(address) > 200 or " " in address:
        raise CellError(_("“%(text)s” is not a web address.") % {"text": cell[:80]})
    return address


def listing(one: Parser) -> Parser:
    """Several values in one cell, separated by semicolons or line ends."""

    def parse(cell: str) -> list[Any]:
        parts = [part.strip() for part in re.split(r"[;\n]", cell)]
        return list(dict.fromkeys(one(part) for part in parts if part))

    return parse


def domain(cell: str) -> str:
    """An internet domain: `dor.franklin.gov`, also out of a web or mail address."""
    name = cell.lower().rpartition("://")[2].rpartition("@")[2].split("/", maxsplit=1)[0]
    name = name.removeprefix("www.").rstrip(".")
    if len(name) > 253 or not _DOMAIN.fullmatch(name):
        raise CellError(_("“%(text)s” is not an internet domain.") % {"text": cell[:80]})
    return name


def fips(cell: str) -> str:
    """A FIPS code; a county's five digits lose their first zero in a spreadsheet and get it back."""
    code = cell.replace(" ", "")
    if not code.isascii() or not code.isdigit() or len(code) > 10:
        raise CellError(_("“%(text)s” is not a FIPS code, which has only digits.") % {"text": cell[:80]})
    return code.zfill(5) if len(code) == 4 else code


def plainly(text: str) -> str:
    """Without case and extra space."""
    return " ".join(text.casefold().split())


@dataclass(frozen=True)
class Lookup:
    """Which rows may be named, and by what.

    rows     those that may be named
    by       the fields that name one, the surest first: ("code", "name", "aliases__name")
    keys     of a field, what two spellings have in common, where that is more than case and extra space
    unknown  what is said of a name that is none, where there is more to say than that it is not known: %(name)s
    """

    rows: Callable[[], QuerySet[Any]]
    by: Sequence[str]
    keys: Mapping[str, Callable[[str], str]] = field(default_factory=dict)
    unknown: Words = ""

    def read(self) -> Names:
        """All names, for one file: a query for each field."""
        return Names(self)

    def words(self, pk: int) -> str:
        """What the row is called."""
        row = self.rows().model._base_manager.filter(pk=pk).first()
        return str(row or pk)


STAFF = Lookup(User.objects.office, by=("email", "name"))


class Names:
    """Every name there is, held in memory while a file is read."""

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup
        self.tables = {field: self._named_by(field) for field in lookup.by}

    def _named_by(self, field: str) -> dict[str, set[int]]:
        found: dict[str, set[int]] = {}
        for pk, name in self.lookup.rows().order_by("pk").values_list("pk", field):
            if name:
                found.setdefault(self._key(field, name), set()).add(pk)
        return found

    def _key(self, field: str, name: str) -> str:
        return self.lookup.keys.get(field, plainly)(name)

    def find(self, said: str) -> int:
        """The row that a cell names. Raises CellError where it is none, or one of several."""
        for by, table in self.tables.items():
            found = table.get(self._key(by, said), set())
            if len(found) > 1:
                raise CellError(
                    _("Several are called “%(name)s”, so we cannot tell which one you mean.")
                    % {"name": said[:100]}
                )
            if found:
                return next(iter(found))
        raise CellError(str(self.lookup.unknown or _("We cannot find “%(name)s”.")) % {"name": said[:100]})
