"""Who looks after whom: partners without a lead contact and since when, and what each contact carries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.followups.models import OPEN, PENDING
from comity.office.services import words
from comity.partners.models import Assignment, Partner
from comity.people.models import User


@dataclass(frozen=True)
class Load:
    """What one lead contact carries: partners, the people who work there, and what is open with them."""

    user: User
    partners: int
    people: int
    open: int
    late: int


@dataclass(frozen=True)
class Coverage:
    """How many partners there are, how many have a lead, and the load of each contact."""

    partners: int
    with_lead: int
    loads: list[Load]

    @property
    def without_lead(self) -> int:
        return self.partners - self.with_lead

    @property
    def percent(self) -> int:
        return self.with_lead * 100 // self.partners if self.partners else 0

    @property
    def most_open(self) -> int:
        """The most any contact has open: what the bars are drawn against."""
        return max((load.open for load in self.loads), default=0) or 1


def coverage(user: User, today: date) -> Coverage:
    """Count in four queries, whatever the number of partners."""
    served = Partner.objects.visible_to(user).served()
    leads = Assignment.objects.on(today).leads().filter(partner__in=served).order_by()
    held = {
        row["user"]: row
        for row in leads.values("user").annotate(partners=Count("partner"), people=Sum("partner__headcount"))
    }
    waiting = {
        row["user"]: row for row in leads.values("user").annotate(open=_open(), late=_open_and_late(today))
    }
    loads = [
        Load(
            user=contact,
            partners=held[contact.pk]["partners"],
            people=held[contact.pk]["people"] or 0,
            open=waiting[contact.pk]["open"],
            late=waiting[contact.pk]["late"],
        )
        for contact in User.objects.filter(pk__in=held).order_by("name", "pk")
    ]
    return Coverage(served.count(), sum(load.partners for load in loads), loads)


def _open() -> Count:
    return Count("partner__follow_ups", filter=Q(partner__follow_ups__state__in=OPEN))


def _open_and_late(today: date) -> Count:
    return Count(
        "partner__follow_ups",
        filter=Q(partner__follow_ups__state__in=PENDING, partner__follow_ups__due_on__lt=today),
    )


def sentence(found: Coverage) -> str:
    """The first thing the page says."""
    said = words()
    if not found.partners:
        return _("There are no %(partners)s yet.") % {"partners": said.partners}
    if not found.without_lead:
        return _("Every %(partner)s has a name to call.") % {"partner": said.partner}
    return ngettext(
        "One %(partner)s has nobody to call.",
        "%(count)d %(partners)s have nobody to call.",
        found.without_lead,
    ) % {"count": found.without_lead, "partner": said.partner, "partners": said.partners}
