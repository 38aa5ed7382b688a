"""The registry: its list, a partner's facts, entering, changing, retiring; and acts on many at once."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from comity.editing.answering import FormPage, answer, answer_many, typed
from comity.office.services import today, words
from comity.partners import capabilities, obligations, services
from comity.partners.forms.partners import PartnerForm, RetireForm, SetForm
from comity.partners.models import Assignment, Partner
from comity.partners.tables.partners import partners_table
from comity.partners.views.finding import answer_at, crumbs, partner_of
from comity.people.access import Request, requires


@require_safe
@requires(capabilities.VIEW)
def listing(request: Request) -> HttpResponseBase:
    may_edit = request.user.can(capabilities.EDIT)
    return partners_table(request).respond("partners/list.html", {"may_edit": may_edit})


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
            "parts": Partner.objects.standing().filter(parent=partner).order_by("sort_name", "pk")[:50],
            "contacts": Assignment.objects.on(day).filter(partner=partner).select_related("user"),
            "may_edit": request.user.can(capabilities.EDIT),
        },
    )


@requires(capabilities.EDIT)
def add(request: Request) -> HttpResponse:
    form = PartnerForm(request.POST or None, user=request.user, initial={"kind": request.GET.get("kind", "")})
    page = FormPage(
        _("Add a new %(partner)s") % {"partner": words().partner},
        lead=_("A name is enough. You can add the rest later. Next, say who looks after it."),
        crumbs=crumbs(),
        back=reverse("partners:list"),
        draft="partner-new",
    )
    return answer(
        request,
        form,
        lambda: services.create_partner(by=request.user, **form.values),
        page=page,
        told=lambda partner: _("%(name)s added. Nobody looks after it yet.") % {"name": partner},
        to=lambda partner: reverse("partners:contacts", args=[partner.pk]),
    )


@requires(capabilities.EDIT)
def edit(request: Request, pk: int) -> HttpResponse:
    partner = partner_of(request, pk)
    form = PartnerForm(request.POST or None, user=request.user, instance=partner)
    return answer_at(
        request,
        form,
        lambda: services.update_partner(pk, form.values, by=request.user, seen=form.seen),
        partner,
        "facts",
        heading=_("Edit %(name)s") % {"name": partner},
        draft=f"partner-{pk}",
        told=lambda saved: _("%(name)s saved.") % {"name": saved},
    )


@requires(capabilities.EDIT)
def retire(request: Request, pk: int) -> HttpResponse:
    partner = partner_of(request, pk)
    still_open = obligations.open_with(partner)
    form = RetireForm(request.POST or None, is_open=bool(still_open))
    return answer(
        request,
        form,
        lambda: services.retire_partner(partner.pk, by=request.user, **form.cleaned_data),
        page="partners/retire.html",
        context={"partner": partner, "still_open": still_open},
        told=_("%(name)s is retired. Everything about it stays.") % {"name": partner},
        to=reverse("partners:facts", args=[pk]),
    )


@require_POST
@requires(capabilities.EDIT)
def set_many(request: Request) -> HttpResponse:
    form = SetForm(typed(request))
    return answer_many(
        request,
        form,
        partners_table(request),
        lambda rows: services.set_on_many(rows, by=request.user, **form.cleaned_data),
        page=FormPage(_("Change tier, kind or status"), crumbs=crumbs()),
        told=lambda changed: (
            ngettext("%(count)s changed.", "%(count)s changed.", changed) % {"count": f"{changed:,}"}
        ),
    )
