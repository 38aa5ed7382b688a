"""Runs, bills and their lines; what is wrong on them; and how a partner splits them."""

from comity.billing.models.bills import (
    Bill,
    BillQuerySet,
    Line,
    LineQuerySet,
    Run,
    RunQuerySet,
    Terms,
)
from comity.billing.models.righting import (
    Adjustment,
    AdjustmentQuerySet,
    Dispute,
    DisputeQuerySet,
    LevelCredit,
)
from comity.billing.models.splits import OfPartnerQuerySet, PartnerCostCenter, SplitShare
