"""Whom the office has not seen for too long."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import F, Q

from comity.office.models import VisitTier
from comity.partners.models import PartnerQuerySet


def overdue_for_a_visit(partners: PartnerQuerySet, today: date) -> PartnerQuerySet:
    """Those served that were not met face to face within the days of their visit tier.

    Never met counts as longest ago and comes first; without a tier nobody is overdue.
    """
    rows = partners.served().filter(too_long_ago(today)).select_related("tier")
    return rows.order_by(F("last_met_on").asc(nulls_first=True), "name", "pk")


def too_long_ago(today: date) -> Q:
    """The condition on a partner that it was not met within the days of its tier. Asks for the tiers."""
    overdue = Q(pk__in=[])
    for tier in VisitTier.objects.all():
        since = today - timedelta(days=tier.every_days)
        overdue |= Q(tier=tier) & (Q(last_met_on=None) | Q(last_met_on__lt=since))
    return overdue
