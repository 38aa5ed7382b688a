"""The list of councils, one of them, and its seats."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.councils.capabilities import READ, RUN
from comity.councils.forms import CouncilForm, SeatForm
from comity.councils.models import Council, CouncilMeeting, Decision, Seat, Topic
from comity.councils.services.councils import COUNCILS, SEATS, balance
from comity.editing.answering import FormPage, drop, keep
from comity.imports.pages import list_page
from comity.office.services import today
from comity.partners.models import Partner
from comity.partners.pickers import of_partner
from comity.people.access import Request, requires, row_or_404
from comity.people.pickers import ANYONE_OF_US
from comity.ui.tables import Choice, Column, Picked, Search, Table, Toggle, only_csv

SHOWN = 12
SIGNS = {Seat.State.VACANT: "warn", Seat.State.LEFT: "bad", Seat.State.ENDING: "warn"}


@requires(READ, "GET")
def listing(request: Request) -> HttpResponseBase:
    add = _("Add a council"), reverse("councils:add"), RUN
    lead = _("Who sits together, what they bring up, and what becomes of it.")
    return list_page(request, _table(request), _("Councils and groups"), lead=lead, add=add)


def _table(request: Request) -> Table:
    day = today()
    filled = Seat.objects.on(day).filled()
    of = CouncilMeeting.objects.filter(council=OuterRef("pk"))
    rows = Council.objects.visible_to(request.user).annotate(
        filled=Count("seats", filter=Q(seats__in=filled)),
        next_on=Subquery(of.coming(day).order_by("on").values("on")[:1]),
        last_on=Subquery(of.standing().filter(on__lt=day).values("on")[:1]),
    )
    return Table(
        request,
        rows.select_related("facilitator"),
        name="councils",
        columns=[
            Column("name", link=True),
            Column("kind", wide=True),
            Column("filled", _("Filled seats"), sort="filled", numeric=True),
            Column("next_on", _("Next meeting"), sort="next_on", whole=True),
            Column("last_on", _("Last meeting"), sort="last_on", whole=True, wide=True),
            Column("facilitator", wide=True),
            *only_csv(
                "purpose", "quorum_percent", "open_meetings", "notice_days", "begun_on", "ends_on", "id"
            ),
        ],
        filters=[
            Search("q", _("Find"), lambda rows, text: rows.search(text)),
            Choice("kind", _("Kind"), Council.Kind.choices, "kind"),
            of_partner(request.user, lambda rows, keys: rows.filter(seats__partner__in=keys).distinct()),
            Picked("facilitator", _("Facilitator"), ANYONE_OF_US, request.user, "facilitator"),
            Toggle("running", _("Not ended"), lambda rows: rows.running(day)),
        ],
        default_sort="name",
        empty=_("No councils yet."),
    )


@requires(READ, "GET")
def council(request: Request, pk: int) -> HttpResponse:
    found = row_or_404(request, Council, pk, "facilitator")
    day = today()
    seats = list(found.seats.visible_to(request.user).select_related("partner", "person").by_rank())
    states = [(seat, seat.state(day), SIGNS.get(seat.state(day), "")) for seat in seats]
    now = [each for each in states if each[1] != Seat.State.ENDED]
    meetings = CouncilMeeting.objects.visible_to(request.user).filter(council=found)
    coming = meetings.coming(day).order_by("on", "pk")
    decisions = Decision.objects.filter(meeting__council=found).select_related("meeting", "follow_up")
    context = {
        "council": found,
        "seats": now,
        "ended": [each for each in states if each[1] == Seat.State.ENDED],
        "vacant": sum(1 for each in now if each[1] == Seat.State.VACANT),
        "balance": balance([seat for seat, state, _sign in now if _sits(seat, state)], request.user),
        "coming": coming,
        "past": meetings.exclude(pk__in=coming.values("pk"))[:SHOWN],
        "decisions": decisions.order_by("-decided_at", "-pk")[:SHOWN],
        "topics": Topic.objects.visible_to(request.user)
        .standing()
        .filter(council=found)
        .order_by("-pk")[:SHOWN],
        "may_run": request.user.can(RUN),
    }
    return render(request, "councils/council.html", context)


def _sits(seat: Seat, state: str) -> bool:
    return state not in {Seat.State.VACANT, Seat.State.LEFT, Seat.State.TO_COME}


@requires(RUN)
def add(request: Request) -> HttpResponse:
    first = {"begun_on": today(), "facilitator": request.user.pk}
    form = CouncilForm(request.POST or None, user=request.user, initial=first)
    return keep(request, COUNCILS, form, _page(_("Add a council")), to=lambda row: row)


@requires(RUN)
def edit(request: Request, pk: int) -> HttpResponse:
    found = row_or_404(request, Council, pk)
    form = CouncilForm(request.POST or None, user=request.user, instance=found)
    return keep(request, COUNCILS, form, _page(_("Change %(name)s") % {"name": found}, found))


@requires(RUN)
def add_seat(request: Request, pk: int) -> HttpResponse:
    """Another one; of the partner named in the address, whose last term ended."""
    found = row_or_404(request, Council, pk)
    first: dict[str, Any] = {"begins_on": today()}
    if (key := request.GET.get("partner", "")).isascii() and key.isdigit():
        first["partner"] = Partner.objects.visible_to(request.user).filter(pk=key[:18]).first()
    form = SeatForm(request.POST or None, user=request.user, initial=first)
    page = _page(_("Whose seat is it?"), found, to="#seats")
    return keep(request, SEATS, form, page, to=page.cancel, council=found)


@requires(RUN)
def edit_seat(request: Request, pk: int) -> HttpResponse:
    """Fill a vacancy, end a term, or mend what was entered."""
    seat = row_or_404(request, Seat, pk, "council", "partner", "person")
    form = SeatForm(request.POST or None, user=request.user, instance=seat)
    heading = _("Who sits there for %(name)s, and until when?") % {"name": seat.partner}
    page = _page(heading, seat.council, to="#seats", remove=reverse("councils:remove_seat", args=[pk]))
    return keep(request, SEATS, form, page)


@requires(RUN)
def remove_seat(request: Request, pk: int) -> HttpResponse:
    """Only of one that nobody has used."""
    seat = row_or_404(request, Seat, pk, "council", "partner", "person")
    lead = _("Only where it was entered by mistake. To end a term, say until when it ran.")
    crumbs = _page("", seat.council, to="#seats").crumbs
    return drop(request, SEATS, seat, crumbs=crumbs, lead=lead)


def _page(heading: str, *found: Council, to: str = "", **more: Any) -> FormPage:
    crumbs = [(_("Councils"), reverse("councils:list"))]
    crumbs += [(str(one), f"{one.get_absolute_url()}{to}") for one in found]
    return FormPage(heading, crumbs=crumbs, **more)
