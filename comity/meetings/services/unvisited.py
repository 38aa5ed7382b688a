"""Whom the office has not visited: those served, by how many times what their tier allows has passed since."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, DateField, F, Func, IntegerField, OuterRef, Q, Subquery, Value

from comity.meetings.models import PlannedVisit
from comity.meetings.services.visits import too_long_ago
from comity.partners.models import Assignment, Partner, PartnerQuerySet
from comity.people.models import User


class DaysSince(Func):
    """Whole days from a day that a row has until one that is given; None where it has none."""

    arg_joiner = " - "
    template = "(%(expressions)s)"

    def __init__(self, field: str, until: date) -> None:
        super().__init__(Value(until, DateField()), F(field), output_field=IntegerField())

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, tuple[Any, ...]]:
        (until, said), (since, known) = (compiler.compile(each) for each in self.get_source_expressions())
        return f"CAST(julianday({until}) - julianday({since}) AS INTEGER)", (*said, *known)


def to_be_visited(user: User, today: date) -> PartnerQuerySet:
    """Those served that have a tier, each with what says whether a visit is due.

    days     since the last time face to face; None where there was none
    share    these days as a percentage of what the tier allows, so that a month too late is worse of a month than of a year
    contact  the name of who leads there
    coming, coming_pk  the day of the next visit that is planned, and its key
    """
    lead = Assignment.objects.on(today).leads().filter(partner=OuterRef("pk")).order_by()
    coming = PlannedVisit.objects.visible_to(user).planned().filter(planned_on__gte=today)
    coming = coming.filter(partners=OuterRef("pk")).order_by("planned_on", "pk")
    rows: Any = Partner.objects.visible_to(user).served().exclude(tier=None).select_related("tier")
    rows = rows.annotate(days=DaysSince("last_met_on", today))
    found: PartnerQuerySet = rows.annotate(
        share=F("days") * 100 / F("tier__every_days"),
        contact=Subquery(lead.values("user__name")[:1]),
        coming=Subquery(coming.values("planned_on")[:1]),
        coming_pk=Subquery(coming.values("pk")[:1]),
    )
    return found


def how_many(user: User, today: date) -> dict[str, Any]:
    """Of those served: how many are overdue, how many of these were never met, and how many have no tier."""
    never = Q(last_met_on=None) & ~Q(tier=None)
    served = Partner.objects.visible_to(user).served()
    return served.aggregate(
        overdue=Count("pk", filter=too_long_ago(today)),
        never=Count("pk", filter=never),
        tierless=Count("pk", filter=Q(tier=None)),
    )
