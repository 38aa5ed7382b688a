"""The map of a partner or of an initiative: the grid with its table, today or as it was on a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comity.meetings.views.reading import rings
from comity.office.services import today
from comity.partners.models import Partner
from comity.people.access import Request, requires, row_or_404
from comity.stakeholders.capabilities import EDIT, READ
from comity.stakeholders.grid import Grid, network
from comity.stakeholders.models import Initiative, Stakeholder
from comity.stakeholders.services import as_of, steps_about
from comity.ui.widgets import DateInput


class DayForm(forms.Form):
    """How did they stand then?"""

    on = forms.DateField(label=_("As it was on"), required=False, widget=DateInput())

    def clean_on(self) -> date | None:
        on: date | None = self.cleaned_data["on"]
        if on and on > today():
            raise forms.ValidationError(_("This day is still to come."))
        return None if on == today() else on


@requires(READ, "GET")
def of_partner(request: Request, pk: int) -> HttpResponse:
    partner = row_or_404(request, Partner, pk)
    running = Initiative.objects.visible_to(request.user).running(today())
    context = {
        "partner": partner,
        "initiatives": running.filter(partners=partner),
        "add_url": reverse("stakeholders:add_to_partner", args=[pk]),
    }
    return _map(request, partner, "stakeholders/of_partner.html", context)


@requires(READ, "GET")
def initiative(request: Request, pk: int) -> HttpResponse:
    found = row_or_404(request, Initiative, pk)
    context = {
        "initiative": found,
        "partners": found.partners.all(),
        "add_url": reverse("stakeholders:add_to_initiative", args=[pk]),
    }
    return _map(request, found, "stakeholders/initiative.html", context)


def _map(request: Request, of: Partner | Initiative, template: str, context: dict[str, Any]) -> HttpResponse:
    form = DayForm(request.GET or None)
    day = form.cleaned_data["on"] if form.is_valid() else None
    rows = Stakeholder.objects.visible_to(request.user).of_map(of).on(day or today())
    people = list(rows.select_related("person", "partner", "initiative").with_last_contact())
    may_edit = request.user.can(EDIT)
    every = {
        "grid": Grid(of, people, as_of(people, day) if day else None),
        "steps": rings(steps_about([row.pk for row in people], by=request.user).open(), today()),
        "network": None if day else network(people),
        "day": day,
        "form": form,
        "may_edit": may_edit,
        "may_move": may_edit and day is None,
    }
    return render(request, template, {**context, **every})
