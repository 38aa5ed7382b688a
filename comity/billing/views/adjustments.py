"""Adjustments of issued lines, proposed and approved; and the billing terms."""

from __future__ import annotations

from django.forms import Form
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comity.billing import tables
from comity.billing.capabilities import APPROVE, READ, RUN
from comity.billing.forms import AdjustForm, TermsForm
from comity.billing.models import Adjustment, Line, Terms
from comity.billing.services import adjusting
from comity.editing.answering import FormPage, act, answer
from comity.people.access import Request, requires
from comity.ui.money import money


@requires(READ)
@require_safe
def listing(request: Request) -> HttpResponseBase:
    return tables.adjustments_table(request).respond("billing/list.html", {"heading": _("Adjustments")})


@requires(RUN)
def adjust(request: Request, pk: int) -> HttpResponse:
    """Put an issued line right."""
    rows = Line.objects.visible_to(request.user).select_related("bill__partner", "offering")
    line = get_object_or_404(rows, pk=pk)
    form = AdjustForm(request.POST or None)
    page = FormPage(
        _("Adjust a line of an issued bill"),
        lead=_(
            "%(line)s, %(amount)s, on the bill of %(partner)s. The bill stays as it is; the amount comes onto the next."
        )
        % {"line": line, "amount": money(line.cents), "partner": line.bill.partner},
        crumbs=[(_("Bills"), reverse("billing:bills")), (str(line), line.get_absolute_url())],
        submit=_("Propose"),
    )
    return answer(
        request,
        form,
        lambda: adjusting.adjust(line, by=request.user, **form.cleaned_data),
        page=page,
        told=_("Proposed. Somebody else has to approve it."),
        to=reverse("billing:adjustments"),
    )


@requires(APPROVE)
def approve(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(
        Adjustment.objects.visible_to(request.user).select_related("line__bill__partner"), pk=pk
    )
    said = {
        "amount": money(found.cents),
        "partner": found.line.bill.partner,
        "why": found.why,
        "who": found.made_by,
    }
    page = FormPage(
        _("Approve this adjustment?"),
        lead=_("%(amount)s for %(partner)s, proposed by %(who)s: %(why)s") % said,
        crumbs=[(_("Adjustments"), reverse("billing:adjustments"))],
        submit=_("Approve"),
    )
    return answer(
        request,
        Form(request.POST),
        lambda: adjusting.approve(pk, by=request.user),
        page=page,
        told=_("Approved. It comes onto the next bill."),
        to=reverse("billing:adjustments"),
    )


@requires(APPROVE)
@require_POST
def decline(request: Request, pk: int) -> HttpResponse:
    get_object_or_404(Adjustment.objects.visible_to(request.user), pk=pk)
    to = reverse("billing:adjustments")
    return act(
        request, lambda: adjusting.decline(pk, by=request.user), told=_("Declined. It is gone."), to=to
    )


@requires(RUN)
def terms(request: Request) -> HttpResponse:
    """What holds for billing."""
    form = TermsForm(request.POST or None, instance=Terms.now())
    return answer(
        request,
        form,
        lambda: adjusting.set_terms(form.values, by=request.user, seen=form.seen),
        page=FormPage(
            _("Billing terms"),
            lead=_("They hold for bills that are issued, and drafts that are run, from now on."),
            crumbs=[(_("Billing periods"), reverse("billing:runs"))],
        ),
        told=_("Saved."),
        to=reverse("billing:runs"),
    )
