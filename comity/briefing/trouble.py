"""Which relationships are in trouble, and why: reasons that can be opened, never a score out of nowhere.

How it is counted: docs/calculations/trouble.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Min, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.briefing import links
from comity.followups.models import FollowUp
from comity.meetings.visits import overdue_for_a_visit
from comity.partners.models import Partner
from comity.people.models import User


@dataclass(frozen=True)
class Reason:
    """One thing that is wrong, with the rows behind it."""

    text: str
    url: str


@dataclass(frozen=True)
class Trouble:
    """A partner and what is wrong with it, worst first."""

    partner: Partner
    reasons: list[Reason]
    late_days: int


def in_trouble(user: User, today: date, limit: int = 10) -> list[Trouble]:
    """Active partners with a late promise or one open again because it did not help, or seen too rarely and without a contact.

    Ordered by how many things are wrong, then by the longest wait. Two queries, whatever the number of partners.
    """
    rows = _annotated(user, today).filter(Q(late__gt=0) | Q(unhelped__gt=0) | Q(without_lead=1, unseen=1))
    ranked = rows.order_by("-wrongs", F("oldest_due").asc(nulls_last=True), "name")[:limit]
    return [_explain(row, today) for row in ranked]


def _annotated(user: User, today: date) -> QuerySet[Any]:
    """Active partners with a figure for each thing that can be wrong."""
    said = FollowUp.objects.visible_to(user).filter(partner=OuterRef("pk"))
    late, unhelped = said.late(today), said.open().filter(reopened__gt=0)
    oldest = late.order_by().values("partner").annotate(day=Min("due_on")).values("day")
    unseen = overdue_for_a_visit(Partner.objects.all(), today).order_by().values("pk")
    rows: QuerySet[Any] = Partner.objects.visible_to(user).served().select_related("tier")
    annotated: QuerySet[Any] = rows.annotate(
        late=_count(late),
        unhelped=_count(unhelped),
        oldest_due=Subquery(oldest),
        unseen=_one_if(Q(pk__in=unseen)),
        without_lead=_one_if(Q(lead_gap_since__isnull=False)),
        wrongs=_one_if(Q(late__gt=0)) + _one_if(Q(unhelped__gt=0)) + F("unseen") + F("without_lead"),
    )
    return annotated


def _count(rows: QuerySet[FollowUp]) -> Coalesce:
    counted = rows.order_by().values("partner").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0, output_field=IntegerField())


def _one_if(condition: Q) -> Case:
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())


def _explain(row: Any, today: date) -> Trouble:
    """The annotated row as reasons, each with its evidence."""
    reasons = []
    late_days = (today - row.oldest_due).days if row.oldest_due else 0
    if row.late:
        said = ngettext(
            "one promise %(days)d days late", "%(count)d promises late, the oldest by %(days)d days", row.late
        )
        reasons.append(
            Reason(said % {"count": row.late, "days": late_days}, links.follow_ups(partner=row.pk, late=1))
        )
    if row.unhelped:
        said = ngettext(
            "one thing did not help and is open again",
            "%(count)d things did not help and are open again",
            row.unhelped,
        )
        reasons.append(Reason(said % {"count": row.unhelped}, links.follow_ups(partner=row.pk, reopened=1)))
    if row.lead_gap_since:
        days = (today - row.lead_gap_since).days
        reasons.append(Reason(_("no contact for %(days)d days") % {"days": days}, reverse("coverage")))
    if row.unseen:
        reasons.append(Reason(_not_seen(row, today), f"{row.get_absolute_url()}?kind=meetings"))
    return Trouble(row, reasons, late_days)


def _not_seen(row: Partner, today: date) -> str:
    if row.last_met_on is None:
        return _("never met face to face")
    return _("not seen for %(days)d days") % {"days": (today - row.last_met_on).days}
