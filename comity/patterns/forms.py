"""Patterns, proposals and rotations, as people type them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comity.editing.forms import RowForm
from comity.followups.models import FollowUp
from comity.partners.pickers import PARTNER_TODAY, PARTNER_WORD
from comity.patterns.models import Pattern, Proposal, Rotation, Week
from comity.patterns.pickers import PATTERN
from comity.people.pickers import colleague_field
from comity.services.forms import offer_services
from comity.ui.fields import PickField, Picking, sentences
from comity.ui.widgets import CheckboxList, Radios


class PatternForm(Picking, RowForm):
    owner = colleague_field(label=_("Owner"), required=False)

    class Meta(RowForm.Meta):
        model = Pattern
        fields = ("name", "owner", "status", "solution", "service")
        widgets = {"status": Radios, "solution": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        offer_services(self)


class MergeForm(Picking, forms.Form):
    into = PickField(PATTERN, label=_("Into which pattern"))


class TakeForm(forms.Form):
    """A pattern out of what was proposed: what it is called, and which of it are the same problem."""

    name = forms.CharField(label=_("Name"), max_length=120)
    follow_ups = forms.ModelMultipleChoiceField(
        FollowUp.objects.none(), label=_("The same problem"), widget=CheckboxList
    )

    def __init__(self, *args: Any, proposal: Proposal, **more: Any) -> None:
        super().__init__(*args, **more)
        rows = proposal.follow_ups.standing().filter(problem__pattern=None).select_related("partner")
        items: Any = self.fields["follow_ups"]
        items.queryset = rows.order_by("partner__sort_name", "heard_on")
        items.label_from_instance = lambda row: f"{row.partner}: {row.title}"
        self.initial = {"name": proposal.name, "follow_ups": [row.pk for row in items.queryset]}


class RotationForm(Picking, RowForm):
    who = colleague_field(label=_("Who"))
    partner = PickField(PARTNER_TODAY, label=PARTNER_WORD)

    class Meta(RowForm.Meta):
        model = Rotation
        fields = ("who", "partner", "role", "place", "purpose", "begins_on", "ends_on")


class WeekForm(RowForm):
    class Meta(RowForm.Meta):
        model = Week
        fields = ("begins_on", "words")


class LessonForm(Picking, forms.Form):
    """What was learned, and what becomes of it."""

    title = forms.CharField(label=_("The lesson, in one line"), max_length=200)
    said = sentences(_("More about it"), required=False)
    becomes = forms.ChoiceField(
        label=_("What becomes of it"),
        choices=[
            ("follow_up", _("A follow-up")),
            ("new", _("A follow-up, and the first of a new pattern")),
            ("known", _("A follow-up, and part of a pattern there is")),
        ],
        widget=Radios,
        initial="follow_up",
    )
    name = forms.CharField(label=_("Name of the new pattern"), max_length=120, required=False)
    pattern = PickField(PATTERN, label=_("Which pattern"), required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for choice, field, words in (
            ("new", "name", _("Give the new pattern a name.")),
            ("known", "pattern", _("Choose the pattern.")),
        ):
            if said.get("becomes") == choice and not said.get(field) and field not in self.errors:
                self.add_error(field, words)
        return said
