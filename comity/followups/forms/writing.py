"""Writing down what was heard, in the office and in the portal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.followups import kinds
from comity.followups.models import Severity
from comity.office.services import today
from comity.partners.models import Partner, Position
from comity.partners.pickers import PARTNER_TODAY, PARTNER_WORD, PERSON
from comity.people.models import User
from comity.ui.fields import PickField, picked_by, sentences
from comity.ui.widgets import DateInput, Radios


def kinds_written_down() -> list[tuple[str, str]]:
    """The kinds a person writes down; the others come from where they were heard."""
    return [(key, kinds.label(key)) for key in ("concern", "compliment")]


class WriteDownForm(forms.Form):
    """What someone in the office heard. All but the line itself has an answer already."""

    partner = PickField(
        PARTNER_TODAY,
        label=PARTNER_WORD,
        required=False,
        help_text=gettext_lazy("Leave empty if it is about our office as a whole."),
    )
    title = forms.CharField(
        label=gettext_lazy("What was heard, in one line"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    said = sentences(gettext_lazy("In their words"), required=False)
    raised_by = PickField(
        PERSON,
        label=gettext_lazy("Who said it"),
        required=False,
        help_text=gettext_lazy("They will be told what came of it."),
    )
    anonymous = forms.BooleanField(label=gettext_lazy("They do not want to be named"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=kinds_written_down, widget=Radios)
    severity = forms.ChoiceField(label=gettext_lazy("How serious"), choices=Severity.choices)
    heard_on = forms.DateField(label=gettext_lazy("Heard on"), widget=DateInput)
    office_only = forms.BooleanField(label=gettext_lazy("Only our office sees this"), required=False)
    mine = forms.BooleanField(label=gettext_lazy("I will take it on"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "kind": "concern",
            "severity": Severity.NORMAL,
            "heard_on": today(),
            **kwargs.get("initial", {}),
        }
        super().__init__(*args, **kwargs)
        picked_by(self, user)

    def clean_heard_on(self) -> Any:
        day = self.cleaned_data["heard_on"]
        if day > today():
            raise forms.ValidationError(_("The day it was heard cannot be in the future."))
        return day

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        person, partner = said.get("raised_by"), said.get("partner")
        if person and said.get("anonymous"):
            self.add_error("anonymous", _("Either name them or keep them anonymous, not both."))
        elif person and partner:
            posts = Position.objects.current(today()).filter(person=person, partner=partner)
            if not posts.exists():
                said_so = _(
                    "%(person)s has no position at %(partner)s. Choose someone who does, or leave this empty."
                )
                self.add_error("raised_by", said_so % {"person": person, "partner": partner})
        return said


class PortalForm(forms.Form):
    """What a partner's user raises."""

    partner = forms.ModelChoiceField(Partner.objects.none(), label="", empty_label=None)
    title = forms.CharField(label=gettext_lazy("What is it about, in one line?"), max_length=200)
    said = sentences(gettext_lazy("Tell us more"), required=False, rows=5)
    severity = forms.ChoiceField(
        label=gettext_lazy("How serious is this for you?"), choices=Severity.choices, widget=Radios
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        kwargs["initial"] = {"severity": Severity.NORMAL, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        rows = Partner.objects.visible_to(user).not_former().order_by("name")
        partner = self.fields["partner"]
        assert isinstance(partner, forms.ModelChoiceField)
        partner.queryset = rows
        partner.label = _("Which of your organizations is this for?")
        if len(rows) == 1:
            partner.widget = forms.HiddenInput()
            partner.initial = rows[0].pk
