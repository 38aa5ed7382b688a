"""The lists of runs, bills, lines, adjustments and disputes."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.billing.capabilities import APPROVE
from comity.billing.models import Adjustment, Bill, Dispute, Line, Run
from comity.office.services import day_of, today, words
from comity.partners.pickers import of_partner, of_partners
from comity.people.access import Request
from comity.services.models import Service
from comity.ui.components.days import month
from comity.ui.components.signs import tag
from comity.ui.tables import Choice, Column, Search, Table, Toggle, month_column, only_csv
from comity.usage.models import Period

SIGNS = {Run.State.ISSUED: "good", Run.State.DROPPED: "none", Run.State.RUNNING: "none"}


def state_sign(run: Run) -> Any:
    """Where a run stands, as a tag."""
    return tag(run.get_state_display(), kind=SIGNS.get(Run.State(run.state), "warn"))


def runs_table(request: Request) -> Table:
    """The months that are or were billed."""
    return Table(
        request,
        Run.objects.visible_to(request.user).select_related("period", "run_by"),
        name="bill-runs",
        columns=[
            month_column("period", "period.first_on", _("Month"), link=Run.get_absolute_url),
            Column("state", value=state_sign),
            Column("total_cents"),
            Column("run_by", _("Run by"), wide=True),
            Column("run_at", _("Run on"), wide=True),
            Column("issued_at", _("Issued on"), wide=True),
        ],
        filters=[Choice("state", _("State"), Run.State.choices, "state")],
        default_sort="-period",
        empty=_("No month has been billed yet."),
    )


def bills_of_run_table(request: Request, run: Run) -> Table:
    """The bills of one run."""
    return Table(
        request,
        Bill.objects.visible_to(request.user).filter(run=run).select_related("partner"),
        name="bills-of-run",
        columns=[
            Column("partner", link=Bill.get_absolute_url),
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
    return Table(
        request,
        rows.select_related("bill__partner", "offering__service"),
        name="bill-lines",
        columns=[
            Column("bill.partner", words().Partner),
            Column("offering.service", _("Service"), wide=True),
            Column("offering", link=Line.get_absolute_url),
            Column("kind", wide=True),
            month_column("month"),
            Column("quantity"),
            Column("cents", csv="amount"),
            Column("raw", csv="exact_cents", csv_only=True),
        ],
        filters=[
            of_partners("bill__partner"),
            _service("offering", rows),
            Choice("kind", _("Kind"), Line.Kind.choices, "kind"),
        ],
        default_sort="bill.partner",
        export_name=f"bill-lines-{run.period}",
        empty=_("There is nothing to bill."),
    )


def _service(path: str, rows: QuerySet[Any]) -> Choice:
    """Rows of one of the services that they have."""
    found = Service.objects.filter(offerings__in=rows.order_by().values(path)).distinct()
    return Choice("service", _("Service"), found, f"{path}__service")


def adjustments_table(request: Request) -> Table:
    """What was wrong on issued bills, and stands on the next."""
    rows, may = Adjustment.objects.visible_to(request.user), request.user.can(APPROVE)

    def approval(row: Adjustment) -> str:
        waits = row.approved_at is None and row.made_by_id != request.user.pk
        return reverse("billing:approve_adjustment", args=[row.pk]) if may and waits else ""

    return Table(
        request,
        rows.select_related("line__bill__partner", "line__offering", "made_by"),
        name="adjustments",
        columns=[
            Column("line.bill.partner", words().Partner),
            Column("line", _("Line"), link=True, sort="line__offering__sort_name"),
            Column("cents", csv="amount"),
            Column("why", wide=True),
            Column("made_by", _("Proposed by"), wide=True),
            Column(
                "approved_at",
                link=approval,
                value=lambda row: row.approved_at or _("waits for approval"),
                csv_value=lambda row: row.approved_at,
            ),
        ],
        filters=[
            Toggle("waiting", _("On no issued bill yet"), lambda rows: rows.waiting()),
            of_partners("line__bill__partner"),
        ],
        default_sort="-approved_at",
        empty=_("Nothing was put right yet. It begins on the page of a line."),
    )


def bills_table(request: Request) -> Table:
    """The bills this person may see: of the office all that stand, of a partner's user their own side's issued ones."""
    rows, office = Bill.objects.visible_to(request.user), request.user.is_office
    columns = [
        Column("number", _("Bill"), link=True, whole=True),
        Column("partner", link=office),
        month_column("period", "run.period.first_on", _("Month")),
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
        empty=_("No bills yet."),
    )


def _months(bills: QuerySet[Bill]) -> list[tuple[int, str]]:
    rows = Period.objects.filter(runs__bills__in=bills).distinct()
    return [(period.pk, month(period.first_on)) for period in rows]


def disputes_table(request: Request) -> Table:
    """What partners dispute, and where each of it stands."""
    rows, now = Dispute.objects.visible_to(request.user), today()
    return Table(
        request,
        rows.select_related("line__bill__partner", "line__offering__service", "follow_up__owner"),
        name="disputes",
        columns=[
            Column("line", _("Line"), link=True, sort="line__offering__sort_name"),
            Column("line.offering.service", _("Service"), csv="service", wide=True),
            Column("line.bill.partner", words().Partner, csv="partner"),
            Column("line.bill", _("Bill"), csv="bill", wide=True, whole=True),
            Column("cents", _("Amount")),
            Column(
                "days",
                _("Days"),
                value=lambda row: (now - day_of(row.raised_at)).days,
                sort="-raised_at",
                numeric=True,
            ),
            Column("follow_up.owner", _("Owner"), csv="owner", wide=True),
            Column("stands", _("Where it stands")),
            *only_csv("reason", "words"),
        ],
        filters=[
            Search("q", _("Find"), lambda rows, text: rows.filter(reason__icontains=text)),
            Toggle("open", _("Open only"), lambda rows: rows.open()),
            of_partner(request.user, "line__bill__partner"),
            _service("line__offering", rows),
        ],
        views=[(_("All"), ""), (_("Open"), "open=1")],
        default_sort="-days",
        empty=_("Nothing is disputed."),
    )
