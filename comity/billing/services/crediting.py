"""What missed service levels give back: proposed as adjustments of what was billed for their month, and approved like any."""

from __future__ import annotations

from contextlib import suppress

from django.db import transaction
from django.utils.translation import gettext as _

from comity.billing.models import LevelCredit, Line
from comity.billing.services.righting import adjust
from comity.core.errors import DomainError
from comity.core.service_levels import credit
from comity.levels.models import Result, ResultQuerySet


def uncredited() -> ResultQuerySet:
    """Results of closed months that give something back, of which nothing was proposed yet."""
    return Result.objects.credited().exclude(pk__in=LevelCredit.objects.values("result"))


def propose_credits() -> str:
    """Propose what is due of bills that are issued, in the name of whoever closed the month; how many that were."""
    rows = uncredited().select_related("month__frozen_by", "service")
    return str(sum(_propose(row) for row in rows))


def _propose(row: Result) -> bool:
    """On the largest line that the month has of the service; not while there is none, nor more than it still charges."""
    own = Line.objects.issued().filter(bill__partner=row.partner, month=row.month.first, kind__in=Line.OWN)
    lines = list(own.filter(offering__service=row.service, cents__gt=0).order_by("-cents", "pk"))
    by, cents = row.month.frozen_by, credit(sum(line.cents for line in lines), row.at_risk, row.weight)
    if not cents or by is None:
        return False
    said = {"level": row, "weight": f"{row.weight.normalize():f}", "risk": f"{row.at_risk.normalize():f}"}
    why = _("Service levels of %(level)s: %(weight)s%% of the %(risk)s%% at risk") % said
    with suppress(DomainError), transaction.atomic():
        made = adjust(lines[0], -min(cents, lines[0].cents), why, by=by)
        LevelCredit.objects.create(result=row, adjustment=made)
        return True
    return False
