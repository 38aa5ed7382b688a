"""What a follow-up's page says of the same problem elsewhere: to the office, and to its partner."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.followups import kinds
from comity.followups.kinds import Card, Line
from comity.followups.models import FollowUp
from comity.partners.models import Partner
from comity.patterns.capabilities import READ
from comity.patterns.models import Item
from comity.patterns.services.judging import FEW, shared_by

if TYPE_CHECKING:
    from comity.people.models import User


def lines(follow_up: FollowUp, user: User) -> Iterator[Line]:
    """The pattern it is part of."""
    if user.can(READ):
        rows = Item.objects.visible_to(user).defer("vector").select_related("pattern")
        item = rows.filter(pk=follow_up.pk).first()
        if item and item.pattern:
            yield Line(_("Pattern"), str(item.pattern), item.pattern.get_absolute_url())


def cards(follow_up: FollowUp, user: User) -> Iterator[Card]:
    """For the office, where what is alike comes a moment later; for a partner, that others have the problem, too."""
    if not user.is_office:
        yield from _to_them(follow_up, user)
    elif user.can(READ) and follow_up.partner_id and follow_up.kind in kinds.problems():
        yield Card("patterns/_later.html", {"url": reverse("patterns:elsewhere", args=[follow_up.pk])})


def _to_them(follow_up: FollowUp, user: User) -> Iterator[Card]:
    """Nothing of who it is, unless they agreed; a number only from three on."""
    item = Item.objects.filter(pk=follow_up.pk).exclude(pattern=None).first()
    if item is None:
        return
    others = Item.objects.filter(pattern=item.pattern_id).exclude(follow_up__partner=follow_up.partner_id)
    count = others.standing().values("follow_up__partner").distinct().count()
    if not count:
        return
    named = Partner.objects.filter(pk__in=others.named().values("follow_up__partner"))
    holds = {
        "said": _told(count),
        "names": list(named.order_by("sort_name").values_list("name", flat=True)),
        "may_name": item.may_name,
        "url": reverse("patterns:share", args=[item.pk])
        if shared_by(user).filter(pk=item.pk).exists()
        else "",
    }
    yield Card("patterns/_to_them.html", holds)


def _told(count: int) -> str:
    if count < FEW:
        return _("Others told us the same.")
    return ngettext("%(count)s other told us the same.", "%(count)s others told us the same.", count) % {
        "count": count
    }
