"""Driver figures as a list that is brought in: a partner and its amount a line, into the figures of a day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comity.imports.model_lists import Fact, list_of
from comity.imports.models import Import
from comity.imports.profiles import Handler, Profile
from comity.partners.importing.fields import PARTNER
from comity.rates.capabilities import EDIT
from comity.rates.models import DriverSnapshot, DriverValue
from comity.rates.services.drivers import USED, check_value


def _open() -> list[tuple[str, str]]:
    """Those that may still change."""
    rows = DriverSnapshot.objects.filter(used_at=None).select_related("offering").order_by("-as_of", "pk")
    return [(str(row.pk), str(row)) for row in rows]


class AboutForm(forms.Form):
    """Which figures a file has."""

    snapshot = forms.ChoiceField(label=_("Figures"), choices=_open)


def _list(rows: Callable[[], Any], check: Callable[[DriverValue], None] | None = None) -> Profile:
    return list_of(
        DriverValue,
        "driver-figures",
        label=_("Driver figures"),
        to=EDIT,
        key=["partner"],
        fields=[
            Fact("partner", ["code", "agency"], names=PARTNER),
            Fact("amount", ["headcount", "fte", "employees", "share", "weight"]),
            Fact("starts_on", ["joined"]),
            Fact("ends_on", ["left"]),
        ],
        page="rates:drivers",
        rows=rows,
        check=check,
    )


def _told(batch: Import) -> Profile:
    """The list of the figures that were named."""
    snapshot = DriverSnapshot.objects.get(pk=batch.about["snapshot"])

    def check(value: DriverValue) -> None:
        value.snapshot = snapshot
        check_value(value)

    into = _list(lambda: snapshot.values.select_related("partner"), check)
    return replace(into, handler=lambda: _guarded(into.handler(), snapshot))


def _guarded(handler: Handler, snapshot: DriverSnapshot) -> Handler:
    """Not to be taken back once a bill was split by the figures."""
    if snapshot.used_at:
        vars(handler)["obstacles"] = lambda _batch: [str(USED)]
    return handler


LIST = replace(_list(DriverValue.objects.all), about=AboutForm, told=_told)
