"""Months and what they came to, down to the times that the clock of a ticket counted; calendars and targets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from comity.core.fiscal import month_after
from comity.core.service_levels import MISSED, Verdict
from comity.editing.answering import FormPage, confirm
from comity.editing.row_pages import Crumbs, RowPages
from comity.followups.models import FollowUp
from comity.imports.pages import list_page
from comity.levels import tables
from comity.levels.capabilities import CLOSE, PORTAL, READ, SET
from comity.levels.forms import CalendarForm, TargetForm
from comity.levels.models import MEASURES, OF_TICKETS, Month, Result
from comity.levels.services import keeping, months, reports
from comity.levels.services.clocks import Clocks, Measured
from comity.nouns import all_of
from comity.office.services import today
from comity.people.access import Request, requires, row_or_404
from comity.tickets.models import Priority, State, Ticket
from comity.tickets.their_clocks import TheirClock, TheirClocks
from comity.ui.charts import Figures
from comity.ui.components.acts import link
from comity.ui.components.signs import tag
from comity.ui.tables import Table
from comity.ui.tables.columns import said
from comity.ui.typesetting import pdf_response

VERDICTS = {
    Verdict.MET: (_l("In time"), "good"),
    Verdict.MISSED: (_l("Missed"), "bad"),
    Verdict.LATE: (_l("Open and late"), "bad"),
    Verdict.OPEN: (_l("Open, in time so far"), ""),
    Verdict.OUT: (_l("Canceled, not counted"), "none"),
}
ASIDE = {
    "no_service": _l("Tickets that name no service"),
    "no_target": _l("Tickets for which nothing is promised"),
    "resolved_first": _l("Tickets resolved before they were opened"),
    "canceled": _l("Levels of canceled tickets"),
    "not_known": _l("Responses of tickets whose history is not known"),
}
CRUMBS: list[tuple[Any, Any]] = [(_l("Service levels"), reverse_lazy("levels:list"))]
PORTAL_CRUMBS = [(_l("Service levels"), reverse_lazy("levels:portal"))]


def _months(request: Request) -> Any:
    return Month.objects.visible_to(request.user).standing().select_related("frozen_by")


def _month_or_404(request: Request, year: int, number: int) -> Month:
    found: Month = get_object_or_404(_months(request), first__year=year, first__month=number)
    return found


@requires(READ, "GET")
def month(request: Request, year: int = 0, number: int = 0) -> HttpResponseBase:
    """A month; the last one worked out, where none is asked for."""
    of = _month_or_404(request, year, number) if year else _months(request).first()
    if of is None:
        return render(request, "levels/month.html", {"month": None})
    rows = Result.objects.visible_to(request.user).filter(month=of)
    at = f"{of.get_absolute_url()}?service=%s#table-service-levels"
    figures = [
        (link(service, at % service.pk), *(shares[one].full for one in OF_TICKETS), up)
        for service, shares, up in reports.by_service(rows)
    ]
    near = _months(request).filter(first__lte=month_after(of.first, 3))[:7]
    context = {
        "month": of,
        "services": Figures((_("Service"), *map(str, MEASURES.values())), figures, words=4),
        "aside": [(words, of.set_aside[key]) for key, words in ASIDE.items() if of.set_aside.get(key)],
        "backwards": Ticket.objects.visible_to(request.user).filter(pk__in=of.set_aside.get("backwards", ())),
        "months": [(str(each), each.get_absolute_url(), each == of) for each in near],
        "may_close": request.user.can(CLOSE) and of.frozen_at is None,
    }
    return tables.results_table(request, of).respond("levels/month.html", context)


@requires(CLOSE)
def close(request: Request, year: int, number: int) -> HttpResponse:
    of = _month_or_404(request, year, number)
    heading, crumbs = _("Close %(month)s?") % {"month": of}, [*CRUMBS, (str(of), of.get_absolute_url())]
    lead = _("It is worked out once more, and never changes again. Each missed service becomes a follow-up.")
    page = FormPage(heading, lead=lead, crumbs=crumbs, submit=_("Close the month"), danger=True)
    return confirm(request, page, lambda: months.begin(of.first, by=request.user))


def _result(request: Request, pk: int) -> HttpResponseBase:
    """One partner, one service, one month: by priority, each figure with its tickets."""
    row, office = row_or_404(request, Result, pk, "month", "partner", "service"), request.user.is_office
    url, first = tables.result_url(row, office=office), row.month.first
    pdf_page = "levels:pdf" if office else "levels:portal_pdf"
    measure, _dash, priority = request.GET.get("met", "").partition("-")
    listed = measure in OF_TICKETS and priority.isdecimal() and int(priority) in Priority.values
    context: dict[str, Any] = {
        "row": row,
        "ours": office,
        "crumbs": [*CRUMBS, (row.month, row.month.get_absolute_url())] if office else PORTAL_CRUMBS,
        "levels": [(MEASURES[one], _by_priority(row, one, url)) for one in OF_TICKETS if row.counted(one)[0]],
        "listed": _in_time_words(measure, int(priority)) if listed else "",
        "in_time": [
            (ticket, reports.took(level.elapsed), tables.clock_url(ticket, row.month, office=office))
            for ticket, level in (reports.in_time(row, measure, int(priority)) if listed else ())
        ],
        "pdf": f"{reverse(pdf_page, args=[first.year, first.month])}?partner={row.partner_id}",
        "follow_up": office
        and FollowUp.objects.visible_to(request.user).filter(kind=months.MISS, source_id=str(pk)).first(),
    }
    return tables.misses_table(request, row).respond("levels/result.html", context)


def _in_time_words(measure: str, priority: int) -> str:
    about = {"level": MEASURES[measure], "priority": Priority(priority).label}
    return _("%(level)s in time, priority %(priority)s") % about


def _by_priority(row: Result, measure: str, url: str) -> Figures:
    """Figures of a level; those in time lead to their list, those missed to the table of the page."""
    head = (_("Priority"), _("Counted"), _("In time"), _("Missed"), _("Share in time"))
    lines = []
    for priority, (counted, met) in row.by_priority.get(measure, {}).items():
        share = reports.Share(counted, met)
        in_time = link(f"{met:,}", f"{url}?met={measure}-{priority}#in-time" if met else "")
        missed = link(f"{counted - met:,}", "#table-missed-tickets" if counted > met else "")
        words = " ".join(filter(None, (share.words, share.interval and f"({share.interval})")))
        lines.append((str(Priority(int(priority)).label), f"{counted:,}", in_time, missed, words))
    return Figures(head, lines)


def _clock(request: Request, pk: int) -> HttpResponse:
    """The times that the clocks of a ticket counted, now or as they stood when a month was over."""
    ticket = row_or_404(request, Ticket, pk, "service")
    try:
        of: date | None = date.fromisoformat(f"{request.GET.get('month')}-01")
    except ValueError:
        of = None
    clocks = Clocks(month_after(of)) if of else Clocks(today() + timedelta(days=1), timezone.now())
    found, steps = clocks.of(ticket)
    context = {
        "ticket": ticket,
        "url": ticket.get_absolute_url() if request.user.is_office else ticket.portal_url,
        "crumbs": CRUMBS if request.user.is_office else PORTAL_CRUMBS,
        "of": of,
        "clocks": [_read(one) for one in found],
        **(_theirs(ticket, found) if request.user.is_office else {}),
        "target": found[0].rule.target if found else None,
        "steps": [(_at(at), State(state.partition(".")[0]).label, priority) for at, state, priority in steps],
    }
    return render(request, "levels/ticket.html", context)


def _theirs(ticket: Ticket, found: list[Measured]) -> dict[str, Any]:
    """What the system that it comes from says, and whether that is something else of what was missed."""
    theirs = [clock for said in all_of(TheirClocks) for clock in said.of(ticket)]
    ours = {one.level.verdict in MISSED for one in found if one.level}
    return {
        "theirs": [_their(clock) for clock in theirs],
        "differs": bool(theirs and ours) and any(clock.missed for clock in theirs) != any(ours),
    }


def _their(clock: TheirClock) -> tuple[str, str, str, str]:
    """A clock there: its name, a sign and its kind, and the rest in words."""
    sign, kind = (_("Missed"), "bad") if clock.missed else (_("Not missed"), "good")
    due = _("Due %(at)s") % {"at": said(clock.due)} if clock.due else ""
    took = _("took %(time)s") % {"time": reports.took(int(clock.took.total_seconds()))} if clock.took else ""
    return clock.name, sign, kind, " · ".join(part for part in (due, took) if part)


def _read(one: Measured) -> dict[str, Any]:
    """A clock in words, and the times that it counted; only its name, where nobody knows."""
    level, name = one.level, MEASURES[one.measure]
    if level is None:
        return {"name": name}
    words, kind = VERDICTS[level.verdict]
    times = [
        (str(said(_at(start))), str(said(_at(end))), reports.took(end - start))
        for start, end in one.rule.openings.within(level.spans)
    ]
    together = _("Together"), "", reports.took(level.elapsed)
    return {
        "name": name,
        "sign": tag(words, kind=kind),
        "took": reports.took(level.elapsed),
        "allowed": reports.took(one.goal.seconds),
        "due": _at(level.due) if level.due else None,
        "times": Figures((_("From"), _("To"), _("Counted")), times, together, words=2),
    }


def _at(moment: int) -> datetime:
    return datetime.fromtimestamp(moment, UTC)


def _pdf(request: Request, year: int, number: int) -> HttpResponse:
    """A month as a sheet, of what its reader may see; of one partner, where the address names one."""
    rows = Result.objects.visible_to(request.user).filter(month__first__year=year, month__first__month=number)
    if (asked := request.GET.get("partner", "")).isdecimal():
        rows = rows.filter(partner=int(asked))
    results = list(rows.select_related("month", "partner", "service"))
    if not results:
        raise Http404
    return pdf_response(reports.pdf_of(results), f"service-levels-{results[0].month.first:%Y-%m}")


@requires(PORTAL, "GET")
def portal(request: Request) -> HttpResponseBase:
    """What closed months came to for the reader's own partners."""
    lead = _("How much of what we promise we kept, month by month. A service leads to its tickets.")
    return list_page(request, tables.results_table(request), _("Service levels"), lead=lead)


result, portal_result = (requires(whom, "GET")(_result) for whom in (READ, PORTAL))
ticket, portal_ticket = (requires(whom, "GET")(_clock) for whom in (READ, PORTAL))
pdf, portal_pdf = (requires(whom, "GET")(_pdf) for whom in (READ, PORTAL))


# --- calendars and targets ---


@dataclass(frozen=True)
class Versions(RowPages):
    """Versions of a calendar or a target: with `?after=` a new one begins as another was."""

    def begun(self, request: Any, known: Mapping[str, Any]) -> Any:
        model, after = self.keeping.model, request.GET.get("after", "")
        before = row_or_404(request, model, int(after)) if after.isdecimal() else None
        return keeping.begun_as(model, before)

    def crumbs(self, row: Any) -> Crumbs:
        return [*CRUMBS, *super().crumbs(row)]


ADD = _l("Add a version")
CALENDARS = Versions(
    keeping.CALENDARS, CalendarForm, SET, "calendar", ADD, _l("Calendars"), "levels:calendars"
)
TARGETS = Versions(keeping.TARGETS, TargetForm, SET, "target", ADD, _l("Targets"), "levels:targets")
HOW = _l("A version holds until the next one begins. Once a month is closed, what it rests on cannot change.")


@requires(READ, "GET")
def calendars(request: Request) -> HttpResponseBase:
    return _versions(request, CALENDARS, tables.calendars_table(request), keeping.unconfirmed())


@requires(READ, "GET")
def targets(request: Request) -> HttpResponseBase:
    return _versions(request, TARGETS, tables.targets_table(request))


def _versions(request: Request, kept: Versions, table: Table, problem: str = "") -> HttpResponseBase:
    add = _("Add one"), reverse(f"levels:add_{kept.name}"), SET
    return list_page(request, table, kept.heading, lead=HOW, crumbs=CRUMBS, add=add, problem=problem)
