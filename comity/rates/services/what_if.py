"""What if: a copy of a year, whose costs, drivers, forecasts and plans may be anything. Nothing that is billed knows it.

And what every partner's bills would change by: what was used, at its rates against today's. Bills lie above this room, so
what was used comes from them by `periods.Quantities`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Case, F, Model, Sum, Value, When
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.core.billing.effects import Effects, effects
from comity.core.billing.holding import EVERYBODY
from comity.core.billing.plans import Plan, Terms, plan_of
from comity.core.errors import DomainError
from comity.nouns import all_of
from comity.office.services import today
from comity.partners.models import Partner
from comity.people.models import User
from comity.rates.models import CostModel, CostPool, Forecast, LedgerLine, RateVersion, Step, StepShare
from comity.rates.periods import Quantities
from comity.rates.services.allocation import Costs, reckon
from comity.rates.services.costs import YEARS
from comity.rates.services.prices import class_of

TURNED = YEARS.action("turn")
Row = TypeVar("Row", bound=Model)
MOST_PERCENT = 1_000  # with `costs.MOST_CENTS` it keeps the database's whole numbers whole
_HUNDREDTHS = 10_000  # of a hundredth of a percent in a whole


@transaction.atomic
def copy(model: CostModel, *, name: str, by: User) -> CostModel:
    """A what-if that begins with all of a year: lines, steps, forecasts. Raises DomainError."""
    facts = {"fiscal_year": model.fiscal_year, "method": model.method, "note": model.note}
    new = YEARS.enter({**facts, "name": name, "copied_from": model, "made_by": by}, by=by)
    LedgerLine.objects.bulk_create(_anew(model.lines.all(), model=new), batch_size=500)
    Forecast.objects.bulk_create(_anew(model.forecasts.all(), model=new), batch_size=500)
    steps = Step.objects.bulk_create(_anew(model.steps.prefetch_related("shares"), model=new))
    StepShare.objects.bulk_create(share for step in steps for share in _anew(step.shares.all(), step=step))
    return new


def _anew(rows: Iterable[Row], **of: Any) -> list[Row]:
    """Rows as they were read, to be written once more, as those of another."""
    made = list(rows)
    for row in made:
        row.pk, row._state.adding = None, True
        for name, value in of.items():
            setattr(row, name, value)
    return made


@transaction.atomic
def turn(model: CostModel, *, percent: Decimal, pool: CostPool | None = None, by: User) -> int:
    """Make all costs of a what-if, or those of one pool, so many percent more or less; how many lines that were.

    Each line is rounded half up. Raises DomainError for the costs of a fiscal year, which are what the ledger says.
    """
    if not model.is_what_if:
        raise DomainError(_("These costs are what the ledger says. Make a what-if of them first."))
    if not -100 <= percent <= MOST_PERCENT:
        raise DomainError(_("Say a percentage from -100 to %(most)s.") % {"most": MOST_PERCENT}, "percent")
    rows = model.lines.filter(**({} if pool is None else {"pool": pool}))
    before = rows.aggregate(cents=Sum("amount_cents"))["cents"] or 0
    doubled = F("amount_cents") * (2 * int(_HUNDREDTHS + percent * 100))
    half = Case(When(amount_cents__lt=0, then=Value(-_HUNDREDTHS)), default=Value(_HUNDREDTHS))
    turned = rows.update(amount_cents=(doubled + half) / (2 * _HUNDREDTHS))  # whole numbers, towards zero
    after = rows.aggregate(cents=Sum("amount_cents"))["cents"] or 0
    now = {"cents": after, "percent": str(percent), "pool": str(pool or "")}
    audit.record(by=by, action=TURNED, target=model, before={"cents": before}, after=now)
    return turned


# --- what bills would change by ---


def effects_of(model: CostModel, first: date, last: date) -> Effects:
    """What was used from a day to a day, at today's rates and at those of a what-if. A class with a rate of its own keeps it.

    Raises DomainError where the costs of the what-if cannot be passed on.
    """
    costs = reckon(model)
    if costs.problem:
        raise DomainError(costs.problem)
    used: dict[int, dict[int, list[Decimal]]] = defaultdict(lambda: defaultdict(list))
    for source in all_of(Quantities):
        for partner, offering, _month, units in source.of(first, last):
            used[offering][partner].append(max(units, Decimal()))
    classes = class_of(Partner.objects.filter(pk__in={partner for some in used.values() for partner in some}))
    held = RateVersion.objects.on(today()).filter(offering__in=used)
    rates = {(each.offering_id, each.customer_class_id or EVERYBODY): each for each in held}
    tried = {
        each.offering_id: _tried(costs, each, general)
        for each in costs.forecasts
        if (general := rates.get((each.offering_id, EVERYBODY)))
    }
    return effects(used, classes, {key: rate.terms for key, rate in rates.items()}, tried)


def _tried(costs: Costs, forecast: Forecast, general: RateVersion) -> Terms:
    """What the what-if asks about: an amount, a plan that was said, or one price as costs give it; else today's."""
    if general.basis == RateVersion.Basis.SHARED:
        return costs.rate(forecast).to_recover
    if general.basis == RateVersion.Basis.COST:
        return general.terms
    return plan_of(forecast.plan) if forecast.plan else Plan.flat(costs.rate(forecast).price)
