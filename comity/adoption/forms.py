"""Steps, beginnings and who is eligible, as people type them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comity.adoption.models import FACTS, NEEDED, Eligibility, Reason, Stage
from comity.adoption.services import Said
from comity.core.adoption import BEGINNINGS
from comity.editing.forms import RowForm
from comity.office.services import today
from comity.partners.models import Partner
from comity.partners.pickers import PARTNER_TODAY, PARTNER_WORD
from comity.services.models import Service
from comity.ui.components.days import month
from comity.ui.fields import DollarsField, PickField, Picking, sentences
from comity.ui.widgets import CheckboxList, DateInput, Radios

SHOWS = (
    ("use", _("who uses it, and who is in talks")),
    ("contact", _("who has no contact")),
    ("met", _("days since we met")),
)


def _field(name: str, label: Any) -> forms.Field:
    """A field for a fact of a step."""
    needed = name in NEEDED
    if name.endswith("_cents"):
        return DollarsField(label=label, required=needed)
    if name.endswith("_on"):
        return forms.DateField(label=label, required=needed, widget=DateInput)
    if name == "reason":
        return forms.ChoiceField(label=label, choices=Reason.choices, widget=Radios)
    return sentences(label, longest=2_000, required=needed)


class StepForm(forms.Form):
    """What is written down of a step to one stage."""

    on = forms.DateField(label=_("Day"), widget=DateInput, initial=today)
    words = sentences(_("In a sentence or two"), longest=2_000, required=False)

    def __init__(self, *args: Any, stage: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.asked = list(FACTS.get(stage, {}))
        self.fields.update({name: _field(name, label) for name, label in FACTS.get(stage, {}).items()})
        self.order_fields(["on", *self.asked, "words"])

    @property
    def said(self) -> Said:
        """As services take it."""
        said = self.cleaned_data
        return Said(said["on"], {name: said[name] for name in self.asked}, said["words"])


class BeginForm(Picking, StepForm):
    service = forms.ModelChoiceField(Service.objects.standing(), label=_("Service"))
    partner = PickField(PARTNER_TODAY, label=PARTNER_WORD)
    stage = forms.ChoiceField(
        label=_("Where it stands"),
        choices=[(stage, Stage(stage).label) for stage in BEGINNINGS],
        widget=Radios,
        initial=Stage.TALKS,
    )
    field_order = ("service", "partner", "stage", "on", "words")


class BodyForm(Picking, forms.Form):
    partner = PickField(PARTNER_TODAY, label=PARTNER_WORD)


class EligibilityForm(RowForm):
    kinds = forms.MultipleChoiceField(
        label=_("Who can have it"), choices=Partner.Kind.choices, widget=CheckboxList
    )

    class Meta(RowForm.Meta):
        model = Eligibility
        fields = ("service", "kinds", "condition", "offer", "basis", "national")


class MapForm(forms.Form):
    """What the map shows. at: a month, counted from January of the year 0, so that a slider can say it"""

    show = forms.ChoiceField(label=_("Show"), choices=SHOWS)
    service = forms.ModelChoiceField(
        Service.objects.standing(), label=_("Service"), required=False, empty_label=_("any of our services")
    )

    def __init__(self, said: Mapping[str, str], *, first: int, last: int) -> None:
        """Raises nothing: what cannot be read is in `errors`, and not in `cleaned_data`."""
        given = {name: value for name, value in said.items() if value}
        super().__init__({"show": "use", "at": last, **given})
        self.fields["at"] = forms.IntegerField(
            label=_("Month, from %(first)s") % {"first": month(date(first // 12, first % 12 + 1, 1))},
            min_value=first,
            max_value=last,
            widget=forms.NumberInput(attrs={"type": "range"}),
        )
        self.full_clean()
