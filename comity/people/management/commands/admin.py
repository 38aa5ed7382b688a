"""`comity admin EMAIL`: make someone an administrator, and print the link by which they set their password."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, CommandParser

from comity.people import services
from comity.people.management.acting import COMMAND_LINE
from comity.people.services.inviting import INVITATION_DAYS


class Command(BaseCommand):
    help = (
        "Make someone an administrator, and print a one-time link to set their password. Run it "
        "again for a new link; the old one then stops working."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")

    def handle(self, *, email: str, **options: Any) -> None:
        user, link = services.make_administrator(email, by=COMMAND_LINE)
        if not link:
            self.stdout.write(f"{user.email} is an administrator and signs in with their own password.")
            return
        self.stdout.write(
            f"{user.email} is an administrator. Set the password with this link. It works once, for "
            f"{INVITATION_DAYS} days:\n\n  {link}"
        )
