"""The lists of results, of missed tickets, and of the versions of calendars and targets."""

from __future__ import annotations

from functools import partial
from operator import methodcaller
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from comity.levels.capabilities import SET
from comity.levels.models import AVAILABILITY, MEASURES, OF_TICKETS, Calendar, Month, Result, Target
from comity.levels.services.reports import share, took
from comity.partners.pickers import PARTNER_WORD, of_partner
from comity.people.access import Request
from comity.services.models import Service
from comity.tickets.models import Ticket
from comity.ui.components.signs import tag
from comity.ui.money import quantity
from comity.ui.tables import Choice, Column, Table, Toggle, month_column, only_csv


def result_url(row: Result, *, office: bool) -> str:
    return row.get_absolute_url() if office else reverse("levels:portal_result", args=[row.pk])


def clock_url(ticket: Ticket, of: Month, *, office: bool) -> str:
    """The page of the times that the clocks of a ticket counted, as they stood when a month was over."""
    url = reverse("levels:ticket" if office else "levels:portal_ticket", args=[ticket.pk])
    return f"{url}?month={of.first:%Y-%m}"


def results_table(request: Request, of: Month | None = None) -> Table:
    """What a month came to; or all months, for a partner's user."""
    office = request.user.is_office
    rows = Result.objects.visible_to(request.user).select_related("partner", "service", "month")
    rows = rows.exclude(partner=None, response_counted=0, resolution_counted=0)  # a service as a whole
    rows = rows.filter(month=of) if of else rows
    services = Service.objects.filter(pk__in=rows.order_by().values("service"))

    url = partial(result_url, office=office)
    columns = [
        Column("partner", PARTNER_WORD, value=lambda row: row.partner or _("nobody’s yet"), link=url),
        Column("service", value=lambda row: row.service.title, csv_value=lambda row: row.service, link=url),
        month_column("month", "month.first", _("Month")),
        *(Column(one, MEASURES[one], value=partial(_share, one), numeric=True) for one in OF_TICKETS),
        Column("up_words", MEASURES[AVAILABILITY], wide=True),
        Column("late", _("Missed"), value=_missed, csv_value=lambda row: row.late),
        *only_csv(*(f"{one}_{what}" for one in OF_TICKETS for what in ("counted", "met"))),
    ]
    return Table(
        request,
        rows,
        name="service-levels",
        columns=[column for column in columns if not of or column.key != "month"],
        filters=[
            *([of_partner(request.user)] if office else []),
            Choice("service", _("Service"), services, "service"),
            Toggle("missed", _("Missed only"), lambda found: found.missed()),
        ],
        default_sort="partner" if of else "-month",
        empty=_("Nothing was counted."),
    )


def _share(measure: str, row: Result) -> str:
    return share(row, measure).words


def _missed(row: Result) -> Any:
    """How many missed, as a sign that is more than a color."""
    if row.late or row.is_down:
        return tag(_("%(count)s missed") % {"count": row.late} if row.late else _("was down"), kind="bad")
    return tag(_("none missed"), kind="good")


def misses_table(request: Request, result: Result) -> Table:
    """The tickets that were not in time; each leads to what its clock counted."""
    office, of = request.user.is_office, result.month
    return Table(
        request,
        result.misses.select_related("ticket"),
        name="missed-tickets",
        columns=[
            Column(
                "ticket", sort="ticket__number", link=lambda row: clock_url(row.ticket, of, office=office)
            ),
            Column("measure"),
            Column("priority", wide=True),
            Column("due_at"),
            Column("elapsed", value=lambda row: took(row.elapsed)),
            Column("allowed", value=lambda row: took(row.allowed), wide=True),
            Column("is_open", _("Still open"), wide=True),
        ],
        default_sort="due_at",
        empty=_("Every ticket was in time."),
    )


def calendars_table(request: Request) -> Table:
    return Table(
        request,
        Calendar.objects.visible_to(request.user),
        name="calendars",
        columns=[
            Column("name", link=request.user.can(SET)),
            Column("starts_on"),
            Column("zone", wide=True),
            Column("week", value=lambda row: "; ".join(row.week.splitlines())),
            Column("known_to", _("Days confirmed to"), numeric=True, value=lambda row: str(row.known_to)),
            *_next(request, "calendar"),
            *only_csv("days"),
        ],
        default_sort="name",
        empty=_("No calendar yet. A target is counted by one."),
    )


SHARES = (("least", _l("In time, at least")), (AVAILABILITY, _l("Availability")), ("at_risk", _l("At risk")))


def targets_table(request: Request) -> Table:
    services = Service.objects.filter(targets__isnull=False).distinct()
    return Table(
        request,
        Target.objects.visible_to(request.user).select_related("service", "offering__service"),
        name="targets",
        columns=[
            Column(
                "name", _("Promised of"), value=str, sort="service__sort_name", link=request.user.can(SET)
            ),
            Column("starts_on"),
            Column("calendar", wide=True),
            *(Column(one, MEASURES[one], value=methodcaller("goal_words", one)) for one in OF_TICKETS),
            *(Column(name, label, value=partial(_percent, name), wide=True) for name, label in SHARES),
            *_next(request, "target"),
        ],
        filters=[Choice("service", _("Service"), services, "service")],
        default_sort="name",
        empty=_("Nothing is promised yet."),
    )


def _percent(name: str, row: Target) -> str:
    value = getattr(row, name)
    return "" if value is None else f"{quantity(value)}%"


def _next(request: Request, one: str) -> list[Column]:
    """Where a version begins that follows a row, for those who may enter one."""
    url, words = reverse(f"levels:add_{one}"), _("New version")
    column = Column("next", _("Next"), value=lambda _row: words, link=lambda row: f"{url}?after={row.pk}")
    return [column] if request.user.can(SET) else []
