"""A year's costs, driver figures and rates, as people type them. A rate is asked only for what goes with its way of pricing."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.formsets import formset_factory
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comity.core.billing import plans
from comity.core.billing.plans import PlanError, plain, plan_of
from comity.core.billing.ways import ASKS, OF_COST, Way, answers, plan_from, way_of
from comity.editing.forms import RowForm
from comity.editing.values import Said
from comity.rates.models import (
    CostModel,
    CostPool,
    DriverSnapshot,
    Forecast,
    LedgerLine,
    RateVersion,
    Step,
    StepShare,
)
from comity.rates.services.costs import SHARES
from comity.rates.services.proposing import NOTICE_DAYS, short_notice
from comity.rates.services.wording import price_words
from comity.services.forms import offer_offerings
from comity.services.models import Service
from comity.ui.fields import DollarsField, NumberField
from comity.ui.money import quantity
from comity.ui.pickers import as_key
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


MOST_TIERS = 20
ANNOUNCED = _("An increase is announced at least {days} days before it holds.")
BASIS = RateVersion.Basis


LABELS = {
    Way.FLAT: _("One price for each unit"),
    Way.GRADUATED: _("Each unit at the price of its tier"),
    Way.VOLUME: _("All units at the price of the tier they reach"),
    Way.PACKAGE: _("A price for each package of units"),
    Way.PERCENT: _("A percentage of what was spent"),
    Way.COST_PLUS: _("What it cost us, and a percentage on top"),
    Way.SHARED: _("A year’s amount, split and billed in installments"),
}
GOOD_FOR = {
    Way.FLAT: _("A device, an hour, a minute. It may begin on any day."),
    Way.GRADUATED: _("The first 200 at one price, those above at another."),
    Way.VOLUME: _("Whoever uses more pays less for all of it."),
    Way.PACKAGE: _("A started package counts whole: $2,500 for each $500,000 of a project."),
    Way.PERCENT: _("An administrative surcharge on what passes through."),
    Way.COST_PLUS: _("Cloud and other purchases; zero percent is at cost."),
    Way.SHARED: _("By headcount, employees, spend or fixed shares, a part each month."),
}
# Beside what is the same whatever the way; tiers have a form for each line.
EVERY = {name for names in ASKS.values() for name in names} - {"tiers"}


def pricing_of(rate: RateVersion) -> Way:
    """How a rate that is kept was said."""
    return way_of(rate.terms, of_cost=rate.basis == BASIS.COST)


def basis_of(pricing: Way) -> str:
    if pricing == Way.SHARED:
        return BASIS.SHARED
    return BASIS.COST if pricing in OF_COST else BASIS.UNITS


def _price(**more: Any) -> NumberField:
    return NumberField(max_digits=plans.DIGITS, decimal_places=plans.PRICE_PLACES, **more)


def _quantity(**more: Any) -> NumberField:
    return NumberField(max_digits=plans.DIGITS, decimal_places=plans.QUANTITY_PLACES, **more)


class TierForm(forms.Form):
    """One tier; an empty line is none, and the last has no end."""

    up_to = _quantity(label=_("Up to"), required=False)
    price = _price(label=_("Price"), required=False)


TierFormSet = formset_factory(TierForm, extra=1, min_num=2, max_num=MOST_TIERS, absolute_max=MOST_TIERS + 1)


def _tier_forms(data: Any, tiers: list[dict[str, Any]]) -> Any:
    """The lines for tiers: those there are and an empty one, three at least; a button adds more without scripts."""
    if data is not None and "more" in data:
        data = data.copy()
        known = as_key(data.get("tier-TOTAL_FORMS", "")) or 0
        data["tier-TOTAL_FORMS"] = str(min(known + 2, MOST_TIERS))
    return TierFormSet(data, initial=tiers if data is None else None, prefix="tier")


class RateForm(RowForm):
    """A rate said in one way of pricing.

    tiers  the lines of its tiers, where it has some
    """

    composed = {"plan": Said(_("Price"), lambda plan: price_words(RateVersion(plan=plan)))}
    price = _price(label=_("Price"), help_text=_("In dollars, at most 6 decimals."))
    package = _quantity(label=_("Units in a package"))
    percent = _quantity(label=_("Percent"))
    step = _quantity(
        label=_("Counted in steps of"),
        required=False,
        help_text=_("A started step of an account counts whole: 0.1 hours are six minutes."),
    )
    account_cap = DollarsField(label=_("At most per account and month"), required=False)
    minimum = DollarsField(label=_("At least, a month with usage"), required=False)
    maximum = DollarsField(label=_("At most, a month"), required=False)
    late = forms.BooleanField(
        label=_("Propose it on short notice all the same"), required=False, widget=forms.HiddenInput
    )

    field_order = (
        *("offering", "customer_class", "percent", "price", "package", "step", "account_cap", "minimum"),
        *("maximum", "annual_cents", "driver", "starts_on", "ends_on", "announced_on", "late"),
    )

    class Meta(RowForm.Meta):
        model = RateVersion
        fields = (
            *("offering", "customer_class", "annual_cents", "driver", "starts_on", "ends_on", "announced_on"),
            *("why", "evidence", "model"),
        )
        labels = {"starts_on": _("Holds from"), "ends_on": _("Holds to")}
        help_texts = {
            "customer_class": _("Leave this empty for everybody."),
            "ends_on": _("Leave this empty to let it hold until another one follows."),
            "announced_on": format_lazy(ANNOUNCED, days=NOTICE_DAYS),
            "why": _("Partners read this on the rate sheet."),
            "evidence": _("Only our office reads this. Files can be attached once it is saved."),
            "model": _("The year’s costs that it was worked out from."),
        }

    def __init__(self, data: Any, *, instance: RateVersion, pricing: Way, **more: Any) -> None:
        said = answers(plan_of(instance.plan), pricing_of(instance)) if instance.plan else {}
        super().__init__(data, instance=instance, initial={**said, **more.pop("initial", {})}, **more)
        self.pricing, asked = pricing, ASKS[pricing]
        for name in EVERY - asked:
            del self.fields[name]
        self.tiers = _tier_forms(data, said.get("tiers", [])) if "tiers" in asked else None
        offer_offerings(self)
        if pricing == Way.SHARED:
            self.fields["annual_cents"].required = self.fields["driver"].required = True
            del self.fields["customer_class"]
        self.fields["model"].queryset = CostModel.objects.official()

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.pricing != Way.SHARED and not self.errors:
            try:
                said["plan"] = plain(plan_from(self.pricing, {**said, "tiers": self._lines()}))
            except PlanError as error:
                self.add_error(error.field if error.field in self.fields else None, str(error))
        if not self.errors and "late" in self.fields:
            self._refuse_short_notice(said)
        return said

    def _lines(self) -> list[dict[str, Any]]:
        if self.tiers is None:
            return []
        if not self.tiers.is_valid():
            raise PlanError(gettext("Look at the tiers."), "tiers")
        return [line.cleaned_data for line in self.tiers if line.has_changed()]

    def _refuse_short_notice(self, said: Mapping[str, Any]) -> None:
        """Let an increase be proposed late only by somebody who was told."""
        facts = {name: value for name, value in said.items() if name in self.names}
        notice = short_notice(RateVersion(pk=self.instance.pk, basis=basis_of(self.pricing), **facts))
        if notice:
            self.fields["late"].widget = forms.CheckboxInput()
            if not said.get("late"):
                self.add_error("late", notice)


class PlanForm(RateForm):
    """A price plan alone, to try in a what-if."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name in self.fields.keys() - EVERY:
            del self.fields[name]
