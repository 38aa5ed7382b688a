"""How the permission matrix gets a meeting with a partner."""

from __future__ import annotations

from comity.meetings import services
from comity.meetings.services.feed import make_link
from comity.partners.models import Partner
from comity.people.roles import Role
from comity.testing.cast import Cast
from comity.testing.matrix import Arguments, Subject


def _one(cast: Cast, partner: Partner) -> Arguments:
    meeting = services.log_visit(
        partners=[partner],
        by=cast.ana,
        held_on=cast.today,
        title=f"Canary of {partner.name}",
        said=f"Only {partner.name} and our office may read this.",
        office_only=False,
    )
    return (meeting.pk,)


def _planned(cast: Cast, partner: Partner) -> Arguments:
    plan = services.plan_visit(
        partners=[partner],
        by=cast.ana,
        planned_on=cast.today,
        title=f"Canary visit to {partner.name}",
        why="Only our office may read this.",
    )
    return (plan.pk,)


def _link(cast: Cast, partner: Partner) -> Arguments:
    """Whoever has the link reads the calendar, here an empty one. What one holds is told by test_calendar.py."""
    nobody = cast.office_user(f"New-{partner.code} Colleague", Role.OFFICE_STAFF)
    return (make_link(nobody).rpartition("/")[2].removesuffix(".ics"),)


SUBJECTS = {
    "meetings:feed": Subject(_link, absent=("no-such-link",)),
    **{
        f"meetings:{name}": Subject(_one)
        for name in ("detail", "edit", "withdraw", "portal_detail", "plan_next")
    },
    **{
        f"meetings:{name}": Subject(_planned, office_only=True)
        for name in ("planned_visit", "change_planned_visit", "call_off_visit")
    },
}
