"""People and their posts, as people type them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from comity.editing.forms import RowForm
from comity.editing.values import Values
from comity.office.services import today
from comity.partners import names
from comity.partners.forms.partners import or_mend
from comity.partners.models import Partner, Person, Position
from comity.partners.pickers import PARTNER, PERSON
from comity.people.roles import PARTNER_ROLES
from comity.ui.fields import PickField, Picking
from comity.ui.widgets import CheckboxList, DateInput

POST_FACTS: tuple[str, ...] = ("title", "function", "acting", "shared", "starts_on", "ends_on")


class PersonForm(RowForm):
    """Who someone is and how they are reached."""

    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, help_text=_("The language we write to them in.")
    )

    class Meta(RowForm.Meta):
        model = Person
        fields = ("name", "email", "phone", "mobile", "language", "notes")
        help_texts = {
            "notes": _(
                "Only our office can see these. They may be public records, so keep to what helps the work."
            )
        }

    def clean_name(self) -> str:
        return or_mend(names.tidy, self.cleaned_data["name"], longest=names.LONGEST_PERSON_NAME)


class PositionForm(RowForm):
    """A post: what it is, since when, held how."""

    class Meta(RowForm.Meta):
        model = Position
        fields = POST_FACTS
        labels = {"acting": _("Acting, until someone is appointed")}
        help_texts = {"ends_on": _("The first day it no longer applies.")}

    def clean_title(self) -> str:
        return or_mend(names.tidy, self.cleaned_data["title"], longest=200)


class PostOfPersonForm(Picking, PositionForm):
    """A post for someone: at which partner."""

    partner = PickField(PARTNER, label=_("Works at"))
    field_order = ("partner",)

    class Meta(PositionForm.Meta):
        fields = (*POST_FACTS, "partner")


class PostAtPartnerForm(Picking, PositionForm):
    """A post at a partner: held by whom, or vacant; and whom it reports to, of those there who lead."""

    offered = 40  # posts, those first in rank

    person = PickField(
        PERSON, label=_("Held by"), required=False, help_text=_("Leave empty if the position is vacant.")
    )
    field_order = ("title", "function", "person", "reports_to")

    class Meta(PositionForm.Meta):
        fields = (*POST_FACTS, "person", "reports_to")
        widgets = {"reports_to": CheckboxList}

    def __init__(self, *args: Any, partner: Partner, **more: Any) -> None:
        super().__init__(*args, **more)
        there = Position.objects.current(today()).filter(partner=partner).exclude(pk=self.instance.pk)
        named = {*there.by_rank().values_list("pk", flat=True)[: self.offered]}
        if self.instance.pk:
            named |= {*self.instance.reports_to.values_list("pk", flat=True)}
        self.fields["reports_to"].queryset = Position.objects.filter(pk__in=named).by_rank()
        if not named:
            del self.fields["reports_to"]


class FirstPostForm(PersonForm):
    """Someone new at a partner, with the post they hold there."""

    title = forms.CharField(label=_("Job title"))
    function = forms.ChoiceField(label=_("Function"), choices=Position.Function.choices)
    starts_on = forms.DateField(label=_("Since"), required=False, widget=DateInput())

    def clean_title(self) -> str:
        return or_mend(names.tidy, self.cleaned_data["title"], longest=200)

    @property
    def post(self) -> Values:
        """The facts of their post."""
        return {name: self.cleaned_data[name] for name in ("title", "function", "starts_on")}


class NewPersonForm(Picking, FirstPostForm):
    """Someone new, and the partner they are at."""

    partner = PickField(PARTNER, label=_("Works at"))


class EndPositionForm(forms.Form):
    """When a post ends, and whether it stays vacant."""

    on = forms.DateField(
        label=_("From"), widget=DateInput(), help_text=_("The first day they no longer hold it.")
    )
    leaves_vacant = forms.TypedChoiceField(
        label=_("What happens to the position"),
        choices=[("1", _("It stays, and becomes vacant")), ("", _("It ends with them"))],
        coerce=bool,
        empty_value="",
        widget=forms.RadioSelect,
        required=False,
    )

    @property
    def ending(self) -> Values:
        """As the services take it."""
        return {
            "on": self.cleaned_data["on"],
            "leaves_vacant": bool(self.cleaned_data.get("leaves_vacant")),
        }


class FillPositionForm(Picking, forms.Form):
    """Who takes over a vacant post."""

    person = PickField(PERSON, label=_("Who"))
    on = forms.DateField(label=_("From"), widget=DateInput())
    acting = forms.BooleanField(label=_("Acting, until someone is appointed"), required=False)


class InviteForm(forms.Form):
    """What someone may do in the portal, and until when."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(role.value, role.label) for role in PARTNER_ROLES],
        widget=forms.RadioSelect,
    )
    ends_on = forms.DateField(
        label=_("Until"),
        required=False,
        widget=DateInput(),
        help_text=_(
            "The first day they can no longer sign in. Leave empty for as long as they have a position there."
        ),
    )
