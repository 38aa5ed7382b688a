"""Whole cents: how an exact amount becomes one, and how one is shared. Worked tables: docs/calculations/money.md."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from comity.core.errors import DomainError

Month = TypeVar("Month")  # what a month is called by: its first day, or any name

WHOLE = 100  # percent


class AllocationError(DomainError):
    """An amount that cannot be shared as asked."""


def half_up(exact: Fraction | Decimal | int) -> int:
    """The whole number nearest to an exact one; a half goes away from zero, so a credit mirrors its charge.

    exact  an amount in cents, of any precision

    The one rounding rule of a bill: once per line, and nowhere before. (Python's own `round` takes a half to the even
    neighbor, which makes 12.5 cents 12.)
    """
    doubled = 2 * Fraction(exact)
    return int((doubled + 1) // 2) if doubled >= 0 else -int((1 - doubled) // 2)


def split_cents(total: int, weights: Mapping[str, Decimal | Fraction | int]) -> dict[str, int]:
    """Share an amount in proportion to weights.

    total    whole cents; negative for a credit
    weights  who shares it, and by how much: any quantities that are not negative (staff, gigabytes, hours)

    The shares add up to `total`, each is within one cent of the exact proportion, and a credit is the mirror image of
    the charge that it undoes. Leftover cents go to the largest remainders, then by name, so that the answer does not
    depend on the order of `weights`.

    Raises AllocationError if a weight is negative or all are zero.
    Method: largest remainder (Hamilton).
    """
    exact = {name: Fraction(weight) for name, weight in weights.items()}
    whole = sum(exact.values(), Fraction())
    if any(weight < 0 for weight in exact.values()):
        raise AllocationError("A share cannot be negative.")
    if not whole:
        raise AllocationError("Nobody has a share: all of them are zero.")
    size = abs(total)
    shares = {name: int(size * weight // whole) for name, weight in exact.items()}
    by_remainder = sorted(exact, key=lambda name: (shares[name] - size * exact[name] / whole, name))
    for name in by_remainder[: size - sum(shares.values())]:
        shares[name] += 1
    return {name: -share for name, share in shares.items()} if total < 0 else shares


def split_weights(
    accounts: Mapping[str, str], percent: Mapping[str, Decimal], used: Mapping[str, Decimal | Fraction]
) -> dict[str, Fraction]:
    """What part of an amount each of some bears, for `split_cents`; together 1. "" bears what no rule assigns.

    accounts  who bears what an account used
    percent   by which the rest is shared, together 100 at most
    used      what each account used: where none did, all is the rest
    """
    found: dict[str, Fraction] = defaultdict(Fraction)
    whole, rest = sum((Fraction(units) for units in used.values()), Fraction()), Fraction(1)
    for account, units in used.items():
        if account in accounts and whole:
            part = Fraction(units) / whole
            found[accounts[account]] += part
            rest -= part
    for name, share in percent.items():
        found[name] += rest * Fraction(share) / WHOLE
    found[""] += rest * (1 - Fraction(sum(percent.values())) / WHOLE)
    return {name: share for name, share in found.items() if share}


def instalments(
    total: int, months: Sequence[Month], billed: Mapping[Month, int] | None = None
) -> dict[Month, int]:
    """A year's amount in equal parts over the months that are left.

    total   whole cents of the year, as approved now
    months  those not billed yet, in order
    billed  what stands on bills already, by month; never changed

    What is left is spread evenly, the cents that do not divide on the first months, so a change in mid-year is made up
    by all the months after it.

    Raises AllocationError if no month is left to bill a difference in.
    """
    left = total - sum((billed or {}).values())
    if not months:
        if left:
            raise AllocationError("No month of the year is left to bill the difference in.")
        return {}
    each, over = divmod(abs(left), len(months))
    sign = -1 if left < 0 else 1
    return {month: sign * (each + (place < over)) for place, month in enumerate(months)}
