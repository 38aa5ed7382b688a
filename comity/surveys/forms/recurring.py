"""What is asked again and again by itself."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.editing.forms import RowForm
from comity.people.models import User
from comity.surveys.forms.waves import AUDIENCE, WHOM, DaysField, WhomFields, mode_choices
from comity.surveys.models import Series, Survey
from comity.ui.widgets import Radios

FACTS = ("name", "survey", "cadence", "next_on", "mode", "days_open", "remind_after_days")


class SeriesForm(WhomFields, RowForm):
    """What, when, how, and whom: one page, since nobody is asked at once."""

    composed = AUDIENCE
    remind_after_days = DaysField(
        label=gettext_lazy("Remind after this many days"),
        required=False,
        help_text=gettext_lazy("Not for visits. Leave empty for no reminders."),
    )

    class Meta(RowForm.Meta):
        model = Series
        fields = FACTS
        widgets = {"cadence": Radios, "mode": Radios}
        labels = {"name": gettext_lazy("What we call it"), "next_on": gettext_lazy("First wave on")}
        help_texts = {
            "name": gettext_lazy("For example, “After each visit”. Its waves are named after it."),
            "next_on": gettext_lazy(
                "Not for visits. Those who were there are asked the morning after the visit is written down."
            ),
        }

    field_order = (*FACTS, *WHOM)

    def __init__(self, *args: Any, user: User, instance: Series | None = None, **more: Any) -> None:
        usual = {"mode": "named", "days_open": 21, "remind_after_days": [7, 14], "cadence": "quarterly"}
        super().__init__(*args, instance=instance, initial=None if instance else usual, **more)
        self.offer_audience(user, self.instance.audience)
        survey: Any = self.fields["survey"]
        survey.queryset = Survey.objects.visible_to(user).standing()
        mode: Any = self.fields["mode"]
        mode.choices = mode_choices()
        if instance is not None:
            self.fields["next_on"].label = _("Next wave on")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("cadence") in (Series.Cadence.ANNUAL, Series.Cadence.QUARTERLY) and not said.get(
            "next_on"
        ):
            self.add_error("next_on", _("Choose the day of the first wave."))
        return said if self.errors else {**said, "audience": self.audience()}
