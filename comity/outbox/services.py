"""Putting mail in the outbox, and what people do about mail: stop it, let it through, try again, give up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.template import Context, TemplateDoesNotExist
from django.template.loader import get_template
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from comity.audit.services import Actor, record
from comity.core.errors import DomainError
from comity.nouns import Trait, all_of
from comity.outbox import stopping
from comity.outbox.kinds import kind_of
from comity.outbox.models import Message, Suppression

STOP = "outbox.stop"
LIFT = "outbox.lift"
TRY_AGAIN = "outbox.try_again"
GIVE_UP = "outbox.give_up"

# Mail in these states can be sent after all.
TRIED_AGAIN = frozenset({Message.State.DEAD, Message.State.HELD, Message.State.KEPT, Message.State.GIVEN_UP})


@dataclass(frozen=True)
class MailContext(Trait):
    """What every mail's template may say besides its own: the office's name and words."""

    said: Callable[[], Mapping[str, Any]]


def address(path: str) -> str:
    """A path of this site as a link that works from a mail."""
    return f"{settings.ADDRESS.rstrip('/')}/{path.lstrip('/')}"


def put(
    *,
    to: str,
    kind: str,
    template: str,
    context: Mapping[str, Any],
    to_name: str = "",
    language: str = "en",
    key: str | None = None,
    about: models.Model | None = None,
    wipe_after_sending: bool = False,
    send_after: datetime | None = None,
    calendar: str = "",
) -> Message | None:
    """Write one mail in the caller's transaction; the worker sends it once that is committed.

    kind                one of `outbox.kinds`; mail of a kind that may be stopped ends with a link for that
    template            without its ending: `<template>.txt` holds the subject in its first line, then a blank
                        line and the text; `<template>.html`, where there is one, the same for eyes
    key                 put twice under one key, it is written once; None is returned the second time
    wipe_after_sending  the words are removed once a mail server has taken them (they hold a personal link)
    calendar            an invitation, or the end of one, that goes along: iCalendar with its METHOD

    To an address that bounced or said stop it is written too, but held back. Raises TemplateDoesNotExist.
    """
    if key and Message.objects.filter(key=key).exists():
        return None
    to = to.strip()
    held = Suppression.objects.against(to, kind).first()
    message = Message(
        kind=kind,
        language=language,
        calendar=calendar,
        wipe_after_sending=wipe_after_sending,
        send_after=send_after or timezone.now(),
        **row_of(
            written(template, context, kind, to, language),
            to=to,
            to_name=to_name,
            key=key,
            about=about,
            held=str(held.get_reason_display()) if held else "",
        ),
    )
    return _saved(message)


def row_of(
    words: tuple[str, str, str],
    *,
    to: str,
    to_name: str,
    key: str | None,
    about: models.Model | None,
    held: str,
) -> dict[str, Any]:
    """What is one mail's own, by column: its subject, text and markup, and why it is held back, "" if it is not."""
    subject, text, html = words
    return {
        "key": key,
        "to": to,
        "to_name": " ".join(to_name.split())[:200],
        "subject": subject[:300],
        "text": text,
        "html": html,
        "about_kind": about._meta.label if about else "",
        "about_id": str(about.pk) if about else "",
        # Nobody can guess it: a bounce that names it is about our mail.
        "message_id": f"<{uuid4()}@{urlsplit(settings.ADDRESS).hostname}>",
        "state": str(Message.State.HELD if held else Message.State.WAITING),
        "last_error": held,
    }


def _saved(message: Message) -> Message | None:
    """Save it; None when another put mail under the same key at the same moment, and that one counts."""
    if message.key is None:
        message.save(force_insert=True)
        return message
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:
        if Message.objects.filter(key=message.key).exists():
            return None
        raise
    return message


def written(
    template: str, context: Mapping[str, Any], kind: str, to: str, language: str
) -> tuple[str, str, str]:
    """Subject, text and markup of a mail in a language."""
    said: dict[str, Any] = {}
    with translation.override(language):
        for more in all_of(MailContext):
            said.update(more.said())
        said |= {"language": language, "site_address": settings.ADDRESS}
        if kind_of(kind).may_stop:
            said["stop_url"] = address(stopping.path_for(to, kind, language))
        said.update(context)
        subject, _nothing, text = _plain(f"{template}.txt", said).strip().partition("\n")
        if "stop_url" in said and said["stop_url"] not in text:
            text = f"{text.rstrip()}\n\n{_plain('outbox/mail/_stop.txt', said).strip()}"
        try:
            html = get_template(f"{template}.html").render(said)
        except TemplateDoesNotExist as missing:
            if missing.args[0] != f"{template}.html":
                raise
            html = ""
    return " ".join(subject.split()), text.strip() + "\n", html


def _plain(name: str, said: dict[str, Any]) -> str:
    """Render a text: nothing in it is markup, so nothing is escaped."""
    django: Any = get_template(name)
    return str(django.template.render(Context(said, autoescape=False)))


@transaction.atomic
def stop(
    to: str,
    kind: str = "",
    *,
    reason: str = Suppression.Reason.OPTED_OUT,
    by: Actor,
    detail: str = "",
) -> Suppression:
    """Send this address no more mail of a kind ("" for any); mail that waits for it is held back.

    Where its reader says so, that holds for all addresses of theirs.
    """
    own = to.strip().lower()
    if reason == Suppression.Reason.OPTED_OUT:
        for other in stopping.addresses_of_reader(own) - {own}:
            _stop(other, kind, reason=reason, by=by, detail=detail)
    return _stop(own, kind, reason=reason, by=by, detail=detail)


def _stop(to: str, kind: str, *, reason: str, by: Actor, detail: str) -> Suppression:
    suppression, made = Suppression.objects.get_or_create(
        address=to, kind=kind, defaults={"reason": reason, "detail": detail}
    )
    if made:
        record(by=by, action=STOP, target=suppression, after={"address": suppression.address, "kind": kind})
    waiting = Message.objects.filter(to__iexact=suppression.address, state=Message.State.WAITING)
    if kind:
        waiting = waiting.filter(kind=kind)
    waiting.update(state=Message.State.HELD, last_error=suppression.get_reason_display())
    return suppression


@transaction.atomic
def lift(suppression: Suppression, *, by: Actor) -> None:
    """Unblock it. What was held back stays so until someone sends it."""
    before = {"address": suppression.address, "kind": suppression.kind, "reason": suppression.reason}
    record(by=by, action=LIFT, target=suppression, before=before)
    suppression.delete()


@transaction.atomic
def lift_many(suppressions: models.QuerySet[Suppression], *, by: Actor) -> int:
    """The same for many; how many they were."""
    some = list(suppressions)
    for suppression in some:
        lift(suppression, by=by)
    return len(some)


@transaction.atomic
def resume(to: str, kind: str, *, by: Actor) -> None:
    """Take back one's own "stop"; what came back from the mail server stays stopped."""
    theirs = stopping.addresses_of_reader(to)
    own = Suppression.objects.filter(address__in=theirs, kind=kind, reason=Suppression.Reason.OPTED_OUT)
    for suppression in own:
        lift(suppression, by=by)


@transaction.atomic
def try_again(message_id: int, *, by: Actor) -> Message:
    """Send mail that was not delivered, was held back or was kept here, now."""
    message = Message.objects.select_for_update().get(pk=message_id)
    if message.state not in TRIED_AGAIN:
        raise DomainError(_("This email is on its way or already sent."))
    if message.wiped_at:
        raise DomainError(_("The text of this email was deleted once it was sent. Write a new one."))
    if Suppression.objects.against(message.to, message.kind).exists():
        raise DomainError(_("This address is blocked. Unblock it first."))
    before = {"state": message.state}
    message.state, message.send_after, message.attempts = Message.State.WAITING, timezone.now(), 0
    message.save(update_fields=["state", "send_after", "attempts"])
    record(by=by, action=TRY_AGAIN, target=message, before=before, after={"state": message.state})
    return message


@transaction.atomic
def give_up(message_id: int, *, by: Actor) -> Message:
    """Leave mail undelivered, and off the list of what needs someone."""
    message = Message.objects.select_for_update().get(pk=message_id)
    if message.state != Message.State.DEAD:
        raise DomainError(_("Only an email that could not be delivered can be canceled."))
    message.state = Message.State.GIVEN_UP
    message.save(update_fields=["state"])
    before, after = {"state": Message.State.DEAD}, {"state": message.state}
    record(by=by, action=GIVE_UP, target=message, before=before, after=after)
    return message


def take_back(key: str) -> bool:
    """Keep mail back, in the caller's transaction; False when it is too late, its time to be sent having come.

    One statement: a worker that claims the mail at the same moment has it, or it is taken back, never both.
    """
    unsent = Message.objects.filter(
        key=key,
        state__in=(Message.State.WAITING, Message.State.HELD),
        attempts=0,
        send_after__gt=timezone.now(),
    )
    return unsent.update(state=Message.State.TAKEN_BACK) == 1


@transaction.atomic
def destroy_ended(before: datetime) -> int:
    """Destroy mail written before a moment that is not on its way any more; how many it was."""
    state = Message.State
    ended = (state.SENT, state.KEPT, state.HELD, state.GIVEN_UP, state.TAKEN_BACK)
    return Message.objects.filter(state__in=ended, created_at__lt=before).delete()[0]
