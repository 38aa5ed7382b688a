"""Letting partners' people into the portal, and ending it."""

from __future__ import annotations

from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.editing.answering import FormPage, answer
from comity.partners import capabilities, services
from comity.partners.forms.people import InviteForm
from comity.partners.views.finding import crumbs, membership_of, partner_of, person_of
from comity.people.access import Request, requires
from comity.people.roles import Role


@requires(capabilities.GRANT_ACCESS)
def invite(request: Request, pk: int, person_pk: int) -> HttpResponse:
    partner, person = partner_of(request, pk), person_of(request, person_pk)
    form = InviteForm(request.POST or None, initial={"role": Role.PARTNER_MEMBER})
    people = reverse("partners:people_of", args=[pk])
    page = FormPage(
        _("Let %(name)s sign in for %(partner)s") % {"name": person, "partner": partner},
        lead=_(
            "We will email an invitation to %(email)s unless they already sign in. They will see "
            "this organization and everything that is part of it, and nothing else."
        )
        % {"email": person.email or "…"},
        crumbs=crumbs(partner),
        submit=_("Invite"),
        back=people,
    )
    return answer(
        request,
        form,
        lambda: services.grant_membership(
            by=request.user, person=person, partner=partner, **form.cleaned_data
        ),
        page=page,
        told=_("%(name)s can now sign in for %(partner)s.") % {"name": person, "partner": partner},
        to=people,
    )


@requires(capabilities.GRANT_ACCESS)
def end(request: Request, pk: int) -> HttpResponse:
    membership = membership_of(request, pk)
    people = reverse("partners:people_of", args=[membership.partner_id])
    said = {"name": membership.user, "partner": membership.partner}
    page = FormPage(
        _("End the access of %(name)s for %(partner)s?") % said,
        _("End access"),
        _("They will be signed out right away. Their positions stay, and you can invite them again."),
        crumbs=crumbs(membership.partner),
        submit=_("End access"),
        back=people,
        danger=True,
    )
    return answer(
        request,
        Form(request.POST),
        lambda: services.end_membership(pk, by=request.user),
        page=page,
        told=_("%(name)s no longer has access.") % said,
        to=people,
    )
