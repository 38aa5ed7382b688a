"""The form on which a rate is proposed. It asks only for what goes with the way of pricing."""

from __future__ import annotations

from collections.abc import Mapping
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
from comity.rates.models import CostModel, RateVersion
from comity.rates.services.proposing import NOTICE_DAYS, short_notice
from comity.rates.services.wording import price_words
from comity.services.forms import offer_offerings
from comity.ui.fields import DollarsField, NumberField
from comity.ui.pickers import as_key

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
