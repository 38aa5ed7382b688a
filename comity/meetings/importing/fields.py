"""What a row says of an event: read from its cells, and put together as plain facts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.imports import parsing
from comity.imports.profiles import Field
from comity.meetings.models import Meeting
from comity.partners.importing.fields import PARTNER

_ONE = re.compile(
    r"[^;,<>@]*,?[^;,<>@]*<[^>]*>|[^;,\n]+"
)  # a comma may part a family's name from a given one
_CLOCKS = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M:%S %p")

People = list[tuple[str, str]]


def clock(cell: str) -> str:
    """ "09:30". Raises CellError."""
    for form in _CLOCKS:
        try:
            return f"{datetime.strptime(cell.upper().replace('.', ''), form):%H:%M}"  # noqa: DTZ007  (no day, no zone)
        except ValueError:
            continue
    raise parsing.CellError(_("“%(text)s” is not a time.") % {"text": cell[:40]})


def moment(cell: str) -> tuple[str, str]:
    """A day, and the time where there is one."""
    found = re.fullmatch(r"(\S+?)[T ]\s*(\d{1,2}:\d\d.*)", cell)
    return (parsing.day(found[1]), clock(found[2])) if found else (parsing.day(cell), "")


def people(cell: str) -> People:
    """Names and addresses: “Ben Okafor <ben@parks.example.gov>; eve@parks.example.gov; Someone Else”."""
    found = []
    for one in filter(None, (part.strip() for part in _ONE.findall(cell))):
        address = re.search(r"[^\s<>\"']+@[^\s<>\"']+", one)
        name = re.sub(r"<[^>]*>", "", one).strip(" \"'")
        found.append((name if "@" not in name else "", address[0].lower() if address else ""))
    return found


def _said_private(cell: str) -> list[bool]:
    return [cell.strip().casefold() in {"private", "confidential", "personal", "true", "yes"}]


FIELDS = (
    Field("uid", "UID", gettext_lazy("By it, an event is met again."), parse=parsing.text(2_000), tells=True),
    Field("occurrence", gettext_lazy("Which time of one that repeats"), parse=parsing.text(40), tells=True),
    Field(
        "starts",
        gettext_lazy("Starts"),
        gettext_lazy("A day, with or without a time by the office’s clock."),
        parse=moment,
        synonyms=["start", "start date", "date", "day", "held on", "when"],
        required=True,
        strict=True,
    ),
    Field("start_time", gettext_lazy("Time"), parse=clock, synonyms=["start time", "held at"], strict=True),
    Field("all_day", gettext_lazy("Whole day"), parse=parsing.yes_no, synonyms=["all day event"]),
    Field(
        "title",
        gettext_lazy("What it is about"),
        parse=lambda cell: cell[:200],
        synonyms=["subject", "summary", "about"],
    ),
    Field("place", gettext_lazy("Where"), parse=lambda cell: cell[:200], synonyms=["location", "where"]),
    Field(
        "how",
        gettext_lazy("How"),
        choices=lambda: dict(Meeting.How.choices),
        spellings={"video": Meeting.How.VIDEO, "phone": Meeting.How.PHONE},
        otherwise=Meeting.How.IN_PERSON,
    ),
    Field("partner", gettext_lazy("With"), names=PARTNER, synonyms=["agency", "organization"]),
    Field("organizer", gettext_lazy("Who asked"), parse=people, synonyms=["meeting organizer"]),
    Field(
        "attendees",
        gettext_lazy("Who was asked"),
        parse=people,
        synonyms=["required attendees", "optional attendees", "people", "guests"],
        many=True,
    ),
    Field("status", gettext_lazy("Whether it stands"), parse=parsing.text(40)),
    Field(
        "private",
        gettext_lazy("Whether it is private"),
        parse=_said_private,
        synonyms=["sensitivity"],
        many=True,
    ),
)


def key_of(said: Mapping[str, Any]) -> str:
    """What an event is met again by; one without a UID by all that tells it apart."""
    which = said.get("uid") or repr(facts_of(said))
    return hashlib.sha256(f"{which}\n{said.get('occurrence', '')}".encode()).hexdigest()


def facts_of(said: Mapping[str, Any]) -> dict[str, Any]:
    """What a row says of an event, as plain values."""
    on, at = said["starts"]
    return {
        "on": on,
        "at": "" if said.get("all_day") else said.get("start_time") or at,
        "title": said.get("title", ""),
        "place": said.get("place", ""),
        "how": said.get("how") or Meeting.How.IN_PERSON.value,
        "canceled": said.get("status", "").casefold() in {"canceled", "cancelled"},
    }


def asked_on(said: Mapping[str, Any]) -> People:
    """Who asked, and who was asked."""
    return [*said.get("organizer", []), *said.get("attendees", [])]
