"""Bringing a file of usage, saying what its columns, accounts and meters are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comity.editing.forms import RowForm
from comity.editing.values import Said
from comity.partners.models import Partner
from comity.partners.pickers import PARTNER, PARTNER_WORD
from comity.services.models import Offering
from comity.services.pickers import OFFERING
from comity.ui.fields import PickField, Picking, picked_by
from comity.ui.pickers import Picker
from comity.ui.widgets import FileInput, Radios
from comity.usage.models import Account, Batch, Meter, SetAside, Source
from comity.usage.reading import FIELDS


class UploadForm(forms.Form):
    """A file, and where it comes from."""

    source = forms.ModelChoiceField(Source.objects.all(), label=gettext_lazy("Where it comes from"))
    file = forms.FileField(
        label=gettext_lazy("File"), widget=FileInput(accept=".csv,.tsv,.txt,.xlsx,.parquet")
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["file"].help_text = _(
            "CSV, XLSX or Parquet up to %(limit)d MB; larger ones with the command “comity usage load”. Nothing is saved "
            "until you have seen what would become of its rows."
        ) % {"limit": settings.UPLOAD_LIMIT // 1_000_000}


class ColumnsForm(forms.Form):
    """Which column holds which of our fields."""

    def __init__(self, batch: Batch, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        headers: list[str] = batch.preview.get("headers") or sorted(batch.mapping.values())
        samples = batch.preview.get("samples") or [[]] * len(headers)
        shown = [(each, _shown(each, cells)) for each, cells in zip(headers, samples, strict=True) if each]
        for field in FIELDS:
            self.fields[field.key] = forms.ChoiceField(
                label=str(field.label),
                help_text=str(field.help),
                choices=[("", _("Not in this file")), *shown],
                initial=batch.mapping.get(field.key, ""),
                required=False,
            )

    def mapping(self) -> dict[str, str]:
        return {field: header for field, header in self.cleaned_data.items() if header}


def _shown(header: str, cells: Sequence[str]) -> str:
    said = ", ".join(cell for cell in cells if cell)
    return f"{header} ({said[:60]})" if said else header


_RULE = re.compile(r"(?P<column>[^=:]*[^=:\s])\s*=\s*(?P<is>[^:]*[^:\s])\s*:\s*(?P<why>.+)")


def rules_as_text(rules: Any) -> str:
    """One rule a line: ChargeCategory = Tax: Taxes are not passed on."""
    return "\n".join(f"{rule['column']} = {rule['is']}: {rule['why']}" for rule in rules)


class RulesField(forms.CharField):
    """The rules of a source, one a line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        return rules_as_text(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[dict[str, str]]:
        lines = filter(None, map(str.strip, super().clean(value).splitlines()))
        rules = {line: _RULE.fullmatch(line) for line in lines}
        if wrong := [line[:80] for line, rule in rules.items() if rule is None]:
            words = _("“%(line)s” is not a column, a value and why.")
            raise forms.ValidationError([words % {"line": line} for line in wrong])
        return [rule.groupdict() for rule in rules.values() if rule]


class SourceForm(RowForm):
    excluded = RulesField(
        label=gettext_lazy("Rows to leave out"),
        required=False,
        max_length=20_000,
        help_text=gettext_lazy("One rule a line, such as: ChargeCategory = Tax: Taxes are not passed on."),
    )
    composed = {"excluded": Said(gettext_lazy("Rows to leave out"), words=rules_as_text)}

    class Meta(RowForm.Meta):
        model = Source
        fields = ("name", "label", "layout", "excluded")
        widgets = {"layout": Radios}
        help_texts = {"name": gettext_lazy("Short, without spaces, such as telco. It stays as it is.")}

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if self.instance.pk:
            del self.fields["name"]


class AccountForm(Picking, RowForm):
    partner = PickField(PARTNER, label=PARTNER_WORD)

    class Meta(RowForm.Meta):
        model = Account
        fields = ("partner",)


class MeterForm(Picking, RowForm):
    offering = PickField(OFFERING, label=gettext_lazy("Offering"))

    class Meta(RowForm.Meta):
        model = Meter
        fields = ("offering",)


# How what a name means is picked, by what the name is of.
PICKERS: Mapping[str, Picker] = {SetAside.Reason.ACCOUNT: PARTNER, SetAside.Reason.METER: OFFERING}


class MendForm(forms.Form):
    """Whose the accounts are, and what the meters count, that set the most rows aside."""

    def __init__(self, groups: Sequence[dict[str, Any]], *args: Any, user: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.said = {f"{each['reason']}-{n}": each["said"] for n, each in enumerate(groups)}
        for name, each in zip(self.said, groups, strict=True):
            is_meter = each["reason"] == SetAside.Reason.METER
            label = _("Meter “%(name)s”") if is_meter else _("Account “%(name)s”")
            self.fields[name] = PickField(
                PICKERS[each["reason"]],
                label=label % {"name": each["said"]},
                help_text=ngettext("%(n)s row", "%(n)s rows", each["sum"]) % {"n": f"{each['sum']:,}"},
                required=False,
            )
        picked_by(self, user)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not self.errors and not any(found.values()):
            raise forms.ValidationError(_("Say of one at least what it means."))
        return found

    def answers(self) -> list[tuple[str, Partner | Offering]]:
        """What was said, by what the file says."""
        return [(self.said[name], row) for name, row in self.cleaned_data.items() if row]


class LeaveOutForm(forms.Form):
    why = forms.CharField(label=gettext_lazy("Why"), max_length=200)
