"""The map of counties, the pipeline and its steps, who is eligible, what bills say; and what partners see of it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from comity.adoption import services, tables
from comity.adoption.capabilities import ASK, PORTAL, READ, SET, WORK
from comity.adoption.county_map import CountyMap
from comity.adoption.forms import BeginForm, BodyForm, EligibilityForm, StepForm
from comity.adoption.models import SHOWN, Adoption, Eligibility, Stage
from comity.core.adoption import FOLLOWS
from comity.editing.answering import FormPage, act, answer
from comity.editing.row_pages import RowPages
from comity.imports.pages import list_page
from comity.partners.models import Membership, Partner
from comity.people.access import Request, requires, row_or_404, signed_in
from comity.services.models import Service


@requires(READ, "GET")
def counties(request: Request) -> HttpResponse:
    """The map, its curve, and what we offer beside the nation."""
    shown = CountyMap(request.user, request.GET.dict())
    context = {"shown": shown, "map": shown.chart(), "nation": tables.beside_the_nation(request.user)}
    return render(request, "adoption/counties.html", context)


@requires(READ, "GET")
def pipeline(request: Request) -> HttpResponseBase:
    acts = [
        (ELIGIBILITY.heading, reverse(ELIGIBILITY.every), READ),
        (_("Compare with bills"), reverse("adoption:billed"), WORK),
    ]
    add = _("Write down where somebody stands"), reverse("adoption:begin"), WORK
    table, heading = tables.pipeline_table(request), _("Who uses what, and who may come to")
    return list_page(request, table, heading, crumbs=_crumbs()[:1], acts=acts, add=add, profile="adoption")


def _crumbs(*rows: Adoption) -> list[tuple[Any, str]]:
    top = [(_("Counties"), reverse("adoption:counties")), (_("Pipeline"), reverse("adoption:pipeline"))]
    return [*top, *((row, row.get_absolute_url()) for row in rows)]


def _own() -> list[tuple[Any, str]]:
    return [(_("Offers"), reverse("adoption:portal"))]


@signed_in("GET")
def adoption(request: Request, pk: int) -> HttpResponse:
    """Where one service stands at one partner, for the office and for the partner's own people."""
    row = row_or_404(request, Adoption, pk, "service__owner", "partner", "together__partner")
    lead, may = row.together or row, request.user.can(WORK)
    context = {
        "row": row,
        "steps": row.steps.visible_to(request.user).select_related("by").order_by("-on", "-pk"),
        "bodies": [lead, *lead.others.exclude(pk=row.pk).select_related("partner")],
        "next": [(stage, Stage(stage).label) for stage in FOLLOWS[row.stage] if may],
        "may_add": row.stage == Stage.REQUESTED and may,
        "may_take_back": may,
        "crumbs": _crumbs() if request.user.is_office else _own(),
    }
    return render(request, "adoption/adoption.html", context)


@requires(WORK)
def begin(request: Request) -> HttpResponse:
    form = BeginForm(request.POST or None, user=request.user, stage="", initial=request.GET.dict())
    page = FormPage(_("Where does somebody stand with a service?"), crumbs=_crumbs(), told=_("Saved."))

    def save() -> Adoption:
        service, partner, stage = (form.cleaned_data[name] for name in ("service", "partner", "stage"))
        return services.begin(service, partner, stage, form.said, by=request.user)

    return answer(request, form, save, page=page)


@requires(WORK)
def step(request: Request, pk: int, stage: str) -> HttpResponse:
    """The next step, with what is written down of it."""
    row = row_or_404(request, Adoption, pk, "service", "partner")
    if stage not in Stage.values:
        raise Http404
    form = StepForm(request.POST or None, stage=stage)
    lead = _("They read this too, once they have asked.") if stage in (*SHOWN, Stage.NO) else ""
    page = FormPage(f"{Stage(stage).label}: {row}", lead=lead, crumbs=_crumbs(row), told=_("Saved."))
    return answer(request, form, lambda: services.step(pk, stage, form.said, by=request.user), page=page)


@requires(WORK, "POST")
def take_back(request: Request, pk: int) -> HttpResponse:
    """Undo the step that came last."""
    row = row_or_404(request, Adoption, pk)
    told, to = _("Taken back."), reverse("adoption:pipeline")

    def undo() -> Adoption | None:
        return services.take_back(pk, by=request.user)

    return act(request, undo, told=told, to=lambda left: left or to, refused_to=row)


@requires(WORK)
def add_body(request: Request, pk: int) -> HttpResponse:
    row = row_or_404(request, Adoption, pk, "service", "partner", "together")
    form = BodyForm(request.POST or None, user=request.user)
    heading = _("Who applies together with %(name)s?") % {"name": row.partner}
    page = FormPage(heading, crumbs=_crumbs(row), told=_("Saved."), to=row)

    def save() -> Adoption:
        return services.add_body(row, form.cleaned_data["partner"], by=request.user)

    return answer(request, form, save, page=page)


@signed_in("GET")
def of_partner(request: Request, pk: int) -> HttpResponse:
    """What one partner uses and may have, for the office and for the partner's own people; of a county who lies in it."""
    return _page(request, get_object_or_404(Partner.objects.visible_to(request.user).standing(), pk=pk))


@requires(PORTAL, "GET")
def portal(request: Request) -> HttpResponse:
    """The page of the reader's own partner; of several, the first."""
    own = Membership.objects.standing().filter(user=request.user).values("partner")
    found = Partner.objects.visible_to(request.user).standing().filter(pk__in=own).first()
    if found is None:
        raise Http404
    return _page(request, found)


def _page(request: Request, partner: Partner) -> HttpResponse:
    rows = list(Adoption.objects.visible_to(request.user).filter(partner=partner).select_related("service"))
    asked = {row.service_id for row in rows if Stage.REQUESTED not in FOLLOWS[row.stage]}
    seen = Partner.objects.visible_to(request.user).standing()
    context = {
        "partner": partner,
        "rows": rows,
        "eligible": Eligibility.objects.of(Partner.objects.filter(pk=partner.pk)).select_related("service"),
        "asked": asked,
        "may_ask": services.may_ask(request.user, partner),
        "within": tables.within(partner, request.user),
        "others": [] if request.user.is_office else seen.exclude(pk=partner.pk)[:50],
    }
    return render(request, "adoption/of_partner.html", context)


@requires(WORK)
def billed(request: Request) -> HttpResponse:
    """Who is billed for what they are not known to use, and the other way round; written down in one act."""
    if request.method == "POST":
        here = reverse("adoption:billed")
        return act(request, lambda: services.record_billed(by=request.user), told=_written, to=here)
    pairs = services.billed()
    differ = {"missing": services.unrecorded(pairs), "unbilled": services.unbilled(pairs)}
    return render(request, "adoption/billed.html", {**differ, "crumbs": _crumbs()})


def _written(count: int) -> str:
    return ngettext("%(count)s is written down.", "%(count)s are written down.", count) % {"count": count}


@requires(READ, "GET")
def eligibility(request: Request) -> HttpResponseBase:
    add = _("Add a service"), reverse("adoption:add_eligibility"), SET
    table, heading = tables.eligibility_table(request), _("Who can have what, and by which law")
    return list_page(request, table, heading, crumbs=_crumbs()[:1], add=add, profile="eligibility")


ELIGIBILITY = RowPages(
    services.ELIGIBLE,
    EligibilityForm,
    SET,
    "eligibility",
    _l("Who can have a service, and by which law?"),
    _l("Who is eligible"),
    "adoption:eligibility",
    beside=("service",),
)


@requires(ASK)
def ask(request: Request, pk: int, service_pk: int) -> HttpResponse:
    """Ask for a service in the name of one's own partner."""
    partner = get_object_or_404(Partner.objects.visible_to(request.user).standing(), pk=pk)
    open_to = Eligibility.objects.of(Partner.objects.filter(pk=pk)).values("service")
    service = get_object_or_404(Service.objects.filter(pk__in=open_to), pk=service_pk)
    if not services.may_ask(request.user, partner):
        raise PermissionDenied
    form = StepForm(request.POST or None, stage=Stage.REQUESTED)
    lead = _("We look at what you need and what it costs you today, and come back with an offer.")
    heading, told = _("Ask for %(name)s") % {"name": service.title}, _("Sent. You see here where it stands.")
    page = FormPage(heading, lead=lead, crumbs=_own(), submit=_("Send the request"), told=told)
    return answer(
        request, form, lambda: services.ask(service, partner, form.said, by=request.user), page=page
    )
