"""The form on which a rate is proposed. It asks only for what goes with the way of pricing."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.db import models
from django.forms.formsets import formset_factory
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.core.billing import plans
from comity.core.billing.plans import RULES, Plan, PlanError, Shape, Tier, plain, plan_of
from comity.editing.forms import RowForm
from comity.editing.values import Said
from comity.rates.models import CostModel, RateVersion
from comity.rates.services.proposing import NOTICE_DAYS, short_notice
from comity.rates.services.wording import price_words
from comity.services.forms import offer_offerings
from comity.ui.fields import DollarsField, NumberField
from comity.ui.pickers import as_key

MOST_TIERS = 20
ANNOUNCED = gettext_lazy("An increase is announced at least {days} days before it holds.")
BASIS = RateVersion.Basis


class Pricing(models.TextChoices):
    """How a rate is said; three of them are one price in the end."""

    FLAT = "flat", gettext_lazy("One price for each unit")
    GRADUATED = "graduated", gettext_lazy("Each unit at the price of its tier")
    VOLUME = "volume", gettext_lazy("All units at the price of the tier they reach")
    PACKAGE = "package", gettext_lazy("A price for each package of units")
    PERCENT = "percent", gettext_lazy("A percentage of what was spent")
    COST_PLUS = "cost-plus", gettext_lazy("What it cost us, and a percentage on top")
    SHARED = "shared", gettext_lazy("A year’s amount, split and billed in installments")


GOOD_FOR = {
    Pricing.FLAT: gettext_lazy("A device, an hour, a minute. It may begin on any day."),
    Pricing.GRADUATED: gettext_lazy("The first 200 at one price, those above at another."),
    Pricing.VOLUME: gettext_lazy("Whoever uses more pays less for all of it."),
    Pricing.PACKAGE: gettext_lazy("A started package counts whole: $2,500 for each $500,000 of a project."),
    Pricing.PERCENT: gettext_lazy("An administrative surcharge on what passes through."),
    Pricing.COST_PLUS: gettext_lazy("Cloud and other purchases; zero percent is at cost."),
    Pricing.SHARED: gettext_lazy("By headcount, employees, spend or fixed shares, a part each month."),
}
TIERED = {Pricing.GRADUATED, Pricing.VOLUME}
OF_COST = {Pricing.PERCENT, Pricing.COST_PLUS}
BOUNDS = {"minimum", "maximum", "customer_class"}
ASKS = {
    Pricing.FLAT: {"price", "step", "account_cap", *BOUNDS},
    Pricing.GRADUATED: {"step", *BOUNDS},
    Pricing.VOLUME: {"step", *BOUNDS},
    Pricing.PACKAGE: {"price", "package", "account_cap", *BOUNDS},
    Pricing.PERCENT: {"percent", "account_cap", *BOUNDS},
    Pricing.COST_PLUS: {"percent", "account_cap", *BOUNDS},
    Pricing.SHARED: {"annual_cents", "driver"},
}
EVERY = {name for names in ASKS.values() for name in names}


def pricing_of(rate: RateVersion) -> Pricing:
    """How a rate that is kept was said."""
    if rate.basis == BASIS.SHARED:
        return Pricing.SHARED
    plan = plan_of(rate.plan)
    if rate.basis == BASIS.COST and plan.shape == Shape.FLAT:
        return Pricing.PERCENT if plan.tiers[0].price < 1 else Pricing.COST_PLUS
    return Pricing(plan.shape.value)


def basis_of(pricing: Pricing) -> str:
    if pricing == Pricing.SHARED:
        return BASIS.SHARED
    return BASIS.COST if pricing in OF_COST else BASIS.UNITS


def _price(**more: Any) -> NumberField:
    return NumberField(max_digits=plans.DIGITS, decimal_places=plans.PRICE_PLACES, **more)


def _quantity(**more: Any) -> NumberField:
    return NumberField(max_digits=plans.DIGITS, decimal_places=plans.QUANTITY_PLACES, **more)


class TierForm(forms.Form):
    """One tier; an empty line is none, and the last has no end."""

    up_to = _quantity(label=gettext_lazy("Up to"), required=False)
    price = _price(label=gettext_lazy("Price"), required=False)


TierFormSet = formset_factory(TierForm, extra=0, max_num=MOST_TIERS, absolute_max=MOST_TIERS + 1)


def _tier_forms(data: Any, tiers: list[dict[str, Any]]) -> Any:
    """The lines for tiers: those there are and an empty one, three at least; a button adds more without scripts."""
    if data is None:
        return TierFormSet(initial=(tiers + [{}] * max(3 - len(tiers), 1))[:MOST_TIERS], prefix="tier")
    if "more" in data:
        data = data.copy()
        known = as_key(data.get("tier-TOTAL_FORMS", "")) or 0
        data["tier-TOTAL_FORMS"] = str(min(known + 2, MOST_TIERS))
    return TierFormSet(data, prefix="tier")


class RateForm(RowForm):
    """A rate said in one way of pricing.

    tiers        the lines of its tiers, where it has some
    wrong_tiers  what is wrong with them together
    """

    wrong_tiers = ""

    composed = {"plan": Said(gettext_lazy("Price"), lambda plan: price_words(RateVersion(plan=plan)))}
    price = _price(label=gettext_lazy("Price"), help_text=gettext_lazy("In dollars, at most 6 decimals."))
    package = _quantity(label=gettext_lazy("Units in a package"))
    percent = _quantity(label=gettext_lazy("Percent"))
    step = _quantity(
        label=gettext_lazy("Counted in steps of"),
        required=False,
        help_text=gettext_lazy("A started step of an account counts whole: 0.1 hours are six minutes."),
    )
    account_cap = DollarsField(label=gettext_lazy("At most per account and month"), required=False)
    minimum = DollarsField(label=gettext_lazy("At least, a month with usage"), required=False)
    maximum = DollarsField(label=gettext_lazy("At most, a month"), required=False)
    late = forms.BooleanField(
        label=gettext_lazy("Propose it on short notice all the same"),
        required=False,
        widget=forms.HiddenInput,
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
        labels = {"starts_on": gettext_lazy("Holds from"), "ends_on": gettext_lazy("Holds to")}
        help_texts = {
            "customer_class": gettext_lazy("Leave this empty for everybody."),
            "ends_on": gettext_lazy("Leave this empty to let it hold until another one follows."),
            "announced_on": format_lazy(ANNOUNCED, days=NOTICE_DAYS),
            "why": gettext_lazy("Partners read this on the rate sheet."),
            "evidence": gettext_lazy("Only our office reads this. Files can be attached once it is saved."),
            "model": gettext_lazy("The year’s costs that it was worked out from."),
        }

    def __init__(self, data: Any, *, instance: RateVersion, pricing: Pricing, **more: Any) -> None:
        said = _said_of(instance) if instance.plan else {}
        super().__init__(data, instance=instance, initial={**said, **more.pop("initial", {})}, **more)
        self.pricing = pricing
        for name in EVERY - ASKS[pricing]:
            del self.fields[name]
        self.tiers = _tier_forms(data, said.get("tiers", [])) if pricing in TIERED else None
        offer_offerings(self)
        if "annual_cents" in self.fields:
            self.fields["annual_cents"].required = self.fields["driver"].required = True
        self.fields["model"].queryset = CostModel.objects.official()

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.pricing != Pricing.SHARED and not self.errors:
            try:
                said["plan"] = plain(self._plan(said))
            except PlanError as error:
                self.add_error(self._field_of(error), str(error))
                self.wrong_tiers = str(error) if error.field == "tiers" else ""
        if not self.errors:
            self._refuse_short_notice(said)
        return said

    def _plan(self, said: Mapping[str, Any]) -> Plan:
        """The plan that was said. Raises PlanError."""
        shape = Shape.FLAT if self.pricing in OF_COST else Shape(self.pricing.value)
        return Plan(shape, self._tiers(said), **{name: said.get(name) for name in RULES})

    def _tiers(self, said: Mapping[str, Any]) -> tuple[Tier, ...]:
        if self.pricing in OF_COST:
            share = Decimal(said["percent"]).scaleb(-2)
            return (Tier(None, share if self.pricing == Pricing.PERCENT else 1 + share),)
        if self.tiers is None:
            return (Tier(None, said["price"]),)
        if not self.tiers.is_valid():
            raise PlanError(_("Look at the tiers."), "tiers")
        lines = [line.cleaned_data for line in self.tiers if line.has_changed()]
        if any(line.get("price") is None for line in lines):
            raise PlanError(_("Each tier has a price."), "tiers")
        return tuple(Tier(line.get("up_to"), line["price"]) for line in lines)

    def _field_of(self, error: PlanError) -> str | None:
        """The field that the part of a plan was said in; none for tiers, whose lines stand together."""
        usual = "percent" if self.pricing in OF_COST else "price"
        name = usual if error.field == "tiers" else error.field
        return name if name in self.fields else None

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
        for name in self.fields.keys() - (EVERY - {"customer_class"}):
            del self.fields[name]

    def _refuse_short_notice(self, said: Mapping[str, Any]) -> None:
        """Nothing is announced."""


def _said_of(rate: RateVersion) -> dict[str, Any]:
    """A plan that is kept, as the fields ask for it."""
    plan = plan_of(rate.plan)
    price = plan.tiers[-1].price
    percent = (price - (pricing_of(rate) == Pricing.COST_PLUS)) * 100
    return {
        "price": price,
        "percent": percent.normalize() if percent else percent,
        "tiers": [{"up_to": tier.up_to, "price": tier.price} for tier in plan.tiers],
        **{name: getattr(plan, name) for name in RULES},
    }
