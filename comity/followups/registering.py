"""What this room offers to the rooms below it, said once as the site starts."""

from __future__ import annotations

from datetime import time

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from comity import jobs
from comity.files import owners as files
from comity.followups import capabilities, services
from comity.followups.counting.keeping import add_up
from comity.followups.models import FollowUp
from comity.partners import obligations
from comity.people import duties
from comity.people.models import User

MORNING = time(6, 30)


def register_all() -> None:
    _duties()
    files.register("followups.FollowUp", may_see=_may_see, may_add=_may_add)
    obligations.register(
        obligations.Obligation(
            key="follow-ups",
            label=lambda count: (
                ngettext("%(count)s open follow-up", "%(count)s open follow-ups", count) % {"count": count}
            ),
            open_rows=lambda partner: FollowUp.objects.open().filter(partner=partner),
            url=lambda partner: f"{reverse('followups:list')}?view=open&partner={partner.pk}",
        )
    )
    jobs.every(
        "followups.escalate", services.escalate, minutes=60, label=_("Bring what stands still to attention")
    )
    jobs.every(
        "followups.escalate_each_morning",
        services.escalate,
        daily_at=MORNING,
        label=_("Bring what stands still to attention, first thing"),
    )
    jobs.every("followups.add_up", add_up, minutes=10, label=_("Add up the figures of the ring"))


def _duties() -> None:
    duties.register(
        duties.Duty(
            key="followups.open",
            label=_("open follow-ups"),  # type: ignore[arg-type]  # a lazy string is one
            rows=FollowUp.objects.owned_by,
            url_of=_owned_by,
            hand_over=services.hand_over_all,
        )
    )


def _owned_by(user: User) -> str:
    return f"{reverse('followups:list')}?view=open&owner={user.pk}"


def _may_see(user: User, pk: int) -> bool:
    return FollowUp.objects.visible_to(user).filter(pk=pk).exists()


def _may_add(user: User, pk: int) -> bool:
    """Whoever works on it in the office; at a partner, whoever raised it."""
    if user.is_office:
        return user.can(capabilities.WORK)
    return FollowUp.objects.visible_to(user).raised_by(user).filter(pk=pk).exists()
