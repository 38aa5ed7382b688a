"""Remarks, and the people they call."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.followups import notices
from comity.followups.models import Comment, FollowUp
from comity.followups.services.changing import required
from comity.partners.models import Membership, Partner
from comity.people.models import User, UserQuerySet

COMMENT = "followups.comment"
LONGEST_NAME = 4  # words after an @ that may be somebody's name
ENDS = ".'’-"  # what may follow a name without being of it
AT = re.compile(r"(?:^|(?<=[\s(\[“\"']))@([\w.'’+-]+(?:@[\w.-]+)?(?:[ \u00a0][\w.'’-]+){0,3})")


@transaction.atomic
def comment(follow_up_id: int, *, words: str, by: User, office_only: bool = True) -> Comment:
    """Keep a remark and call those it names with @; nobody is called who may not read it."""
    follow_up = FollowUp.objects.visible_to(by).select_related("partner").get(pk=follow_up_id)
    words = required(words, _("Write something first."))
    office_only = by.is_office and (office_only or follow_up.office_only)
    written = Comment.objects.create(
        follow_up=follow_up, by=by, at=timezone.now(), words=words, office_only=office_only
    )
    called = called_in(words, readers(follow_up, office_only=office_only))
    written.mentions.set(called)
    audit.record(
        by=by,
        action=COMMENT,
        target=follow_up,
        after={"words": words, "office_only": office_only, "mentions": [user.pk for user in called]},
        partner_id=follow_up.partner_id,
    )
    notices.commented(follow_up, written, called)
    return written


def readers(follow_up: FollowUp, *, office_only: bool) -> UserQuerySet:
    """Everyone who may read a remark on this follow-up."""
    may: Q = Q(kind=User.Kind.OFFICE)
    partner = follow_up.partner
    if partner is not None and not office_only and not follow_up.office_only:
        # A body's users see all that is below it (Partner.visible_to): its readers are those of all above.
        above = Partner.objects.at_or_above(partner).values("pk")
        may |= Q(pk__in=Membership.objects.standing().filter(partner__in=above).values("user"))
    return User.objects.active().filter(may)


def called_in(words: str, among: UserQuerySet) -> list[User]:
    """The people a text calls by "@Ana Ruiz" or "@ana@example.gov", among those given."""
    wanted = Q()
    for found in AT.findall(words):
        parts = re.split(r"[ \u00a0]", found)[:LONGEST_NAME]
        for count in range(1, len(parts) + 1):
            name = " ".join(parts[:count]).rstrip(ENDS)
            wanted |= Q(name__iexact=name) | Q(email__iexact=name)
    return list(among.filter(wanted)) if wanted else []


def calling(users: Sequence[User], among: UserQuerySet) -> dict[User, str]:
    """What to write after an @ to call each of them alone: the name, or the address where the name will not do."""
    alike = Q(pk__in=[])
    for user in users:
        alike |= Q(name__iexact=user.name)
    bearers = Counter(name.casefold() for name in among.filter(alike).values_list("name", flat=True))
    return {
        user: user.name if bearers[user.name.casefold()] == 1 and _is_callable(user.name) else user.email
        for user in users
    }


def _is_callable(name: str) -> bool:
    found = AT.fullmatch(f"@{name}")
    return found is not None and name == name.rstrip(ENDS)
