"""When somebody else leads a partner: who is called, who has access, and that we introduce ourselves, each a follow-up.

Posts change by hand, by import and by their day alone, so they are looked at every few minutes. Each change is answered
once: the post that began, or ended, is the source of what was raised.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from comity.followups.models import FollowUp
from comity.followups.services import raise_follow_up
from comity.office import services as office
from comity.partners.models import Partner, Position
from comity.partners.models.person import PositionQuerySet

NEW_HEAD = "new_head"  # the kind of follow-up
MACHINE = "new heads"
LATELY = timedelta(days=14)  # what is longer ago was there when the post was written down
CONTACTS, ACCESS, MEET = 2, 3, 5  # business days for each step


def raise_for_new_heads() -> int:
    """Raise the steps for each head that began or left within two weeks and was not answered yet; how many heads."""
    today = office.today()
    return sum(_raise(post, today) for post in [*_began(today), *_left(today)])


def _unanswered(today: date) -> PositionQuerySet:
    """Posts of heads, held by somebody at a partner that is served, for which nothing was raised."""
    answered = FollowUp.objects.filter(kind=NEW_HEAD, source_id=Cast(OuterRef("pk"), CharField()))
    heads = Position.objects.held().filter(
        function=Position.Function.HEAD,
        partner__in=Partner.objects.served(),
        person__merged_into=None,
    )
    return heads.exclude(Exists(answered)).select_related("person", "partner").order_by("pk")


def _began(today: date) -> PositionQuerySet:
    return _unanswered(today).current(today).filter(starts_on__gt=today - LATELY)


def _left(today: date) -> PositionQuerySet:
    """Those after whom nobody leads today."""
    leads = Position.objects.held().current(today).filter(function=Position.Function.HEAD)
    gone = _unanswered(today).filter(ends_on__gt=today - LATELY, ends_on__lte=today)
    return gone.exclude(Exists(leads.filter(partner=OuterRef("partner"))))


@transaction.atomic
def _raise(post: Position, today: date) -> bool:
    """The steps for one post, once, also where two look at the same moment."""
    partner = Partner.objects.select_for_update(of=("self",)).get(pk=post.partner_id)
    if FollowUp.objects.filter(kind=NEW_HEAD, source_id=str(post.pk)).exists():
        return False
    said = {"name": post.person, "partner": partner, "title": post.title}
    left = post.ends_on is not None and post.ends_on <= today
    because = (_("%(name)s left: %(title)s") if left else _("%(name)s is new: %(title)s")) % said
    steps = (
        [
            (_("Find out who leads %(partner)s after %(name)s"), CONTACTS),
            (_("Check who still has access for %(partner)s"), ACCESS),
        ]
        if left
        else [
            (_("Tell everyone to call %(name)s, who leads %(partner)s now"), CONTACTS),
            (_("Check who has access for %(partner)s"), ACCESS),
            (_("Meet %(name)s and introduce our office"), MEET),
        ]
    )
    lead = partner.lead_on(today)
    for title, days in steps:
        raise_follow_up(
            kind=NEW_HEAD,
            partner=partner,
            title=(title % said)[:200],
            said=because,
            by=MACHINE,
            source_id=str(post.pk),
            source_label=because,
            owner=lead if lead and lead.is_active else None,
            due_on=office.calendar().add_days(today, days),
            office_only=True,
        )
    return True
