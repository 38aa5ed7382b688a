"""What the tests of rates begin with."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from comity.core.billing.plans import Plan, plain
from comity.rates.models import RateVersion
from comity.services.models import CustomerClass, Offering, Service
from comity.testing.cast import CastTestCase

LAST_JULY, JULY = date(2025, 7, 1), date(2026, 7, 1)


class RatesTestCase(CastTestCase):
    """Sol owns *Hosting*, of which everybody may have a server; Finn proposes rates, and Cora approves them."""

    hosting: Service
    server: Offering

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.hosting = Service.objects.create(
            name="Hosting", promise="We run it.", owner=cls.sol, status=Service.Status.ACTIVE
        )
        cls.server = cls.offering("Server", "SRV")

    @classmethod
    def offering(cls, name: str, code: str, unit: str = Offering.Unit.DEVICE_MONTH, **more: Any) -> Offering:
        return Offering.objects.create(service=cls.hosting, name=name, code=code, unit=unit, **more)

    @classmethod
    def approved(cls, price: str | Plan | int, starts_on: date = LAST_JULY, **more: Any) -> RateVersion:
        """A rate that holds: a flat price, a plan, or the cents of a shared year."""
        facts: dict[str, Any] = {"offering": cls.server, "why": "New", "starts_on": starts_on}
        if isinstance(price, int):
            facts |= {"basis": RateVersion.Basis.SHARED, "annual_cents": price, "driver": "headcount"}
        else:
            facts["plan"] = plain(Plan.flat(price) if isinstance(price, str) else price)
        by = {"proposed_by": cls.finn, "approved_by": cls.cora, "approved_at": timezone.now()}
        return RateVersion.objects.create(**facts | by | more)

    @classmethod
    def small(cls) -> CustomerClass:
        """The class of partners with at most 50 employees."""
        return CustomerClass.objects.create(name="Small agencies", order=2, headcount_max=50)
