"""Services and offerings, as people type them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from comity.editing.forms import RowForm
from comity.editing.values import Said
from comity.partners.forms.several import SeveralPartnersForm
from comity.partners.models import Partner
from comity.partners.pickers import PARTNER_TODAY, PARTNER_WORD
from comity.people.pickers import colleague_field
from comity.services.models import CostCenter, CustomerClass, DataClass, Fund, Offering, Service, Subject
from comity.ui.fields import PickField, Picking, sentences
from comity.ui.widgets import CheckboxList, DateInput, Radios

# A service is retired on a page of its own.
STATUSES = [choice for choice in Service.Status.choices if choice[0] != Service.Status.RETIRED]


def _chosen(label: Any, rows: Callable[[], QuerySet[Any]]) -> forms.TypedMultipleChoiceField:
    """Some rows of a list, kept by their keys."""
    return forms.TypedMultipleChoiceField(
        label=label,
        coerce=int,
        empty_value=[],
        required=False,
        widget=CheckboxList,
        choices=lambda: [(row.pk, str(row)) for row in rows()],
    )


class ServiceForm(RowForm):
    subjects = _chosen(_("What it helps to do"), Subject.objects.all)
    owner = colleague_field(
        label=_("Service owner"), help_text=_("The person in our office responsible for it.")
    )

    class Meta(RowForm.Meta):
        model = Service
        fields = (
            *("name", "name_es", "internal_name", "promise", "owner", "status", *Service.DAYS[:3]),
            *("followed_by", "cost_center", "subjects", "synonyms"),
        )
        widgets = {"status": Radios, "synonyms": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"name": _("Use the name your customers use, with no internal abbreviations.")}

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["status"].choices = STATUSES
        _only_choices(self, "subjects")
        if self.instance.is_retired:
            del self.fields["status"]


class EntryForm(RowForm):
    """The draft of its entry in the catalog, in English."""

    data_classes = _chosen(_("Data it may hold"), DataClass.objects.all)
    needs = _chosen(_("What it needs first"), Service.objects.standing)

    class Meta(RowForm.Meta):
        model = Service
        fields = ("promise", *Service.TEXTS, "data_classes", "needs")
        widgets = dict.fromkeys(Service.TEXTS, forms.Textarea(attrs={"rows": 3}))
        help_texts = {
            "not_for": _("Who is better served otherwise, and by what."),
            "not_included": _("What people expect and do not get. It saves them a surprise."),
            "your_part": _("What the reader has to do."),
            "how_long": _("From asking until it can be used."),
        }

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        _only_choices(self, "data_classes", "needs")


def _only_choices(form: RowForm, *names: str) -> None:
    """Ask only where there is something to choose, and of a service never whether it needs itself."""
    for name in names:
        field = form.fields[name]
        field.choices = [
            choice for choice in field.choices if name != "needs" or choice[0] != form.instance.pk
        ]
        if not field.choices:
            del form.fields[name]


class SpanishForm(RowForm):
    """The same in Spanish, each below what it says in English."""

    class Meta(RowForm.Meta):
        model = Service
        fields = ("promise_es", *(f"{name}_es" for name in Service.TEXTS))
        widgets = dict.fromkeys(fields, forms.Textarea(attrs={"rows": 3, "lang": "es"}))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name in self._meta.fields or ():
            self.fields[name].help_text = getattr(self.instance, name.removesuffix("_es"))


class PublishForm(forms.Form):
    """Until when the entry is right as it is."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    review_on = forms.DateField(
        label=_("Next review"), widget=DateInput, help_text=_("Its owner is reminded on this day.")
    )


class OfferingForm(RowForm):
    kinds = forms.MultipleChoiceField(
        label=_("Who can have it"),
        choices=Partner.Kind.choices,
        required=False,
        widget=CheckboxList,
        help_text=_("Leave all unchecked if everyone can."),
    )

    class Meta(RowForm.Meta):
        model = Offering
        fields = ("service", "name", "code", "unit", "funding", "kinds")
        widgets = {"funding": Radios}

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        offer_services(self)


def offer_services(form: RowForm) -> None:
    """Let a field choose among the services that stand, and the one that the row has."""
    had = Service.objects.filter(pk=form.instance.service_id)
    form.fields["service"].queryset = Service.objects.standing() | had


def offer_offerings(form: RowForm) -> None:
    """Let a field choose among the offerings that stand, and the one that the row has; each told with its service."""
    field = form.fields["offering"]
    standing = Offering.objects.standing() | Offering.objects.filter(pk=form.instance.offering_id)
    field.queryset = standing.select_related("service")
    field.label_from_instance = lambda row: f"{row.service}: {row} ({row.code})"


class FundForm(Picking, RowForm):
    class Meta(RowForm.Meta):
        model = Fund
        fields = ("code", "name")


class DataClassForm(Picking, RowForm):
    class Meta(RowForm.Meta):
        model = DataClass
        fields = ("name", "name_es", "order")


class SubjectForm(Picking, RowForm):
    class Meta(RowForm.Meta):
        model = Subject
        fields = ("name", "name_es", "order")
        help_texts = {"name": _("What someone wants to do, in their words: “Work from anywhere”.")}


class CostCenterForm(Picking, RowForm):
    class Meta(RowForm.Meta):
        model = CostCenter
        fields = ("code", "name", "fund")


class CustomerClassForm(SeveralPartnersForm):
    composed = {"partners": Said(_("Also in it"))}
    kinds = forms.MultipleChoiceField(
        label=_("Kinds"), choices=Partner.Kind.choices, required=False, widget=CheckboxList
    )

    class Meta(RowForm.Meta):
        model = CustomerClass
        fields = ("name", "order", "kinds", "headcount_max")
        help_texts = {"order": _("Of several classes that fit, a partner is in the first.")}

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if "named" in self.fields:
            self.fields["named"].label = _("Also in it, whatever they are")
        self.fields["also"].help_text = _("Someone who belongs in it without being of its kind and size.")


class HeardForm(Picking, forms.Form):
    """What was heard of a service."""

    partner = PickField(
        PARTNER_TODAY,
        label=PARTNER_WORD,
        required=False,
        help_text=_("Leave this empty if several people said so."),
    )
    title = forms.CharField(label=_("What was heard, in one line"), max_length=200)
    said = sentences(_("In their words"), rows=4, required=False)
