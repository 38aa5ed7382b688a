"""Who looks after whom: partners without a lead contact, and what each contact carries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import Count, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.briefing import links
from comity.briefing.numbers_in_words import spelled
from comity.core.load import Load
from comity.followups.models import PENDING, FollowUp
from comity.office.services import words
from comity.partners.models import Assignment, Partner, load_by_contact
from comity.people.models import User


@dataclass(frozen=True)
class Carried:
    """What one lead contact carries: partners weighed by their size, and what is open and late with them."""

    user: User
    load: Load
    late: int

    @cached_property
    def url(self) -> str:
        return reverse("partners:contacts_of", args=[self.user.pk])

    @property
    def partners_url(self) -> str:
        return f"{self.url}?role=lead&served=1"

    @property
    def open_url(self) -> str:
        return links.follow_ups(led_by=self.user.pk, open=1)

    @property
    def late_url(self) -> str:
        return links.follow_ups(led_by=self.user.pk, late=1)

    @property
    def hand_over_url(self) -> str:
        """Where all of it goes to somebody else, and from where one comes back to this page."""
        return f"{reverse('partners:hand_over', args=[self.user.pk])}?from=coverage"


@dataclass(frozen=True)
class Coverage:
    """How many partners there are, how many have a lead, and what each contact carries."""

    partners: int
    with_lead: int
    carried: list[Carried]

    @property
    def all_url(self) -> str:
        return f"{reverse('partners:list')}?status={Partner.Status.ACTIVE}"

    @property
    def with_lead_url(self) -> str:
        return f"{reverse('partners:list')}?with_lead=1"

    @property
    def without_lead(self) -> int:
        return self.partners - self.with_lead

    @property
    def percent(self) -> int:
        return self.with_lead * 100 // self.partners if self.partners else 0

    @cached_property
    def heaviest(self) -> Decimal:
        """The most points any contact carries: what the bars are drawn against."""
        return max((each.load.points for each in self.carried), default=Decimal(1))


def coverage(user: User, today: date) -> Coverage:
    """Count in three queries, whatever the number of partners; the heaviest load first."""
    loads = load_by_contact(Partner.objects.visible_to(user), today)
    alone = loads.pop(None, Load())
    waiting = _waiting(user, today)
    carried = [
        Carried(contact, loads[contact.pk] + Load(open_follow_ups=there), late)
        for contact in User.objects.filter(pk__in=loads).order_by("sort_name", "pk")
        for there, late in [waiting.get(contact.pk, (0, 0))]
    ]
    carried.sort(key=lambda each: each.load.points, reverse=True)
    with_lead = sum(each.load.partners for each in carried)
    return Coverage(alone.partners + with_lead, with_lead, carried)


def _waiting(user: User, today: date) -> dict[int, tuple[int, int]]:
    """How much is open, and late, at the partners of each contact. Begun from what is open: few of all follow-ups are."""
    lead = Assignment.objects.leads().on(today).of_served().filter(partner=OuterRef("partner"))
    counted = (
        FollowUp.objects.visible_to(user)
        .open()
        .order_by()
        .values(contact=Subquery(lead.order_by().values("user")[:1]))
        .annotate(all=Count("pk"), late=Count("pk", filter=Q(state__in=PENDING, due_on__lt=today)))
    )
    return {row["contact"]: (row["all"], row["late"]) for row in counted}


def sentence(found: Coverage) -> str:
    """The first thing the page says."""
    said = words()
    if not found.partners:
        return _("There are no %(partners)s yet.") % {"partners": said.partners}
    if not found.without_lead:
        return _("Every %(partner)s has a name to call.") % {"partner": said.partner}
    return ngettext(
        "One %(partner)s has nobody to call.",
        "%(count)s %(partners)s have nobody to call.",
        found.without_lead,
    ) % {"count": spelled(found.without_lead), "partner": said.partner, "partners": said.partners}
