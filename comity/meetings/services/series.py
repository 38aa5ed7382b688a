"""Visits that come again: once one was held, the next is proposed, and planned only if somebody says so."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.meetings.models import Meeting, PlannedVisit
from comity.meetings.services.planned_visits import plan_visit
from comity.office import services as office
from comity.people.models import User

QUARTER = 91  # days, where none of those visited has a tier


def next_day(plan: PlannedVisit) -> date:
    """When the next of a series is due: after the days of the tier that asks for most, on a business day, from today on.

    plan  one that was held
    """
    tiers = plan.partners.exclude(tier=None).values_list("tier__every_days", flat=True)
    assert plan.meeting is not None  # it was held
    due = max(plan.meeting.held_on + timedelta(days=min(tiers, default=QUARTER)), office.today())
    calendar = office.calendar()
    day: date = due if calendar.is_open(due) else calendar.add_days(due, 1)
    return day


def proposed(meeting: Meeting) -> PlannedVisit | None:
    """The visit of a series as which this meeting was planned, where no other is planned or was held after it."""
    rows = PlannedVisit.objects.filter(meeting=meeting, meeting__withdrawn_at=None, in_series=True)
    went_on = (PlannedVisit.State.PLANNED, PlannedVisit.State.HELD)
    return rows.exclude(next__state__in=went_on).select_related("lead", "meeting").first()


@transaction.atomic
def plan_next(meeting_id: int, *, by: User) -> PlannedVisit:
    """Plan the next of a series as the last one was. Raises DomainError where it is planned already."""
    meeting = Meeting.objects.standing().select_for_update().filter(pk=meeting_id).first()
    plan = proposed(meeting) if meeting else None
    if plan is None:
        raise DomainError(_("The next visit of this series has been planned already."))
    made = plan_visit(
        partners=list(plan.partners.order_by("sort_name", "pk")),
        by=by,
        planned_on=next_day(plan),
        lead=plan.lead if plan.lead.is_active else by,
        going=[(one.user_id, one.function) for one in plan.going.filter(user__is_active=True)],
        theirs=plan.theirs.filter(left_on=None),
        **{name: getattr(plan, name) for name in ("kind", "how", "title", "place", "travel", "planned_at")},
        in_series=True,
    )
    PlannedVisit.objects.filter(after=plan).update(after=None)  # one that was called off
    PlannedVisit.objects.filter(pk=made.pk).update(after=plan)
    return made
