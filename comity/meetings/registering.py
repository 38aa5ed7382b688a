"""What this room offers to the rooms below it, said once as the site starts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from comity.followups import beside, kinds
from comity.followups.models import FollowUp
from comity.meetings.capabilities import LOG, READ
from comity.meetings.models import PROMISE, Meeting, Officer, Plan
from comity.meetings.services import officers, plans
from comity.office import services as office
from comity.partners import obligations
from comity.people import duties
from comity.ui.components.days import day

if TYPE_CHECKING:
    from comity.people.models import User


def register_all() -> None:
    beside.register(acts=_acts, lines=_lines)
    _duties()
    _obligations()
    kinds.register(
        kinds.Kind(PROMISE, _("Promise"), evidence_url=_meeting_url, evidence_visible_to=_may_see_meeting)
    )


def _duties() -> None:
    duties.register(
        duties.Duty(
            key="meetings.plans",
            label=_("visits to come"),  # type: ignore[arg-type]  # a lazy string is one
            rows=Plan.objects.led_by,
            url_of=lambda _user: f"{reverse('meetings:plans')}?state={Plan.State.PLANNED}",
            hand_over=plans.hand_over,
        )
    )
    duties.register(
        duties.Duty(
            key="meetings.officers",
            label=_("parts of the office that they stand for on visits"),  # type: ignore[arg-type]
            rows=lambda user: Officer.objects.filter(user=user),
            url_of=lambda _user: reverse("meetings:officers"),
            hand_over=officers.hand_over,
        )
    )


def _obligations() -> None:
    obligations.register(
        obligations.Obligation(
            key="visits",
            label=lambda count: (
                ngettext("%(count)s visit to come", "%(count)s visits to come", count) % {"count": count}
            ),
            open_rows=lambda partner: Plan.objects.planned().to_partner(partner),
            url=lambda partner: (
                f"{reverse('meetings:plans')}?state={Plan.State.PLANNED}&partner={partner.pk}"
            ),
        )
    )


def _acts(follow_up: FollowUp, user: User) -> Iterator[beside.Act]:
    """A visit because of it, unless one is to come; or one that has been made already."""
    if not (follow_up.is_open and follow_up.partner_id and user.can(LOG)):
        return
    about = f"?follow_up={follow_up.pk}"
    if not follow_up.plans.planned().exists():
        yield beside.Act(gettext("Plan a visit"), f"{reverse('meetings:plan_new')}{about}", first=True)
    yield beside.Act(gettext("We met because of it: write it down"), f"{reverse('meetings:log')}{about}")


def _lines(follow_up: FollowUp, user: User) -> Iterator[beside.Line]:
    """Visits because of it: to come, and made."""
    if not user.can(READ):
        return
    today = office.today()
    for plan in Plan.objects.visible_to(user).planned().filter(follow_ups=follow_up):
        label = gettext("Visit, its day has passed") if plan.has_passed(today) else gettext("Visit planned")
        yield beside.Line(label, day(plan.planned_on), plan.get_absolute_url())
    for meeting in Meeting.objects.visible_to(user).standing().filter(about=follow_up):
        label = gettext("Visited") if meeting.is_face_to_face else str(meeting.get_how_display())
        yield beside.Line(label, day(meeting.held_on), meeting.get_absolute_url())


def _meeting_url(source_id: str) -> str:
    return reverse("meetings:detail", args=[source_id])


def _may_see_meeting(user: User, source_id: str) -> bool:
    """The page of a meeting is the office's; partners read of it in their portal."""
    return user.is_office and Meeting.objects.visible_to(user).filter(pk=source_id).exists()
