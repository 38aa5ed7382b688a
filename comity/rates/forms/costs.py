"""A year's costs, and driver figures, as people type them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comity.editing.forms import RowForm
from comity.editing.values import Said
from comity.rates.models import CostModel, CostPool, DriverSnapshot, Forecast, LedgerLine, Step, StepShare
from comity.rates.services.costs import SHARES
from comity.services.forms import offer_offerings
from comity.services.models import Service
from comity.ui.fields import NumberField
from comity.ui.money import quantity
from comity.ui.widgets import Radios


class YearForm(RowForm):
    class Meta(RowForm.Meta):
        model = CostModel
        fields = ("fiscal_year", "name", "method", "note")
        widgets = {"method": Radios, "note": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "fiscal_year": _("The calendar year in which it ends, such as 2027."),
            "method": _("Step-down: in an order, and nobody passes back. Reciprocal: all at once."),
        }

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["fiscal_year"].widget = forms.TextInput(attrs={"inputmode": "numeric"})
        for name, asked in (("fiscal_year", not self.instance.pk), ("name", self.instance.is_what_if)):
            if not asked:
                del self.fields[name]


class CopyForm(forms.Form):
    name = forms.CharField(label=_("What do you ask?"), max_length=100, help_text=_("“Two more engineers”."))


class TurnForm(forms.Form):
    """Costs so many percent more or less."""

    pool = forms.ModelChoiceField(
        CostPool.objects.all(), label=_("Cost pool"), required=False, empty_label=_("All of them")
    )
    percent = NumberField(
        label=_("Percent"), max_digits=7, decimal_places=2, help_text=_("Less with a minus: -5.")
    )


class PoolForm(RowForm):
    class Meta(RowForm.Meta):
        model = CostPool
        fields = ("name", "group", "order")
        help_texts = {"order": _("Pools stand in this order.")}


class LineForm(RowForm):
    class Meta(RowForm.Meta):
        model = LedgerLine
        fields = (
            *("basis", "reference", "booked_on", "object_code", "description", "cost_center"),
            *("pool", "service", "amount_cents", "unallowable"),
        )
        widgets = {"basis": Radios}
        labels = {"amount_cents": _("Amount in dollars")}
        help_texts = {
            "reference": _("What tells it from the other lines, such as the number of its journal entry."),
            "service": _("If it is a cost of one service alone. Steps pass on what is no service’s own."),
            "unallowable": _("It is shown, and left out of the rates."),
        }


def _in_words(shares: list[Any]) -> str:
    """Whom a step serves, and by how much: "Hosting 20; Building 10"."""
    rows: Any = {"service": Service.objects.in_bulk(), "pool": CostPool.objects.in_bulk()}
    return "; ".join(f"{rows[kind].get(key, key)} {quantity(Decimal(said))}" for kind, key, said in shares)


class StepForm(RowForm):
    """A step, with a weight for each service and pool that it may serve."""

    related = SHARES
    composed = {"shares": Said(_("Whom it serves"), _in_words)}

    class Meta(RowForm.Meta):
        model = Step
        fields = ("pool", "driver", "source", "order")
        widgets = {"driver": Radios}
        labels = {"order": _("Place in the order")}
        help_texts = {
            "source": _("Such as “HR report of July 1”."),
            "driver": _("The last two are reckoned. Weights then say only whom it reaches; none is all."),
        }

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if not self.instance.pk:
            self.initial["order"] = self.instance.model.steps.count() + 1
        shares = SHARES["shares"].read(self.instance) if self.instance.pk else []
        known = {(kind, key): Decimal(said) for kind, key, said in shares}
        had = Service.objects.filter(pk__in=[key for kind, key in known if kind == "service"])
        services = (Service.objects.standing() | had).distinct()
        pools = CostPool.objects.exclude(pk=self.instance.pool_id)
        weight = StepShare._meta.get_field("weight")
        self.weights: dict[str, list[tuple[int, forms.BoundField]]] = {"service": [], "pool": []}
        for kind, rows in (("service", services), ("pool", pools)):
            for row in rows:
                name, had_before = f"{kind}_{row.pk}", known.get((kind, row.pk))
                more = {"required": False, "min_value": 0, "initial": had_before}
                self.fields[name] = weight.formfield(label=str(row), **more)
                self.weights[kind].append((row.pk, self[name]))

    def clean(self) -> Any:
        cleaned = super().clean() or self.cleaned_data
        cleaned["shares"] = [
            (kind, key, str(weight))
            for kind, some in self.weights.items()
            for key, each in some
            if (weight := cleaned.get(each.name))
        ]
        return cleaned

    @property
    def serves_pools(self) -> bool:
        return any(each.value() or each.errors for _key, each in self.weights["pool"])


class ForecastForm(RowForm):
    class Meta(RowForm.Meta):
        model = Forecast
        fields = ("offering", "units", "weight", "carry_forward_cents", "market_price", "market_source")
        labels = {"carry_forward_cents": _("Carried forward, in dollars")}
        help_texts = {
            "units": _("What all partners together will use in the year."),
            "weight": _("Beside the service’s other offerings. One alone bears all of it."),
            "carry_forward_cents": _("What a closed year did not recover; with a minus, what was too much."),
            "market_price": _("What others ask for one unit."),
        }

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        offer_offerings(self)


class FiguresForm(RowForm):
    """Driver figures, as somebody begins them."""

    class Meta(RowForm.Meta):
        model = DriverSnapshot
        fields = ("driver", "offering", "as_of", "source")
        help_texts = {
            "offering": _("Of fixed shares alone: the offering that they split."),
            "as_of": _("They hold from this day until there are newer ones."),
            "source": _("Such as the payroll of June 30."),
        }
