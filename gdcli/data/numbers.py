"""What a cell of a file is: a plain decimal number, a mark of a missing value, something like a number, or text."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

_MISSING = frozenset({"", "na", "n/a", "#n/a", "<na>", "nan", "+nan", "-nan", "null", "\\n", "?", "-", "."})
_NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_DIGITS = r"[0-9][0-9.,' \u00a0\u202f\u2019]*"
_SIGNS = "\u2212\u2012\u2013\u2014\uff0d"
_PLAIN = re.compile(_NUMBER)
# The units of tables. A letter alone is one only behind a blank: 5m may be a code.
_UNITS = (
    r"[kcdmnµμ]m[²³23]?|m[²³23]|[kmµμ]g|[mcd]l|[mnµμ]s|[kM]W|kWh|m[VA]|k[VJN]|°\s?[CFK]?|mi|ft|in|yd|lbs?|oz|min|hrs?|"
    r"sec|hours?|days?|weeks?|months?|years?|yrs?|[kMG]?Hz|k?cal|[kMh]?Pa|bar|psi|[kMGT]i?B|mph|km/h|m/s|m?mol|m?g/d?l|ppm"
)


class Oddity(NamedTuple):
    """What a cell that is no plain number looks like, and what to write instead."""

    looks: str
    remedy: str


_ODDITIES = [
    (re.compile(pattern, re.IGNORECASE), Oddity(looks, remedy))
    for pattern, looks, remedy in (
        (r"[+-]?inf(inity)?", "an infinity", "drop the row, or put in a finite number"),
        (r"[+-]?[0-9.]+(_[0-9.]+)+(e[+-]?[0-9_]+)?", "a number with underscores", "write 10 for 1_0"),
        (r"[+-]?0[xbo][0-9a-f.]+(p[+-]?[0-9]+)?", "a hexadecimal, octal or binary number", "write it in decimals"),
        (rf"{_NUMBER}\s*%|[+-]?{_DIGITS}%", "a percentage", "write 0.05 or 5 for 5%"),
        (
            rf"[+-]?\s*[$€£¥₹]\s*[+-]?{_DIGITS}|[+-]?{_DIGITS}\s*[$€£¥₹]",
            "an amount of money",
            "write 1000 for $1,000",
        ),
        (
            r"[0-9]{4}([-/.])[0-9]{1,2}\1[0-9]{1,2}([T ].*)?|[0-9]{1,2}([-/.])[0-9]{1,2}\3[0-9]{2,4}( .*)?",
            "a date",
            "turn it into a number, such as days since a first day, or leave the column out",
        ),
        (r"[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?", "a time of day", "turn it into a number, such as hours"),
        (r"[+-]?[0-9]*,[0-9]+(e[+-]?[0-9]+)?", "a decimal or thousands comma", "write 1.5 for 1,5 and 1000 for 1,000"),
        (
            r"[+-]?[0-9]{1,3}([,.' \u00a0\u202f\u2019][0-9]{3})+([.,][0-9]+)?",
            "a number with grouped digits",
            "write 1000000 for 1,000,000",
        ),
        (r"[+-]?[0-9.]+d[+-]?[0-9]+", "a Fortran number", "write 1.0e5 for 1.0D5"),
        (r"[0-9]+/[0-9]+", "a fraction", "write 0.5 for 1/2"),
        (r"[0-9][0-9.,]*-", "a number with its sign behind it", "write -5 for 5-"),
        (rf"{_NUMBER}(\s*({_UNITS})|\s+[gmshlWV])", "a number with a unit", "write 5 for 5 kg"),
        (r'=\s*"?[+-]?[0-9.,]+"?', "an Excel formula", 'write its value, 5 for ="5"'),
        (r"'[+-]?[0-9.,]+'?", "a number behind an apostrophe", "write 5 for '5"),
        (r"\([0-9.,]+\)", "a negative amount in parentheses", "write -5 for (5)"),
    )
]
_OVERFLOW = Oddity("a number beyond the largest double, 1.8e308", "rescale the column")
_SIGN = Oddity("a number with a typographic minus sign", "write the sign as an ASCII hyphen, -5")
_FOREIGN = Oddity("a number in digits other than 0 to 9", "write it in ASCII digits")


def missing(cell: str) -> bool:
    """Is the (stripped) cell empty or one of NA, N/A, NaN, null, ?, - and . in any case?"""
    return cell.casefold() in _MISSING


def number(cell: str) -> float | None:
    """Return the cell's value if it is a plain decimal float that a double can hold, else None."""
    stripped = cell.strip()
    if not _PLAIN.fullmatch(stripped):
        return None
    value = float(stripped)
    return value if math.isfinite(value) else None


def oddity(cell: str) -> Oddity | None:
    """Say what a cell that is meant as a number but is not a plain one looks like; None for text."""
    stripped = cell.strip()
    if _PLAIN.fullmatch(stripped):
        return None if math.isfinite(float(stripped)) else _OVERFLOW
    if stripped[:1] and stripped[0] in _SIGNS and _PLAIN.fullmatch(stripped[1:].strip()):
        return _SIGN
    if any(c.isdecimal() and not c.isascii() for c in stripped) and _all_digits(stripped):
        return _FOREIGN
    return next((found for pattern, found in _ODDITIES if pattern.fullmatch(stripped)), None)


def _all_digits(text: str) -> bool:
    return all(c.isdecimal() or c in "+-.,eE" for c in text)


def numeric(cell: str) -> bool:
    """Is the cell a number, plain or in some other writing?"""
    return number(cell) is not None or oddity(cell) is not None


def numbers(cells: Sequence[str]) -> npt.NDArray[np.float64] | None:
    """Return (N,) values if every cell is a plain number (the fast way for whole columns), else None.

    Python's float also takes underscores and foreign digits; a column with either is left to the slow way.
    """
    joined = "".join(cells)
    if "_" in joined or not joined.isascii():
        return None
    try:
        values = np.fromiter(map(float, cells), np.float64, len(cells))
    except ValueError:
        return None
    return values if bool(np.isfinite(values).all()) else None
