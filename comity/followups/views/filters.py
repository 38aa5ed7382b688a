"""Filters of the lists of follow-ups, and what the figures link to."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from comity.followups import kinds
from comity.followups.models import FollowUp, FollowUpQuerySet, Severity, State
from comity.followups.services import figures
from comity.partners.models import Assignment
from comity.partners.pickers import of_partner
from comity.people.models import User
from comity.people.pickers import ANYONE_OF_US
from comity.ui.tables import Choice, DateRange, Filter, Picked, Search, Toggle


def few(rows: FollowUpQuerySet, keys: Any) -> FollowUpQuerySet:
    """Rows of some partners, found by the index on partners, and not by one that serves what else is asked: one has few."""
    if keys is None:
        return rows.filter(partner=None)
    return rows.filter(pk__in=FollowUp.objects.order_by().filter(partner__in=keys).values("pk"))


def filters(user: User, today: date) -> list[Filter]:
    """What narrows a list of follow-ups down."""
    leads = Assignment.objects.leads().on(today).of_served()
    return [
        Search("q", _("Find"), lambda rows, text: rows.search(text)),
        of_partner(user, few, none=_("our office as a whole")),
        Picked("owner", _("Owner"), ANYONE_OF_US, user, "owner", none=_("nobody yet")),
        Choice("kind", _("Kind"), kinds.choices, "kind"),
        Choice("state", _("Where it stands"), State.choices, "state"),
        Picked(
            "led_by",
            _("Lead contact"),
            ANYONE_OF_US,
            user,
            lambda rows, keys: rows.filter(partner__in=leads.filter(user__in=keys).values("partner")),
        ),
        Choice("severity", _("How serious"), Severity.choices, "severity"),
        Choice("figure", _("Counted as"), figures.choices, figures.rows_of),
        DateRange("heard", _("Heard"), "heard_on"),
        DateRange("due", _("Due"), "due_on"),
        Toggle("open", _("Open only"), lambda rows: rows.open()),
        Toggle("late", _("Late only"), lambda rows: rows.late(today)),
        Toggle("team", _("My team’s"), lambda rows: rows.filter(owner__supervisor=user)),
        Toggle("written", _("I wrote it down"), lambda rows: rows.filter(written_by=user)),
        Toggle("reopened", _("Reopened"), lambda rows: rows.open().filter(reopened__gt=0)),
    ]


def all_of(user: User) -> FollowUpQuerySet:
    """Every follow-up this person may see, with what a row names."""
    return FollowUp.objects.visible_to(user).with_people()
