"""What people judge: the same problem or not, what is part of a pattern, and what is done about it as one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.editing.changing import change
from comity.editing.keeping import Keeping
from comity.followups.models import FollowUp, FollowUpQuerySet
from comity.followups.services import raise_follow_up
from comity.patterns.models import Apart, Item, ItemQuerySet, Pattern, Proposal
from comity.patterns.services.comparing import name_for, problems
from comity.people.models import User
from comity.people.roles import Role

JOIN, LEAVE, MERGE = "patterns.join", "patterns.leave", "patterns.merge"
APART, NOT_APART = "patterns.apart", "patterns.not_apart"
DISMISS, RESTORE = "patterns.dismiss", "patterns.restore"
SHARE, UNSHARE = "patterns.share", "patterns.unshare"
JOINT = "joint_action"  # the kind of follow-up
WHO_SHARES = (Role.PARTNER_EXECUTIVE, Role.PARTNER_IT_LEAD)
FEW = 3  # so many others are told by their number, fewer only that there are some


def _tidy(pattern: Pattern) -> None:
    pattern.name, pattern.solution = " ".join(pattern.name.split()), pattern.solution.strip()


PATTERNS = Keeping(Pattern, gettext_lazy("a pattern"), _tidy)


def _locked(keys: Iterable[int]) -> list[Item]:
    """Items to be judged, in the order of their keys, whether they were looked at before or not. Raises DomainError."""
    wanted = sorted(set(keys))
    found = list(problems().filter(pk__in=wanted).values_list("pk", flat=True))
    if len(found) < len(wanted):
        raise DomainError(_("One of them is no problem of a partner, or was withdrawn."))
    Item.objects.bulk_create([Item(follow_up_id=pk) for pk in wanted], ignore_conflicts=True)
    rows = Item.objects.select_for_update(of=("self",)).filter(pk__in=wanted)
    return list(rows.select_related("follow_up").order_by("pk"))


def _join(items: Iterable[Item], pattern: Pattern, by: User) -> None:
    """Make these part of it, unless they are."""
    new = [item for item in items if item.pattern_id != pattern.pk]
    now = timezone.now()
    for item in new:
        item.pattern, item.joined_at, item.may_name = pattern, now, False
        _record(JOIN, item, pattern, by)
    Item.objects.bulk_update(new, ["pattern", "joined_at", "may_name"])


def _record(action: str, item: Item, pattern: Pattern, by: User) -> None:
    said, whose = {"follow_up": item.follow_up.title}, item.follow_up.partner_id
    before, after = (said, None) if action == LEAVE else (None, said)
    audit.record(by=by, action=action, target=pattern, before=before, after=after, partner_id=whose)


@transaction.atomic
def same(first: int, second: int, *, by: User) -> Pattern:
    """Two tell of one problem: a new pattern, or the one of which one of them is part. Raises DomainError."""
    items = _locked([first, second])
    if len(items) < 2:
        raise DomainError(_("It takes two to be the same."))
    known = {item.pattern_id for item in items if item.pattern_id}
    if len(known) > 1:
        raise DomainError(_("They are in two patterns. Merge these, on the page of one of them."))
    _apart(first, second).delete()
    if known:
        pattern = Pattern.objects.get(pk=known.pop())
    else:
        pattern = PATTERNS.enter({"name": name_for([item.follow_up for item in items])}, by=by)
    _join(items, pattern, by)
    return pattern


def _apart(first: int, second: int) -> Any:
    low, high = sorted((first, second))
    return Apart.objects.filter(first=low, second=high)


@transaction.atomic
def apart(first: int, second: int, *, by: User) -> None:
    """Two are not the same; they are never proposed beside each other again. Raises DomainError."""
    items = _locked([first, second])
    if len(items) < 2:
        raise DomainError(_("It takes two to be not the same."))
    if items[0].pattern_id and items[0].pattern_id == items[1].pattern_id:
        raise DomainError(_("Both are part of one pattern. Take one out there."))
    one, other = (item.follow_up for item in items)
    _made, new = Apart.objects.get_or_create(first=one, second=other)
    if new:
        audit.record(by=by, action=APART, target=one, after={"of": other.title}, partner_id=one.partner_id)


@transaction.atomic
def unsay(first: int, second: int, *, by: User) -> None:
    """Take back what was said of two: that they are not the same; or that they are, so that who came last goes."""
    items = _locked([first, second])
    if _apart(first, second).delete()[0]:
        audit.record(
            by=by, action=NOT_APART, target=items[0].follow_up, partner_id=items[0].follow_up.partner_id
        )
    elif len({item.pattern_id for item in items}) == 1 and items[0].pattern_id:
        last = max(item.joined_at for item in items if item.joined_at)
        for item in items:
            if item.joined_at == last:
                leave(item.pk, by=by)


@transaction.atomic
def leave(pk: int, *, by: User) -> Pattern | None:
    """Take an item out of its pattern. One of which nothing is left and nothing was written is gone. Raises DomainError."""
    item = Item.objects.select_for_update(of=("self",)).select_related("follow_up", "pattern").get(pk=pk)
    pattern = item.pattern
    if pattern is None:
        raise DomainError(_("It is part of no pattern."))
    _record(LEAVE, item, pattern, by)
    item.pattern, item.joined_at, item.may_name = None, None, False
    item.save()
    merged = pattern.merged_from.exists()
    if pattern.items.exists() or pattern.version > 1 or merged or joint_actions(pattern).exists():
        return pattern
    PATTERNS.drop(pattern, by=by)
    return None


@transaction.atomic
def put_into(pattern: Pattern, keys: Iterable[int], *, by: User) -> Pattern:
    """Make follow-ups part of a pattern. Raises DomainError for one that is part of another."""
    items = _locked(keys)
    if any(item.pattern_id not in (None, pattern.pk) for item in items):
        raise DomainError(_("Somebody put one of them into another pattern. Look again."))
    _join(items, pattern, by)
    return pattern


@transaction.atomic
def merge(pk: int, into: Pattern, *, by: User) -> Pattern:
    """Let a pattern go into another, with all it has; its address leads there. Raises DomainError."""
    rows = Pattern.objects.select_for_update().standing().filter(pk__in=[pk, into.pk]).order_by("pk")
    found = {row.pk: row for row in rows}
    if len(found) < 2:
        raise DomainError(_("Choose another pattern."))
    Item.objects.filter(pattern=pk).update(pattern=into)
    Pattern.objects.filter(merged_into=pk).update(merged_into=into)
    return change(Pattern.objects.all(), pk, {"merged_into": into}, by=by, action=MERGE).row


@transaction.atomic
def take(proposal: Proposal, *, name: str, follow_ups: Sequence[FollowUp], by: User) -> Pattern:
    """Make a pattern of what was proposed, or of some of it; the rest is free again. Raises DomainError."""
    if len({row.partner_id for row in follow_ups}) < 2:
        raise DomainError(_("Choose items of two or more of those you serve."), "follow_ups")
    pattern = PATTERNS.enter({"name": name}, by=by)
    put_into(pattern, [row.pk for row in follow_ups], by=by)
    proposal.delete()
    return pattern


def dismiss(proposal: Proposal, *, by: User) -> Proposal:
    """Let a group not be proposed again, until most of it is new."""
    now = {"dismissed_at": timezone.now()}
    return change(Proposal.objects.all(), proposal.pk, now, by=by, action=DISMISS).row


def restore(proposal: Proposal, *, by: User) -> Proposal:
    """Propose a dismissed group after all."""
    return change(Proposal.objects.all(), proposal.pk, {"dismissed_at": None}, by=by, action=RESTORE).row


def act_on(pattern: Pattern, *, title: str, said: str, owner: User, due_on: date, by: User) -> FollowUp:
    """Do one thing about all of it: a follow-up of the office's own. Each partner is told by its own. Raises DomainError."""
    return raise_follow_up(
        kind=JOINT,
        partner=None,
        title=title,
        said=said,
        by=by,
        owner=owner,
        due_on=due_on,
        office_only=True,
        source_id=str(pattern.pk),
        source_label=str(pattern),
    )


def joint_actions(pattern: Pattern) -> FollowUpQuerySet:
    """What is done about it as one, and about what went into it; what is due first comes first."""
    keys = [pattern.pk, *pattern.merged_from.values_list("pk", flat=True)]
    return FollowUp.objects.filter(kind=JOINT, source_id__in=map(str, keys)).order_by("due_on", "pk")


def shared_by(user: User) -> ItemQuerySet:
    """The items whose partner somebody speaks for, as its executive or IT lead."""
    own = user.memberships.standing().filter(role__in=WHO_SHARES)
    seen = FollowUp.objects.visible_to(user).filter(partner__in=own.values("partner"))
    return Item.objects.filter(follow_up__in=seen).exclude(pattern=None)


def share(item: Item, may: bool, *, by: User) -> Item:
    """Agree that others are told one has the problem too, or no longer."""
    whose = item.follow_up.partner_id
    action = SHARE if may else UNSHARE
    return change(Item.objects.all(), item.pk, {"may_name": may}, by=by, action=action, partner_id=whose).row


@transaction.atomic
def hand_over(from_user: User, to_user: User, by: User) -> int:
    """Let somebody else own the open patterns of one person; how many."""
    owned = list(Pattern.objects.owned_by(from_user))
    for pattern in owned:
        PATTERNS.mend(pattern, {"owner": to_user}, by=by)
    return len(owned)
