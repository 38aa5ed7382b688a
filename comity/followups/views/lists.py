"""Worklists: one list, seen from several sides; what narrows it, and acts on many that begin on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comity.editing.answering import FormPage, answer_many, typed
from comity.followups import kinds, services
from comity.followups.capabilities import MANAGE, READ
from comity.followups.forms import HandOverManyForm, MoveDueManyForm
from comity.followups.models import FollowUp, FollowUpQuerySet, Severity, State
from comity.followups.services import figures
from comity.followups.views.worklists import nothing, rows_of, sentence, view_of, views
from comity.office import services as office
from comity.partners.models import Assignment
from comity.partners.pickers import of_partner
from comity.people.access import Request, requires
from comity.people.models import User
from comity.people.pickers import ANYONE_OF_US
from comity.ui.components.signs import ring as ring_sign
from comity.ui.components.signs import tag
from comity.ui.tables import Bulk, Choice, Column, DateRange, Filter, Picked, Search, Table, Toggle, only_csv


def few(rows: FollowUpQuerySet, keys: Any) -> FollowUpQuerySet:
    """Rows of some partners, found by the index on partners, and not by one that serves what else is asked: one has few."""
    if keys is None:
        return rows.filter(partner=None)
    return rows.filter(pk__in=FollowUp.objects.order_by().filter(partner__in=keys).values("pk"))


def filters(user: User, today: date) -> list[Filter]:
    """What narrows a list of follow-ups down."""
    leads = Assignment.objects.leads().on(today).of_served()
    return [
        Search("q", _("Find"), lambda rows, text: rows.search(text)),
        of_partner(user, few, none=_("our office as a whole")),
        Picked("owner", _("Owner"), ANYONE_OF_US, user, "owner", none=_("nobody yet")),
        Choice("kind", _("Kind"), kinds.choices, "kind"),
        Choice("state", _("Where it stands"), State.choices, "state"),
        Picked(
            "led_by",
            _("Lead contact"),
            ANYONE_OF_US,
            user,
            lambda rows, keys: rows.filter(partner__in=leads.filter(user__in=keys).values("partner")),
        ),
        Choice("severity", _("How serious"), Severity.choices, "severity"),
        Choice("figure", _("Counted as"), figures.choices, figures.rows_of),
        DateRange("heard", _("Heard"), "heard_on"),
        DateRange("due", _("Due"), "due_on"),
        Toggle("open", _("Open only"), lambda rows: rows.open()),
        Toggle("late", _("Late only"), lambda rows: rows.late(today)),
        Toggle("team", _("My team’s"), lambda rows: rows.filter(owner__supervisor=user)),
        Toggle("written", _("I wrote it down"), lambda rows: rows.filter(written_by=user)),
        Toggle("reopened", _("Reopened"), lambda rows: rows.open().filter(reopened__gt=0)),
    ]


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


@requires(READ, "GET")
def worklist(request: Request) -> HttpResponseBase:
    view = view_of(request)
    table = table_of(request, view)
    return table.respond("followups/list.html", {"heading": heading_of(view, table)})


MOST = 2_000  # at once, so that no write holds the database long


@requires(MANAGE, "POST")
def hand_over(request: Request) -> HttpResponse:
    form = HandOverManyForm(typed(request))
    return _perform(request, form, services.hand_over_many, _("Assign them to someone"), _("Assign them all"))


@requires(MANAGE, "POST")
def move_due(request: Request) -> HttpResponse:
    form = MoveDueManyForm(typed(request))
    return _perform(request, form, services.move_due_many, _("Change the due date"), _("Change the due date"))


def _perform(
    request: Request, form: forms.Form, service: Callable[..., int], heading: str, submit: str
) -> HttpResponse:
    table = table_of(request, view_of(request))
    chosen = table.chosen().order_by().values("pk")
    return answer_many(
        request,
        form,
        table,
        lambda rows: service(rows.values_list("pk", flat=True), by=request.user, **form.cleaned_data),
        page=FormPage(heading, crumbs=[(_("Follow-ups"), reverse("followups:list"))], submit=submit),
        told=lambda count: (
            ngettext("%(count)s follow-up changed.", "%(count)s follow-ups changed.", count)
            % {"count": count}
        ),
        rows=FollowUp.objects.open().filter(pk__in=chosen).order_by("due_on", "pk"),
        most=MOST,
    )
