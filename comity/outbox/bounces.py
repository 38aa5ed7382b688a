"""Mail that came back: what a delivery status notification (RFC 3464) says, and what we do about it.

Anybody can write such a notification. So it counts only if it names a mail we sent (by its Message-ID, which cannot be
guessed) and the address that mail went to; otherwise anyone could stop anyone's mail.
"""

from __future__ import annotations

from dataclasses import dataclass
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.message import Message as Part
from email.parser import BytesParser

from django.db import transaction
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.outbox import services
from comity.outbox.models import Message, Suppression
from comity.outbox.refusals import is_about_address


@dataclass(frozen=True)
class Failure:
    """One address a notification says could not be reached, for good."""

    address: str
    status: str
    words: str


@dataclass(frozen=True)
class Notification:
    """What a notification says: of which mail of ours, and which addresses failed."""

    message_id: str
    failures: tuple[Failure, ...]


def read(raw: bytes) -> Notification:
    """Understand a notification. Raises DomainError for mail that is none, or does not say which mail it is about."""
    try:
        mail = BytesParser(policy=policy.default).parsebytes(raw)
        parts = list(mail.walk())
    except (MessageError, LookupError, ValueError) as error:
        raise DomainError(_("This email cannot be read.")) from error
    status = next((part for part in parts if part.get_content_type() == "message/delivery-status"), None)
    if status is None:
        raise DomainError(_("This email is not a bounce notice."))
    message_id = next(filter(None, map(_original_id, parts)), "")
    if not message_id:
        raise DomainError(_("This bounce notice does not say which email bounced."))
    return Notification(message_id, tuple(_failures(status)))


@transaction.atomic
def take_in(raw: bytes) -> str:
    """Mark the mail that came back, and hold its address back if it is no good; a sentence of what was done."""
    told = read(raw)
    message = Message.objects.select_for_update().filter(message_id=told.message_id).first()
    failure = next(
        (one for one in told.failures if message and one.address.lower() == message.to.lower()), None
    )
    if message is None:
        raise DomainError(_("The email that bounced is not one of ours."))
    if failure is None:
        return _("No delivery failed for good. Nothing was changed.")
    message.state, message.last_error = (
        Message.State.DEAD,
        _("Bounced: %(words)s") % {"words": failure.words},
    )
    message.save(update_fields=["state", "last_error"])
    if not is_about_address(failure.status):
        return _("The email to %(address)s is marked as not delivered.") % {"address": message.to}
    services.stop(message.to, reason=Suppression.Reason.BOUNCED, by="mail server", detail=failure.words)
    return _("The email to %(address)s bounced. No more email will be sent to that address.") % {
        "address": message.to
    }


def _failures(status: Part) -> list[Failure]:
    """The groups of fields, one for each address, that say `failed` with a permanent status."""
    found = []
    for group in _parts(status):
        code = str(group.get("Status", "")).strip()
        failed = str(group.get("Action", "")).strip().lower() == "failed" and code.startswith("5")
        address = (
            str(group.get("Original-Recipient") or group.get("Final-Recipient") or "")
            .rpartition(";")[2]
            .strip()
        )
        if failed and address:
            words = " ".join(str(group.get("Diagnostic-Code", code)).rpartition(";")[2].split())
            found.append(Failure(address, code, words or code))
    return found


def _original_id(part: Part) -> str:
    """The Message-ID of the mail a part returns, whole or only its headers."""
    original: Part | None
    kind = part.get_content_type()
    if kind == "message/rfc822":
        original = next(iter(_parts(part)), None)
    elif kind == "text/rfc822-headers":
        content = part.get_payload(decode=True)
        original = BytesParser(policy=policy.default, _class=EmailMessage).parsebytes(
            content if isinstance(content, bytes) else b"", headersonly=True
        )
    else:
        return ""
    return str(original["Message-ID"] or "").strip() if original is not None else ""


def _parts(part: Part) -> list[Part]:
    """What a part is made of; nothing if it is text."""
    inner = part.get_payload()
    return [one for one in inner if isinstance(one, Part)] if isinstance(inner, list) else []
