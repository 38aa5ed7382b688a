"""Planning a visit, changing it, calling it off; and who stands for which part of the office."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from comity.editing.answering import answer
from comity.followups.models import FollowUp
from comity.meetings import services
from comity.meetings.capabilities import LOG, NAME_OFFICERS
from comity.meetings.forms.planning import CallOffForm, OfficersForm, PlanForm
from comity.meetings.models import PlannedVisit
from comity.meetings.views.writing import ask_whom, partner_asked, row_asked
from comity.people.access import Request, requires


@requires(LOG)
def new(request: Request) -> HttpResponse:
    """Whom? Then, with `?partner=` or because of `?follow_up=`, the rest on one page."""
    about = row_asked(request, "follow_up", FollowUp.objects.visible_to(request.user).open())
    partner = about.partner if about and about.partner else partner_asked(request)
    if partner is None:
        return ask_whom(request, heading=_("Who will you visit?"))
    form = PlanForm(request.POST or None, user=request.user, partners=[partner], about=about)
    return answer(
        request,
        form,
        lambda: services.enter_planned_visit(form.values, by=request.user),
        page="meetings/planned/new.html",
        context={"partner": partner, "about": about},
        told=_("Planned. Everyone who is going has been told."),
    )


@requires(LOG)
def change(request: Request, pk: int) -> HttpResponse:
    """Another day, other people."""
    plan = get_object_or_404(PlannedVisit.objects.visible_to(request.user).planned(), pk=pk)
    partners = list(plan.partners.all())
    form = PlanForm(request.POST or None, user=request.user, partners=partners, instance=plan)
    return answer(
        request,
        form,
        lambda: services.change_planned_visit(pk, form.values, by=request.user, seen=form.seen),
        page="meetings/planned/change.html",
        context={"plan": plan},
        told=_("Saved."),
    )


@requires(LOG)
def call_off(request: Request, pk: int) -> HttpResponse:
    """It will not take place."""
    plan = get_object_or_404(PlannedVisit.objects.visible_to(request.user).planned(), pk=pk)
    form = CallOffForm(request.POST or None)
    return answer(
        request,
        form,
        lambda: services.call_off(pk, by=request.user, **form.cleaned_data),
        page="meetings/planned/call_off.html",
        context={"plan": plan},
        told=_("The visit is called off. Everyone who was going has been told."),
    )


@requires(NAME_OFFICERS)
def officers(request: Request) -> HttpResponse:
    """Who comes along for services, risk, solutions, procurement and customer relations."""
    form = OfficersForm(request.POST or None)
    return answer(
        request,
        form,
        lambda: services.name_officers(form.cleaned_data, by=request.user),
        page="meetings/planned/officers.html",
        told=_("Saved."),
        to="meetings:planned_visits",
    )
