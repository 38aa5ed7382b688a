"""What a mail server's answer means for one mail: sent later, never, or the address is no good at all."""

from __future__ import annotations

import re
import smtplib
from dataclasses import dataclass
from datetime import timedelta

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# Waits before each further attempt: about two days in all, then the mail is dead.
BACK_OFF = (MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR, 24 * HOUR)

ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")


@dataclass(frozen=True)
class Refusal:
    """Why a mail was not taken.

    words         what the server said
    permanent     trying again is no use
    bad_address   and no other mail to this address will arrive either
    """

    words: str
    permanent: bool = False
    bad_address: bool = False


def refusal_of(error: Exception) -> Refusal:
    """Read what went wrong for this one mail.

    A server that did not know us, or our sender's address, says nothing of the reader: that is tried again.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
        return _of_answer(code, _text(words), of_recipient=True)
    if isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPAuthenticationError):
        return Refusal(f"{error.smtp_code} {_text(error.smtp_error)}")
    if isinstance(error, smtplib.SMTPResponseException):
        return _of_answer(error.smtp_code, _text(error.smtp_error), of_recipient=False)
    if isinstance(error, OSError):
        return Refusal(str(error) or type(error).__name__)
    # What cannot even be written as a mail (a header that is none, an address in no encoding) never will be.
    return Refusal(f"{type(error).__name__}: {error}", permanent=True)


def is_about_address(status: str) -> bool:
    """Whether a permanent status (RFC 3463) says that the address itself is no good.

    5.1.x is about the address, 5.2.1 a mailbox that was closed. A full mailbox (5.2.2), a message too large
    or one refused by policy (5.7.x) says nothing of the next mail.
    """
    found = ENHANCED.search(status)
    if not found:
        return False
    kind, subject, detail = found.groups()
    return kind == "5" and (subject == "1" or (subject, detail) == ("2", "1"))


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after so many attempts; None when there were enough."""
    return BACK_OFF[attempts - 1] if attempts <= len(BACK_OFF) else None


def _of_answer(code: int, words: str, *, of_recipient: bool) -> Refusal:
    permanent = 500 <= code < 600
    bad_address = (
        permanent
        and of_recipient
        and (is_about_address(words) or (ENHANCED.search(words) is None and code in {550, 551, 553}))
    )
    return Refusal(f"{code} {words}", permanent=permanent, bad_address=bad_address)


def _text(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else words
