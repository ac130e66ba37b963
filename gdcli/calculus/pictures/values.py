"""f for a picture: doubles from a walk over the typed formula in 30 digits, which shares nothing with the symbols."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import mpmath

from gdcli.calculus.function import Function
from gdcli.calculus.numeric import Numeric

DIGITS = 30
# What a drawing can still scale.
LARGEST = 1e290

Values = Callable[[Sequence[float]], float | None]


def values(function: Function) -> Values:
    """f at coordinates in the order of the variables: None where it has no value, or none that can be drawn."""
    numeric = Numeric(function.tree)
    names = [v.name for v in function.variables]

    def at(place: Sequence[float]) -> float | None:
        with mpmath.workdps(DIGITS):
            return _double(numeric.at(dict(zip(names, map(mpmath.mpf, place), strict=True))))

    return at


def _double(value: Any) -> float | None:
    return None if value is None or abs(value) > LARGEST else float(value)
