"""Numbers with as many digits as are true, and counts of things."""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, Context


def gap(value: float, lower: float, upper: float, digits: int = 4) -> str:
    """The gap with the digits that are certain; `< floor` where the interval is all that is known, `~` if unproven."""
    if not math.isfinite(value):
        return str(value)
    if not math.isfinite(upper):
        return f"~ {value:.2g}"
    if upper - lower > 0.5 * value:
        return f"< {_rounded(upper, 1, ROUND_CEILING):.1e}"
    return f"{value:.{min(digits, 1 + _true_decimals(value, upper - lower))}g}"


def gap_in_full(value: float, lower: float, upper: float) -> str:
    """The gap with every digit that the interval leaves certain, up to 13."""
    short = gap(value, lower, upper)
    return short if short.startswith("<") else f"{value:#.{1 + min(12, _true_decimals(value, upper - lower))}g}"


def interval(value: float, lower: float, upper: float) -> str:
    """[lower, upper] rounded outwards, so that what is printed is certified, too."""
    digits = min(13, _true_decimals(value, upper - lower) + 2)
    low, high = _rounded(lower, digits, ROUND_FLOOR), _rounded(upper, digits, ROUND_CEILING)
    return f"[{low:#.{digits + 1}g}, {high:#.{digits + 1}g}]"


def known_to(value: float, error: float) -> str:
    """A value with the digits that an error leaves certain: 6 where the error is unknown, at most 12."""
    if not math.isfinite(error):
        return f"{value:.6g}"
    return f"{value:.{max(3, min(12, 1 + _true_decimals(abs(value), error)))}g}"


def count(number: int) -> str:
    """12 345."""
    return f"{number:,}".replace(",", " ")


def number_of(number: float, noun: str) -> str:
    """1 row, 2 rows, 0.5 epochs."""
    shown = count(number) if isinstance(number, int) else _amount(number)
    return f"{shown} {noun}" if number == 1 else f"{shown} {noun}s"


def _amount(number: float) -> str:
    return count(round(number)) if number >= 100 else f"{number:.3g}"


def _true_decimals(value: float, width: float) -> int:
    """How many digits behind the first one are worth at least an interval's width: 1 to 16."""
    if not 0.0 < value < math.inf:
        return 1
    if width <= value * 1e-16:
        return 16
    return min(16, max(1, math.floor(math.floor(math.log10(value)) - math.log10(width))))


def _rounded(value: float, digits: int, direction: str) -> float:
    """`value` to so many digits behind the point, in one direction."""
    return float(Context(prec=digits + 1, rounding=direction).create_decimal(value))
