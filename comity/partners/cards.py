"""People as vCards (RFC 6350, version 4.0), for an address book. Notes stay in the office."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import vText
from icalendar.parser import foldline

from comity.core.person_names import parts_of
from comity.partners.models import Person, Position


def cards(posts: Iterable[Position]) -> str:
    """A card for each person who holds one of these posts, in their order; the first of somebody's posts comes first."""
    held: dict[Person, list[Position]] = {}
    for post in posts:
        if post.person is not None:
            held.setdefault(post.person, []).append(post)
    return "".join(card_of(person, theirs) for person, theirs in held.items())


def card_of(person: Person, posts: Iterable[Position]) -> str:
    """Name, ways to reach them, and the posts they hold; lines end with CRLF and are folded."""
    name = parts_of(person.name)
    lines = [
        "BEGIN:VCARD",
        "VERSION:4.0",
        "KIND:individual",
        f"UID;VALUE=text:comity-person-{person.pk}@{urlsplit(settings.ADDRESS).hostname}",
        _line("FN", person.name),
        _line("N", name.family, name.given, name.additional, name.prefix, name.suffixes),
        *_said("NICKNAME", {"": name.nickname}),
        *_said("TEL;VALUE=text;TYPE=", {"work": person.phone, '"work,cell"': person.mobile}),
        *_said("EMAIL;TYPE=", {"work": person.email}),
    ]
    for number, post in enumerate(posts, start=1):
        lines += [
            _line(f"{name};PREF={number}", said)
            for name, said in (("ORG", post.partner.name), ("TITLE", post.title))
            if said
        ]
    lines += [f"REV:{person.updated_at:%Y%m%dT%H%M%SZ}", "END:VCARD"]
    return "".join(f"{foldline(line)}\r\n" for line in lines)


def _said(name: str, values: Mapping[str, str]) -> list[str]:
    return [_line(f"{name}{kind}", value) for kind, value in values.items() if value]


def _line(name: str, *values: str | Iterable[str]) -> str:
    """Values with what would part them escaped; several in one place are parted by commas."""
    told = ([value] if isinstance(value, str) else value for value in values)
    return f"{name}:{';'.join(','.join(map(_escaped, each)) for each in told)}"


def _escaped(text: str) -> str:
    return vText(text).to_ical().decode()
