"""Initiatives and stakeholders, as people type them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comity.editing.forms import RowForm
from comity.partners.forms.several import SeveralPartnersForm
from comity.partners.models import Partner
from comity.partners.pickers import PERSON
from comity.people.models import User
from comity.people.pickers import colleague_field
from comity.stakeholders.models import Initiative, Stakeholder
from comity.ui.fields import PickField, Picking, picked_by, sentences
from comity.ui.widgets import CheckboxList, DateInput, Radios


class InitiativeForm(SeveralPartnersForm):
    class Meta(RowForm.Meta):
        model = Initiative
        fields = ("name", "purpose", "begun_on", "ends_on")

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if not said["partners"]:
            self.add_error("also", _("Choose at least one."))
        return said


class StakeholderForm(RowForm):
    """Somebody on a map: who, for someone new, and how they are seen."""

    person = PickField(PERSON, label=_("Who"))

    class Meta(RowForm.Meta):
        model = Stakeholder
        fields = (
            *("person", "partner", "role", "influence", "interest", "stance", "sure"),
            *("long_timer", "since", "influences", "note", "sensitive", "ends_on"),
        )
        widgets = {"partner": Radios, "influences": CheckboxList}

    def __init__(self, *args: Any, user: User, of: Partner | Initiative, day: date, **more: Any) -> None:
        super().__init__(*args, **more)
        picked_by(self, user)
        others = Stakeholder.objects.visible_to(user).of_map(of).on(day).exclude(pk=self.instance.pk)
        influences: Any = self.fields["influences"]
        influences.queryset = others.select_related("person")
        influences.label_from_instance = lambda row: str(row.person)
        partners = [of] if isinstance(of, Partner) else list(of.partners.all())
        if self.instance.pk:
            asked = {"person", "partner"}
        else:
            asked = {"ends_on"} | ({"partner"} if len(partners) == 1 else set())
            if len(partners) == 1:
                self.fields["person"].bring_near(partners[0], user)
            self.fields["partner"].queryset = Partner.objects.filter(pk__in=[one.pk for one in partners])
            self.fields["partner"].empty_label = None
        for name in asked | (set() if others else {"influences"}):
            del self.fields[name]


class MoveForm(RowForm):
    """A place on the grid."""

    class Meta(RowForm.Meta):
        model = Stakeholder
        fields = ("influence", "interest")


class StepForm(Picking, forms.Form):
    """What to do about somebody, who does it, by when."""

    title = forms.CharField(label=_("What to do, in one line"), max_length=200)
    said = sentences(_("More about it"), required=False)
    owner = colleague_field(label=_("Who does it"))
    due_on = forms.DateField(label=_("By when"), widget=DateInput())
