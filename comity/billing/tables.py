"""The lists of runs and of bills."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.billing.capabilities import APPROVE, RUN
from comity.billing.models import Adjustment, Bill, Line, Run
from comity.office.services import words
from comity.partners.models import Partner
from comity.people.access import Request
from comity.services.models import Offering
from comity.ui.components.days import month
from comity.ui.components.signs import tag
from comity.ui.money import money, plain_dollars
from comity.ui.tables import Choice, Column, Search, Table, Toggle
from comity.usage.models import Period

SIGNS = {Run.State.ISSUED: "good", Run.State.DROPPED: "none", Run.State.RUNNING: "none"}


def state_sign(run: Run) -> Any:
    """Where a run stands, as a tag."""
    return tag(run.get_state_display(), kind=SIGNS.get(Run.State(run.state), "warn"))


def runs_table(request: Request) -> Table:
    """The months that are or were billed."""
    may_run = request.user.can(RUN)
    return Table(
        request,
        Run.objects.visible_to(request.user).select_related("period", "run_by"),
        name="bill-runs",
        columns=[
            Column(
                "period",
                _("Month"),
                value=lambda run: month(run.period.first_on),
                sort="period__first_on",
                link=lambda run: run.get_absolute_url(),
                csv_value=str,
            ),
            Column("state", value=state_sign, csv_value=lambda run: run.state),
            Column("total_cents"),
            Column("run_by", _("Run by"), wide=True),
            Column("run_at", _("Run on"), wide=True),
            Column("issued_at", _("Issued on"), wide=True),
        ],
        filters=[Choice("state", _("State"), Run.State.choices, "state")],
        default_sort="-period",
        export_name="bill-runs",
        empty=_("No month has been billed yet."),
        empty_url=reverse("billing:new_run") if may_run else "",
        empty_action=_("Run a month") if may_run else "",
    )


def bills_of_run_table(request: Request, run: Run) -> Table:
    """The bills of one run."""
    return Table(
        request,
        Bill.objects.visible_to(request.user).filter(run=run).select_related("partner"),
        name="bills-of-run",
        columns=[
            Column("partner", link=lambda bill: bill.get_absolute_url()),
            Column("number", _("Bill"), whole=True),
            Column("total_cents"),
        ],
        filters=[Search("q", _("Find"), lambda rows, text: rows.search(text))],
        default_sort="partner",
        export_name=f"bills-{run.period}",
        empty=_("There is nothing to bill."),
    )


def lines_table(request: Request, run: Run) -> Table:
    """The lines of one run."""
    rows = Line.objects.visible_to(request.user).filter(bill__run=run)
    offerings = Offering.objects.filter(pk__in=rows.order_by().values("offering")).select_related("service")
    return Table(
        request,
        rows.select_related("bill__partner", "offering__service"),
        name="bill-lines",
        columns=[
            Column("bill.partner", words().Partner, sort="bill__partner__sort_name"),
            Column("offering.service", _("Service"), sort="offering__service__sort_name", wide=True),
            Column("offering", link=lambda line: line.get_absolute_url()),
            Column("kind", wide=True),
            Column(
                "month", csv_value=lambda line: f"{line.month:%Y-%m}", value=lambda line: month(line.month)
            ),
            Column("quantity"),
            Column(
                "cents", csv="amount", value=lambda line: money(line.cents), csv_value=_dollars, numeric=True
            ),
            Column("raw_cents", csv="exact_cents", value=lambda line: line.raw, csv_only=True),
        ],
        filters=[
            Search(
                "q", _("Find"), lambda rows, text: rows.filter(bill__partner__in=Partner.objects.search(text))
            ),
            Choice("service", _("Service"), lambda: _services(offerings), "offering__service"),
            Choice("kind", _("Kind"), Line.Kind.choices, "kind"),
        ],
        default_sort="bill.partner",
        export_name=f"bill-lines-{run.period}",
        empty=_("There is nothing to bill."),
    )


def _dollars(line: Line) -> Any:
    return plain_dollars(line.cents)


def _services(offerings: QuerySet[Offering]) -> list[tuple[int, str]]:
    return list(dict.fromkeys((each.service_id, str(each.service)) for each in offerings))


def adjustments_table(request: Request) -> Table:
    """What was wrong on issued bills, and stands on the next."""
    may_approve = request.user.can(APPROVE)
    return Table(
        request,
        Adjustment.objects.visible_to(request.user).select_related(
            "line__bill__partner", "line__offering", "made_by"
        ),
        name="adjustments",
        columns=[
            Column("line.bill.partner", words().Partner, sort="line__bill__partner__sort_name"),
            Column("line", _("Line"), link=True, sort="line__offering__sort_name"),
            Column(
                "cents", csv="amount", value=lambda row: money(row.cents), csv_value=_dollars, numeric=True
            ),
            Column("why", wide=True),
            Column("made_by", _("Proposed by"), wide=True),
            Column(
                "approved_at",
                _("Approved on"),
                link=lambda row: (
                    reverse("billing:approve_adjustment", args=[row.pk])
                    if may_approve and not row.approved_at and row.made_by_id != request.user.pk
                    else ""
                ),
                value=lambda row: row.approved_at or _("waits for approval"),
                csv_value=lambda row: row.approved_at,
            ),
        ],
        filters=[
            Toggle("waiting", _("On no issued bill yet"), lambda rows: rows.waiting()),
            Search(
                "q",
                _("Find"),
                lambda rows, text: rows.filter(line__bill__partner__in=Partner.objects.search(text)),
            ),
        ],
        default_sort="-approved_at",
        export_name="adjustments",
        empty=_("Nothing was put right yet. It begins on the page of a line."),
    )


def bills_table(request: Request) -> Table:
    """The bills this person may see: of the office all that stand, of a partner's user their own side's issued ones."""
    rows, office = Bill.objects.visible_to(request.user), request.user.is_office
    columns = [
        Column("number", _("Bill"), link=True, whole=True),
        Column("partner", link=(lambda bill: bill.partner.get_absolute_url()) if office else None),
        Column(
            "period",
            _("Month"),
            value=lambda bill: month(bill.run.period.first_on),
            sort="run__period__first_on",
            csv_value=lambda bill: str(bill.run.period),
        ),
        Column("state", _("State"), value=lambda bill: state_sign(bill.run), sort="run__state"),
        Column("total_cents"),
        Column("due_on", _("Due"), wide=True),
        Column("dispute_until", wide=True),
    ]
    filters = [
        Search("q", _("Find"), lambda rows, text: rows.search(text)),
        Choice("period", _("Month"), lambda: _months(rows), "run__period"),
        Choice("state", _("State"), Run.State.choices, "run__state"),
    ]
    return Table(
        request,
        rows.select_related("run__period", "partner"),
        name="bills",
        columns=[column for column in columns if office or column.key != "state"],
        filters=[one for one in filters if office or one.key != "state"],
        default_sort="-period",
        export_name="bills",
        empty=_("No bills yet."),
    )


def _months(bills: QuerySet[Bill]) -> list[tuple[int, str]]:
    rows = Period.objects.filter(runs__bills__in=bills).distinct()
    return [(period.pk, month(period.first_on)) for period in rows]
