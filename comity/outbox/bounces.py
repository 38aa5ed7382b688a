"""What a mail server says of our mail: at once, when it refuses one, or later, in a notification that it came back.

Anybody can write a delivery status notification (RFC 3464). So it counts only if it names a mail we sent (by its
Message-ID, which cannot be guessed) and the address that mail went to; otherwise anyone could stop anyone's mail.
"""

from __future__ import annotations

import re
import smtplib
from dataclasses import dataclass
from datetime import timedelta
from email import policy
from email.message import Message as Part
from email.parser import BytesParser

from django.db import transaction
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.outbox import faults, services
from comity.outbox.models import Fault, Message, Suppression

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# Waits before each further attempt: about two days in all, then the mail is dead.
BACK_OFF = (MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR, 24 * HOUR)

ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
COMMENT = re.compile(r"\([^()]*\)")
XTEXT = re.compile(r"\+([0-9a-f]{2})", re.IGNORECASE)
OLD_ID = re.compile(r"^Message-ID:\s*(<\S+>)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Refusal:
    """Why a mail was not taken.

    words         what the server said
    permanent     trying again is no use
    bad_address   and no other mail to this address will arrive either
    cause         why it is us that is not wanted (a `Fault.Cause`), "" where it is not
    """

    words: str
    permanent: bool = False
    bad_address: bool = False
    cause: str = ""


def refusal_of(error: Exception) -> Refusal:
    """Read what went wrong for this one mail.

    A server that did not know us, or our sender's address, says nothing of the reader: that is tried again.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
        return _of_answer(code, _text(words), of_recipient=True)
    if isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPAuthenticationError):
        said = f"{error.smtp_code} {_text(error.smtp_error)}"
        cause = (faults.cause_of(said) or Fault.Cause.SENDER) if error.smtp_code >= 500 else ""
        return Refusal(said, cause=cause)
    if isinstance(error, smtplib.SMTPResponseException):
        return _of_answer(error.smtp_code, _text(error.smtp_error), of_recipient=False)
    if isinstance(error, OSError):
        return Refusal(str(error) or type(error).__name__)
    # What cannot even be written as a mail (a header that is none, an address in no encoding) never will be.
    return Refusal(f"{type(error).__name__}: {error}", permanent=True)


def is_about_address(said: str) -> bool:
    """Whether a permanent refusal says that the address itself is no good: a status (RFC 3463), or words with one in them.

    5.1.x is about an address, 5.2.1 a mailbox that was closed. 5.1.7 and 5.1.8 are about the sender's address, which is ours,
    and so is whatever speaks of policy or of a list of senders that are blocked. A full mailbox (5.2.2) or a message too large
    says nothing of the next mail.
    """
    found = ENHANCED.search(said)
    if not found or faults.cause_of(said):
        return False
    kind, subject, detail = found.groups()
    return kind == "5" and ((subject == "1" and detail not in {"7", "8"}) or (subject, detail) == ("2", "1"))


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after so many attempts; None when there were enough."""
    return BACK_OFF[attempts - 1] if attempts <= len(BACK_OFF) else None


def _of_answer(code: int, words: str, *, of_recipient: bool) -> Refusal:
    permanent = 500 <= code < 600
    cause = faults.cause_of(words)
    unsaid = ENHANCED.search(words) is None and code in {550, 551, 553} and not cause
    bad_address = permanent and of_recipient and (is_about_address(words) or unsaid)
    return Refusal(
        f"{code} {words}", permanent=permanent, bad_address=bad_address, cause=cause if permanent else ""
    )


def _text(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else words


@dataclass(frozen=True)
class Failure:
    """A mail that a notification says could not be delivered, for good.

    addresses  where it went, in small letters, by every reading of what the server wrote
    """

    addresses: frozenset[str]
    status: str
    words: str


@dataclass(frozen=True)
class Notification:
    """What a notification says: of which mail of ours, and which addresses failed."""

    message_id: str
    failures: tuple[Failure, ...]


def read(raw: bytes) -> Notification:
    """Understand a notification. Raises DomainError for mail that is none, or does not say which mail it is about."""
    # The older policy leaves headers as they stand; the newer one takes them apart, and fails on odd ones.
    mail = BytesParser(policy=policy.compat32).parsebytes(raw)
    parts = list(mail.walk())
    status = next((part for part in parts if part.get_content_type() == "message/delivery-status"), None)
    if status is not None:
        message_id = next(filter(None, map(_original_id, parts)), "")
        failures = _failures(status)
    elif failures := _old_failures(mail):
        ids = OLD_ID.findall(_content(mail))
        message_id = str(ids[-1]) if ids else ""
    else:
        raise DomainError(_("This email is not a bounce notice."))
    if not message_id:
        raise DomainError(_("This bounce notice does not say which email bounced."))
    return Notification(message_id, tuple(failures))


@transaction.atomic
def take_in(raw: bytes) -> str:
    """Mark the mail that came back, and hold its address back if it is no good; a sentence of what was done."""
    told = read(raw)
    message = Message.objects.select_for_update().filter(message_id=told.message_id).first()
    failure = next((one for one in told.failures if message and message.to.lower() in one.addresses), None)
    if message is None:
        raise DomainError(_("The email that bounced is not one of ours."))
    if failure is None:
        return _("No delivery failed for good. Nothing was changed.")
    message.state = Message.State.DEAD
    message.last_error = _("Bounced: %(words)s") % {"words": failure.words}
    message.save(update_fields=["state", "last_error"])
    said = f"{failure.status} {failure.words}"
    if cause := faults.cause_of(said):
        faults.note(cause, failure.words)
    if not is_about_address(said):
        return _("The email to %(address)s is marked as not delivered.") % {"address": message.to}
    services.stop(message.to, reason=Suppression.Reason.BOUNCED, by="mail server", detail=failure.words)
    bounced = _("The email to %(address)s bounced. No more email will be sent to that address.")
    return bounced % {"address": message.to}


def _failures(status: Part) -> list[Failure]:
    """The groups of fields, one for each address, that say `failed`: that is final, whatever the status says."""
    found = []
    for group in _parts(status):
        action, code = (_without_comments(group.get(name, "")) for name in ("Action", "Status"))
        named = [group[name] for name in ("Original-Recipient", "Final-Recipient") if group[name]]
        addresses = frozenset(address for each in named for address in _addresses(str(each)))
        if action.lower() == "failed" and addresses:
            words = " ".join(str(group.get("Diagnostic-Code", code)).rpartition(";")[2].split())
            found.append(Failure(addresses, code, words or code))
    return found


def _without_comments(value: object) -> str:
    return COMMENT.sub("", str(value)).strip()


def _addresses(recipient: str) -> set[str]:
    """The address as it stands and, since "+" may be written as "+2B" (RFC 3461), as it reads so."""
    address = _without_comments(recipient.partition(";")[2] or recipient).strip("<> \t").lower()
    return {address, XTEXT.sub(lambda found: chr(int(found[1], 16)), address)} - {""}


def _old_failures(mail: Part) -> list[Failure]:
    """What a report older than RFC 3464 says in words: Exim names in a header whom it could not reach for good."""
    said, named = _content(mail), str(mail["X-Failed-Recipients"] or "").lower()
    return [
        Failure(frozenset({each}), "", _said_of(each, said)) for each in re.split(r"[,\s]+", named) if each
    ]


def _said_of(address: str, said: str) -> str:
    """The lines below the one with the address."""
    _before, _at, after = said.partition(f"{address}\n")
    return " ".join(after.partition("\n\n")[0].split())


def _content(mail: Part) -> str:
    content = mail.get_payload(decode=True)
    return content.decode(errors="replace").replace("\r\n", "\n") if isinstance(content, bytes) else ""


def _original_id(part: Part) -> str:
    """The Message-ID of the mail a part returns, whole or only its headers."""
    original: Part | None
    kind = part.get_content_type()
    if kind == "message/rfc822":
        original = next(iter(_parts(part)), None)
    elif kind == "text/rfc822-headers":
        content = part.get_payload(decode=True)
        original = BytesParser(policy=policy.compat32).parsebytes(
            content if isinstance(content, bytes) else b"", headersonly=True
        )
    else:
        return ""
    return str(original["Message-ID"] or "").strip() if original is not None else ""


def _parts(part: Part) -> list[Part]:
    """What a part is made of; nothing if it is text."""
    inner = part.get_payload()
    return [one for one in inner if isinstance(one, Part)] if isinstance(inner, list) else []
