"""A run's lines for others: FOCUS 1.2, as tools for cloud cost read it, and postings for the state's ledger.

docs/billing.md says which column is what.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from comity.billing.models import Line, Run, Terms
from comity.core.errors import DomainError
from comity.office.services import current_office
from comity.ui.money import plain_dollars

CURRENCY = "USD"
PLACES = 15  # behind the point of an exact amount; what has more is rounded there
FOCUS = (
    *("BilledCost", "BillingAccountId", "BillingAccountName", "BillingAccountType", "BillingCurrency"),
    *("BillingPeriodStart", "BillingPeriodEnd", "ChargeCategory", "ChargeClass", "ChargeDescription"),
    *("ChargeFrequency", "ChargePeriodStart", "ChargePeriodEnd", "ConsumedQuantity", "ConsumedUnit"),
    *("ContractedCost", "EffectiveCost", "InvoiceId", "InvoiceIssuerName", "ListCost", "PricingCategory"),
    *("PricingQuantity", "PricingUnit", "ProviderName", "PublisherName", "ServiceCategory", "ServiceName"),
    *("ServiceSubcategory", "x_CorrectsLineId", "x_ExactCost", "x_Kind", "x_LineId", "x_MeterCode"),
    *("x_RateVersionId", "x_UsageRows"),
)
POSTINGS = (
    *(
        "period",
        "bill",
        "partner",
        "account",
        "fund",
        "cost_center",
        "object_code",
        "service",
        "debit",
        "credit",
    ),
    "description",
)
CORRECTIONS = {Line.Kind.LATE, Line.Kind.ADJUSTMENT}


def lines_of(run: Run) -> QuerySet[Line]:
    """A run's lines with what hangs on them, in the order of its bills."""
    return (
        Line.objects.filter(bill__run=run)
        .select_related("bill__partner", "offering__service", "cost_center__fund")
        .order_by("bill__number", "pk")
    )


def focus_rows(run: Run) -> Iterator[dict[str, Any]]:
    """Every line as a charge of FOCUS 1.2."""
    office, first = current_office().name, run.period.first_on
    for line in lines_of(run).iterator(2_000):
        cents, measured = line.cents, line.kind == Line.Kind.USAGE
        cost, quantity = plain_dollars(cents), f"{line.quantity:.4f}"
        unit = str(line.offering.get_unit_display())
        yield {
            "BilledCost": cost,
            "BillingAccountId": line.bill.partner.code,
            "BillingAccountName": line.bill.partner.name,
            "BillingAccountType": line.bill.partner.get_kind_display(),
            "BillingCurrency": CURRENCY,
            "BillingPeriodStart": _moment(first),
            "BillingPeriodEnd": _moment(next_month(first)),
            "ChargeCategory": "Adjustment" if line.kind == Line.Kind.ADJUSTMENT else "Usage",
            "ChargeClass": "Correction" if line.kind in CORRECTIONS else None,
            "ChargeDescription": f"{line.offering.service}: {line.offering}, {line.month:%Y-%m}",
            "ChargeFrequency": "Recurring" if line.kind == Line.Kind.SHARE else "Usage-Based",
            "ChargePeriodStart": _moment(line.month),
            "ChargePeriodEnd": _moment(next_month(line.month)),
            "ConsumedQuantity": quantity if measured else None,
            "ConsumedUnit": unit if measured else None,
            "ContractedCost": cost,
            "EffectiveCost": cost,
            "InvoiceId": line.bill.number,
            "InvoiceIssuerName": office,
            "ListCost": plain_dollars(cents if line.full_cents is None else line.full_cents),
            "PricingCategory": "Standard" if line.kind != Line.Kind.ADJUSTMENT else None,
            "PricingQuantity": None if line.kind in CORRECTIONS else quantity,
            "PricingUnit": None if line.kind in CORRECTIONS else unit,
            "ProviderName": office,
            "PublisherName": office,
            "ServiceCategory": "Other",
            "ServiceName": line.offering.service.name,
            "ServiceSubcategory": "Other (Other)",
            "x_CorrectsLineId": line.corrects_id,
            "x_ExactCost": exact_dollars(line),
            "x_Kind": line.kind,
            "x_LineId": line.pk,
            "x_MeterCode": line.offering.code,
            "x_RateVersionId": line.rate_id,
            "x_UsageRows": line.usage_rows,
        }


def posting_rows(run: Run) -> Iterator[dict[str, Any]]:
    """Balanced double entry: each bill is owed by its partner, and is the income of the cost centers behind its lines.

    Raises DomainError where a line's income has no cost center.
    """
    terms = Terms.now()
    homeless = lines_of(run).filter(cost_center=None).first()
    if homeless is not None:
        raise DomainError(
            _(
                "“%(service)s” has no cost center, so its income cannot be posted. Give it one and run the bills again."
            )
            % {"service": homeless.offering.service}
        )
    sums = (
        Line.objects.filter(bill__run=run)
        .order_by("bill__number", "cost_center__fund__code", "cost_center__code", "offering__service__name")
        .values_list(
            *("bill__number", "bill__partner__code", "cost_center__fund__code", "cost_center__code"),
            "offering__service__name",
        )
        .annotate(Sum("cents"))
    )
    for number, partner, fund, center, service, cents in sums:
        shared = {
            "period": str(run.period),
            "bill": number,
            "partner": partner,
            "fund": fund,
            "cost_center": center,
            "object_code": terms.object_code,
            "service": service,
            "description": f"{service} {run.period}",
        }
        yield {**shared, "account": terms.receivable, **_sides(cents)}
        yield {**shared, "account": terms.revenue, **_sides(-cents)}


KINDS = {"focus": (FOCUS, focus_rows), "postings": (POSTINGS, posting_rows)}


def _sides(cents: int) -> dict[str, Decimal | None]:
    """An amount as a debit, or below zero as a credit."""
    return {"debit": plain_dollars(max(cents, 0)), "credit": plain_dollars(max(-cents, 0))}


def write(kind: str, run: Run, path: Path) -> int:
    """Write a run as CSV for machines, whole or not at all; how many rows there were. Raises DomainError."""
    head, rows = KINDS[kind]
    part, count = path.with_name(f".{path.name}.part"), 0
    try:
        with part.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\r\n")
            writer.writerow(head)
            for row in rows(run):
                writer.writerow(["" if row[name] is None else row[name] for name in head])
                count += 1
        part.replace(path)
    except OSError as error:
        raise DomainError(
            _("%(file)s cannot be written: %(why)s") % {"file": path, "why": error.strerror}
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return count


def next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def exact_dollars(line: Line) -> str:
    """What a line comes to before it is rounded, in dollars."""
    scaled = Fraction(line.raw or line.cents) * 10 ** (PLACES - 2)
    return f"{Decimal(round(scaled)).scaleb(-PLACES).normalize():f}"


def _moment(first: date) -> str:
    return f"{first.isoformat()}T00:00:00Z"
