"""The list of meetings, and one of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.core.ring import Ring
from comity.followups import to_them
from comity.followups.models import FollowUp, FollowUpQuerySet
from comity.imports.pages import list_page
from comity.meetings.capabilities import LOG, PORTAL, READ
from comity.meetings.models import PROMISE, PROMISES, Meeting, PlannedVisit, with_whom
from comity.meetings.services import series
from comity.office import services as office
from comity.partners.pickers import of_partner
from comity.people.access import Request, requires
from comity.ui.tables import Choice, Column, DateRange, Search, Table, Toggle, only_csv


@requires(READ, "GET")
def listing(request: Request) -> HttpResponseBase:
    """Every meeting written down, the latest first."""
    words = office.words()
    whole = request.GET.get("format") == "csv"
    rows = Meeting.objects.visible_to(request.user).standing().select_related("written_by")
    table = Table(
        request,
        rows.prefetch_related("partners") if whole else rows.with_partner_names(),
        name="meetings",
        columns=_columns(words.Partners),
        filters=[
            Search("q", _("Find"), lambda rows, text: rows.search(text)),
            of_partner(request.user, with_partners),
            Choice("how", _("How"), Meeting.How.choices, "how"),
            Choice("kind", _("Kind"), Meeting.Kind.choices, "kind"),
            DateRange("held", _("Held"), "held_on"),
            Toggle("mine", _("I was there"), lambda rows: rows.filter(ours=request.user)),
        ],
        default_sort="-held_on",
        row_name=str,
        empty=_("No meetings yet."),
        empty_url=reverse("meetings:log"),
        empty_action=_("Log a visit"),
    )
    said = ngettext("%(count)s meeting", "%(count)s meetings", table.total) % {"count": f"{table.total:,}"}
    heading = capfirst(said) if table.total else _("Meetings")
    return list_page(
        request,
        table,
        heading,
        lead=_("Who was met, what was said, and what was promised."),
        add=(_("Log a visit"), reverse("meetings:log"), LOG),
        profile="meetings",
    )


def with_partners(rows: Any, keys: Any) -> Any:
    """Meetings, held or planned, with any of these partners."""
    return rows.filter(pk__in=rows.model.objects.order_by().filter(partners__in=keys).values("pk"))


def names(meeting: Any) -> str:
    """Of a row `with_partner_names`: the first by name, and how many more."""
    name, more = meeting.partner_name, meeting.partner_count - 1
    return _("%(name)s and %(count)s more") % {"name": name, "count": more} if more > 0 else str(name or "")


def all_codes(meeting: Meeting | PlannedVisit) -> str:
    return ", ".join(partner.code for partner in meeting.partners.all())


def _columns(partners_word: str) -> list[Column]:
    return [
        Column("held_on", link=True),
        Column("partners", partners_word, value=names, csv_value=with_whom),
        Column("title", _("About"), sort="", value=topic),
        Column("how", sort="", wide=True),
        Column("written_by", _("Written down by"), sort="", wide=True),
        Column("id", csv_only=True),
        Column("partner_codes", value=all_codes, csv_only=True),
        *only_csv("kind", "place", "said", "office_only", "notes", "mood"),
    ]


def topic(row: Meeting | PlannedVisit) -> str:
    """What a list says of a meeting, held or planned: its title, else of what kind it is, else how its text begins."""
    text = row.said if isinstance(row, Meeting) else row.why
    return row.title or (text[:80] if row.kind == Meeting.Kind.VISIT else str(row))


@requires(READ, "GET")
def detail(request: Request, pk: int) -> HttpResponse:
    rows = Meeting.objects.visible_to(request.user).select_related("written_by")
    meeting = get_object_or_404(rows.prefetch_related("partners", "ours", "theirs"), pk=pk)
    seen, last = FollowUp.objects.visible_to(request.user), series.proposed(meeting)
    context = {
        "meeting": meeting,
        "next_day": series.next_day(last) if last else None,
        "promises": rings(seen.filter(kind__in=PROMISES, source_id=str(pk)).order_by("pk"), office.today()),
        "about": seen.filter(meetings=meeting).order_by("pk"),
        "may_write": request.user.can(LOG) and not meeting.withdrawn_at,
    }
    return render(request, "meetings/detail.html", context)


@requires(PORTAL, "GET")
def portal_listing(request: Request) -> HttpResponseBase:
    """The meetings with the reader's side that the office shares, the latest first."""
    table = Table(
        request,
        Meeting.objects.visible_to(request.user),
        name="portal-meetings",
        columns=[
            Column("held_on", link=lambda row: reverse("meetings:portal_detail", args=[row.pk])),
            Column("title", _("About"), sort="", value=topic, csv_value=topic),
            Column("how", sort=""),
            *only_csv("said"),
        ],
        default_sort="-held_on",
        export_name="meetings",
        empty=_("No meetings are written down here yet."),
    )
    lead = _("What was said and what we promised you, where we wrote it down for you too.")
    return list_page(request, table, _("When we met"), lead=lead)


@requires(PORTAL, "GET")
def portal(request: Request, pk: int) -> HttpResponse:
    """What was said there, as the partner reads it: without what is for the office alone."""
    rows = Meeting.objects.visible_to(request.user).prefetch_related("ours", "theirs")
    meeting, today = get_object_or_404(rows, pk=pk), office.today()
    kept = FollowUp.objects.visible_to(request.user).filter(kind=PROMISE, source_id=str(pk)).order_by("pk")
    promises = [(row, to_them.ring(row, today)) for row in kept.select_related("owner")]
    return render(request, "meetings/portal/detail.html", {"meeting": meeting, "promises": promises})


def rings(rows: FollowUpQuerySet, today: date) -> list[tuple[FollowUp, Ring, str]]:
    """Follow-ups as the pages list them: each with its ring, and when it is due or where it stands."""
    return [
        (row, row.ring(today), row.due_words(today) if row.is_pending else str(row.get_state_display()))
        for row in rows.with_people()
    ]
