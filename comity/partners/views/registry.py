"""The registry: its list, a partner's facts, entering, changing, retiring."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from comity.core.errors import DomainError
from comity.office.services import today, words
from comity.partners import capabilities, obligations, services
from comity.partners.errors import ChangedMeanwhileError
from comity.partners.forms.partners import PartnerForm, RetireForm
from comity.partners.models import Assignment, Partner
from comity.partners.services.values import from_plain, partner_values, to_plain
from comity.partners.tables import partners_table
from comity.partners.views.finding import partner_of
from comity.partners.views.saving import refuse
from comity.partners.views.wording import editing_partner
from comity.people.access import Request, requires
from comity.ui.components.page import tell


@require_safe
@requires(capabilities.VIEW)
def listing(request: Request) -> HttpResponseBase:
    return partners_table(request).respond(
        "partners/list.html",
        {
            "may_edit": request.user.can(capabilities.EDIT),
            "may_view_people": request.user.can(capabilities.VIEW_PEOPLE),
        },
    )


@require_safe
@requires(capabilities.VIEW)
def facts(request: Request, pk: int) -> HttpResponse:
    partner = partner_of(request, pk)
    if partner.merged_into is not None:
        return redirect("partners:facts", pk=partner.merged_into.pk)
    day = today()
    return render(
        request,
        "partners/facts.html",
        {
            "partner": partner,
            "above": partner.path(),
            "parts": Partner.objects.standing().filter(parent=partner).order_by("name", "pk")[:50],
            "contacts": Assignment.objects.on(day).filter(partner=partner).select_related("user"),
            "may_edit": request.user.can(capabilities.EDIT),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(capabilities.EDIT)
def add(request: Request) -> HttpResponse:
    initial = {"kind": request.GET.get("kind", ""), "status": Partner.Status.ACTIVE}
    form = PartnerForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            partner = services.create_partner(by=request.user, **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            tell(request, _("%(name)s is entered. Nobody looks after it yet.") % {"name": partner})
            return redirect("partners:contacts", pk=partner.pk)
    return render(request, "partners/add.html", {"form": form, "words_of_office": words()})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(capabilities.EDIT)
def edit(request: Request, pk: int) -> HttpResponse:
    partner = partner_of(request, pk)
    editing = editing_partner(partner)
    if (chosen := editing.chosen(request)) is not None:
        return _save(request, partner, *chosen)
    values = partner_values(partner)
    form = PartnerForm(request.POST or None, user=request.user, partner=partner, initial=values)
    began = request.POST.get("began", "") or editing.begin(values, partner.version)
    if request.method == "POST" and form.is_valid():
        original, version = editing.began(began)
        try:
            return _save(request, partner, to_plain(form.cleaned_data), version, original)
        except DomainError as error:
            refuse(form, error)
    return render(request, "partners/edit.html", {"form": form, "partner": partner, "began": began})


def _save(
    request: Request,
    partner: Partner,
    values: dict[str, Any],
    version: int | None,
    original: dict[str, Any] | None = None,
) -> HttpResponse:
    """Save, or show what somebody else saved meanwhile."""
    try:
        services.update_partner(partner.pk, version=version, values=from_plain(values), by=request.user)
    except ChangedMeanwhileError:
        fresh = partner_of(request, partner.pk)
        return editing_partner(fresh).conflict(
            request,
            original=original or {},
            theirs=partner_values(fresh),
            yours=values,
            version=fresh.version,
            context={"subject": fresh, "cancel": reverse("partners:facts", args=[fresh.pk])},
        )
    tell(request, _("%(name)s is saved.") % {"name": partner_of(request, partner.pk)})
    return redirect("partners:facts", pk=partner.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(capabilities.EDIT)
def retire(request: Request, pk: int) -> HttpResponse:
    partner = partner_of(request, pk)
    still_open = obligations.open_with(partner)
    form = RetireForm(request.POST or None, is_open=bool(still_open))
    if request.method == "POST" and form.is_valid():
        try:
            services.retire_partner(partner.pk, by=request.user, **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            tell(request, _("%(name)s is retired. Everything about it stays.") % {"name": partner})
            return redirect("partners:facts", pk=partner.pk)
    return render(
        request, "partners/retire.html", {"form": form, "partner": partner, "still_open": still_open}
    )
