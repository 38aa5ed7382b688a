"""Rates: the page of one, proposing, approving, withdrawing; in a what-if the price plans to try; and the rate sheet as page,
CSV and PDF, for the office and in the portal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.core.billing.ways import Way
from comity.core.errors import DomainError
from comity.editing.answering import FormPage, act, answer, confirm
from comity.office.services import today
from comity.people.access import Request, requires, row_or_404
from comity.rates import cost_pictures
from comity.rates.capabilities import APPROVE, EDIT, PORTAL, READ
from comity.rates.forms import GOOD_FOR, LABELS, PlanForm, RateForm, basis_of, pricing_of
from comity.rates.models import Forecast, RateVersion
from comity.rates.services import derivation, proposing, wording
from comity.rates.services.costs import FORECASTS
from comity.rates.sheet import COLUMNS, changes, coming, pdf_of, sheet_on
from comity.rates.views.costs import FORECAST
from comity.rates.views.lists import crumbs, found_by_offering, rate_crumbs, state_sign
from comity.services.models import Service
from comity.ui.components.days import day
from comity.ui.pickers import as_key
from comity.ui.tables import Choice, Search, Table
from comity.ui.typesetting import pdf_response

COPIED = ("offering_id", "customer_class_id", "basis", "plan", "annual_cents", "driver", "model_id")
TOLD = ("offering", "price", "annual_cents", "model", "starts_on")  # by the address, as a forecast has it
WAYS = (Way.FLAT, Way.GRADUATED, Way.VOLUME, Way.PACKAGE)  # that may be tried


@requires(READ, "GET")
def rate(request: Request, pk: int) -> HttpResponse:
    found = _rate(request, pk)
    waits = not (found.approved_at or found.withdrawn_at)
    others = RateVersion.objects.filter(offering=found.offering, withdrawn_at=None).exclude(pk=pk)
    now: dict[str, Any] = {}
    with suppress(DomainError):
        now = derivation.of(found)
    context = {
        "rate": found,
        "crumbs": rate_crumbs(),
        "state": state_sign(found),
        "lines": wording.price_lines(found),
        "notice": proposing.short_notice(found),
        "before": proposing.rate_before(found),
        "others": [
            (each, wording.price_words(each), state_sign(each))
            for each in others.select_related("customer_class").order_by("-starts_on", "-pk")
        ],
        # As it stood at approval, with what has changed since; of a proposal, as it is now.
        "arithmetic": cost_pictures.arithmetic(found.derivation or now),
        "changes": derivation.changed(found.derivation, now),
        "may_edit": request.user.can(EDIT),
        "waits": waits,
        "may_approve": waits and request.user.can(APPROVE) and found.proposed_by != request.user,
    }
    return render(request, "rates/rate.html", context)


@requires(EDIT)
def propose(request: Request) -> HttpResponse:
    """With `?follows=`, it begins from another one."""
    follows = RateVersion.objects.filter(pk=as_key(request.GET.get("follows", "")) or 0).first()
    new = RateVersion(**{name: getattr(follows, name) for name in COPIED} if follows else {})
    return _priced(
        request,
        new,
        Way,
        FormPage(_("Propose a rate"), crumbs=rate_crumbs()),
        lambda form: proposing.propose({"basis": basis_of(form.pricing), **form.values}, by=request.user),
        told=_("Proposed. Somebody else has to approve it."),
        initial={name: request.GET[name] for name in TOLD if name in request.GET},
    )


@requires(EDIT)
def edit(request: Request, pk: int) -> HttpResponse:
    found = _rate(request, pk)
    heading = _("Change the proposed rate of %(offering)s") % {"offering": found}

    def save(form: RateForm) -> RateVersion:
        return proposing.change_proposal(pk, form.values, by=request.user, seen=form.seen)

    return _priced(request, found, Way, FormPage(heading, crumbs=rate_crumbs(found)), save)


def _priced(
    request: Request,
    row: RateVersion,
    among: Iterable[Way],
    page: FormPage,
    save: Callable[[Any], object],
    told: str = "",
    form_of: type[RateForm] = RateForm,
    **more: Any,
) -> HttpResponse:
    """In which way of pricing? Then, with `?pricing=`, the form; its button for more tiers keeps nothing yet."""
    known, is_sent = pricing_of(row) if row.terms else "", request.method == "POST"
    asked = known if row.pk else request.GET.get("pricing", known)
    if asked not in list(among):
        said = request.GET.dict()
        ways = [(LABELS[way], f"?{urlencode({**said, 'pricing': way})}", GOOD_FOR[way]) for way in among]
        context = {"ways": ways, "crumbs": page.crumbs}
        return render(request, "rates/pricing.html", context, status=422 if is_sent else 200)
    form = form_of(request.POST or None, instance=row, pricing=Way(asked), **more)
    return answer(
        request,
        form,
        lambda: save(form),
        page="rates/priced.html",
        context={"page": replace(page, lead=LABELS[form.pricing])},
        told=told or _("Saved."),
        also=[form.tiers] if form.tiers else [],
        sent=is_sent and "more" not in request.POST,
    )


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
        crumbs=rate_crumbs(found),
        submit=_("Approve"),
    )
    approve = partial(proposing.approve, pk, version=version, by=request.user)
    return confirm(request, page, approve, told=_("Approved."), carried=[("version", str(found.version))])


@requires(EDIT, "POST")
def withdraw(request: Request, pk: int) -> HttpResponse:
    found, back = _rate(request, pk), reverse("rates:restore", args=[pk])
    withdraw = partial(proposing.withdraw, pk, by=request.user)
    return act(request, withdraw, told=_("Withdrawn."), undo=lambda _done: back, to=found)


@requires(EDIT, "POST")
def restore(request: Request, pk: int) -> HttpResponse:
    found = _rate(request, pk)
    return act(request, lambda: proposing.restore(pk, by=request.user), told=_("Proposed again."), to=found)


def _rate(request: Request, pk: int) -> RateVersion:
    beside = ("offering__service", "customer_class", "proposed_by", "approved_by", "model")
    return row_or_404(request, RateVersion, pk, *beside)


# --- what if ---


@requires(EDIT)
def try_plan(request: Request, pk: int) -> HttpResponse:
    """Another price plan for an offering, as a rate would be proposed; of a what-if alone."""
    found = _tried(request, pk)

    def save(form: PlanForm) -> Forecast:
        return FORECASTS.mend(found, {"plan": form.cleaned_data["plan"]}, by=request.user)

    asked = RateVersion(offering=found.offering, plan=found.plan)
    page = FormPage(_("Try another plan"), crumbs=crumbs(found.model, found))
    return _priced(request, asked, WAYS, page, save, form_of=PlanForm)


@requires(EDIT, "POST")
def drop_plan(request: Request, pk: int) -> HttpResponse:
    found = _tried(request, pk)
    told = _("The price is what costs give.")
    return act(request, lambda: FORECASTS.mend(found, {"plan": None}, by=request.user), told=told, to=found)


def _tried(request: Request, pk: int) -> Forecast:
    found: Forecast = FORECAST.row(request, pk)
    if not found.model.is_what_if:
        raise Http404
    return found


# --- the sheet ---

MOST_COMING = 3  # days on which rates change that are offered


def _page(request: Request) -> HttpResponseBase:
    on, user = _day(request), request.user
    later = coming(on, user)
    known = later if on == today() else coming(today(), user)
    others = sorted({each.rate.starts_on for each in known})[:MOST_COMING]
    views = [(_("Today"), ""), *((_("From %(day)s") % {"day": day(each)}, f"on={each}") for each in others)]
    table = Table(
        request,
        sheet_on(on, user),
        name="rate-sheet",
        columns=COLUMNS,
        filters=[
            Search("q", _("Find"), found_by_offering),
            Choice("service", _("Service"), Service.objects.visible_to(user), "offering__service"),
        ],
        views=views if others else (),
        default_sort="offering.service",
        per_page=200,
        alone=False,
        export_name=f"rates-{on}",
        empty=_("No rates hold on this day."),
    )
    context = {
        "on": on,
        "table": table,
        "changes": changes(sheet_on(on, user), on),
        "coming": later,
        "pdf": f"{request.path.removesuffix('/')}.pdf?on={on}",
    }
    return table.respond("rates/sheet.html", context)


def _pdf(request: Request) -> HttpResponse:
    on = _day(request)
    return pdf_response(pdf_of(on, request.user), f"rates-{on}")


def _day(request: Request) -> date:
    """The day that was asked for; today, if none was."""
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return today()


# In the portal, the rates of what the reader's partners may have, in English and Spanish.
sheet, portal = (requires(whom, "GET")(_page) for whom in (READ, PORTAL))
pdf, portal_pdf = (requires(whom, "GET")(_pdf) for whom in (READ, PORTAL))
