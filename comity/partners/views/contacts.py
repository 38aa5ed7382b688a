"""Who in the office looks after whom: of one partner, and of one contact."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.editing.answering import FormPage, answer
from comity.office.services import today
from comity.partners import capabilities, services
from comity.partners.forms.contacts import AssignForm, EndAssignmentForm
from comity.partners.models import Assignment
from comity.partners.tables import assignments_table
from comity.partners.views.finding import assignment_of, contact_of, crumbs, partner_of
from comity.people.access import Request, requires


@require_safe
@requires(capabilities.VIEW)
def of_partner(request: Request, pk: int) -> HttpResponse:
    partner = partner_of(request, pk)
    day = today()
    rows = Assignment.objects.filter(partner=partner).select_related("user")
    return render(
        request,
        "partners/contacts.html",
        {
            "partner": partner,
            "today": day,
            "lead": partner.lead_on(day),
            "now": sorted(rows.not_over(day), key=_by_role),
            "before": rows.over(day),
            "may_assign": request.user.can(capabilities.ASSIGN),
        },
    )


def _by_role(assignment: Assignment) -> tuple[int, object]:
    return Assignment.Role.values.index(assignment.role), assignment.starts_on


@requires(capabilities.ASSIGN)
def assign(request: Request, pk: int) -> HttpResponse:
    partner = partner_of(request, pk)
    lead = partner.lead_on(today())
    initial = {"starts_on": today(), "role": Assignment.Role.BACKUP if lead else Assignment.Role.LEAD}
    form = AssignForm(request.POST or None, initial=initial)
    if lead is None:
        del form.fields["replacing"]
    contacts = reverse("partners:contacts", args=[pk])
    page = FormPage(
        _("Who looks after %(name)s?") % {"name": partner},
        lead=_("%(name)s is the lead contact now.") % {"name": lead}
        if lead
        else _("Nobody is the lead contact now."),
        crumbs=crumbs(partner),
        back=contacts,
    )
    return answer(
        request,
        form,
        lambda: services.assign(partner=partner, by=request.user, **form.cleaned_data),
        page=page,
        told=lambda made: _("%(user)s looks after %(partner)s.") % {"user": made.user, "partner": partner},
        to=contacts,
    )


@requires(capabilities.ASSIGN)
def end(request: Request, pk: int) -> HttpResponse:
    assignment = assignment_of(request, pk)
    partner, contacts = assignment.partner, reverse("partners:contacts", args=[assignment.partner_id])
    form = EndAssignmentForm(request.POST or None, initial={"on": today(), "follows": "someone"})
    page = FormPage(
        _("Who takes over from %(user)s at %(name)s?") % {"user": assignment.user, "name": partner},
        _("Who takes over?"),
        _("If nobody takes over, Coverage will show the gap from that day on.")
        if assignment.role == Assignment.Role.LEAD
        else "",
        crumbs=crumbs(partner),
        back=contacts,
    )
    return answer(
        request,
        form,
        lambda: services.end_assignment(
            assignment,
            by=request.user,
            **{name: form.cleaned_data[name] for name in ("on", "successor", "reason")},
        ),
        page=page,
        told=_("Saved."),
        to=contacts,
    )


@require_safe
@requires(capabilities.VIEW)
def of_user(request: Request, pk: int) -> HttpResponseBase:
    contact = contact_of(request, pk)
    day = today()
    load = dict(Assignment.objects.filter(user=contact).load_by_contact(day)).get(contact.pk)
    over = Assignment.objects.visible_to(request.user).filter(user=contact).over(day)
    return assignments_table(request, contact).respond(
        "partners/contacts_of.html",
        {
            "contact": contact,
            "load": load,
            "before": over.select_related("partner")[:20],
            "may_assign": request.user.can(capabilities.ASSIGN),
        },
    )
