"""Asking, approving and following as a partner; working on requests and writing their forms as the office."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.editing.answering import FormPage, act, answer, keep
from comity.imports.pages import list_page
from comity.office.services import today
from comity.partners.models import Partner
from comity.partners.pickers import of_partner
from comity.people.access import Request, requires, row_or_404, signed_in
from comity.rates.services.wording import price_words
from comity.requests import services
from comity.requests.capabilities import APPROVE, BUILD, PORTAL, READ
from comity.requests.fields import Field, Kind, conditions
from comity.requests.forms import AskForm, FieldForm, ThresholdForm, WorkForm
from comity.requests.models import Form, ServiceRequest, Stage, Threshold
from comity.services.models import Offering, Service
from comity.ui.tables import Choice, Column, Table, Toggle, only_csv


@requires(PORTAL, "GET")
def portal(request: Request) -> HttpResponseBase:
    """What the reader's partners asked for, and what waits for the reader's approval."""
    own = Partner.objects.filter(pk__in=request.user.memberships.standing().values("partner"))
    words = _("Approval at %(name)s")
    acts = [(words % {"name": each}, reverse("requests:threshold", args=[each.pk]), APPROVE) for each in own]
    return list_page(request, _table(request), _("What you asked for"), acts=acts)


@requires(READ, "GET")
def listing(request: Request) -> HttpResponseBase:
    acts = [(_("Request forms"), reverse("requests:forms"), READ)]
    return list_page(request, _table(request), _("Requests"), acts=acts)


@requires(PORTAL)
def ask(request: Request, pk: int, *, again: bool = False) -> HttpResponse:
    """The form of an offering and what it would cost; or once more what was sent back."""
    partners = Partner.objects.visible_to(request.user).standing()
    if again:
        found = _found(request, pk)
        partners = partners.filter(pk=found.partner_id if found.stage == Stage.BACK else 0)
    else:
        offering = row_or_404(request, Offering, pk)
        found = ServiceRequest(form=get_object_or_404(Form.objects.in_force().filter(offering=offering)[:1]))
        partners = partners.filter(kind__in=offering.kinds) if offering.kinds else partners
    if not partners:
        raise Http404
    sent, form = request.POST or None, found.form
    asked = AskForm(sent, request.FILES or None, found=found, user=request.user, partners=partners)
    problem = asked.errors.get(form.quantity) if request.POST.get(form.quantity) else None
    cents, rate = services.estimate(form, asked.asker, asked.answers)
    price = rate and f"{price_words(rate)} · {form.offering.get_unit_display()}"
    return answer(
        request,
        asked,
        lambda: services.ask(found, asked.asker, asked.answers, by=request.user),
        page="requests/ask.html",
        context={"found": found, "version": form, "cents": cents, "price": price, "problem": problem},
        told=_("You asked for it."),
        sent=request.method == "POST" and "estimate" not in request.POST,
    )


@requires(APPROVE)
def threshold(request: Request, pk: int) -> HttpResponse:
    """Above which cost a partner approves what its people ask for."""
    partner = get_object_or_404(Partner.objects.visible_to(request.user).standing(), pk=pk)
    if request.user not in services.approvers(partner):
        raise Http404
    row = Threshold.objects.visible_to(request.user).filter(partner=partner).first()
    heading, crumbs = _("What has to be approved at %(name)s?"), [(_("Requests"), reverse("requests:portal"))]
    lead = _("Above this cost a month, or where nobody can tell it. Nobody approves what they asked for.")
    page = FormPage(heading % {"name": partner}, lead=lead, crumbs=crumbs)
    form = ThresholdForm(request.POST or None, instance=row)
    return keep(request, services.THRESHOLDS, form, page, partner=partner)


def _found(request: Request, pk: int) -> ServiceRequest:
    beside = ("form__offering__service__owner", "partner", "asked_by", "decided_by", "ticket")
    return row_or_404(request, ServiceRequest, pk, *beside)


@signed_in("GET")
def one(request: Request, pk: int) -> HttpResponse:
    """What was asked for and how far it is, for the office and for the partner's own people."""
    found = _found(request, pk)
    acts = [act for act in services.ACTS if not services.refusal(found, act, request.user)]
    context = {
        "found": found,
        "stage": Stage(found.stage),
        "steps": list(enumerate(found.form.work, 1)),
        "late": found.stage in services.UNDER_WAY and (found.promised_on or today()) < today(),
        "acts": [act for act in acts if act != "withdraw"],
        "may_withdraw": "withdraw" in acts,
    }
    return render(request, "requests/request.html", context)


@signed_in("POST")
def do(request: Request, pk: int) -> HttpResponse:
    """Approve it, send it back, withdraw it, take it on, decline it, or say whether it came: `act` says which."""
    found = _found(request, pk)
    said = {name: request.POST.get(name, "") for name in ("act", "words")}
    return act(request, lambda: services.act_on(pk, **said, by=request.user), told=_("Saved."), to=found)


@requires(READ, "GET")
def forms(request: Request) -> HttpResponseBase:
    own = Form.objects.filter(offering=OuterRef("pk"))
    rows = Offering.objects.visible_to(request.user).standing().select_related("service")
    table = Table(
        request,
        rows.annotate(asked=Exists(own.in_force())),
        name="request-forms",
        columns=[
            Column("name", _("Offering"), link=lambda row: reverse("requests:form", args=[row.pk])),
            Column("service", sort=("service__sort_name", "sort_name")),
            Column("asked", _("Can be asked for"), value=lambda row: _("Yes") if row.asked else _("No")),
        ],
        default_sort="service",
    )
    return list_page(request, table, _("Request forms"))


@requires(READ, "GET")
def form(request: Request, pk: int) -> HttpResponse:
    """The form of an offering, its draft or the one in force; and as partners see it."""
    found = services.latest(row_or_404(request, Offering, pk, "service"))
    when = conditions(found.fields)
    new, nobody = ServiceRequest(form=found), Partner.objects.none()
    context = {
        "found": found,
        "rows": [(each, Kind(each.kind).label, when[each.shown]) for each in found.fields],
        "kinds": Kind.choices,
        "ways": [("up", _("Up")), ("down", _("Down")), ("remove", _("Remove"))],
        "may_build": request.user.can(BUILD),
        "form": AskForm(None, None, found=new, user=request.user, partners=nobody),
    }
    return render(request, "requests/form.html", context)


def _of_form(offering: Offering, heading: str) -> FormPage:
    crumbs = [(_("Request forms"), reverse("requests:forms"))]
    return FormPage(heading, crumbs=[*crumbs, (str(offering), reverse("requests:form", args=[offering.pk]))])


@requires(BUILD)
def field(request: Request, pk: int, key: str = "") -> HttpResponse:
    """Change a field, or add one of the kind in `?kind=`."""
    offering = row_or_404(request, Offering, pk, "service")
    fields = services.latest(offering).fields
    place = next((place for place, each in enumerate(fields) if each.key == key), len(fields))
    new = Field("", request.GET.get("kind", Kind.TEXT), "")
    if (key and place == len(fields)) or new.kind not in Kind.values:
        raise Http404
    found = fields[place] if key else new
    form = FieldForm(request.POST or None, field=found, earlier=fields[:place])
    page = _of_form(offering, _("%(kind)s: what do you ask?") % {"kind": Kind(found.kind).label})
    return answer(request, form, lambda: services.put(offering, form.filled, by=request.user), page=page)


@requires(BUILD)
def steps(request: Request, pk: int) -> HttpResponse:
    """What the office does with a request, and how its cost is reckoned."""
    offering = row_or_404(request, Offering, pk, "service")
    form = WorkForm(request.POST or None, instance=services.latest(offering))

    def save() -> Form:
        return services.write(offering, form.values, by=request.user, seen=form.seen)

    return answer(request, form, save, page=_of_form(offering, _("What happens with a request?")))


@requires(BUILD, "POST")
def arrange(request: Request, pk: int) -> HttpResponse:
    """Move a field, take it away, put the draft in force or discard it: `act` says which, with the field's key."""
    offering = row_or_404(request, Offering, pk, "service")
    way, _colon, key = request.POST.get("act", "").partition(":")
    to = f"{reverse('requests:form', args=[pk])}#{key}"
    if way == "publish":
        return act(request, lambda: services.publish(offering, by=request.user), told=_("In force."), to=to)
    if way == "discard":
        return act(request, lambda: services.discard(offering, by=request.user), told=_("Discarded."), to=to)
    return act(request, lambda: services.arrange(offering, way, key, by=request.user), to=to)


# --- the lists ---


def _table(request: Request) -> Table:
    """The requests of all partners for the office; for a partner's user its own."""
    user = request.user
    late = {"stage__in": services.UNDER_WAY, "promised_on__lt": today()}
    return Table(
        request,
        ServiceRequest.objects.visible_to(user).select_related("form__offering", "partner", "asked_by"),
        name="requests",
        columns=[
            Column("form", link=lambda row: row.get_absolute_url(), sort="form__offering__sort_name"),
            Column("partner", sort="partner__sort_name"),
            Column("asked_by", wide=True),
            Column("asked_at"),
            Column("stage", _("How far"), value=lambda row: Stage(row.stage).label, sort="stage"),
            Column("promised_on"),
            Column("cents", csv="estimate"),
            *only_csv("id"),
        ],
        filters=[
            Choice("stage", _("How far"), Stage.choices, "stage"),
            Choice("service", _("Service"), Service.objects.visible_to(user), "form__offering__service"),
            Toggle("late", _("Late only"), lambda rows: rows.filter(**late)),
            *([of_partner(user)] if user.is_office else []),
        ],
        views=[(_("All"), ""), (Stage.WAITING.label, "stage=waiting"), (Stage.WORK.label, "stage=work")],
        default_sort="-asked_at",
        empty=_("Nothing has been asked for yet."),
    )
