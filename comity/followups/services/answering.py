"""Asking whoever raised a follow-up whether it helped, and hearing the answer."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.followups import kinds, notices
from comity.followups.models import FollowUp, Helped, HelpedLink, How, State, Step
from comity.followups.models.helped_link import MAY_CHANGE_FOR, OPEN_FOR
from comity.followups.services.changing import Actor, change, locked
from comity.outbox import services as outbox
from comity.people import tokens
from comity.people.models import User

ANSWER = "followups.answer"
TOLD_MAIL = "followups.told"
LONGEST_ANSWER = 4_000


def may_be_asked(follow_up: FollowUp) -> bool:
    """Whether a link can be sent: somebody's name and address stand behind it, and its kind asks."""
    return bool(follow_up.email_of_raiser) and kinds.get(follow_up.kind).asks_if_it_helped


def ask(follow_up: FollowUp, *, asks: bool) -> None:
    """Mail whoever raised it: what came of it, and, if it asks, the link on which they answer."""
    raiser = follow_up.raised_by
    if raiser is None or not raiser.email:
        return
    languages = {code for code, _name in settings.LANGUAGES}
    language = raiser.language if raiser.language in languages else settings.LANGUAGE_CODE
    address = ""
    if asks:
        raw, token_hash = tokens.new_token()
        HelpedLink.objects.create(
            follow_up=follow_up,
            round=follow_up.reopened,
            token_hash=token_hash,
            email=raiser.email,
            language=language,
            expires_at=timezone.now() + OPEN_FOR,
        )
        address = settings.ADDRESS + reverse("followups:helped", args=[raw])
    outbox.put(
        to=raiser.email,
        to_name=str(raiser),
        kind=TOLD_MAIL,
        template="followups/mail/told",
        context={
            "follow_up": follow_up,
            "name": str(raiser),
            "address": address,
            "days": OPEN_FOR.days,
            "by_mail": follow_up.told_how == How.MAIL,
        },
        language=language,
        key=f"followups.told:{follow_up.pk}:{follow_up.version}",
        about=follow_up,
        wipe_after_sending=asks,
    )


@transaction.atomic
def answer_by_link(link: HelpedLink, *, answer: str, words: str = "") -> FollowUp | None:
    """Keep an answer given on the link; None if meanwhile it opens nothing any more."""
    follow_up = locked(link.follow_up_id)
    if not HelpedLink.objects.usable(timezone.now()).filter(pk=link.pk).exists():
        return None
    if link.answered_at is None:
        link.answered_at = timezone.now()
        link.save(update_fields=["answered_at"])
    _keep(follow_up, answer, words, by="answer link")
    return follow_up


@transaction.atomic
def answer_helped(
    follow_up_id: int, *, answer: str, by: User, words: str = "", version: int | None = None
) -> FollowUp:
    """Keep the answer of whoever raised it, given in the portal. May be changed for some days; "no" reopens it."""
    follow_up = locked(follow_up_id, version)
    if follow_up.state != State.TOLD:
        raise DomainError(_("You can say whether it helped once you have been told what came of it."))
    if follow_up.helped_at and follow_up.helped_at < timezone.now() - MAY_CHANGE_FOR:
        raise DomainError(_("Your answer has been counted. Raise it again if it no longer holds."))
    _keep(follow_up, answer, words, by=by)
    return follow_up


def _keep(follow_up: FollowUp, answer: str, words: str, by: Actor) -> None:
    if answer not in Helped.values:
        raise DomainError(_("Choose whether it helped."))
    words = words.replace("\0", "").strip()[:LONGEST_ANSWER]
    said_by = str(follow_up.raised_by or by)
    fields = {"helped": Helped(answer), "helped_words": words, "helped_at": timezone.now()}
    named = {"by": said_by, "helped": answer}
    change(follow_up, by=by, action=ANSWER, what=Step.What.HELPED, fields=fields, words=words, named=named)
    if answer == Helped.NO:
        from comity.followups.services.closing import reopen_locked

        reopen_locked(follow_up, words=words, by=by, said_by=said_by)
    else:
        notices.answered(follow_up)
