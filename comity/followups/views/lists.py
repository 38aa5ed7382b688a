"""Worklists: one list, seen from several sides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from comity.followups import kinds
from comity.followups.capabilities import MANAGE, READ
from comity.followups.models import FollowUp, Severity
from comity.followups.views.filters import filters
from comity.followups.views.worklists import nothing, rows_of, sentence, view_of, views
from comity.office import services as office
from comity.people.access import Request, requires
from comity.people.models import User
from comity.ui.components.signs import ring as ring_sign
from comity.ui.components.signs import tag
from comity.ui.tables import Bulk, Column, Table, only_csv

SERIOUS = {Severity.HIGH: "warn", Severity.URGENT: "bad"}


def table_of(request: Request, view: str) -> Table:
    """The list, also for the acts on many that begin on it."""
    today = office.today()
    return Table(
        request,
        rows_of(request.user, view, today),
        name="follow-ups",
        columns=_columns(today, office.words().Partner),
        filters=filters(request.user, today),
        views=views(),
        links=[(_("View as a board"), f"{reverse('followups:board')}?view={view}")],
        default_sort="due",
        bulk=_bulk(request.user, view),
        row_name=lambda row: row.title,
        export_name="follow-ups",
        empty=nothing(view),
        empty_url=reverse("followups:new"),
        empty_action=_("Write down what you heard"),
    )


def _bulk(user: User, view: str) -> list[Bulk]:
    if not user.can(MANAGE):
        return []
    return [
        Bulk(_("Assign"), f"{reverse('followups:hand_over_many')}?view={view}"),
        Bulk(_("Change the due date"), f"{reverse('followups:move_due_many')}?view={view}"),
    ]


def _columns(today: date, partner_word: str) -> list[Column]:
    return [
        Column(
            "title",
            gettext_lazy("What was heard"),
            template="followups/_title_cell.html",
            value=lambda row: ring_sign(row.ring(today), size=22),
            csv_value=lambda row: row.title,
        ),
        Column(
            "partner",
            partner_word,
            value=lambda row: row.partner or _("Our office as a whole"),
            link=True,
        ),
        Column("kind", sort="", value=lambda row: kinds.label(row.kind), wide=True),
        Column(
            "severity",
            gettext_lazy("How serious"),
            sort="",
            value=lambda row: (
                tag(row.get_severity_display(), kind=SERIOUS[row.severity])
                if row.severity in SERIOUS
                else row.get_severity_display()
            ),
            wide=True,
        ),
        Column("owner", gettext_lazy("Owner"), value=lambda row: row.owner or _("nobody yet")),
        Column(
            "due",
            gettext_lazy("Due"),
            sort="due_on",
            template="followups/_due_cell.html",
            value=lambda row: {
                "words": row.due_words(today) if row.is_pending else "",
                "late": row.is_late(today),
            },
            csv="due_on",
            csv_value=lambda row: row.due_on,
        ),
        *_csv_columns(today),
    ]


def _csv_columns(today: date) -> list[Column]:
    """What only the CSV has: keys and days, with names beside them."""

    def only(key: str, value: Callable[[FollowUp], object]) -> Column:
        return Column(key, csv_only=True, value=value)

    return [
        Column("id", csv_only=True),
        Column("partner.code", csv="partner_code", csv_only=True),
        Column("state", csv_only=True),
        only("late", lambda row: row.is_late(today)),
        Column("owner.email", csv="owner_email", csv_only=True),
        only("raised_by", lambda row: "anonymous" if row.anonymous else str(row.raised_by or "")),
        *only_csv(
            "said", "heard_on", "owned_on", "promised_on", "done_on", "done_words", "told_to", "told_how"
        ),
        *only_csv("helped", "reopened", "office_only"),
    ]


def heading_of(view: str, table: Table) -> str:
    """The sentence above the list."""
    if table.total:
        return sentence(view, table.total)
    return _("Nothing matches.") if table.is_filtered else nothing(view)


@requires(READ)
@require_safe
def worklist(request: Request) -> HttpResponseBase:
    view = view_of(request)
    table = table_of(request, view)
    if request.GET.get("format") == "csv":
        return table.export()
    return table.respond("followups/list.html", {"heading": heading_of(view, table)})
