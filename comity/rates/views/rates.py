"""Rates: their list, the page of one, proposing, approving, withdrawing."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.editing.answering import FormPage, act, answer, confirm
from comity.imports.pages import list_page
from comity.office.services import today
from comity.people.access import Request, requires, row_or_404
from comity.rates import cost_pictures
from comity.rates.capabilities import APPROVE, EDIT, READ
from comity.rates.forms.rates import GOOD_FOR, Pricing, RateForm, basis_of, pricing_of
from comity.rates.models import RateVersion
from comity.rates.services import derivation, proposing, wording
from comity.rates.views.costs import Crumbs
from comity.services.models import CustomerClass, Offering, Service
from comity.ui.components.days import day
from comity.ui.components.signs import tag
from comity.ui.pickers import as_key
from comity.ui.tables import Choice, Column, Search, Table, Toggle, only_csv

COPIED = ("offering_id", "customer_class_id", "basis", "plan", "annual_cents", "driver", "model_id")
TOLD = ("offering", "price", "annual_cents", "model", "starts_on")  # by the address, as a forecast has it


def state_sign(rate: RateVersion) -> SafeString:
    """Where a rate stands today, as a tag."""
    if rate.withdrawn_at:
        return tag(_("Withdrawn"), kind="none")
    if not rate.approved_at:
        return tag(_("Proposed"), kind="warn")
    if rate.holds_on(today()):
        return tag(_("In force"), kind="good")
    return tag(_("Coming") if rate.starts_on > today() else _("Ended"), kind="none")


def _state(rate: RateVersion) -> str:
    return "withdrawn" if rate.withdrawn_at else "approved" if rate.approved_at else "proposed"


def found_by_offering(rows: Any, text: str) -> Any:
    return rows.filter(offering__in=Offering.objects.search(text))


@requires(READ, "GET")
def rates(request: Request) -> HttpResponseBase:
    table = Table(
        request,
        RateVersion.objects.visible_to(request.user).select_related("offering__service", "customer_class"),
        name="rates",
        columns=[
            Column(
                "offering", link=lambda row: row.get_absolute_url(), csv_value=lambda row: row.offering.code
            ),
            Column("offering.service", _("Service"), wide=True, csv="service"),
            Column("customer_class", wide=True),
            Column("price", _("Price"), value=wording.price_words),
            Column("starts_on", whole=True),
            Column("ends_on", wide=True),
            Column("announced_on", wide=True),
            Column("state", _("State"), value=state_sign, csv_value=_state),
            *only_csv("why", "id"),
        ],
        filters=[
            Search("q", _("Find"), found_by_offering),
            Choice("service", _("Service"), Service.objects.all(), "offering__service"),
            Choice("class", _("Customer class"), CustomerClass.objects.all(), "customer_class"),
            Toggle("now", _("In force"), lambda rows: rows.on(today())),
            Toggle("proposed", _("Proposed"), lambda rows: rows.proposed()),
        ],
        views=[(_("In force"), "now=1"), (_("Proposed"), "proposed=1"), (_("All"), "")],
        default_sort="offering",
        empty=_("No rates yet."),
    )
    add = _("Propose a rate"), reverse("rates:propose"), EDIT
    return list_page(request, table, _("Rates"), add=add, profile=table.name)


@requires(READ, "GET")
def rate(request: Request, pk: int) -> HttpResponse:
    found = _rate(request, pk)
    waits = not (found.approved_at or found.withdrawn_at)
    others = RateVersion.objects.filter(offering=found.offering, withdrawn_at=None).exclude(pk=pk)
    context = {
        "rate": found,
        "state": state_sign(found),
        "lines": wording.price_lines(found),
        "notice": proposing.short_notice(found),
        "before": proposing.rate_before(found),
        "others": [
            (each, wording.price_words(each), state_sign(each))
            for each in others.select_related("customer_class").order_by("-starts_on", "-pk")
        ],
        **_costs_behind(found),
        "may_edit": request.user.can(EDIT),
        "waits": waits,
        "may_approve": waits and request.user.can(APPROVE) and found.proposed_by != request.user,
    }
    return render(request, "rates/rate.html", context)


def _costs_behind(rate: RateVersion) -> dict[str, Any]:
    """The arithmetic from costs: as it stood at approval, with what has changed since; of a proposal, as it is now."""
    try:
        now = derivation.of(rate)
    except DomainError:
        now = {}
    told = rate.derivation or now
    return {
        "arithmetic": cost_pictures.arithmetic(told) if told else None,
        "changes": derivation.changed(rate.derivation, now),
    }


@requires(EDIT)
def propose(request: Request) -> HttpResponse:
    """In which way of pricing? Then, with `?pricing=`, the rate itself; with `?follows=`, what it begins from."""
    follows = RateVersion.objects.filter(pk=as_key(request.GET.get("follows", "")) or 0).first()
    new = RateVersion(**{name: getattr(follows, name) for name in COPIED} if follows else {})
    asked = request.GET.get("pricing", pricing_of(follows) if follows else "")
    if asked not in Pricing.values:
        return ask_pricing(request, _crumbs(), Pricing)
    pricing = Pricing(asked)
    told = {name: request.GET[name] for name in TOLD if name in request.GET}
    form = RateForm(request.POST or None, instance=new, pricing=pricing, initial=told)
    page = FormPage(_("Propose a rate"), lead=pricing.label, crumbs=_crumbs())
    return answer_priced(
        request,
        form,
        lambda: proposing.propose({"basis": basis_of(pricing), **form.values}, by=request.user),
        page,
        _("Proposed. Somebody else has to approve it."),
    )


def ask_pricing(request: Request, crumbs: Crumbs, among: Iterable[Pricing]) -> HttpResponse:
    """Which way of pricing? Each leads on with `?pricing=`."""
    query = request.GET.copy()
    ways = []
    for each in among:
        query["pricing"] = each.value
        ways.append((each.label, f"?{query.urlencode()}", GOOD_FOR[each]))
    status = 422 if request.method == "POST" else 200
    return render(request, "rates/pricing.html", {"ways": ways, "crumbs": crumbs}, status=status)


@requires(EDIT)
def edit(request: Request, pk: int) -> HttpResponse:
    found = _rate(request, pk)
    form = RateForm(request.POST or None, instance=found, pricing=pricing_of(found))

    def save() -> RateVersion:
        return proposing.change_proposal(pk, form.values, by=request.user, seen=form.seen)

    page = FormPage(
        _("Change the proposed rate of %(offering)s") % {"offering": found}, crumbs=_crumbs(found)
    )
    return answer_priced(request, form, save, page, _("Saved."))


@requires(APPROVE)
def approve(request: Request, pk: int) -> HttpResponse:
    """What is approved is read here once more: what it costs, what it was, whether its notice is short."""
    found = _rate(request, pk)
    said = {"day": day(found.starts_on), "price": wording.price_words(found)}
    lead = _("From %(day)s on: %(price)s. Once approved, it never changes.") % said
    version = as_key(request.POST.get("version", "")) or 0
    page = FormPage(
        _("Approve the rate of %(offering)s?") % {"offering": found},
        lead=f"{lead} {proposing.short_notice(found)}".strip(),
        crumbs=_crumbs(found),
        submit=_("Approve"),
    )
    approve = partial(proposing.approve, pk, version=version, by=request.user)
    return confirm(request, page, approve, told=_("Approved."), carried=[("version", str(found.version))])


@requires(EDIT, "POST")
def withdraw(request: Request, pk: int) -> HttpResponse:
    found = _rate(request, pk)
    return act(
        request,
        lambda: proposing.withdraw(pk, by=request.user),
        told=_("Withdrawn."),
        undo=lambda done: reverse("rates:restore", args=[done.pk]),
        to=found,
    )


@requires(EDIT, "POST")
def restore(request: Request, pk: int) -> HttpResponse:
    found = _rate(request, pk)
    return act(request, lambda: proposing.restore(pk, by=request.user), told=_("Proposed again."), to=found)


def answer_priced(request: Request, form: RateForm, save: Any, page: FormPage, told: str) -> HttpResponse:
    """Answer a form that has tiers; its button for more of them keeps nothing yet."""
    sent = request.method == "POST" and "more" not in request.POST
    also, context = [form.tiers] if form.tiers else [], {"page": page}
    return answer(
        request, form, save, page="rates/priced.html", context=context, told=told, also=also, sent=sent
    )


def _rate(request: Request, pk: int) -> RateVersion:
    beside = ("offering__service", "customer_class", "proposed_by", "approved_by", "model")
    return row_or_404(request, RateVersion, pk, *beside)


def _crumbs(*rows: RateVersion) -> Crumbs:
    return [(_("Rates"), reverse("rates:rates")), *((str(row), row.get_absolute_url()) for row in rows)]
