"""What a follow-up's page says of visits because of it, and offers to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from comity.followups.kinds import Act, Line
from comity.followups.models import FollowUp
from comity.meetings.capabilities import LOG, READ
from comity.meetings.models import Meeting, PlannedVisit
from comity.office import services as office
from comity.ui.components.days import day

if TYPE_CHECKING:
    from comity.people.models import User


def acts(follow_up: FollowUp, user: User) -> Iterator[Act]:
    """A visit because of it, unless one is to come; or one that has been made already."""
    if not (follow_up.is_open and follow_up.partner_id and user.can(LOG)):
        return
    about = f"?follow_up={follow_up.pk}"
    if not follow_up.planned_visits.planned().exists():
        yield Act(_("Plan a visit"), f"{reverse('meetings:plan_visit')}{about}", first=True)
    yield Act(_("Log a visit about this"), f"{reverse('meetings:log')}{about}")


def lines(follow_up: FollowUp, user: User) -> Iterator[Line]:
    """Visits because of it: to come, and made."""
    if not user.can(READ):
        return
    today = office.today()
    for plan in PlannedVisit.objects.visible_to(user).planned().filter(follow_ups=follow_up):
        label = _("Visit planned, the day has passed") if plan.has_passed(today) else _("Visit planned")
        yield Line(label, day(plan.planned_on), plan.get_absolute_url())
    for meeting in Meeting.objects.visible_to(user).standing().filter(about=follow_up):
        label = _("Visited") if meeting.is_face_to_face else str(meeting.get_how_display())
        yield Line(label, day(meeting.held_on), meeting.get_absolute_url())
