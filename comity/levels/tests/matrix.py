"""How the permission matrix gets a closed month of service levels, and the versions it rests on."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from comity.core.fiscal import month_after
from comity.levels.models import Calendar, Month, Result, Target
from comity.partners.models import Partner
from comity.services.models import Service
from comity.testing.cast import Cast
from comity.testing.matrix import Arguments, Subject
from comity.tickets.models import Ticket
from comity.tickets.services import open_ticket

FIRST, OPEN = date(2024, 1, 1), date(2024, 2, 1)


def _service(cast: Cast) -> Service:
    return Service.objects.get_or_create(
        name="Canaries", defaults={"promise": "They sing.", "owner": cast.sol}
    )[0]


def _result(cast: Cast, partner: Partner) -> Arguments:
    """Of a month that is closed once it has the results of this partner; each partner has a month of its own."""
    found = Result.objects.filter(partner=partner).first()
    if found is None:
        first = month_after(FIRST, -1 - Result.objects.count())
        month = Month.objects.create(first=first, last=first, stands=True, worked_at=timezone.now())
        found = Result.objects.create(
            month=month,
            partner=partner,
            service=_service(cast),
            by_priority={"response": {}, "resolution": {}},
        )
        Month.objects.filter(pk=month.pk).update(frozen_at=timezone.now(), frozen_by=cast.cora)
    return (found.pk,)


def _month_of(cast: Cast, partner: Partner) -> Arguments:
    first = Result.objects.get(pk=_result(cast, partner)[0]).month.first
    return first.year, first.month


def _month(cast: Cast, _partner: Partner) -> Arguments:
    facts = {"last": OPEN.replace(day=29), "worked_at": timezone.now()}
    Month.objects.get_or_create(first=OPEN, stands=True, defaults=facts)
    return OPEN.year, OPEN.month


def _ticket(cast: Cast, partner: Partner) -> Arguments:
    found = Ticket.objects.filter(partner=partner).first()
    return ((found or open_ticket(title="A canary does not sing", partner=partner, by=cast.ana)).pk,)


def _calendar(_cast: Cast, _partner: Partner) -> Arguments:
    facts = {"zone": "America/Chicago", "week": "Mon-Fri 08:00-17:00"}
    return (Calendar.objects.get_or_create(name="Canaries", starts_on=FIRST, defaults=facts)[0].pk,)


def _target(cast: Cast, partner: Partner) -> Arguments:
    _calendar(cast, partner)
    facts = {"calendar": "Canaries", "response_3": "1 h"}
    made = Target.objects.get_or_create(service=_service(cast), starts_on=FIRST, defaults=facts)[0]
    return (made.pk,)


NO_MONTH = (1999, 1)
SUBJECTS = {
    **{f"levels:{name}": Subject(_result) for name in ("result", "portal_result")},
    **{f"levels:{name}": Subject(_ticket) for name in ("ticket", "portal_ticket")},
    **{f"levels:{name}": Subject(_month_of, absent=NO_MONTH) for name in ("pdf", "portal_pdf")},
    **{f"levels:{name}": Subject(_month, absent=NO_MONTH, office_only=True) for name in ("month", "close")},
    **{f"levels:{act}_calendar": Subject(_calendar, office_only=True) for act in ("edit", "remove")},
    **{f"levels:{act}_target": Subject(_target, office_only=True) for act in ("edit", "remove")},
}
