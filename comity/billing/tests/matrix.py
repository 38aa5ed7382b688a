"""How the permission matrix gets a run, which is the office's alone, and a partner's issued bill with a line."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from comity.billing.models import Adjustment, Bill, Dispute, Line, PartnerCostCenter, Run, SplitShare
from comity.billing.services import righting
from comity.partners.models import Partner
from comity.services.models import Offering
from comity.services.tests.matrix import service_for
from comity.testing.cast import Cast
from comity.testing.matrix import Arguments, Subject
from comity.usage.models import Period

SEPTEMBER = date(2026, 9, 1)


def run_for(cast: Cast) -> Run:
    """The draft of a month."""
    period, _made = Period.objects.get_or_create(first_on=date(2026, 10, 1))
    values = {"state": Run.State.DRAFT, "run_by": cast.finn}
    run: Run = Run.objects.standing().get_or_create(period=period, defaults=values)[0]
    return run


def bill_for(cast: Cast, partner: Partner) -> Bill:
    values = {"number": f"B-2026-10-{partner.code}"}
    return Bill.objects.get_or_create(run=run_for(cast), partner=partner, defaults=values)[0]


def _run(cast: Cast, partner: Partner) -> Arguments:
    return (bill_for(cast, partner).run_id,)


def line_for(cast: Cast, partner: Partner) -> Line:
    """The one line of an issued bill."""
    found = Line.objects.filter(bill__partner=partner, bill__run__period__first_on=SEPTEMBER).first()
    if found is not None:
        return found
    offering, _made = Offering.objects.get_or_create(
        code="MATRIX",
        defaults={"service": service_for(cast, partner), "name": "Server", "unit": "device-month"},
    )
    period, _made = Period.objects.get_or_create(first_on=SEPTEMBER)
    run, _made = Run.objects.get_or_create(
        period=period, defaults={"state": Run.State.ISSUED, "run_by": cast.finn}
    )
    bill = Bill.objects.create(
        run=run,
        partner=partner,
        number=f"B-2026-09-{partner.pk}",
        total_cents=1200,
        dispute_until=cast.today + timedelta(days=30),
    )
    line = Line.objects.create(bill=bill, offering=offering, month=SEPTEMBER, quantity=3, cents=1200)
    Bill.objects.filter(pk=bill.pk).update(issued_at=timezone.now())
    return line


def _bill(cast: Cast, partner: Partner) -> Arguments:
    return (line_for(cast, partner).bill_id,)


def _line(cast: Cast, partner: Partner) -> Arguments:
    return (line_for(cast, partner).pk,)


def share_for(partner: Partner) -> SplitShare:
    """Half of everything for one cost center."""
    center, _made = PartnerCostCenter.objects.get_or_create(
        partner=partner, code="100", defaults={"name": "Field"}
    )
    return SplitShare.objects.get_or_create(cost_center=center, offering=None, account="", share=50)[0]


def _center(cast: Cast, partner: Partner) -> Arguments:
    return (share_for(partner).cost_center_id,)


def _share(cast: Cast, partner: Partner) -> Arguments:
    return (share_for(partner).pk,)


def _replacing(cast: Cast, partner: Partner) -> Arguments:
    run = bill_for(cast, partner).run
    if run.replaces is None:
        run.replaces = Run.objects.create(period=run.period, run_by=cast.finn, state=Run.State.DROPPED)
        run.save(update_fields=["replaces"])
    return (run.pk,)


def _adjustment(cast: Cast, partner: Partner) -> Arguments:
    line = line_for(cast, partner)
    return (Adjustment.objects.create(line=line, cents=-100, why="Twice.", made_by=cast.finn).pk,)


def _dispute(cast: Cast, partner: Partner) -> Arguments:
    line, by = line_for(cast, partner), cast.eve if partner == cast.parks else cast.flo
    found = Dispute.objects.filter(line=line).first()
    return ((found or righting.dispute(line, cents=100, reason="Not ours.", by=by)).pk,)


SUBJECTS = {
    **{
        f"billing:{name}": Subject(_run, office_only=True)
        for name in ("run", "run_lines", "run_again", "approve", "issue", "drop")
    },
    "billing:run_changes": Subject(_replacing, office_only=True),
    "billing:run_check": Subject(
        lambda cast, partner: (*_run(cast, partner), "moved"), absent=(999_999_999, "moved"), office_only=True
    ),
    "billing:export": Subject(
        lambda cast, partner: (*_run(cast, partner), "focus"), absent=(999_999_999, "focus"), office_only=True
    ),
    "billing:adjust": Subject(_line, office_only=True),
    **{
        f"billing:{name}": Subject(_adjustment, office_only=True)
        for name in ("approve_adjustment", "decline_adjustment")
    },
    **{f"billing:{name}": Subject(_bill) for name in ("bill", "bill_pdf", "bill_csv", "split")},
    **{f"billing:{name}": Subject(_line) for name in ("line", "line_csv", "dispute")},
    **{f"billing:{name}": Subject(_center) for name in ("edit_cost_center", "remove_cost_center")},
    **{f"billing:{name}": Subject(_share) for name in ("edit_share", "remove_share")},
    "billing:decide": Subject(_dispute, office_only=True),
}
