"""Hearing from whoever raised a follow-up whether it helped."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.followups import notices
from comity.followups.models import FollowUp, Helped, HelpedLink, State, Step
from comity.followups.models.helped_link import MAY_CHANGE_FOR
from comity.followups.services.changing import Actor, change, locked
from comity.followups.services.closing import reopen_locked
from comity.people.models import User

ANSWER = "followups.answer"
LONGEST_ANSWER = 4_000


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
        raise DomainError(_("Your answer was already counted. If it no longer holds, tell us again."))
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
        reopen_locked(follow_up, words=words, by=by, said_by=said_by)
    else:
        notices.answered(follow_up)
