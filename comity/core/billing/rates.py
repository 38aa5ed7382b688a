"""A rate from what a service costs, and what follows if the forecast is wrong. Worked table: docs/calculations/rates.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from comity.core.billing.money import half_up
from comity.core.billing.plans import PRICE_PLACES, PlanError

# How far forecasts are off, in percent, where nothing better is known.
USUAL_MISSES = (-20, -10, 0, 10, 20)


@dataclass(frozen=True)
class Rate:
    """A year's rate, as arithmetic.

    allocated      cents that the service costs in the year, overhead included
    carry_forward  cents not recovered in a closed year; negative if partners paid too much
    forecast       units that partners will use in the year
    """

    allocated: int
    carry_forward: int
    forecast: Decimal

    def __post_init__(self) -> None:
        if self.forecast <= 0:
            raise PlanError("A rate needs a forecast of more than zero units.")
        if self.to_recover < 0:
            raise PlanError(
                "More was paid ahead than the service costs. Return the difference instead of a rate."
            )

    @property
    def to_recover(self) -> int:
        """Cents: what the year costs and what is carried into it."""
        return self.allocated + self.carry_forward

    @property
    def price(self) -> Decimal:
        """Dollars per unit, to six decimals, half up."""
        exact = Fraction(self.to_recover, 100) / Fraction(self.forecast)
        return Decimal(half_up(exact * 10**PRICE_PLACES)).scaleb(-PRICE_PLACES)

    def plain(self) -> dict[str, Any]:
        """All of it as JSON: cents are whole numbers, and what is exact is text."""
        return {
            "allocated_cents": self.allocated,
            "carry_forward_cents": self.carry_forward,
            "to_recover_cents": self.to_recover,
            "units": str(self.forecast),
            "price": str(self.price),
        }

    def recovered(self, used: Decimal, price: Decimal | None = None) -> int:
        """Cents that a price brings in, ours if none is named: not rounded line by line, so a forecast."""
        return half_up(Fraction(self.price if price is None else price) * Fraction(used) * 100)

    def sensitivity(
        self, price: Decimal | None = None, misses: Sequence[int] = USUAL_MISSES
    ) -> list[tuple[int, Decimal, int]]:
        """If use differs from the forecast: by how many percent, units used, cents over (+) or under (-) recovered.

        Costs stay as they are, which is true of most of them within a year.
        """
        used = [(miss, self.forecast * (100 + miss) / 100) for miss in misses]
        return [(miss, units, self.recovered(units, price) - self.to_recover) for miss, units in used]
