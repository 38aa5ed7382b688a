"""What mail can be about."""

from __future__ import annotations

from dataclasses import dataclass

from comity.nouns import Named, Words, named


@dataclass(frozen=True)
class MailKind(Named):
    """A kind of mail.

    key       as given to `outbox.services.put`
    label     what it is called on the Outbox page and on the page where one stops it
    may_stop  whether who gets it may say "stop sending me this"; not for mail one has asked for, like a new password
    """

    key: str
    label: Words
    may_stop: bool = False


def kind_of(key: str) -> MailKind:
    """The kind of a mail; one that no room declares (any more) is called by its key, and cannot be stopped."""
    return named(MailKind, key) or MailKind(key, key)
