"""The mail that tells what came of it: whom it reaches, what it says, who signs it, and how long it can be taken back."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.followups import kinds
from comity.followups.models import FollowUp, HelpedLink, How
from comity.followups.models.conversation import OPEN_FOR
from comity.office import services as office
from comity.outbox import services as outbox
from comity.outbox.models import Suppression
from comity.people import tokens
from comity.people.models import User

TOLD_MAIL = "followups.told"
HELD_FOR = timedelta(seconds=30)


def address_of(follow_up: FollowUp) -> str:
    """Where whoever raised it is reached by mail; "" where nowhere, or where mail to them is blocked."""
    email = follow_up.email_of_raiser
    return "" if email and Suppression.objects.against(email, TOLD_MAIL).exists() else email


def why_no_mail(follow_up: FollowUp) -> str:
    """Why nobody can be told by mail; "" where somebody can."""
    raiser = follow_up.raised_by
    if raiser is None:
        return _("This was said without a name, so there is nobody to email.")
    if not follow_up.email_of_raiser:
        return _("We have no email address for %(name)s. Tell them in person or by phone.") % {"name": raiser}
    if not address_of(follow_up):
        return _("Email to %(name)s is blocked. Tell them in person or by phone.") % {"name": raiser}
    return ""


def may_be_asked(follow_up: FollowUp) -> bool:
    """Whether a link can be sent: somebody's name and address stand behind it, and its kind asks."""
    return kinds.get(follow_up.kind).asks_if_it_helped and bool(address_of(follow_up))


def signer_of(follow_up: FollowUp) -> User | None:
    """Who signs: the partner's contact, and where it has none whoever owns the follow-up."""
    contact = follow_up.partner.lead_on(office.today()) if follow_up.partner else None
    return contact if contact is not None and contact.is_active else follow_up.owner


def _written(follow_up: FollowUp, link: str) -> dict[str, Any]:
    """The mail that tells, as `outbox.written` and `outbox.put` take it; `follow_up` holds what is told."""
    raiser = follow_up.raised_by
    assert raiser is not None
    languages = {code for code, _name in settings.LANGUAGES}
    return {
        "to": raiser.email,
        "kind": TOLD_MAIL,
        "template": "followups/mail/told",
        "language": raiser.language if raiser.language in languages else settings.LANGUAGE_CODE,
        "context": {
            "follow_up": follow_up,
            "name": str(raiser),
            "signer": signer_of(follow_up),
            "address": link,
            "days": OPEN_FOR.days,
            "by_mail": follow_up.told_how == How.MAIL,
            "promise": kinds.get(follow_up.kind).promise,
        },
    }


@dataclass(frozen=True)
class Letter:
    """A mail before it goes: its subject, and its text before and after the words that are still being written."""

    name: str
    subject: str
    before: str
    after: str


def letters(follow_up: FollowUp, by: User) -> list[Letter]:
    """Every mail that may come of telling; the style sheet shows the one that goes with what is chosen in the form."""
    if not address_of(follow_up):
        return []
    mails = [("mail", How.MAIL, False)]
    if may_be_asked(follow_up):
        mails += [("mail-asking", How.MAIL, True), ("asking", How.IN_PERSON, True)]
    return [_letter(name, follow_up, by, how, asks=asks) for name, how, asks in mails]


def _letter(name: str, follow_up: FollowUp, by: User, how: How, *, asks: bool) -> Letter:
    told, hole = copy(follow_up), uuid4().hex
    told.told_by, told.told_how, told.told_words = by, how, hole
    subject, text, _html = outbox.written(**_written(told, f"{_link('x')[:-2]}…/" if asks else ""))
    before, _words, after = text.partition(hole)
    return Letter(name, subject, before.strip(), after.strip())


def _link(token: str) -> str:
    return settings.ADDRESS + reverse("followups:helped", args=[token])


def send(follow_up: FollowUp, *, asks: bool) -> None:
    """Mail whoever raised it: what came of it, and, if it asks, the link on which they answer."""
    if not address_of(follow_up):
        return
    raw, token_hash = tokens.new_token()
    mail = _written(follow_up, _link(raw) if asks else "")
    if asks:
        HelpedLink.objects.create(
            follow_up=follow_up,
            round=follow_up.reopened,
            token_hash=token_hash,
            email=mail["to"],
            language=mail["language"],
            expires_at=timezone.now() + OPEN_FOR,
        )
    outbox.put(
        **mail,
        to_name=str(follow_up.raised_by),
        key=_key(follow_up),
        about=follow_up,
        wipe_after_sending=asks,
        send_after=timezone.now() + HELD_FOR,
    )


def _key(follow_up: FollowUp) -> str:
    return f"followups.told:{follow_up.pk}:{follow_up.version}"


def was_mailed(follow_up: FollowUp) -> bool:
    """Whether telling them wrote a mail."""
    return follow_up.told_how == How.MAIL or follow_up.asked_at is not None


def take_back(follow_up: FollowUp) -> None:
    """Keep back the mail of the telling that was the last step. Raises DomainError when it has left."""
    if not was_mailed(follow_up):
        return
    if not outbox.take_back(_key(follow_up)):
        raise DomainError(_("The email has left, so this can no longer be undone."))
    follow_up.helped_links.filter(round=follow_up.reopened, answered_at=None).delete()
