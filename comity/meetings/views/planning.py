"""Planning a visit, changing it, calling it off; and who stands for which part of the office."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.followups.models import FollowUp
from comity.meetings import services
from comity.meetings.capabilities import LOG, NAME_OFFICERS
from comity.meetings.forms.planning import CallOffForm, OfficersForm, PlanForm
from comity.meetings.models import Meeting, Plan
from comity.meetings.views.writing import ask_whom, partner_asked, row_asked
from comity.people.access import Request, requires
from comity.people.models import User
from comity.ui.components.days import day
from comity.ui.components.page import tell as say


@requires(LOG)
def new(request: Request) -> HttpResponse:
    """Whom? Then, with `?partner=` or because of `?follow_up=`, the rest on one page."""
    about = row_asked(request, "follow_up", FollowUp.objects.visible_to(request.user).open())
    partner = about.partner if about and about.partner else partner_asked(request)
    if partner is None:
        return ask_whom(request, heading=_("Whom will you visit?"))
    form = PlanForm(request.POST or None, user=request.user, partners=[partner], about=about)
    if request.method == "POST" and form.is_valid():
        try:
            plan = services.plan_visit(by=request.user, **form.fields_of_plan())
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            say(request, _("Planned. Those who are to come have notice of it."))
            return redirect(plan)
    context = {"form": form, "partner": partner, "about": about}
    return render(request, "meetings/plans/new.html", context)


@requires(LOG)
def change(request: Request, pk: int) -> HttpResponse:
    """Another day, other people; two who do so at once lose nothing."""
    plan = get_object_or_404(Plan.objects.visible_to(request.user).planned(), pk=pk)
    form = PlanForm(request.POST or None, user=request.user, partners=list(plan.partners.all()), plan=plan)
    context: dict[str, Any] = {"form": form, "plan": plan}
    status = 200
    if request.method == "POST" and form.is_valid():
        said = form.fields_of_plan()
        try:
            services.change_plan(pk, by=request.user, version=form.cleaned_data["version"], **said)
        except services.ConflictError as error:
            status = 409
            context["conflict"] = list(_differences(error, said, form))
            form.data = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict
            form.data["version"] = str(error.row.version)  # type: ignore[index]
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            say(request, _("Saved."))
            return redirect(plan)
    return render(request, "meetings/plans/change.html", context, status=status)


def _differences(error: services.ConflictError, said: dict[str, Any], form: PlanForm) -> Any:
    """Each field somebody changed: as this person wrote it, as the other did, as it was."""
    for name, original in error.originals.items():
        if name not in form.fields or name not in said or name in ("theirs", "follow_ups"):
            continue
        yield {
            "label": form.fields[name].label,
            "yours": _shown(name, said[name]),
            "theirs": _shown(name, getattr(error.row, name)),
            "original": _shown(name, original),
        }


def _shown(name: str, value: Any) -> str:
    """A value of a field as people read it; from the trail it comes as text."""
    if name == "planned_on" and value:
        return day(date.fromisoformat(value) if isinstance(value, str) else value)
    if name == "how" and value:
        return str(Meeting.How(value).label)
    if name == "lead" and isinstance(value, int):
        return str(User.objects.filter(pk=value).first() or "")
    return str(value or "")


@requires(LOG)
def call_off(request: Request, pk: int) -> HttpResponse:
    """It will not take place."""
    plan = get_object_or_404(Plan.objects.visible_to(request.user).planned(), pk=pk)
    form = CallOffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.call_off(pk, by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            say(request, _("It is called off, and those who were to come have notice of it."))
            return redirect(plan)
    return render(request, "meetings/plans/call_off.html", {"form": form, "plan": plan})


@requires(NAME_OFFICERS)
def officers(request: Request) -> HttpResponse:
    """Who comes along for services, risk, solutions, procurement and customer relations."""
    form = OfficersForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.name_officers(form.cleaned_data, by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            say(request, _("Saved."))
            return redirect("meetings:plans")
    return render(request, "meetings/plans/officers.html", {"form": form})
