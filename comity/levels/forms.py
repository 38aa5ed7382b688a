"""Versions of calendars and targets, as they are typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comity.editing.forms import RowForm
from comity.levels.models import MEASURES, OF_TICKETS, PRIORITIES, Calendar, Target
from comity.services.forms import offer_offerings, offer_services
from comity.tickets.models import Hold
from comity.ui.widgets import CheckboxList

GOALS = tuple(f"{measure}_{number}" for measure in OF_TICKETS for number in PRIORITIES)
WEIGHTS = tuple(f"{measure}_weight" for measure in MEASURES)


class CalendarForm(RowForm):
    class Meta(RowForm.Meta):
        model = Calendar
        fields = ("name", "starts_on", "zone", "week", "days")
        widgets = {name: forms.Textarea(attrs={"rows": rows}) for name, rows in (("week", 4), ("days", 16))}
        help_texts = {
            "starts_on": _("It holds until the next version of this calendar begins."),
            "zone": _("Such as America/Chicago."),
            "week": _(
                "One line for some weekdays: Mon-Fri 08:00-12:00, 13:00-17:00. Always open: Mon-Sun 00:00-24:00."
            ),
            "days": _(
                "One line a day: 2026-12-24 08:00-12:00 Christmas Eve, or 2026-12-25 closed Christmas. "
                "The state’s holidays are suggestions: keep those on which you close."
            ),
        }


class TargetForm(RowForm):
    calendar = forms.ChoiceField(label=_("Calendar"))
    pauses = forms.MultipleChoiceField(
        label=_("Clock of resolution stands still while on hold"),
        choices=Hold.choices,
        required=False,
        widget=CheckboxList,
    )

    class Meta(RowForm.Meta):
        model = Target
        fields = (
            *("service", "offering", "starts_on", "calendar"),
            *GOALS,
            *("pauses", "anew", "from_change", "least", "availability", "at_risk", *WEIGHTS),
        )
        help_texts = {
            "offering": _("Leave this empty for all of the service’s offerings."),
            "starts_on": _("It holds for tickets opened from this day on, until the next version begins."),
            "response_1": _(
                "Such as 30 min, 4 h or 2 days, which are working days. Leave empty what is not promised."
            ),
            "at_risk": _(
                "How much of a month’s charge is at risk. Leave this empty if missed levels give nothing back."
            ),
            "response_weight": _("Percent of what is at risk."),
        }

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        offer_offerings(self)
        offer_services(self)
        names = Calendar.objects.order_by("name").values_list("name", flat=True).distinct()
        self.fields["calendar"].choices = [(name, name) for name in names]
