"""What this room says of its nouns: an approved rate never changes, but that another one follows it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from comity.editing.final import Final, unchanged
from comity.editing.keeping import Keeping
from comity.files.services import Owner
from comity.notifications.kinds import NoticeKind
from comity.nouns import Act, Area, Noun, Place, Trait, Words
from comity.people.models import User
from comity.rates import lists
from comity.rates.capabilities import EDIT, PORTAL, READ
from comity.rates.models import DriverSnapshot, DriverValue, RateVersion
from comity.rates.services import costs, proposing, what_if

APPROVED = "OLD.approved_at IS NOT NULL"
ENDED = f"OLD.ends_on IS NULL AND NEW.ends_on IS NOT NULL AND {unchanged(RateVersion, but=['ends_on', 'version'])}"
# What PostgreSQL has an exclusion constraint for (rate_never_overlaps, in a migration).
OVERLAPS = """NEW.approved_at IS NOT NULL AND EXISTS (
    SELECT 1 FROM rates_rateversion held
    WHERE held.id IS NOT NEW.id AND held.approved_at IS NOT NULL AND held.offering_id = NEW.offering_id
    AND held.customer_class_id IS NEW.customer_class_id
    AND held.starts_on <= COALESCE(NEW.ends_on, '9999-12-31')
    AND NEW.starts_on <= COALESCE(held.ends_on, '9999-12-31')
)"""
NEVER_TWO = "Another approved rate of this offering and class holds on some of these days."
NEVER_CHANGED = "An approved rate cannot be changed. Propose another that follows it."

USED = "EXISTS (SELECT 1 FROM rates_driversnapshot used WHERE used.id = {}.snapshot_id AND used.used_at IS NOT NULL)"
SPLIT = "Bills were split by these figures"


def _may_add(user: User, pk: int) -> bool:
    """Evidence is added until the rate is approved."""
    return user.can(EDIT) and RateVersion.objects.proposed().filter(pk=pk).exists()


def _kept(keeping: Keeping[Any], plural: Words, *traits: Trait, **more: Any) -> Noun:
    """What the office alone keeps and sees."""
    facts = {"actions": keeping.actions, **more}
    return Noun(keeping.model, plural, office_only=True, traits=traits, **facts)


NOUNS = (
    _kept(
        costs.YEARS,
        _("Costs"),
        page="rates:costs",
        actions=costs.YEARS.actions | {what_if.TURNED: _("changed the costs of a what-if")},
        places=[
            Place(Area.MONEY, _("Costs"), "rates:years", READ, order=7),
            Place(Area.MONEY, _("Cost pools"), "rates:pools", READ, under="rates:years"),
        ],
        acts=[Act(_("Begin the costs of a year"), _("fiscal year, method"), "rates:add_year", EDIT)],
    ),
    _kept(costs.POOLS, _("Cost pools")),
    _kept(costs.LINES, _("Ledger lines"), lists.LEDGER),
    _kept(costs.STEPS, _("Steps of overhead")),
    _kept(costs.FORECASTS, _("Forecasts"), lists.FORECASTS, page="rates:forecast"),
    _kept(
        costs.FIGURES,
        _("Driver figures"),
        lists.FIGURES,
        page="rates:figures",
        places=[Place(Area.MONEY, _("Driver figures"), "rates:drivers", READ, order=8)],
    ),
    Noun(
        RateVersion,
        plural=_("Rates"),
        page="rates:rate",
        places=[
            Place(Area.MONEY, _("Rates"), "rates:rates", READ, order=6),
            Place(Area.MONEY, _("Rate sheet"), "rates:sheet", READ, order=6),
            Place(Area.SERVICES, _("Rates"), "rates:portal", PORTAL),
        ],
        acts=[Act(_("Propose a rate"), _("price, days, reason"), "rates:propose", EDIT)],
        traits=[
            Owner("rates.RateVersion", _may_add, office_only=True),
            lists.RATES,
            NoticeKind(proposing.TO_APPROVE, _("A rate waits to be approved"), office_only=True),
        ],
        actions={
            proposing.PROPOSE: _("proposed a rate"),
            proposing.CHANGE: _("changed a proposed rate"),
            proposing.WITHDRAW: _("withdrew a proposed rate"),
            proposing.RESTORE: _("brought a proposed rate back"),
            proposing.APPROVE: _("approved a rate"),
            proposing.END: _("ended a rate"),
        },
    ),
    Final(RateVersion, "never_overlaps", OVERLAPS, NEVER_TWO, ("INSERT", "UPDATE"), only="sqlite"),
    Final(RateVersion, "approved", f"{APPROVED} AND NOT ({ENDED})", NEVER_CHANGED, ("UPDATE",)),
    Final(RateVersion, "kept", APPROVED, "An approved rate cannot be deleted.", ("DELETE",)),
    Final(DriverSnapshot, "used", "OLD.used_at IS NOT NULL", f"{SPLIT}, so they cannot be changed."),
    Final(DriverValue, "used", USED.format("OLD"), f"{SPLIT}, so none of them can be changed."),
    Final(DriverValue, "added", USED.format("NEW"), f"{SPLIT}, so none can be added.", ("INSERT",)),
)
