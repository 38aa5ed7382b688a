"""How often a password, a code or a mail may be asked for, by account and by address."""

from __future__ import annotations

from dataclasses import dataclass

from comity.people import throttle

A_QUARTER_HOUR = 15 * 60


@dataclass(frozen=True)
class Limit:
    """So many attempts of one subject in a quarter of an hour."""

    scope: str
    attempts: int
    seconds: int = A_QUARTER_HOUR

    def hit(self, subject: str) -> bool:
        """Count one; whether it is one too many."""
        return throttle.hit(self.scope, subject, limit=self.attempts, seconds=self.seconds)

    def is_used_up(self, subject: str) -> bool:
        """Whether the next one would be one too many; counts nothing."""
        return throttle.waits_until(self.scope, subject, limit=self.attempts) is not None

    def forgive(self, subject: str) -> None:
        throttle.forgive(self.scope, subject)

    def take_back(self, subject: str) -> None:
        throttle.take_back(self.scope, subject)


ACCOUNT = Limit("password.account", 10)
ADDRESS = Limit("password.address", 50)  # an office behind one address mistypes now and then
CODE = Limit("code.account", 10)
CODE_USED = Limit("code.used", 1, seconds=120)  # a code lives shorter than that, so it works once
RESET_MAIL = Limit("reset.account", 3)
RESET_ADDRESS = Limit("reset.address", 20)
LINK = Limit("link.password", 20)
