"""Who should know of a visit to come, and in which words. Whoever planned or changed it is not told."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from comity.meetings.models import PlannedVisit, with_whom
from comity.meetings.services.invitations import guests
from comity.notifications.services import notify
from comity.people.models import User

ASKED = "meetings.asked"  # you are to come along
CHANGED = "meetings.plan_changed"  # another day, or called off


def asked(plan: PlannedVisit, users: Iterable[User], by: User) -> None:
    """To those who are to go."""
    _tell(users, ASKED, plan, by, lambda: _("%(by)s asked you to come along: %(visit)s") % _said(plan, by))


def moved(plan: PlannedVisit, users: Iterable[User], by: User) -> None:
    """To those who were going already."""
    _tell(users, CHANGED, plan, by, lambda: _("Moved: %(visit)s") % _said(plan, by))


def called_off(plan: PlannedVisit, users: Iterable[User], by: User) -> None:
    """To those who were going."""
    _tell(users, CHANGED, plan, by, lambda: _("Called off: %(visit)s. %(reason)s") % _said(plan, by))


def _said(plan: PlannedVisit, by: User) -> dict[str, object]:
    """ "a visit to the Department of Parks on December 4" """
    visit = _("a visit to %(partners)s on %(day)s") % {
        "partners": with_whom(plan),
        "day": date_format(plan.planned_on, "MONTH_DAY_FORMAT"),
    }
    return {"by": by, "visit": visit, "reason": plan.called_off_reason}


def _tell(users: Iterable[User], kind: str, plan: PlannedVisit, by: User, text: Callable[[], str]) -> None:
    notify(
        users,
        kind=kind,
        text=text,
        url=plan.get_absolute_url(),
        about=plan,
        but_not=by,
        mailed=bool(guests(plan)),
    )
