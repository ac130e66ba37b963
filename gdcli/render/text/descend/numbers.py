"""Numbers with as many digits as are true, and counts of things."""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, Context


def gap(value: float, lower: float, upper: float, digits: int = 4, room: int = 40) -> str:
    """The gap with the digits that are certain; `< floor` where the interval is all that is known, `~` if unproven."""
    if not math.isfinite(value):
        return str(value)
    if not math.isfinite(upper):
        return f"~ {value:.2g}"
    if upper - lower > 0.5 * value:
        return f"< {_rounded(upper, 1, ROUND_CEILING):.1e}"
    return fitting(value, min(digits, 1 + _true_decimals(value, upper - lower)), room)


def fitting(value: float | None, digits: int, room: int) -> str:
    """A value with so many digits, or with fewer where these find no room; - for none."""
    if value is None:
        return "-"
    found = (f"{value:.{fewer}g}" for fewer in range(digits, 0, -1))
    return next((text for text in found if len(text) <= room), f"{value:.0e}")


def time(seconds: float) -> str:
    """A time since the start in at most 8 characters: seconds, from 10 minutes on minutes, from 100 of these hours."""
    if seconds < 9.9995:
        return f"{seconds:.3f} s"
    if seconds < 599.995:
        return f"{seconds:.2f} s"
    return f"{seconds / 60:.1f} min" if seconds < 5997.0 else f"{seconds / 3600:.4g} h"


def duration(seconds: float) -> str:
    """How long something took: two digits that are not 0, and hundredths of a second from a tenth on."""
    return f"{seconds:.2g} s" if 1e-4 <= seconds < 0.1 else time(seconds) if seconds >= 600.0 else f"{seconds:.2f} s"


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
