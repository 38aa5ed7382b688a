"""How a figure is rounded where people read it; nowhere else is it rounded."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

# Floats carry about 16 digits, of which the last few are noise of the calculation.
CERTAIN_DIGITS = 12


def rounded(value: float, places: int = 1) -> Decimal:
    """A figure as it is shown: halves away from zero, one place unless told otherwise, never "-0.0".

    So 4.25 becomes 4.3, -4.25 becomes -4.3, and 14.5 percent that a computer holds as 14.499999999999998 becomes 15
    with no places.
    """
    exact = Decimal(f"{value:.{CERTAIN_DIGITS}g}")
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP) + 0


def percent(share: float, places: int = 0) -> Decimal:
    """A share between 0 and 1 as it is shown: percent, whole unless told otherwise."""
    return rounded(share * 100, places)
