"""Points and directions as Python users have them, in the notation of the language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from numbers import Rational
from typing import SupportsFloat, cast

from gdcli.api.arguments import is_list
from gdcli.language import Formula, parse_point

Coordinate = str | SupportsFloat
Point = Coordinate | Mapping[str, Coordinate] | Iterable[Coordinate]
"""A text ("1, -2" or "x1=1, x2=-2"), a number, a mapping of names, or numbers in the order of the variables.

Coordinates may be exact: "pi/2", Fraction(1, 3). A float stands for the decimal number that it prints as: 0.1 is 1/10.
"""


def read_point(point: Point, formula: Formula) -> dict[str, Formula]:
    """The coordinate of every variable of the formula.

    Raises FormulaError where one is unreadable, missing, superfluous, unknown or double.
    """
    return parse_point(point_text(point), formula.variables)


def point_text(point: Point) -> str:
    """The point as it is typed on the command line."""
    if isinstance(point, Mapping):
        return ", ".join(f"{name}={_coordinate(value)}" for name, value in point.items())
    if is_list(point):
        return ", ".join(map(_coordinate, cast("Iterable[Coordinate]", point)))
    return _coordinate(cast("Coordinate", point))


def _coordinate(value: Coordinate) -> str:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, Rational) else repr(float(value))
