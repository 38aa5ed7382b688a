"""Letting partners' people into the portal, and ending it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from comity.core.errors import DomainError
from comity.partners import capabilities, services
from comity.partners.forms.people import InviteForm
from comity.partners.views.finding import membership_of, partner_of, person_of
from comity.partners.views.saving import refuse
from comity.people.access import Request, requires
from comity.people.roles import Role
from comity.ui.components.page import tell


@require_http_methods(["GET", "HEAD", "POST"])
@requires(capabilities.GRANT_ACCESS)
def invite(request: Request, pk: int, person_pk: int) -> HttpResponse:
    partner, person = partner_of(request, pk), person_of(request, person_pk)
    form = InviteForm(request.POST or None, initial={"role": Role.PARTNER_MEMBER})
    if request.method == "POST" and form.is_valid():
        try:
            services.grant_membership(by=request.user, person=person, partner=partner, **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            tell(request, _("%(name)s may sign in for %(partner)s.") % {"name": person, "partner": partner})
            return redirect("partners:people_of", pk=partner.pk)
    return render(request, "partners/invite.html", {"form": form, "partner": partner, "person": person})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(capabilities.GRANT_ACCESS)
def end(request: Request, pk: int) -> HttpResponse:
    membership = membership_of(request, pk)
    if request.method == "POST":
        try:
            services.end_membership(membership.pk, by=request.user)
        except DomainError as error:
            tell(request, str(error))
        else:
            tell(request, _("%(name)s is no longer let in for it.") % {"name": membership.user})
        return redirect("partners:people_of", pk=membership.partner_id)
    return render(request, "partners/end_membership.html", {"membership": membership})
