"""The page about a partner's business, read and written by both sides; the lists of all; and who understands whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from comity.business import services, strip, tables
from comity.business.capabilities import PORTAL, READ, UNDERSTAND, WRITE
from comity.business.forms import UnderstandingForm, form_of
from comity.business.models import Mission, Part, Understanding
from comity.business.parts import KINDS, SEASON, Kind
from comity.editing.answering import FormPage, drop, keep
from comity.editing.row_pages import RowPages
from comity.imports.pages import list_page
from comity.meetings.models import Meeting
from comity.nouns import Words
from comity.office.services import today
from comity.partners.models import Membership, Partner
from comity.people.access import Request, requires, row_or_404, signed_in

GAPS = 12
TOGETHER = (Meeting.Kind.BRIEFING, Meeting.Kind.JOURNEY)  # what meetings teach us of a business


@dataclass(frozen=True)
class Section:
    """One part on the page, and what is written of it."""

    kind: Kind
    partner: Partner
    rows: list[Any]
    may_write: bool

    @property
    def add_url(self) -> str:
        """Where one is added, for those who may."""
        return reverse(f"business:add_{self.kind.name}", args=[self.partner.pk]) if self.may_write else ""

    @property
    def groups(self) -> list[tuple[str, int, list[tuple[Part, str]]]]:
        """The rows under their headings, with the level of their own, each with where it is changed."""
        edit = f"business:edit_{self.kind.name}"
        named = [(row, reverse(edit, args=[row.pk]) if self.may_write else "") for row in self.rows]
        grouped = groupby(named, key=lambda each: each[0].group)
        return [(heading, 4 if heading else 3, list(rows)) for heading, rows in grouped]


def _partner(request: Request, pk: int) -> Partner:
    return get_object_or_404(Partner.objects.visible_to(request.user).standing(), pk=pk)


@signed_in("GET")
def of_partner(request: Request, pk: int) -> HttpResponse:
    """Its page, for the office and for the partner's own people."""
    return _page(request, _partner(request, pk))


@requires(PORTAL, "GET")
def portal(request: Request) -> HttpResponse:
    """The page of the reader's own partner; of several, the first."""
    own = Membership.objects.standing().filter(user=request.user).values("partner")
    found = Partner.objects.visible_to(request.user).standing().filter(pk__in=own).first()
    return _page(request, found) if found else render(request, "business/none.html")


def _page(request: Request, partner: Partner) -> HttpResponse:
    may_write = services.may_write(request.user, partner)
    sections = [
        Section(kind, partner, list(kind.model.objects.filter(partner=partner).with_last_edit()), may_write)
        for kind in KINDS
    ]
    mission = Mission.objects.filter(partner=partner).with_last_edit().first()
    seasons = next(section.rows for section in sections if section.kind is SEASON)
    context = {
        "partner": partner,
        "mission": mission,
        "near": next((one for one in services.coming(seasons, today()) if one.days <= services.SOON), None),
        "year": strip.year(seasons, today()),
        "sections": sections,
        "may_write": may_write,
        "together": _together(request, partner),
        "others": [] if request.user.is_office else _others(request, partner),
        "understood_by": Understanding.objects.visible_to(request.user).of(partner),
    }
    return render(request, "business/business.html", context)


def _together(request: Request, partner: Partner) -> list[Meeting]:
    """The last mission briefings and joint journey reviews; what was found there is a promise as in any meeting."""
    rows = Meeting.objects.visible_to(request.user).standing()
    return list(rows.filter(partners=partner, kind__in=TOGETHER)[:5])


def _others(request: Request, partner: Partner) -> list[Partner]:
    """What else a partner's user sees: further partners, and what is part of them."""
    return list(Partner.objects.visible_to(request.user).standing().exclude(pk=partner.pk)[:50])


@signed_in("GET")
def history(request: Request, pk: int) -> HttpResponse:
    partner = _partner(request, pk)
    return render(
        request, "business/history.html", {"partner": partner, "entries": services.history(partner)}
    )


def _own(request: Request, partner: Partner) -> Partner:
    """The partner, for those who may write on its page."""
    if not services.may_write(request.user, partner):
        raise PermissionDenied
    return partner


def _form(
    request: Request, keeping: Any, partner: Partner, row: Part | None, heading: Words, remove: str = ""
) -> HttpResponse:
    """The form of something on a partner's page."""
    page_url = reverse("business:of_partner", args=[partner.pk])
    form = form_of(keeping.model)(request.POST or None, instance=row)
    page = FormPage(heading, crumbs=[(str(partner), page_url)], remove=remove)
    to = f"{page_url}#{keeping.model._meta.model_name}"
    return keep(request, keeping, form, page, to=to, partner=partner)


@requires(WRITE)
def mission(request: Request, pk: int) -> HttpResponse:
    """Write it down, or change it."""
    partner = _own(request, _partner(request, pk))
    row = Mission.objects.filter(partner=partner).first()
    heading = _("What is the mission of %(name)s?") % {"name": partner}
    return _form(request, services.MISSIONS, partner, row, heading)


@requires(WRITE)
def add(request: Request, pk: int, kind: Kind) -> HttpResponse:
    partner = _own(request, _partner(request, pk))
    return _form(request, kind.keeping, partner, None, kind.act)


@requires(WRITE)
def edit(request: Request, pk: int, kind: Kind) -> HttpResponse:
    row = row_or_404(request, kind.model, pk, "partner")
    partner = _own(request, row.partner)
    heading = _("Change %(name)s") % {"name": row}
    gone = reverse(f"business:remove_{kind.name}", args=[pk])
    return _form(request, kind.keeping, partner, row, heading, remove=gone)


@requires(WRITE)
def remove(request: Request, pk: int, kind: Kind) -> HttpResponse:
    row = row_or_404(request, kind.model, pk, "partner")
    partner = _own(request, row.partner)
    crumbs = [(str(partner), reverse("business:of_partner", args=[partner.pk]))]
    return drop(request, kind.keeping, row, crumbs=crumbs)


@signed_in("GET")
def part(request: Request, pk: int, kind: Kind) -> HttpResponse:
    """Where one stands: on the page of whom it belongs to."""
    return redirect(row_or_404(request, kind.model, pk).get_absolute_url())


@requires(READ, "GET")
def listing(request: Request) -> HttpResponseBase:
    acts = [(_("Who understands whom"), reverse("business:register"), READ)]
    lead = _("What they do, for whom and when, as they and we write it down.")
    links = [(kind.heading, reverse(f"business:{kind.slug}")) for kind in KINDS]
    return list_page(
        request, tables.partners_table(request, links), _("Their business"), lead=lead, acts=acts
    )


@requires(READ, "GET")
def parts(request: Request, kind: Kind) -> HttpResponseBase:
    crumbs = [(_("Their business"), reverse("business:list"))]
    table = tables.parts_table(request, kind)
    return list_page(request, table, kind.heading, crumbs=crumbs, profile=f"business-{kind.slug}")


@requires(READ, "GET")
def register(request: Request) -> HttpResponseBase:
    """Who of us understands whom, and where nobody does."""
    gaps = Understanding.objects.without(Partner.objects.visible_to(request.user).served())
    count = gaps.count()
    context = {"gaps": gaps[:GAPS], "count": count, "may_add": request.user.can(UNDERSTAND)}
    return tables.register_table(request).respond("business/register.html", context)


@dataclass(frozen=True)
class Entries(RowPages):
    """Entries of the register: a new one begins with whoever writes it."""

    def begun(self, request: Any, known: Mapping[str, Any]) -> Understanding:
        return Understanding(user=request.user)


UNDERSTANDING = Entries(
    services.UNDERSTANDING,
    UnderstandingForm,
    UNDERSTAND,
    "understanding",
    _l("Who understands whose business?"),
    _l("Who understands whom"),
    "business:register",
    beside=("user", "partner"),
    asked=("partner",),
    lead=_l("Learning it does not fill a gap yet."),
)
