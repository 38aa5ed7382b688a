"""How the permission matrix gets a run: no partner's, and so the office's alone."""

from __future__ import annotations

from datetime import date

from comity.billing.models import Bill, Run
from comity.partners.models import Partner
from comity.testing.cast import Cast
from comity.testing.matrix import Arguments, Subject
from comity.usage.models import Period


def run_for(cast: Cast) -> Run:
    """The draft of a month."""
    period, _made = Period.objects.get_or_create(first_on=date(2026, 10, 1))
    values = {"state": Run.State.DRAFT, "run_by": cast.finn}
    return Run.objects.get_or_create(period=period, defaults=values)[0]


def bill_for(cast: Cast, partner: Partner) -> Bill:
    values = {"number": f"F-2026-10-{partner.code}"}
    return Bill.objects.get_or_create(run=run_for(cast), partner=partner, defaults=values)[0]


def _run(cast: Cast, partner: Partner) -> Arguments:
    return (bill_for(cast, partner).run_id,)


SUBJECTS = {"billing:run": Subject(_run, office_only=True)}
