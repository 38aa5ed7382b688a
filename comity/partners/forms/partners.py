"""Facts of a partner, as people type them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from comity.core.errors import DomainError
from comity.editing.forms import RowForm
from comity.office.models import VisitTier
from comity.office.services import current_office
from comity.partners import names
from comity.partners.models import Partner
from comity.partners.pickers import PARTNER
from comity.partners.services.registry import RELATED, domain_of
from comity.people.models import User
from comity.ui.charts import county_names
from comity.ui.fields import DollarsField, PickField, sentences
from comity.ui.money import money

# A retired partner is retired on a page of its own, where what is open is asked.
STATUSES = [choice for choice in Partner.Status.choices if choice[0] != Partner.Status.FORMER]


class LinesField(forms.CharField):
    """Several values, one on each line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value: Any) -> Any:
        return [line.strip() for line in str(value or "").splitlines() if line.strip()]

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        found = self.to_python(value)
        if len(found) > 200:
            raise forms.ValidationError(_("Enter up to 200 lines."))
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        return sorted(initial or []) != sorted(self.to_python(data))


def dollars(cents: int) -> str:
    """Cents as people read a budget: $1,234,567, and cents only if there are some."""
    return money(cents).removesuffix(".00")


class PartnerForm(RowForm):
    """Everything a person may say of a partner."""

    related = RELATED
    name = forms.CharField(label=_("Name"), strip=False)
    budget_cents = DollarsField(label=_("Annual budget in dollars"), required=False)
    aliases = LinesField(
        label=_("Other names"),
        required=False,
        help_text=_(
            "Former names, acronyms and other spellings, one per line. Search and imports recognize them."
        ),
    )
    domains = LinesField(
        label=_("Internet domains"),
        required=False,
        help_text=_("For example, dor.franklin.gov. One per line."),
    )
    website = forms.CharField(label=_("Website"), required=False)
    field_order = (
        *("name", "code", "kind", "status", "parent", "tier", "headcount", "budget_cents", "aliases"),
        *("domains", "website", "place", "lies_in", "fips", "population", "notes"),
    )

    class Meta(RowForm.Meta):
        model = Partner
        fields = (
            *("name", "code", "kind", "status", "parent", "tier", "headcount", "budget_cents"),
            *("website", "place", "lies_in", "fips", "population", "notes"),
        )
        widgets = {"status": forms.RadioSelect}
        help_texts = {
            "code": _("The short code it has in your other systems. Imports match on it."),
            "tier": _("How often to meet face to face."),
            "fips": _("For local governments. A county has five digits."),
            "lies_in": _("Of a city or a district."),
        }

    def __init__(self, *args: Any, user: User, **more: Any) -> None:
        super().__init__(*args, **more)
        parents = PARTNER.rows(user).exclude(pk=self.instance.pk)
        self.fields["parent"] = PickField(PARTNER, parents, label=_("Part of"), required=False)
        counties = county_names(current_office().state_fips)
        self.fields["lies_in"].widget = forms.Select(choices=[("", "–"), *counties.items()])
        self.fields["status"].choices = STATUSES
        if self.instance.status == Partner.Status.FORMER:
            del self.fields["status"]
        self.order_fields(self.field_order)

    def clean_name(self) -> str:
        return or_mend(names.tidy, self.cleaned_data["name"])

    def clean_domains(self) -> list[str]:
        return [or_mend(domain_of, line) for line in self.cleaned_data["domains"]]

    def clean_aliases(self) -> list[str]:
        return [or_mend(names.tidy, line) for line in self.cleaned_data["aliases"]]


def or_mend(read: Callable[..., str], typed: str, **how: Any) -> str:
    """What was typed, as it is kept; what the room refuses is refused beside the field."""
    try:
        return read(typed, **how)
    except DomainError as error:
        raise forms.ValidationError(str(error)) from error


class RetireForm(forms.Form):
    """Why a partner is retired, and what becomes of what is open."""

    reason = forms.CharField(
        label=_("Why"), help_text=_("One sentence. It is kept in the history."), max_length=500
    )
    decision = sentences(
        _("What happens to it"),
        longest=2000,
        hint=_("Who will continue with what is open, and until when. Nothing is closed."),
    )
    end_access = forms.BooleanField(
        label=_("End its people’s portal access today"), required=False, initial=True
    )
    end_assignments = forms.BooleanField(
        label=_("End our contacts’ assignments to it today"), required=False, initial=True
    )

    def __init__(self, *args: Any, is_open: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if not is_open:
            del self.fields["decision"]


AS_IT_IS = ("", pgettext_lazy("bulk change", "no change"))


class SetForm(forms.Form):
    """A tier, a kind, a status; what is left alone stays as it is."""

    tier = forms.ModelChoiceField(
        VisitTier.objects.all(), label=_("Visit tier"), required=False, empty_label=AS_IT_IS[1]
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=[AS_IT_IS, *Partner.Kind.choices], required=False)
    status = forms.ChoiceField(label=_("Status"), choices=[AS_IT_IS, *STATUSES], required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not any(cleaned.values()):
            raise forms.ValidationError(_("Choose at least one thing to change."))
        return cleaned
