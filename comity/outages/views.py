"""The list of outages, the page of one, the forms that record and tell, and what partners read of them."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from comity.applications.answers import if_down
from comity.applications.models import Item
from comity.editing.answering import FormPage, answer, confirm
from comity.imports.pages import list_page
from comity.outages import services
from comity.outages.capabilities import PORTAL, READ, RECORD
from comity.outages.forms import NewsForm, OutageForm
from comity.outages.models import Outage
from comity.partners.pickers import PARTNERS_WORD, of_partner
from comity.people.access import Request, requires, row_or_404, signed_in
from comity.services.models import Service
from comity.ui.components.signs import tag
from comity.ui.tables import Choice, Column, Search, Table, Toggle, only_csv


def state_of(outage: Outage) -> Any:
    """Where it stands, as a tag."""
    now = timezone.now()
    if outage.withdrawn_at:
        return tag(_("Called off"), kind="none")
    if outage.began_at > now:
        return tag(_("To come"), kind="warn")
    over = outage.ended_at and outage.ended_at <= now
    return tag(_("Over"), kind="good") if over else tag(_("Now"), kind="bad")


@requires(READ, "GET")
def listing(request: Request) -> HttpResponseBase:
    now = timezone.now()
    rows = Outage.objects.visible_to(request.user).select_related("service").annotate(hit=Count("partners"))
    table = Table(
        request,
        rows,
        name="outages",
        columns=[
            Column("what", link=True),
            Column("state", _("State"), value=state_of, sort=""),
            Column("service", wide=True),
            Column("began_at"),
            Column("ended_at", wide=True),
            Column("hit", PARTNERS_WORD, sort="hit", numeric=True),
            *only_csv("planned", "announced_at", "ends_at", "withdrawn_at", "id"),
        ],
        filters=[
            Search("q", _("Find"), lambda rows, text: rows.filter(what__icontains=text)),
            Choice("service", _("Service"), lambda: Service.objects.values_list("pk", "name"), "service"),
            of_partner(request.user, lambda rows, keys: rows.hitting(keys)),
            Toggle("now", _("Now"), lambda rows: rows.now(now)),
            Toggle("planned", _("Planned maintenance"), lambda rows: rows.filter(planned=True)),
        ],
        views=[(_("All"), ""), (_("Now"), "now=1"), (_("Planned maintenance"), "planned=1")],
        default_sort="-began_at",
        empty=_("No outage has been recorded yet."),
    )
    add = _("Record an outage"), reverse("outages:record"), RECORD
    return list_page(request, table, _("Outages"), lead=_("What is down, was, or will be."), add=add)


@requires(PORTAL, "GET")
def portal(request: Request) -> HttpResponse:
    """How it stands with what the reader's partners have."""
    rows, now = Outage.objects.visible_to(request.user).select_related("service"), timezone.now()
    sections = [
        (_("Now"), rows.now(now), "bad"),
        (_("Planned"), rows.to_come(now), "warn"),
        (_("Over in the last 30 days"), rows.recent(now), "good"),
    ]
    return render(request, "outages/portal.html", {"sections": sections, "down": len(sections[0][1])})


@signed_in("GET")
def outage(request: Request, pk: int) -> HttpResponse:
    """One, for the office and for those it hits."""
    found = row_or_404(request, Outage, pk, "service__owner", "item")
    context = {
        "outage": found,
        "state": state_of(found),
        "updates": [{**one, "at": parse_datetime(one["at"])} for one in reversed(found.updates)],
        "hit": found.partners.order_by("sort_name", "pk") if request.user.is_office else (),
        "may": request.user.can(RECORD) and not found.withdrawn_at,
        "late": found.planned and not Outage.objects.excused().filter(pk=pk).exists(),
        "crumbs": _crumbs() if request.user.is_office else [(_("Status"), reverse("outages:portal"))],
    }
    return render(request, "outages/outage.html", context)


@requires(RECORD)
def record(request: Request) -> HttpResponse:
    """From the map, where ?item= says what is down: whom it hits is ticked already."""
    said = request.GET.get("item", "")
    rows = Item.objects.visible_to(request.user).standing()
    item = rows.filter(pk=said).first() if said.isdecimal() and len(said) < 19 else None
    hit = [one.partner for one in if_down(item).hits] if item else []
    begun = {"began_at": timezone.now(), "what": _("%(name)s is down") % {"name": item} if item else ""}
    form = OutageForm(request.POST or None, user=request.user, hit=hit, initial=begun)
    back = item.get_absolute_url() if item else ""
    lead = _("Everybody it hits is told by email and in the portal as soon as you save.")
    told, submit = _("Recorded. Those it hits are told."), _("Record and tell")
    page = FormPage(_("What is down?"), lead=lead, crumbs=_crumbs(), back=back, submit=submit, told=told)

    def save() -> Outage:
        return services.record({**form.values, "item": item}, by=request.user)

    return answer(request, form, save, page=page)


@requires(RECORD)
def edit(request: Request, pk: int) -> HttpResponse:
    found = row_or_404(request, Outage, pk)
    form = OutageForm(request.POST or None, instance=found, user=request.user)
    page = FormPage(_("Change %(name)s") % {"name": found}, lead=_("Nobody is told."), crumbs=_crumbs(found))
    return answer(
        request, form, lambda: services.mend(found, form.values, by=request.user, seen=form.seen), page=page
    )


@requires(RECORD)
def tell(request: Request, pk: int) -> HttpResponse:
    found = row_or_404(request, Outage, pk)
    form = NewsForm(request.POST or None)
    crumbs, told = _crumbs(found), _("They are told.")
    page = FormPage(_("What is new?"), crumbs=crumbs, submit=_("Tell them"), told=told)
    return answer(
        request, form, lambda: services.tell(found, by=request.user, **form.cleaned_data), page=page
    )


@requires(RECORD)
def withdraw(request: Request, pk: int) -> HttpResponse:
    found = row_or_404(request, Outage, pk)
    lead = _("It then counts nowhere, and those it would have hit are told.")
    heading = _("Call off %(name)s?") % {"name": found}
    page = FormPage(heading, lead=lead, crumbs=_crumbs(found), submit=_("Call it off"), danger=True)
    return confirm(request, page, lambda: services.withdraw(found, by=request.user))


def _crumbs(*found: Outage) -> list[tuple[str, str]]:
    return [(_("Outages"), reverse("outages:list")), *((str(one), one.get_absolute_url()) for one in found)]
