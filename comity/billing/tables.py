"""The lists of runs and of bills."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from comity.billing.models import Bill, Run
from comity.people.access import Request
from comity.ui.components.days import month
from comity.ui.components.signs import tag
from comity.ui.tables import Choice, Column, Search, Table
from comity.usage.models import Period

SIGNS = {Run.State.ISSUED: "good", Run.State.DROPPED: "none", Run.State.RUNNING: "none"}


def state_sign(run: Run) -> Any:
    """Where a run stands, as a tag."""
    return tag(run.get_state_display(), kind=SIGNS.get(Run.State(run.state), "warn"))


def runs_table(request: Request) -> Table:
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
