"""Amounts, prices and quantities as people read them. Amounts are whole cents; one way on every page and in every PDF."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from comity.core.billing.money import half_up

MINUS = "\N{MINUS SIGN}"


def money(cents: int | None) -> str:
    """{{ line.cents|money }}: "$1,234.50", of a credit "−$24.00"; "" for none"""
    if cents is None:
        return ""
    return f"{MINUS if cents < 0 else ''}${abs(cents) // 100:,}.{abs(cents) % 100:02}"


def signed(cents: int) -> str:
    """{{ change|signed }}: "+$4,120.00", "−$24.00", "$0.00\""""
    return f"{'+' if cents > 0 else ''}{money(cents)}"


def plain_dollars(cents: int | None) -> Decimal | None:
    """Cents as a CSV has them: 1234.50"""
    return None if cents is None else Decimal(cents).scaleb(-2)


def price(dollars: Decimal | None) -> str:
    """{{ tier.price|price }}: "$58.30", "$0.0602": cents at least, and no more decimals than it has; "" for none"""
    return "" if dollars is None else f"{MINUS if dollars < 0 else ''}${_short(abs(dollars), 2)}"


def quantity(number: Decimal | int | None) -> str:
    """{{ line.quantity|quantity }}: "12,500", "0.25": no more decimals than it has; "" for none"""
    return "" if number is None else f"{MINUS if number < 0 else ''}{_short(abs(Decimal(number)), 0)}"


def units(exact: str | Fraction) -> str:
    """An exact number as it is kept ("12.5", "1/3"), as a quantity of four decimals at most."""
    number = Fraction(exact)
    return quantity(round(Decimal(number.numerator) / number.denominator, 4))


def brief(cents: int, *, sign: bool = False) -> str:
    """An amount in few letters, for a picture: whole dollars, of millions two decimals; with a plus, if asked for."""
    dollars = half_up(Fraction(abs(cents), 100))
    said = f"${abs(cents) / 100_000_000:,.2f}M" if dollars >= 1_000_000 else f"${dollars:,}"
    return f"{MINUS if cents < 0 else '+' if sign and cents else ''}{said}"


def _short(number: Decimal, places: int) -> str:
    """Grouped, with at least so many decimals, and no zeros behind them."""
    whole, _point, rest = f"{number:,f}".partition(".")
    decimals = rest.rstrip("0").ljust(places, "0")
    return f"{whole}.{decimals}" if decimals else whole
