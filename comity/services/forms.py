"""Services and offerings, as people type them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comity.editing.forms import RowForm
from comity.editing.values import Said
from comity.partners.forms.several import SeveralPartnersForm
from comity.partners.models import Partner
from comity.partners.pickers import PARTNER_TODAY, PARTNER_WORD
from comity.people.models import User
from comity.people.pickers import colleague_field
from comity.services.models import CostCenter, CustomerClass, Fund, Offering, Service
from comity.ui.fields import PickField, Picking, picked_by, sentences
from comity.ui.widgets import CheckboxList, Radios

# A service is retired on a page of its own.
STATUSES = [choice for choice in Service.Status.choices if choice[0] != Service.Status.RETIRED]


class ServiceForm(RowForm):
    owner = colleague_field(
        label=_("Service owner"), help_text=_("The person in our office responsible for it.")
    )

    class Meta(RowForm.Meta):
        model = Service
        fields = ("name", "promise", "owner", "status", "cost_center")
        widgets = {"status": Radios}
        help_texts = {"name": _("Use the name your customers use, with no internal abbreviations.")}

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["status"].choices = STATUSES
        if self.instance.is_retired:
            del self.fields["status"]


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
        service: Any = self.fields["service"]
        service.queryset = Service.objects.standing() | Service.objects.filter(pk=self.instance.service_id)


def offer_offerings(form: RowForm) -> None:
    """Let a field choose among the offerings that stand, and the one that the row has; each told with its service."""
    field = form.fields["offering"]
    standing = Offering.objects.standing() | Offering.objects.filter(pk=form.instance.offering_id)
    field.queryset = standing.select_related("service")
    field.label_from_instance = lambda row: f"{row.service}: {row} ({row.code})"


class KeptForm(RowForm):
    """Of a fund, a cost center or a customer class; it is told who picks in its fields."""

    def __init__(self, *args: Any, user: User, **more: Any) -> None:
        super().__init__(*args, **more)
        picked_by(self, user)


class FundForm(KeptForm):
    class Meta(RowForm.Meta):
        model = Fund
        fields = ("code", "name")


class CostCenterForm(KeptForm):
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
