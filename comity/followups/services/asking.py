"""Mailing whoever raised a follow-up what came of it, and asking whether it helped."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from comity.followups import kinds
from comity.followups.models import FollowUp, HelpedLink, How
from comity.followups.models.helped_link import OPEN_FOR
from comity.outbox import services as outbox
from comity.people import tokens

TOLD_MAIL = "followups.told"


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
