"""Bills made by hand, as a run would have made them of rates and usage: for tests that ask what is said of a bill."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from comity.billing.models import Bill, Line, Run
from comity.partners.models import Partner
from comity.rates.models import RateVersion
from comity.services.models import Offering, Service
from comity.testing.cast import CastTestCase
from comity.usage.models import Period

JULY, SEPTEMBER, OCTOBER = date(2026, 7, 1), date(2026, 9, 1), date(2026, 10, 1)


def flat(price: str) -> dict[str, Any]:
    """A plan of one price, as JSON."""
    return {"shape": "flat", "tiers": [{"up_to": None, "price": price}]}


class BillsTestCase(CastTestCase):
    """Sol owns security, with its scans. Finn makes rates and runs; Cora approves them."""

    scans: Offering

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.scans = cls.offering("Security scans", "SCAN", Offering.Unit.SCAN, service="Security")

    @classmethod
    def offering(cls, name: str, code: str, unit: str, *, service: str) -> Offering:
        of, _made = Service.objects.get_or_create(
            name=service,
            defaults={"promise": "We run it.", "owner": cls.sol, "status": Service.Status.ACTIVE},
        )
        return Offering.objects.create(service=of, name=name, code=code, unit=unit)

    @classmethod
    def rate(
        cls, offering: Offering, plan: dict[str, Any] | None, starts_on: date = JULY, **facts: Any
    ) -> RateVersion:
        """An approved rate; the one before it ends where it begins."""
        before = RateVersion.objects.filter(offering=offering, ends_on=None, starts_on__lt=starts_on)
        before.update(ends_on=starts_on - timedelta(days=1))
        return RateVersion.objects.create(
            **{
                "offering": offering,
                "plan": plan,
                "starts_on": starts_on,
                "why": "New.",
                "proposed_by": cls.finn,
                "approved_by": cls.cora,
                "approved_at": timezone.now(),
                **facts,
            }
        )

    @classmethod
    def bill(
        cls, partner: Partner, first: date, *lines: dict[str, Any], issued: bool = True, **facts: Any
    ) -> Bill:
        """A partner's bill of a month with these lines: `{"offering": ..., "rate": ..., "quantity": 412, "cents": 824000}`."""
        period, _made = Period.objects.get_or_create(first_on=first)
        run, _made = Run.objects.get_or_create(
            period=period, defaults={"run_by": cls.finn, "state": Run.State.DRAFT}
        )
        made = Bill.objects.create(
            run=run,
            partner=partner,
            number=f"F-{first:%Y-%m}-{partner.pk:04}",
            total_cents=sum(line["cents"] for line in lines),
            **{
                "due_on": cls.today + timedelta(days=30),
                "dispute_until": cls.today + timedelta(days=20),
                **facts,
            },
        )
        at = timezone.now() if issued else None
        for line in lines:
            Line.objects.create(**{"bill": made, "month": first, **line})
        if issued:
            Bill.objects.filter(pk=made.pk).update(issued_at=at)
            state = {"state": Run.State.ISSUED, "issued_at": at, "issued_by": cls.finn}
            Run.objects.filter(pk=run.pk, issued_at=None).update(
                **state, approved_by=cls.cora, approved_at=at
            )
            made.refresh_from_db()
        return made
