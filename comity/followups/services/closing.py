"""Done, told, and asked and answered whether it helped; reopened, withdrawn."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.followups import kinds, notices
from comity.followups.models import FollowUp, Helped, HelpedLink, How, State, Step
from comity.followups.models.conversation import MAY_CHANGE_FOR
from comity.followups.services import letters
from comity.followups.services.changing import (
    Actor,
    change,
    check_finish,
    check_reopen,
    check_tell,
    check_withdraw,
    locked,
    office_day,
    required,
)
from comity.office import services as office
from comity.people.models import User

FINISH = "followups.finish"
TELL = "followups.tell"
REOPEN = "followups.reopen"
WITHDRAW = "followups.withdraw"


@transaction.atomic
def finish(
    follow_up_id: int, *, words: str, by: Actor, outcome: str = "", version: int | None = None
) -> FollowUp:
    """Say in words what was done. `outcome` is given by the domain whose kind owns its ending, and only then.

    What nobody owned yet becomes the property of whoever did it.
    """
    follow_up = locked(follow_up_id, version)
    check_finish(follow_up, outcome)
    words = required(words, _("Say what was done in a sentence or two. They will read it."))
    kind = kinds.get(follow_up.kind)
    if outcome and not kind.owns_ending:
        raise ValueError(f"The kind {kind.key!r} has no endings of its own.")
    now = timezone.now()
    fields: dict[str, Any] = {
        "state": State.DONE,
        "done_at": now,
        "done_on": office_day(now),
        "done_by": by if isinstance(by, User) else None,
        "done_words": words,
        "outcome": outcome,
        **_owned_by_doing(follow_up, by),
    }
    named = {"by": str(by), "outcome": kind.outcome_words(outcome)}
    change(follow_up, by=by, action=FINISH, what=Step.What.DONE, fields=fields, words=words, named=named)
    notices.done(follow_up, by)
    return follow_up


def _owned_by_doing(follow_up: FollowUp, by: Actor) -> dict[str, Any]:
    if follow_up.owner_id:
        return {}
    if not isinstance(by, User):
        raise DomainError(_("Someone needs to own this before it can be done."))
    first = {"owned_on": office.today(), "promised_on": follow_up.due_on}
    return {"owner": by, **(first if follow_up.owned_on is None else {})}


@transaction.atomic
def tell(
    follow_up_id: int,
    *,
    how: str,
    words: str,
    by: Actor,
    to: str = "",
    ask_if_it_helped: bool = True,
    version: int | None = None,
) -> FollowUp:
    """Close the ring: keep whom was told what, and how.

    how   by mail, the product writes to whoever raised it, and waits half a minute in which that can be undone; otherwise
          the person has told them already
    to    the name of who was told; whoever raised it, if empty
    ask_if_it_helped  also mail a link on which they say so, where there is an address
    """
    follow_up = locked(follow_up_id, version)
    check_tell(follow_up)
    words = required(words, _("Enter what you told them."))
    raiser = follow_up.raised_by
    if how == How.MAIL and (reason := letters.why_no_mail(follow_up)):
        raise DomainError(reason)
    to = to.strip() if how != How.MAIL else str(raiser)
    to = required(to or (str(raiser) if raiser else ""), _("Say who you told."))[:300]
    asks = ask_if_it_helped and letters.may_be_asked(follow_up)
    now = timezone.now()
    fields = {
        "state": State.TOLD,
        "told_at": now,
        "told_by": by if isinstance(by, User) else None,
        "told_how": How(how),
        "told_to": to,
        "told_words": words,
        "asked_at": now if asks else None,
    }
    named = {"by": str(by), "to": to, "how": how}
    change(follow_up, by=by, action=TELL, what=Step.What.TOLD, fields=fields, words=words, named=named)
    if how == How.MAIL or asks:
        letters.send(follow_up, asks=asks)
    notices.told(follow_up, by)
    return follow_up


@transaction.atomic
def reopen(
    follow_up_id: int, *, words: str, by: Actor, said_by: str = "", version: int | None = None
) -> FollowUp:
    """Begin another round: it was not done, or not rightly, or withdrawn too soon. Say why.

    said_by  whose words they are, where nobody of ours wrote them down
    """
    follow_up = locked(follow_up_id, version)
    check_reopen(follow_up)
    reopen_locked(
        follow_up, words=required(words, _("Say why it needs to be reopened.")), by=by, said_by=said_by
    )
    return follow_up


def reopen_locked(follow_up: FollowUp, *, words: str, by: Actor, said_by: str = "") -> None:
    """Another round of a locked follow-up; its owner goes on with it unless they have left.

    The days the figures count (`own_by`, `owned_on`, `promised_on`) stay those of the first round.
    """
    stays = follow_up.owner is not None and follow_up.owner.is_active
    due_on = office.due_on(follow_up.severity, office.today())
    fields: dict[str, Any] = {
        "state": State.OWNED if stays else State.HEARD,
        "owner": follow_up.owner if stays else None,
        "due_on": due_on,
        "done_at": None,
        "done_on": None,
        "done_by": None,
        "done_words": "",
        "outcome": "",
        "told_at": None,
        "told_by": None,
        "told_how": "",
        "told_to": "",
        "told_words": "",
        "asked_at": None,
        "helped": "",
        "helped_words": "",
        "helped_at": None,
        "withdrawn_at": None,
        "withdrawn_reason": "",
        "reopened": follow_up.reopened + 1,
    }
    named = {"by": said_by or str(by), "due_on": due_on.isoformat()}
    change(follow_up, by=by, action=REOPEN, what=Step.What.REOPENED, fields=fields, words=words, named=named)
    notices.reopened(follow_up, by)


@transaction.atomic
def withdraw(follow_up_id: int, *, reason: str, by: Actor, version: int | None = None) -> FollowUp:
    """End it without doing it: said twice, no longer wanted, a mistake. The reason stays readable."""
    follow_up = locked(follow_up_id, version)
    check_withdraw(follow_up)
    reason = required(reason, _("Say why it is withdrawn."))
    fields = {"state": State.WITHDRAWN, "withdrawn_at": timezone.now(), "withdrawn_reason": reason}
    what, named = Step.What.WITHDRAWN, {"by": str(by)}
    change(follow_up, by=by, action=WITHDRAW, what=what, fields=fields, words=reason, named=named)
    notices.withdrawn(follow_up, by)
    return follow_up


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
