"""A partner's cost centers and what each bears, kept by the partner itself; and its bill by them."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Prefetch
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from comity.billing.capabilities import OWN
from comity.billing.forms import CostCenterForm, ShareForm
from comity.billing.models import Bill, PartnerCostCenter, SplitShare
from comity.billing.services import splitting
from comity.billing.views.bills import Row, bill_or_404
from comity.core.errors import DomainError
from comity.editing.row_pages import RowPages
from comity.people.access import Request, requires, signed_in
from comity.ui import csv
from comity.ui.components.days import month
from comity.ui.money import money, plain_dollars

CSV_HEAD = (
    *("bill", "month", "cost_center", "cost_center_name", "funding"),
    *("service", "offering", "kind", "belongs_to", "amount"),
)


@signed_in("GET")
def split(request: Request, pk: int) -> HttpResponseBase:
    """A bill by the cost centers of its partner; with ?format=csv as a file."""
    bill = bill_or_404(request, pk)
    try:
        portions, unreadable = splitting.portions_of(bill), ""
    except DomainError as error:
        portions, unreadable = [], str(error)
    if request.GET.get("format") == "csv" and not unreadable:
        return csv.response(request, f"split-{bill}", CSV_HEAD, _csv_rows(bill, portions))
    context = {
        "bill": bill,
        "month": month(bill.run.period.first_on),
        "heads": [_("Cost center"), _("Amount")],
        "groups": [_group(each) for each in portions],
        "total": [Row(_("Total"), _cells(bill.total_cents))],
        "unreadable": unreadable,
        "whole": len(portions) == 1 and portions[0].cost_center is None,
        "keeps": request.user.can(OWN),
    }
    return render(request, "billing/split.html", context)


def _group(portion: splitting.Portion) -> list[Row]:
    """What a cost center bears, and below it each line of which it bears something."""
    center = portion.cost_center
    whole = Row(str(center or _("Not assigned")), _cells(portion.cents), center.funding if center else "")
    lines = [(line, _cells(cents)) for line, cents in portion.lines]
    return [whole, *(Row(str(line), cells, str(line.offering.service), line) for line, cells in lines)]


def _cells(cents: int) -> list[tuple[str, str]]:
    return [(_("Amount"), money(cents))]


def _csv_rows(bill: Bill, portions: list[splitting.Portion]) -> Iterator[list[object]]:
    """The lines as CSV_HEAD says."""
    for each in portions:
        center = each.cost_center or PartnerCostCenter()
        for line, cents in each.lines:
            yield [
                *(bill, bill.run.period, center.code, center.name, center.funding, line.offering.service),
                *(line.offering, line.kind, f"{line.month:%Y-%m}", plain_dollars(cents)),
            ]


@requires(OWN, "GET")
def cost_centers(request: Request) -> HttpResponse:
    shares = SplitShare.objects.select_related("offering__service")
    rows = PartnerCostCenter.objects.visible_to(request.user).select_related("partner")
    centers = list(rows.prefetch_related(Prefetch("shares", shares)).order_by("partner__sort_name", "code"))
    several = len({row.partner_id for row in centers}) > 1
    return render(request, "billing/cost_centers.html", {"centers": centers, "several": several})


LIST = _l("Cost centers"), "billing:cost_centers"
CENTER = RowPages(splitting.CENTERS, CostCenterForm, OWN, "cost_center", _l("Add a cost center"), *LIST)
SHARE = RowPages(
    splitting.SHARES,
    ShareForm,
    OWN,
    "share",
    _l("What does it bear?"),
    *LIST,
    asked=("cost_center",),
    lead=_l("A percentage of what an offering costs, or all that one account used of it."),
)
