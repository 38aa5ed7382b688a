"""What the page of a follow-up tells, to the office and to the partner alike: its four steps, and all that happened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from comity.core.ring import Part
from comity.followups import kinds, to_them
from comity.followups.models import Comment, FollowUp, Helped, Step
from comity.outbox.capabilities import VIEW_OUTBOX
from comity.outbox.models import Message
from comity.people.models import User
from comity.ui.components.days import day
from comity.ui.components.timeline import Item

HELPED_KINDS = {"": "", Helped.YES: "good", Helped.PARTLY: "warn", Helped.NO: "bad"}


@dataclass(frozen=True)
class Stage:
    """One of the four steps: who took it and when, or what it waits for.

    phone, tag, tag_kind  of who owns it; what was answered
    """

    part: Part
    label: str
    who: object
    when: date | datetime | None = None
    note: str = ""
    phone: str = ""
    tag: str = ""
    tag_kind: str = ""

    @property
    def is_next(self) -> bool:
        return self.part in {"now", "bad"}


def stages(follow_up: FollowUp, steps: Sequence[Step], today: date, *, ours: bool = True) -> list[Stage]:
    """Heard, owned, done, told; `steps` are all of the follow-up's, oldest first.

    ours  for the office: with what it has to see to
    """
    heard, owned, done, told = follow_up.ring(today).parts
    return [
        _heard(follow_up, heard),
        _owned(follow_up, owned, steps, ours=ours),
        _done(follow_up, done, today),
        _told(follow_up, told, ours=ours),
    ]


def _heard(row: FollowUp, part: Part) -> Stage:
    nobody = _("Someone who does not want to be named") if row.anonymous else _("No name recorded")
    return Stage(part, _("Heard"), row.raised_by or nobody, row.heard_on)


def _owned(row: FollowUp, part: Part, steps: Sequence[Step], *, ours: bool) -> Stage:
    if row.owner is None:
        needed = _("Owner needed by %(day)s") % {"day": day(row.own_by)} if ours and row.is_open else ""
        return Stage(part, _("Owned"), _("Nobody yet"), note=needed)
    return Stage(part, _("Owned"), row.owner, owned_since(row, steps), phone=row.owner.phone)


def _done(row: FollowUp, part: Part, today: date) -> Stage:
    if row.done_on:
        outcome = kinds.get(row.kind).outcome_words(row.outcome)
        return Stage(part, _("Done"), row.done_by or "", row.done_on, outcome)
    return Stage(part, _("Done"), _("Not yet"), row.due_on if row.is_open else None, _due(row, today))


def _due(row: FollowUp, today: date) -> str:
    if not row.is_open:
        return ""
    if row.promised_on and row.promised_on != row.due_on:
        first = _("first promised for %(day)s") % {"day": day(row.promised_on)}
        return f"{row.due_words(today)}, {first}"
    return row.due_words(today)


def _told(row: FollowUp, part: Part, *, ours: bool) -> Stage:
    if row.told_at is None:
        return Stage(part, _("Told"), _("Not yet"))
    teller = f", {row.told_by}" if row.told_by else ""
    asked = _("They were asked. No answer yet.") if row.asked_at else _("They were not asked.")
    answer = str(Helped(row.helped).label) if row.helped else ""
    note = f"{row.get_told_how_display()}{teller}"
    return Stage(
        part,
        _("Told"),
        row.told_to,
        row.told_at,
        note if answer or not ours else f"{note}. {asked}",
        tag=answer,
        tag_kind=HELPED_KINDS[row.helped],
    )


def owned_since(row: FollowUp, steps: Sequence[Step]) -> date | datetime:
    """Since when its owner owns it: since the last step that gave it to them."""
    owner = row.owner_id
    for step in reversed(steps):
        if step.before.get("owner_id", owner) != owner:
            return step.at
    return row.owned_on or row.heard_on


def stream(follow_up: FollowUp, steps: Sequence[Step], user: User) -> list[Item]:
    """Everything that happened, as far as this person may read it, the oldest first."""
    comments = Comment.objects.visible_to(user).filter(follow_up=follow_up).select_related("by")
    mails = mails_about(follow_up, user) if user.is_office else []
    return sorted(
        [*_steps(steps, ours=user.is_office), *_comments(comments), *mails], key=lambda item: item.at
    )


def steps_of(follow_up: FollowUp, user: User) -> list[Step]:
    """Its steps, as far as this person may read them, the oldest first."""
    return list(Step.objects.visible_to(user).filter(follow_up=follow_up).select_related("by", "follow_up"))


def _steps(steps: Sequence[Step], *, ours: bool) -> Iterator[Item]:
    for step in steps:
        title = step.sentence if ours else to_them.happened(step)
        yield Item(step.at, title=title, quote=step.words, office_only=step.office_only)


def _comments(comments: Iterable[Comment]) -> Iterator[Item]:
    for comment in comments:
        yield Item(
            comment.at,
            title=_("%(name)s wrote") % {"name": comment.by},
            quote=comment.words,
            office_only=comment.office_only,
            id=f"comment-{comment.pk}",
        )


def mails_about(follow_up: FollowUp, user: User) -> list[Item]:
    """The mail that was written about it, and what became of it. For the office alone."""
    may_read = user.can(VIEW_OUTBOX)
    return [
        Item(
            mail.sent_at or mail.created_at,
            title=_("Email to %(name)s: %(subject)s")
            % {"name": mail.to_name or mail.to, "subject": mail.subject},
            url=mail.get_absolute_url() if may_read else "",
            body=f"{mail.get_state_display()}: {mail.last_error}"
            if mail.last_error
            else mail.get_state_display(),
        )
        for mail in Message.objects.about(follow_up)
    ]
