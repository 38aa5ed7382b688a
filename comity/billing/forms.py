"""Disputes and splits, as people type them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comity.billing.models import Dispute, Line, PartnerCostCenter, SplitShare
from comity.editing.forms import RowForm
from comity.files import kinds
from comity.partners.models import Partner
from comity.people.models import User
from comity.services.models import Offering
from comity.ui.fields import DollarsField, sentences
from comity.ui.widgets import FileInput, Radios


class DisputeForm(forms.Form):
    """A partner's word against a line."""

    cents = DollarsField(label=_("How much of it do you dispute?"))
    reason = sentences(_("What is wrong with it?"), rows=5, longest=5_000)
    evidence = forms.FileField(
        label=_("Evidence"),
        required=False,
        widget=FileInput(accept=kinds.ACCEPT),
        help_text=_("A list, a letter, a picture. You can add more files afterwards."),
    )


class DecideForm(forms.Form):
    """What came of a dispute."""

    outcome = forms.ChoiceField(
        label=_("Who is right?"),
        choices=[
            (Dispute.Outcome.UPHELD, _("They are. We put it right on the next bill.")),
            (Dispute.Outcome.EXPLAINED, _("The line is right. We explain it.")),
        ],
        widget=Radios,
    )
    cents = DollarsField(label=_("Amount to put right"), required=False, help_text=_("Of what they dispute."))
    words = sentences(
        _("Why"), rows=5, longest=5_000, hint=_("They read it, and so does whoever opens this line later.")
    )


class CostCenterForm(RowForm):
    class Meta(RowForm.Meta):
        model = PartnerCostCenter
        fields = ("partner", "code", "name", "funding")
        help_texts = {"funding": _("What your ledger books it to, such as fund-unit-object.")}

    def __init__(self, *args: Any, user: User, **more: Any) -> None:
        super().__init__(*args, **more)
        own = Partner.objects.visible_to(user)
        self.fields["partner"].queryset = own
        self.fields["partner"].empty_label = None
        if self.instance.pk:
            del self.fields["partner"]


class ShareForm(RowForm):
    class Meta(RowForm.Meta):
        model = SplitShare
        fields = ("cost_center", "offering", "share", "account")
        labels = {"share": _("Percentage"), "account": _("or an account, by its name in the usage")}

    def __init__(self, *args: Any, user: User, **more: Any) -> None:
        super().__init__(*args, **more)
        billed = Line.objects.visible_to(user).values("offering")
        self.fields["cost_center"].queryset = PartnerCostCenter.objects.visible_to(user)
        self.fields["cost_center"].empty_label = None
        offering = self.fields["offering"]
        offering.queryset = Offering.objects.filter(pk__in=billed).select_related("service")
        offering.label_from_instance = lambda row: f"{row.service}: {row}"
        offering.empty_label = _("Everything that has no split of its own")
