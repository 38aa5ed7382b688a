"""Bills of ten thousand partners: their pages, and two hundred of them as PDF."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from time import process_time

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from comity.billing.models import Bill, Line, Run
from comity.billing.views.bills import pdf_of
from comity.demo.bench.pages import LIST, PAGE, page, printed
from comity.imports.setwise import chunks
from comity.office.services import today
from comity.partners.models import Partner
from comity.people.models import User
from comity.rates.models import RateVersion
from comity.services.models import Offering, Service
from comity.usage.models import Period

OFFERINGS, PRICE_CENTS = 8, 1250
PLAN = {"shape": "flat", "tiers": [{"up_to": None, "price": "12.5"}]}
PDFS, MOST_MS_A_PDF = 200, 200
BATCH = 5_000


def measure_bills() -> bool:
    """Print what a bill's pages and its paper take; whether all is within its bounds."""
    _build()
    reader = User.objects.order_by("pk")[10]
    bills = Bill.objects.select_related("run__period", "partner").order_by("-pk")
    last = bills[0]
    print()
    kept = printed(
        [
            page("bills, of one month", reader, f"{reverse('billing:bills')}?sort=-total_cents", LIST),
            page("a run of ten thousand bills", reader, last.run.get_absolute_url(), PAGE),
            page("a bill", reader, last.get_absolute_url(), PAGE),
            page("a line of a bill", reader, last.lines.all()[0].get_absolute_url(), PAGE),
        ]
    )
    began = process_time()
    written = sum(len(pdf_of(bill, reader)) for bill in bills[:PDFS])
    each = (process_time() - began) * 1000 / PDFS
    over = "" if each <= MOST_MS_A_PDF else "   over its bound"
    print(f"{f'{PDFS} bills as PDF, each':<46}{'':>9}{each:>9.1f}{written / PDFS / 1000:>7.0f}{over}")
    return kept and not over


def _build() -> None:
    """Two months of issued bills, once."""
    if Bill.objects.exists():
        return
    proposer, approver = User.objects.order_by("pk")[:2]
    service = Service.objects.create(name="Servers", promise="We run them.", owner=proposer)
    last = today().replace(day=1) - timedelta(days=1)
    now = timezone.now()
    rates = [
        RateVersion.objects.create(
            offering=Offering.objects.create(
                service=service,
                name=f"Server {number}",
                code=f"SRV-{number}",
                unit=Offering.Unit.DEVICE_MONTH,
            ),
            plan=PLAN,
            starts_on=last.replace(year=last.year - 1, day=1),
            why="New.",
            proposed_by=proposer,
            approved_by=approver,
            approved_at=now,
        )
        for number in range(OFFERINGS)
    ]
    for month in (last.replace(day=1) - timedelta(days=1), last):
        with transaction.atomic():
            _bill(month.replace(day=1), rates, now)


def _bill(month: date, rates: list[RateVersion], now: datetime) -> None:
    run = Run.objects.create(period=Period.objects.create(first_on=month), state=Run.State.DRAFT)
    partners = Partner.objects.standing().order_by("pk").values_list("pk", flat=True)
    bills = [
        Bill(
            run=run,
            partner_id=partner,
            number=f"F-{month:%Y-%m}-{place:05}",
            total_cents=OFFERINGS * _units(partner, month) * PRICE_CENTS,
            due_on=month + timedelta(days=60),
            dispute_until=month + timedelta(days=90),
        )
        for place, partner in enumerate(partners, 1)
    ]
    Bill.objects.bulk_create(bills, BATCH)
    for chunk in chunks(_lines(bills, month, rates), BATCH):
        Line.objects.bulk_create(chunk)
    Bill.objects.filter(run=run).update(issued_at=now)
    total = sum(bill.total_cents for bill in bills)
    service = rates[0].offering.service
    counted = {
        "service": service.pk,
        "name": service.name,
        "lines": len(bills) * OFFERINGS,
        "cents": total,
        "recovers_cents": total,
        "cost_cents": total,
    }
    checks = {"bills": len(bills), "services": [counted]}
    Run.objects.filter(pk=run.pk).update(
        state=Run.State.ISSUED, issued_at=now, total_cents=total, checks=checks
    )


def _units(partner: int, month: date) -> int:
    return 1 + (partner + month.month) % 20


def _lines(bills: list[Bill], month: date, rates: list[RateVersion]) -> Iterator[Line]:
    for bill in bills:
        units = _units(bill.partner_id, month)
        for rate in rates:
            cents = units * PRICE_CENTS
            yield Line(
                bill=bill,
                offering_id=rate.offering_id,
                rate=rate,
                month=month,
                quantity=units,
                raw=str(cents),
                cents=cents,
                parts=[{"units": str(units), "price": "12.5", "cents": str(cents)}],
            )
