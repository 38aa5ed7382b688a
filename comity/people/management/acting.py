"""A command that acts: for somebody of the office, named by their e-mail address, or nobody; and one of several acts."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable, Container, Iterable, Mapping
from typing import Any, ClassVar, TypeAlias

from django.core.management import BaseCommand, CommandError

from comity.access import Capability
from comity.core.errors import DomainError
from comity.people.models import User

COMMAND_LINE = "command line"  # as the trail calls it where nobody is named
# What came of an act: as JSON, in which all that is not plain is text, and in lines.
Said: TypeAlias = tuple[Mapping[str, Any], Iterable[str]]


class ActsCommand(BaseCommand):
    """A command of several acts, each of which says what came of it.

    acts  name -> what does it, given its options, which may raise DomainError; and its help
    """

    acts: ClassVar[Mapping[str, tuple[Callable[..., Said], str]]]

    def add_acts(self, parser: ArgumentParser, tell: Container[str]) -> dict[str, ArgumentParser]:
        """The parser of each act; with `--json` for those that tell more than a sentence."""
        every = parser.add_subparsers(dest="act", required=True, metavar="|".join(self.acts))
        parsers = {name: every.add_parser(name, help=told) for name, (_do, told) in self.acts.items()}
        for name, each in parsers.items():
            if name in tell:
                each.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object")
        return parsers

    def handle(self, *, act: str, as_json: bool = False, **options: Any) -> None:
        try:
            plain, lines = self.acts[act][0](**options)
            said = json.dumps(plain, ensure_ascii=False, default=str) if as_json else "\n".join(lines)
        except DomainError as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(said)


def add_actor(parser: ArgumentParser) -> None:
    """`--as EMAIL`; the command gets it as `email`."""
    parser.add_argument(
        "--as", dest="email", metavar="EMAIL", help="email address of the person the trail will name"
    )


def able(email: str | None, capability: Capability) -> User:
    """Who is named, who has to be, and may do it. Raises CommandError."""
    by = actor(email)
    if by is None:
        raise CommandError("Say who does it: --as you@example.gov")
    if not by.can(capability):
        raise CommandError(f"{by} may not do this.")
    return by


def actor(email: str | None) -> User | None:
    """Who is named. Raises CommandError for an address that nobody of the office has."""
    if email is None:
        return None
    user = User.objects.active().office().filter(email__iexact=email).first()
    if user is None:
        raise CommandError(f"Nobody in the office has the email address {email}.")
    return user
