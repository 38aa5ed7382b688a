"""Handing mail to the mail server: each once, as far as that can be had over SMTP.

A mail is claimed in a short transaction of its own, sent outside any, and marked in another. Two workers cannot claim
one mail. A worker killed between the server's "taken" and our mark leaves a claim that grows stale; then the mail is
sent once more, under the same Message-ID. That is the only window in which a reader can get it twice, and it is
counted (`Message.repeats`).
"""

from __future__ import annotations

import contextlib
import logging
import re
import smtplib
from dataclasses import dataclass
from datetime import timedelta
from email.utils import formataddr
from typing import Any

from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from comity.jobs import identity
from comity.outbox import faults, services, stopping
from comity.outbox.bounces import Refusal, refusal_of, wait_after
from comity.outbox.kinds import kind_of
from comity.outbox.models import MailServer, Message, Suppression, mail_leaves

log = logging.getLogger(__name__)

METHOD = re.compile(r"^METHOD:(\w+)", re.MULTILINE)
AT_ONCE = 200  # mails in one turn; the next turn comes seconds later
STALE_AFTER = timedelta(minutes=10)  # longer than any one mail can take, with every time-out on the way
TRY_SERVER_AGAIN_AFTER = timedelta(seconds=30)


@dataclass
class Tally:
    """What became of the mail of one turn."""

    sent: int = 0
    later: int = 0
    dead: int = 0
    kept: int = 0


def something_waits() -> bool:
    """Whether a turn could do anything: asked every few seconds, so it is cheap."""
    now = timezone.now()
    sending = Message.objects.filter(state=Message.State.SENDING)
    if not Message.objects.due(now).exists() and not sending.exists():
        return False
    just_down = MailServer.objects.filter(down_since__isnull=False, tried_at__gt=now - TRY_SERVER_AGAIN_AFTER)
    return not just_down.exists()


def send_waiting() -> Tally:
    """Send what is due, until nothing is, the server fails, or a turn's worth is done."""
    tally = Tally()
    take_back_stale_claims()
    if not mail_leaves():
        # It stays here to be read.
        tally.kept = Message.objects.due(timezone.now()).update(state=Message.State.KEPT)
        return tally
    if not Message.objects.due(timezone.now()).exists():
        return tally
    server = _reached()
    if server is None:
        return tally
    try:
        for _turn in range(AT_ONCE):
            message = claim()
            if message is None or not _send(message, server, tally):
                break
    finally:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            server.close()
    return tally


@transaction.atomic
def claim() -> Message | None:
    """Take the next mail that is due, so that no other worker can; None when there is none.

    Its address is asked about once more: its owner may have said stop since the mail was written.
    """
    due = Message.objects.due(timezone.now()).select_for_update(skip_locked=True)
    while (message := due.first()) is not None:
        held = Suppression.objects.against(message.to, message.kind).first()
        if held is not None:
            message.state, message.last_error = Message.State.HELD, held.get_reason_display()
            message.save(update_fields=["state", "last_error"])
            continue
        message.state, message.worker = Message.State.SENDING, identity.this_process()
        message.claimed_at, message.attempts = timezone.now(), message.attempts + 1
        message.save(update_fields=["state", "worker", "claimed_at", "attempts"])
        return message
    return None


def take_back_stale_claims() -> int:
    """Let mail whose worker died be sent again; how many there were. They may arrive twice."""
    claimed = Message.objects.filter(state=Message.State.SENDING)
    long_ago = timezone.now() - STALE_AFTER
    stale = [
        message.pk
        for message in claimed.only("pk", "worker", "claimed_at")
        if identity.is_gone(message.worker) or (message.claimed_at and message.claimed_at < long_ago)
    ]
    if not stale:
        return 0
    log.warning("%d mails were being sent by a worker that died; they are sent again.", len(stale))
    return claimed.filter(pk__in=stale).update(
        state=Message.State.WAITING, worker="", send_after=timezone.now(), repeats=F("repeats") + 1
    )


def composed(message: Message, connection: Any = None) -> EmailMultiAlternatives:
    """The mail as it goes over the wire."""
    headers = {"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"}
    if kind_of(message.kind).may_stop:
        # One click in the mail program (RFC 8058): the same signed link, sent as a POST.
        link = services.address(stopping.path_for(message.to, message.kind, message.language))
        headers["List-Unsubscribe"] = f"<{link}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        to=[formataddr((message.to_name, message.to))],
        headers=headers,
        connection=connection,
    )
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    if message.calendar and (method := METHOD.search(message.calendar)):
        # The last of the alternatives, which mail programs that keep a calendar prefer (RFC 6047, iMIP).
        mail.attach_alternative(message.calendar, f"text/calendar; method={method[1]}")
    return mail


def _send(message: Message, server: Any, tally: Tally) -> bool:
    """Send one claimed mail and mark it; False when the server is no longer there."""
    try:
        composed(message, server).send()
    except Exception as error:  # noqa: BLE001  # refusal_of knows what it means, whatever it is
        _mark_refused(message, refusal_of(error), tally)
        if not _lost(error):
            return True
        _note_server(error)
        return False
    now = timezone.now()
    wiped = {"text": "", "html": "", "calendar": "", "wiped_at": now} if message.wipe_after_sending else {}
    _mine(message).update(state=Message.State.SENT, sent_at=now, worker="", last_error="", **wiped)
    tally.sent += 1
    return True


def _mine(message: Message) -> Any:
    return Message.objects.filter(pk=message.pk, state=Message.State.SENDING, worker=message.worker)


@transaction.atomic
def _mark_refused(message: Message, refusal: Refusal, tally: Tally) -> None:
    """Later, or never; and no more mail to an address that is none."""
    wait = None if refusal.permanent else wait_after(message.attempts)
    if wait is None:
        log.error("Mail %d (%s) could not be delivered: %s", message.pk, message.kind, refusal.words)
        _mine(message).update(state=Message.State.DEAD, worker="", last_error=refusal.words)
        tally.dead += 1
    else:
        _mine(message).update(
            state=Message.State.WAITING, worker="", send_after=timezone.now() + wait, last_error=refusal.words
        )
        tally.later += 1
    if refusal.cause:
        faults.note(refusal.cause, refusal.words)
    if refusal.bad_address:
        services.stop(message.to, reason=Suppression.Reason.BOUNCED, by="mail server", detail=refusal.words)


def _reached() -> Any | None:
    """An open connection to the mail server; None when it cannot be had. No mail is claimed before there is one,
    so a server that is away costs no mail an attempt, however long."""
    server = get_connection()
    try:
        server.open()
    except (OSError, smtplib.SMTPException) as error:
        _note_server(error)
        return None
    _note_server(None)
    return server


def _lost(error: Exception) -> bool:
    """Whether the connection is gone, and not only this mail refused."""
    if isinstance(error, smtplib.SMTPServerDisconnected | smtplib.SMTPConnectError | smtplib.SMTPHeloError):
        return True
    return isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException)


def _note_server(error: Exception | None) -> None:
    """Remember how the server was, for the Outbox page; the log hears of it when it changes."""
    now = timezone.now()
    before = MailServer.objects.filter(pk=1).first()
    down_since = None if error is None else (before.down_since if before and before.down_since else now)
    if error is not None and not (before and before.down_since):
        log.error("The mail server cannot be used: %s. Mail waits.", error)
    elif error is None and before and before.down_since:
        log.warning("The mail server is back.")
    elif error is None and before and before.tried_at > now - timedelta(minutes=5):
        return
    said = {"tried_at": now, "down_since": down_since, "last_error": "" if error is None else str(error)}
    MailServer.objects.update_or_create(pk=1, defaults=said)
