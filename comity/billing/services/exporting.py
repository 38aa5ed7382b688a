"""A run's lines for others: FOCUS 1.2, as tools for cloud cost read it, and postings for the state's ledger.

docs/billing.md says which column is what.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from comity.billing.models import Line, Run, Terms
from comity.core.errors import DomainError
from comity.core.fiscal import month_after
from comity.office.services import current_office
from comity.ui.money import plain_dollars

CURRENCY = "USD"
PLACES = 15  # behind the point of an exact amount; what has more is rounded there
CHUNK = 2_000
POSTINGS = (
    *("period", "bill", "partner", "account", "fund", "cost_center", "object_code", "service", "debit"),
    *("credit", "description"),
)
CORRECTIONS = {Line.Kind.LATE, Line.Kind.ADJUSTMENT}
Rows = Iterator[Sequence[Any]]


def lines_of(run: Run) -> QuerySet[Line]:
    """A run's lines with what hangs on them, in the order of its bills."""
    return (
        Line.objects.filter(bill__run=run)
        .select_related("bill__partner", "offering__service", "cost_center__fund")
        .order_by("bill__number", "pk")
    )


def focus(run: Run) -> Rows:
    """Every line as a charge of FOCUS 1.2, below the names of the columns."""
    office, first = current_office().name, run.period.first_on
    columns: dict[str, Callable[[Line], Any]] = {
        "BilledCost": _cost,
        "BillingAccountId": lambda line: line.bill.partner.code,
        "BillingAccountName": lambda line: line.bill.partner.name,
        "BillingAccountType": lambda line: line.bill.partner.get_kind_display(),
        "BillingCurrency": lambda _line: CURRENCY,
        "BillingPeriodStart": lambda _line: _moment(first),
        "BillingPeriodEnd": lambda _line: _moment(month_after(first)),
        "ChargeCategory": lambda line: "Adjustment" if line.kind == Line.Kind.ADJUSTMENT else "Usage",
        "ChargeClass": lambda line: "Correction" if line.kind in CORRECTIONS else None,
        "ChargeDescription": lambda line: f"{line.offering.service}: {line.offering}, {line.month:%Y-%m}",
        "ChargeFrequency": lambda line: "Recurring" if line.kind == Line.Kind.SHARE else "Usage-Based",
        "ChargePeriodStart": lambda line: _moment(line.month),
        "ChargePeriodEnd": lambda line: _moment(month_after(line.month)),
        "ConsumedQuantity": lambda line: _quantity(line) if line.kind == Line.Kind.USAGE else None,
        "ConsumedUnit": lambda line: _unit(line) if line.kind == Line.Kind.USAGE else None,
        "ContractedCost": _cost,
        "EffectiveCost": _cost,
        "InvoiceId": lambda line: line.bill.number,
        "InvoiceIssuerName": lambda _line: office,
        "ListCost": lambda line: _cost(line) if line.full_cents is None else plain_dollars(line.full_cents),
        "PricingCategory": lambda line: "Standard" if line.kind != Line.Kind.ADJUSTMENT else None,
        "PricingQuantity": lambda line: None if line.kind in CORRECTIONS else _quantity(line),
        "PricingUnit": lambda line: None if line.kind in CORRECTIONS else _unit(line),
        "ProviderName": lambda _line: office,
        "PublisherName": lambda _line: office,
        "ServiceCategory": lambda _line: "Other",
        "ServiceName": lambda line: line.offering.service.name,
        "ServiceSubcategory": lambda _line: "Other (Other)",
        "x_CorrectsLineId": lambda line: line.corrects_id,
        "x_ExactCost": exact_dollars,
        "x_Kind": lambda line: line.kind,
        "x_LineId": lambda line: line.pk,
        "x_MeterCode": lambda line: line.offering.code,
        "x_RateVersionId": lambda line: line.rate_id,
        "x_UsageRows": lambda line: line.usage_rows,
    }
    yield list(columns)
    for line in lines_of(run).iterator(CHUNK):
        yield [value(line) for value in columns.values()]


def postings(run: Run) -> Rows:
    """Balanced double entry: each bill is owed by its partner, and is the income of the cost centers behind its lines.

    Raises DomainError where a line's income has no cost center.
    """
    terms, lines = Terms.now(), lines_of(run)
    if homeless := lines.filter(cost_center=None).first():
        sentence = _(
            "“%(service)s” has no cost center, so its income cannot be posted. Give it one and run the bills again."
        )
        raise DomainError(sentence % {"service": homeless.offering.service})
    yield POSTINGS
    by = ("bill__number", "cost_center__fund__code", "cost_center__code", "offering__service__name")
    sums = lines.order_by(*by).values_list("bill__partner__code", *by).annotate(Sum("cents"))
    for partner, bill, fund, center, service, cents in sums:
        for account, amount in ((terms.receivable, cents), (terms.revenue, -cents)):
            yield (
                *(run.period, bill, partner, account, fund, center, terms.object_code, service),
                *(plain_dollars(max(amount, 0)), plain_dollars(max(-amount, 0))),
                f"{service} {run.period}",
            )


KINDS = {"focus": focus, "postings": postings}


def write(kind: str, run: Run, path: Path) -> int:
    """Write a run as CSV for machines, whole or not at all; how many rows there were. Raises DomainError."""
    part, count = path.with_name(f".{path.name}.part"), -1  # the head is none
    try:
        with part.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\r\n")
            for row in KINDS[kind](run):
                writer.writerow(row)
                count += 1
        part.replace(path)
    except OSError as error:
        said = {"file": path, "why": error.strerror}
        raise DomainError(_("%(file)s cannot be written: %(why)s") % said) from error
    finally:
        part.unlink(missing_ok=True)
    return count


def _cost(line: Line) -> Decimal | None:
    return plain_dollars(line.cents)


def _quantity(line: Line) -> str:
    return f"{line.quantity:.4f}"


def _unit(line: Line) -> str:
    return str(line.offering.get_unit_display())


def exact_dollars(line: Line) -> str:
    """What a line comes to before it is rounded, in dollars."""
    scaled = Fraction(line.raw or line.cents) * 10 ** (PLACES - 2)
    return f"{Decimal(round(scaled)).scaleb(-PLACES).normalize():f}"


def _moment(first: date) -> str:
    return f"{first.isoformat()}T00:00:00Z"
