"""Heads of the chain, kept where an administrator of the database does not reach them without being seen.

The chain proves what lies between its ends; that it was cut, wiped or written anew only a head kept elsewhere shows. So every
day one line of JSON goes to a file beside the data and to each witness that COMITY_TRAIL_WITNESSES names. A line keeps
a head, or says that a new chain begins (a backup restored, a demo made anew) and why: what any witness kept before is then
not compared any more, and `verify` says that it is so.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from pathlib import Path
from typing import Protocol
from urllib.error import HTTPError
from urllib.parse import unquote, urlsplit, urlunsplit
from urllib.request import Request, urlopen

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.audit.models import Block
from comity.core.errors import DomainError
from comity.nouns import Trait, all_of

SECONDS = 10
MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class Line:
    """What is given to a witness: the head at a moment, "" while nothing was sealed, and why a new chain begins, if one does."""

    at: datetime
    head: str
    begins: str = ""

    def __str__(self) -> str:
        begins = {"begins": self.begins} if self.begins else {}
        return json.dumps({"at": self.at.isoformat(), "head": self.head, **begins}, ensure_ascii=False)

    @property
    def when(self) -> str:
        return f"{timezone.localtime(self.at):%Y-%m-%d %H:%M}"


@dataclass(frozen=True)
class Courier(Trait):
    """Takes a line to an address by mail, or what is wrong with the trail; a room above has the mail."""

    send: Callable[[str, Line, str], None]


class Witness(Protocol):
    """Who keeps lines. Both raise OSError or HTTPException."""

    name: str

    def read(self) -> list[Line]: ...

    def add(self, line: Line) -> None: ...


class InFile:
    """A file: each line is appended."""

    def __init__(self, path: Path) -> None:
        self.path, self.name = path, str(path)

    def read(self) -> list[Line]:
        try:
            return _lines(self.path.read_text(encoding="utf-8", errors="replace"))
        except FileNotFoundError:
            return []

    def add(self, line: Line) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")


class AtAddress:
    """An address on the web: the last line is PUT there, and GET gives it back. A user and password in it are sent as such."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        self.name = f"{parts.scheme}://{host}{parts.path}"  # without what may be secret
        self.url = urlunsplit((parts.scheme, host, parts.path, parts.query, ""))
        self.headers = {"Content-Type": "application/json"}
        if parts.username:
            known = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            self.headers["Authorization"] = f"Basic {b64encode(known.encode()).decode()}"

    def read(self) -> list[Line]:
        try:
            return _lines(self._ask("GET"))
        except HTTPError as error:
            if error.code == 404:
                return []
            raise

    def add(self, line: Line) -> None:
        self._ask("PUT", f"{line}\n".encode())

    def _ask(self, method: str, body: bytes | None = None) -> str:
        asked = Request(self.url, body, self.headers, method=method)  # noqa: S310  # the environment takes https alone
        try:
            with urlopen(asked, timeout=SECONDS) as answer:  # noqa: S310
                return str(answer.read(MOST_BYTES).decode(errors="replace"))
        except HTTPError as error:
            error.close()
            raise


class ByMail:
    """People: they get a mail to keep, which only they can read again."""

    def __init__(self, address: str) -> None:
        self.name = address

    def read(self) -> list[Line]:
        return []

    def add(self, line: Line, problem: str = "") -> None:
        for courier in all_of(Courier):
            courier.send(self.name, line, problem)


def witnesses() -> list[Witness]:
    """The file of our own, and whom the installation names."""
    return [InFile(settings.TRAIL_HEADS), *map(_witness, settings.TRAIL_WITNESSES)]


def _witness(named: str) -> Witness:
    if named.startswith("https://"):
        return AtAddress(named)
    return InFile(Path(named)) if named.startswith("/") else ByMail(named)


def _lines(text: str) -> list[Line]:
    """The lines of ours in a text; others are passed over."""
    return [line for line in map(_line, text.splitlines()) if line]


def _line(text: str) -> Line | None:
    try:
        said = json.loads(text)
        line = Line(datetime.fromisoformat(said["at"]), str(said["head"]), str(said.get("begins", "")))
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return line if line.at.tzinfo else None


# --- comparing ---


@dataclass(frozen=True)
class Heard:
    """What the witnesses say.

    said        each by name with its lines since the chain began, oldest first; those with none are left out
    began       who says last that a new chain began, and the line
    unreadable  who cannot be read, and why
    """

    said: dict[str, list[Line]]
    began: tuple[str, Line] | None
    unreadable: dict[str, str]

    @property
    def heads(self) -> set[str]:
        return {line.head for lines in self.said.values() for line in lines}

    def problems(self, in_chain: Collection[str]) -> list[str]:
        """A sentence for each witness that keeps a head which is not in the chain, about its last such head."""
        gone = {
            name: lost[-1]
            for name, lines in self.said.items()
            if (lost := [line for line in lines if line.head not in in_chain])
        }
        words = _(
            "The head of %(when)s kept in %(name)s is not in the chain: the end was cut off, or the chain was rewritten."
        )
        return [words % {"when": line.when, "name": name} for name, line in gone.items()]

    def sentences(self) -> list[str]:
        """What was compared, in the order of importance; which and of when."""
        found = []
        if self.began:
            name, line = self.began
            words = _("A new chain began on %(when)s: %(why)s. So says %(name)s.")
            found.append(words % {"when": line.when, "why": line.begins, "name": name})
        words = _("Compared with the head of %(when)s kept in %(name)s.")
        found += [words % {"when": lines[-1].when, "name": name} for name, lines in self.said.items()]
        words = _("Could not be compared with %(name)s: %(why)s.")
        return found + [words % {"name": name, "why": why} for name, why in self.unreadable.items()]


def heard() -> Heard:
    """Ask all witnesses that can be asked."""
    every: dict[str, list[Line]] = {}
    unreadable = {}
    for witness in witnesses():
        try:
            every[witness.name] = witness.read()
        except (OSError, HTTPException) as error:
            unreadable[witness.name] = _why(error)
    beginnings = [(name, line) for name, lines in every.items() for line in lines if line.begins]
    began = max(beginnings, key=lambda one: one[1].at, default=None)
    said = {
        name: [line for line in lines if line.head and (began is None or line.at >= began[1].at)]
        for name, lines in every.items()
    }
    return Heard({name: lines for name, lines in said.items() if lines}, began, unreadable)


# --- keeping ---


def keep() -> str:
    """Give the head to every witness; the head. Nothing is given while a head kept before is not in the chain.

    Raises DomainError for that, where nothing is sealed yet, and where a witness does not take it (all others have it then).
    """
    line = Line(timezone.now(), _head())
    if not line.head:
        raise DomainError(_("Nothing is sealed yet. The worker seals new entries every minute."))
    before = heard()
    in_chain = set(Block.objects.filter(digest__in=before.heads).values_list("digest", flat=True))
    if problems := before.problems(in_chain):
        for witness in witnesses():
            if isinstance(witness, ByMail):
                witness.add(line, " ".join(problems))
        raise DomainError(" ".join(problems))
    _give(line)
    return line.head


def keep_daily() -> None:
    """The same, unless nothing was sealed since."""
    own = InFile(settings.TRAIL_HEADS).read()
    if (head := _head()) and (not own or own[-1].head != head):
        keep()


def begin(why: str) -> None:
    """Tell every witness that what is here now is another chain, and why. Raises DomainError where one does not take it."""
    _give(Line(timezone.now(), _head(), " ".join(why.split())))


def _give(line: Line) -> None:
    failed = []
    for witness in witnesses():
        try:
            witness.add(line)
        except (OSError, HTTPException) as error:
            failed.append(f"{witness.name}: {_why(error)}")
    if failed:
        words = _("The head of the trail, %(head)s, could not be kept in %(where)s.")
        raise DomainError(words % {"head": line.head or "–", "where": "; ".join(failed)})


def _head() -> str:
    last = Block.objects.order_by("-pk").first()
    return last.digest if last else ""


def _why(error: Exception) -> str:
    return (getattr(error, "strerror", "") or str(error) or type(error).__name__).rstrip(".")
