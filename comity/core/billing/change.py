"""Why a bill changed: each cent of the difference has one cause. Worked table: docs/calculations/bill-change.md."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from fractions import Fraction

from comity.core.billing.money import half_up
from comity.core.billing.plans import Plan, rate


class Cause(StrEnum):
    """Why an amount differs.

    PRICE   another rate for the same use
    VOLUME  more or less use, at what a unit cost on average before
    MIX     the use lies in other tiers, accounts or packages, at the same rates
    NEW     was not on the earlier bill
    GONE    is no longer on the later one
    LATE    usage of an earlier month
    CREDIT  an adjustment of an earlier bill, up or down
    """

    PRICE = "price"
    VOLUME = "volume"
    MIX = "mix"
    NEW = "new"
    GONE = "gone"
    LATE = "late"
    CREDIT = "credit"


OF_BOTH = (Cause.VOLUME, Cause.PRICE, Cause.MIX)  # why what stands on both bills costs otherwise


@dataclass(frozen=True)
class Charge:
    """What an offering costs on a bill.

    cents         its lines of the bill's own month
    quantity      units used
    at_old_rates  what this use would have cost at the earlier bill's rates, in cents; None if it has none
    """

    cents: int
    quantity: Fraction
    at_old_rates: int | None = None


@dataclass(frozen=True)
class Step:
    """Cents of a difference that one cause explains; of which offering."""

    cause: Cause
    offering: str
    cents: int


def explain(
    before: Mapping[str, Charge],
    after: Mapping[str, Charge],
    others: Iterable[tuple[Cause, str, int, int]] = (),
) -> list[Step]:
    """The steps from one bill to another; they add up to the difference, to the cent.

    before, after  charges by offering; those of `after` that stand in `before`, too, say `at_old_rates`
    others         late usage and credits: cause, offering, cents on the earlier bill, cents on the later

    Ordered by cause as `Cause` lists them, the largest first. Steps of nothing are left out.

    Method: price, volume and mix, as management accounting divides a variance; the price step is taken at today's use.
    """
    steps = [step for offering in before.keys() & after.keys() for step in _compared(offering, before, after)]
    steps += [Step(Cause.NEW, one, after[one].cents) for one in after.keys() - before.keys()]
    steps += [Step(Cause.GONE, one, -before[one].cents) for one in before.keys() - after.keys()]
    steps += [Step(cause, offering, later - earlier) for cause, offering, earlier, later in others]
    order = list(Cause)
    kept = (step for step in steps if step.cents)
    return sorted(kept, key=lambda step: (order.index(step.cause), -abs(step.cents), step.offering))


def _compared(offering: str, before: Mapping[str, Charge], after: Mapping[str, Charge]) -> list[Step]:
    old, new = before[offering], after[offering]
    if new.at_old_rates is None:
        raise ValueError(f"{offering} stands on both bills, so what it cost at the old rates is needed.")
    price = new.cents - new.at_old_rates
    rest = new.at_old_rates - old.cents
    volume = (
        half_up(Fraction(old.cents) * (new.quantity - old.quantity) / old.quantity) if old.quantity else rest
    )
    return [
        Step(Cause.PRICE, offering, price),
        Step(Cause.VOLUME, offering, volume),
        Step(Cause.MIX, offering, rest - volume),
    ]


@dataclass(frozen=True)
class Charged:
    """A line of a bill, as far as a difference from another bill hangs on it.

    offering  by any name
    plan      what it was priced by; None of a share, which has no price, and of what has no rate
    units     of each of its parts: units, or packages
    earlier   LATE or CREDIT, of what belongs to a month before; None of the bill's own month
    """

    offering: str
    cents: int
    quantity: Fraction
    plan: Plan | None = None
    units: tuple[Fraction, ...] = ()
    earlier: Cause | None = None


def differences(before: Sequence[Charged], after: Sequence[Charged]) -> list[Step]:
    """The steps from the lines of one bill to those of another, as `explain` orders them."""
    old, new = _own_by_offering(before), _own_by_offering(after)
    was = {name: Charge(*_sums(lines)) for name, lines in old.items()}
    now = {}
    for name, lines in new.items():
        at_old = sum(at_old_rates(line, old[name]) for line in lines) if name in old else None
        now[name] = Charge(*_sums(lines), at_old)
    others: dict[tuple[Cause, str], list[int]] = defaultdict(lambda: [0, 0])
    for place, each in enumerate((before, after)):
        for line in each:
            if line.earlier is not None:
                others[line.earlier, line.offering][place] += line.cents
    return explain(was, now, [(*key, earlier, later) for key, (earlier, later) in others.items()])


def _own_by_offering(lines: Iterable[Charged]) -> dict[str, list[Charged]]:
    found: dict[str, list[Charged]] = {}
    for line in lines:
        if line.earlier is None:
            found.setdefault(line.offering, []).append(line)
    return found


def _sums(lines: Sequence[Charged]) -> tuple[int, Fraction]:
    return sum(line.cents for line in lines), sum((line.quantity for line in lines), Fraction())


def at_old_rates(line: Charged, before: Sequence[Charged]) -> int:
    """What a line's use would have cost on the earlier bill, in cents.

    before  the earlier bill's lines of the same offering: the last of their plans counts

    Of a share, which has no price: at what a unit of the driver cost then.
    """
    old = before[-1].plan
    if line.plan is None or old is None:
        cents, units = _sums(before)
        return half_up(cents * line.quantity / units) if units else cents
    return line.cents if line.plan == old else rate(old, accounts_of(line)).cents


def accounts_of(line: Charged) -> dict[str, Fraction]:
    """What the accounts of a line used, as far as its price hangs on it: each of them under a cap, else all as one."""
    if not line.units or line.plan is None:
        return {"": line.quantity}
    size = Fraction(line.plan.package or 1)
    if line.plan.account_cap is None:
        return {"": sum(line.units, Fraction()) * size}
    return {str(place): units * size for place, units in enumerate(line.units)}


@dataclass(frozen=True, order=True)
class Moved:
    """What a partner is charged for an offering, in cents."""

    partner: int
    offering: int
    before: int
    now: int

    @property
    def change(self) -> int:
        return self.now - self.before

    def plain(self) -> dict[str, int]:
        """All of it as JSON."""
        return {**asdict(self), "change": self.change}


def moved_by(
    before: Mapping[tuple[int, int], int], now: Mapping[tuple[int, int], int], cents: int, percent: int
) -> list[Moved]:
    """What differs from one month to another by more than so many cents and so many percent of what it was, the most first.

    before, now  cents by partner and offering; what one of them lacks is nothing there
    """
    found = []
    for key in before.keys() | now.keys():
        was, is_now = before.get(key, 0), now.get(key, 0)
        by = abs(is_now - was)
        if by > cents and by * 100 > abs(was) * percent:
            found.append(Moved(*key, was, is_now))
    return sorted(found, key=lambda row: (-abs(row.change), row))
