"""Who acts when a command does: somebody of the office, named by their e-mail address, or nobody."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management import CommandError

from comity.access import Capability
from comity.people.models import User

COMMAND_LINE = "command line"  # as the trail calls it where nobody is named


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
