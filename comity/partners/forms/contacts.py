"""Who looks after whom, as people say it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comity.office.services import words
from comity.partners.models import Assignment
from comity.partners.services.handing_over import LONGEST_NOTE
from comity.people.pickers import colleague_field
from comity.ui.fields import sentences
from comity.ui.widgets import DateInput


class _RoleForm(forms.Form):
    user = colleague_field(label=_("Who"))
    role = forms.ChoiceField(
        label=_("Role"),
        choices=Assignment.Role.choices,
        initial=Assignment.Role.LEAD,
        widget=forms.RadioSelect,
    )
    starts_on = forms.DateField(label=_("From"), widget=DateInput())


class AssignForm(_RoleForm):
    """Who, as what, from when."""

    ends_on = forms.DateField(
        label=_("Until"),
        required=False,
        widget=DateInput(),
        help_text=_("The first day they no longer do. Leave empty if there is no end date."),
    )
    replacing = forms.BooleanField(label=_("Replace the current lead contact from that day"), required=False)


class BulkAssignForm(_RoleForm):
    """Who looks after many, as what, from when."""

    replacing = forms.BooleanField(
        label=_("Also replace current lead contacts from that day"),
        required=False,
    )


class EndAssignmentForm(forms.Form):
    """When someone stops, why, and who follows."""

    on = forms.DateField(label=_("From"), widget=DateInput(), help_text=_("The first day they no longer do."))
    follows = forms.ChoiceField(
        label=_("Who takes over"),
        choices=[("someone", _("Someone else")), ("nobody", _("Nobody yet"))],
        widget=forms.RadioSelect,
    )
    successor = colleague_field(label=_("Successor"), required=False)
    reason = forms.CharField(label=_("Why"), required=False, max_length=500)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if (
            cleaned.get("follows") == "someone"
            and not cleaned.get("successor")
            and "successor" not in self.errors
        ):
            self.add_error("successor", _("Choose a successor, or choose “Nobody yet”."))
        if cleaned.get("follows") == "nobody":
            cleaned["successor"] = None
        return cleaned


class HandOverForm(forms.Form):
    """Who takes over, from when, and what their people are told."""

    to_user = colleague_field(label=_("To"))
    on = forms.DateField(label=_("From"), widget=DateInput())
    tell = forms.BooleanField(label=_("Email their people"), required=False, initial=True)
    note = sentences(
        _("Add a note"),
        rows=4,
        longest=LONGEST_NOTE,
        required=False,
        hint=_("The email will include it exactly as you write it."),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["tell"].label = _("Email people at the %(partners)s whose lead contact is changing") % {
            "partners": words().partners
        }
