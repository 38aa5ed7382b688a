"""Runs, adjustments, terms, disputes and splits, as people type them."""

from __future__ import annotations

from datetime import date
from itertools import takewhile
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comity.billing.models import Dispute, Line, PartnerCostCenter, SplitShare, Terms
from comity.core.fiscal import month_after
from comity.editing.forms import RowForm
from comity.files import kinds
from comity.office.services import today
from comity.partners.models import Partner
from comity.people.models import User
from comity.services.models import Offering
from comity.ui.components.days import month
from comity.ui.fields import DollarsField, sentences
from comity.ui.widgets import FileInput, Radios
from comity.usage.models import Period

MONTHS_BACK = 12


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


class RunForm(forms.Form):
    """Which month is to be run: of those that are not closed, the first with usage to begin with."""

    month = forms.ChoiceField(label=_("Month"))
    fields: dict[str, Any]

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        closed = dict(Period.objects.values_list("first_on", "closed_at"))
        this = today().replace(day=1)
        back = [month_after(this, -count) for count in range(MONTHS_BACK)]
        waiting = {first for first, at in closed.items() if at is None}
        months = waiting.union(takewhile(lambda first: not closed.get(first), back))
        self.fields["month"].choices = [(each.isoformat(), month(each)) for each in sorted(months)]
        self.fields["month"].initial = min(waiting, default=this).isoformat()

    def period(self) -> Period:
        return Period.objects.get_or_create(first_on=date.fromisoformat(self.cleaned_data["month"]))[0]


class TermsForm(RowForm):
    """What the office says of billing."""

    class Meta(RowForm.Meta):
        model = Terms
        fields = (
            *("due_days", "dispute_days", "moved_percent", "moved_cents"),
            *("receivable", "revenue", "object_code"),
        )


class AdjustForm(forms.Form):
    """By how much an issued line is wrong, and why."""

    cents = DollarsField(
        label=_("Amount in dollars"), min_value=None, help_text=_("A credit begins with a minus: -120.00")
    )
    why = sentences(_("Reason"), hint=_("It stands on the bill."))
