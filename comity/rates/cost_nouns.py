"""What this room says of a year's costs: pools, ledger lines, steps, forecasts. The office's alone, all of them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from comity.nouns import Noun
from comity.rates.models import CostModel, CostPool, Forecast, LedgerLine, Step
from comity.rates.services.costs import action
from comity.rates.services.what_if import TURNED

COSTS = (
    Noun(
        CostModel,
        plural=_("Costs"),
        office_only=True,
        actions={
            action("add", CostModel): _("began the costs of a year"),
            action("change", CostModel): _("changed the costs of a year"),
            action("remove", CostModel): _("removed a what-if"),
            TURNED: _("changed the costs of a what-if"),
        },
    ),
    Noun(
        CostPool,
        plural=_("Cost pools"),
        office_only=True,
        actions={
            action("add", CostPool): _("added a cost pool"),
            action("change", CostPool): _("changed a cost pool"),
            action("remove", CostPool): _("removed a cost pool"),
        },
    ),
    Noun(
        LedgerLine,
        plural=_("Ledger lines"),
        office_only=True,
        actions={
            action("add", LedgerLine): _("added a ledger line"),
            action("change", LedgerLine): _("changed a ledger line"),
            action("remove", LedgerLine): _("removed a ledger line"),
        },
    ),
    Noun(
        Step,
        plural=_("Steps of overhead"),
        office_only=True,
        actions={
            action("add", Step): _("added a step of overhead"),
            action("change", Step): _("changed a step of overhead"),
            action("remove", Step): _("removed a step of overhead"),
        },
    ),
    Noun(
        Forecast,
        plural=_("Forecasts"),
        office_only=True,
        actions={
            action("add", Forecast): _("added a forecast"),
            action("change", Forecast): _("changed a forecast"),
            action("remove", Forecast): _("removed a forecast"),
        },
    ),
)
