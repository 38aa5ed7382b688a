"""Since when partners have no lead contact: kept on the partner, so that lists can ask for it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.db.models import DateField, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from comity.partners.models import Assignment, Partner


@transaction.atomic
def refresh_leads(day: date, *, only: Collection[int] | None = None) -> list[int]:
    """Set `lead_gap_since` right for a day; the keys of the partners whose gap opened by it.

    The gap begins when the last lead ended; for a body that never had one, on the day it was entered (kept by
    whoever entered it), else today.

    only  these partners, for an act on them; all, for the turn of the day and after an import

    Two set-wise updates, whatever the number; rows that are right are not written.
    """
    partners = Partner.objects.standing()
    if only is not None:
        partners = partners.filter(pk__in=list(only))
    leads = Assignment.objects.leads().filter(partner=OuterRef("pk"))
    led = Exists(leads.on(day))
    partners.filter(led, lead_gap_since__isnull=False).update(lead_gap_since=None)
    last_end = Subquery(
        leads.filter(ends_on__lte=day, ends_on__gt=F("starts_on"))
        .order_by()
        .values("partner")
        .annotate(last=Max("ends_on"))
        .values("last"),
        output_field=DateField(),
    )
    since = Coalesce(last_end, F("lead_gap_since"), Value(day, output_field=DateField()))
    wrong = _wrong(partners.filter(~led), since)
    opened = list(wrong.filter(lead_gap_since=None).values_list("pk", flat=True))
    wrong.update(lead_gap_since=since)
    return opened


def _wrong(partners: QuerySet[Partner], since: Coalesce) -> QuerySet[Partner]:
    return partners.alias(since=since).filter(Q(lead_gap_since=None) | ~Q(lead_gap_since=F("since")))
