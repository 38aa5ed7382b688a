"""Rates as a list that is brought in: each new one a proposal of whoever brings it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.core.errors import DomainError
from comity.imports.model_lists import Fact, list_of
from comity.imports.models import Import
from comity.imports.parsing import CellError, Lookup
from comity.imports.profiles import Profile
from comity.rates.capabilities import EDIT
from comity.rates.models import RateVersion
from comity.rates.services.proposing import check_rate
from comity.rates.services.wording import price_words, read_price
from comity.services.models import CustomerClass, Offering
from comity.ui.fields import sentences
from comity.ui.widgets import DateInput

SAID = ("basis", "plan", "annual_cents", "driver", "starts_on", "ends_on", "announced_on", "why", "evidence")


class AboutForm(forms.Form):
    """What holds for rows that do not say it themselves."""

    why = sentences(gettext_lazy("What changed, and why"), required=False)
    announced_on = forms.DateField(label=gettext_lazy("Announced on"), required=False, widget=DateInput)


def _price(cell: str) -> dict[str, Any]:
    try:
        return read_price(cell)
    except DomainError as error:
        raise CellError(str(error)) from None


def _profile(batch: Import | None = None) -> Profile:
    """The list; of a file, by whom it is proposed and what was said of it."""
    about = batch.about if batch else {}

    def check(rate: RateVersion) -> None:
        if rate.plan and "basis" in rate.plan:
            for name, value in rate.plan.items():
                setattr(rate, name, value)
        known = RateVersion.objects.filter(pk=rate.pk).first()
        if known and known.approved_at:
            if _differs(rate, known):
                raise DomainError(_("An approved rate cannot be changed. Propose another that follows it."))
            return
        rate.why = rate.why or about.get("why") or ""
        if rate.announced_on is None and about.get("announced_on"):
            rate.announced_on = date.fromisoformat(str(about["announced_on"]))
        if known is None or _differs(rate, known):  # whoever changes a proposal proposes it
            if batch is None or batch.by_id is None:
                raise DomainError(_("Somebody has to propose a rate. Say who you are."))
            rate.proposed_by_id = batch.by_id
        check_rate(rate)

    return list_of(
        RateVersion,
        "rates",
        label=gettext_lazy("Rates"),
        to=EDIT,
        key=["offering", "customer_class", "starts_on"],
        fields=[
            Fact(
                "offering",
                ["meter", "meter code", "code", "sku"],
                names=Lookup(Offering.objects.standing, by=("code",)),
            ),
            Fact("customer_class", ["class"], names=Lookup(CustomerClass.objects.all, by=("name",))),
            Fact(
                "plan",
                ["price", "rate"],
                label=gettext_lazy("Price"),
                parse=_price,
                words=price_words,
                required=True,
                strict=True,
            ),
            Fact("starts_on", ["from", "effective", "effective from"]),
            Fact("ends_on", ["to", "effective to"]),
            Fact("announced_on", ["announced"]),
            Fact("why", ["reason"], required=False),
            "evidence",
        ],
        page="rates:rate",
        rows=lambda: RateVersion.objects.filter(withdrawn_at=None).select_related("offering"),
        check=check,
    )


def _differs(rate: RateVersion, known: RateVersion) -> bool:
    return any(getattr(known, name) != getattr(rate, name) for name in SAID)


RATES = Profile(**{**vars(_profile()), "about": AboutForm, "told": _profile})
